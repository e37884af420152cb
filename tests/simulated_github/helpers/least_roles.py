"""Who may at least use each operation, declared a second time: by patterns over operation ids, from GitHub's docs.

Sources: each operation's REST page ("you must have admin access", "anyone with read access"), "Repository roles for an
organization", "Roles in an organization", and for secrets and variables "Using secrets in GitHub Actions" (write for a
repository's, admin for an environment's, an owner for an organization's). Where a page says nothing, the role is that of the
setting's page, an assumption: invitations, outside collaborators, deploy keys.
"""

from fnmatch import fnmatchcase

ANYONE = "anyone"
SIGNED_IN = "signed in"
MEMBER = "member"
OWNER = "owner"
SEES_TEAM = "sees the team"
KEEPS_TEAM = "keeps the team"
KEEPS_EITHER = "keeps the team or the repository"
READ = "read"
WRITE = "write"
MAINTAIN = "maintain"
ADMIN = "admin"

#: The first row with a pattern that fits counts.
LEAST: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        ANYONE,
        (
            "meta/*",
            "rate-limit/*",
            "apps/get-by-slug",
            "users/get-by-*",
            "users/list-*-keys-for-user",
            "orgs/get",
            "orgs/list-members",
            "repos/list-for-org",
        ),
    ),
    (
        SIGNED_IN,
        (
            "*-for-authenticated-user",
            "users/get-authenticated",
            "apps/list-repos-accessible-to-installation",
            "orgs/check-membership-for-user",
        ),
    ),
    (
        MEMBER,
        (
            "orgs/get-membership-for-user",
            "orgs/list-outside-collaborators",
            "orgs/list-*invitation*",
            "teams/list",
            "teams/create",
            "repos/create-in-org",
        ),
    ),
    (SEES_TEAM, ("teams/get-*", "teams/list-*", "teams/check-permissions-for-repo-in-org")),
    (
        KEEPS_TEAM,
        ("teams/update-in-org", "teams/delete-in-org", "teams/*membership-for-user-in-org"),
    ),
    (KEEPS_EITHER, ("teams/remove-repo-in-org",)),
    (ADMIN, ("teams/add-or-update-repo-permissions-in-org",)),
    (
        OWNER,
        (
            "orgs/*",
            "repos/*-org-ruleset*",
            "actions/*-org-*",
            "actions/*-organization",
        ),
    ),
    (
        WRITE,
        (
            "actions/list-repo-organization-*",
            "actions/get-environment-variable",
            "actions/list-environment-variables",
        ),
    ),
    (
        ADMIN,
        (
            "actions/*-environment-*",
            "actions/*-repository",
            "repos/update",
            "repos/delete",
            "repos/transfer",
            "repos/*-vulnerability-alerts",
            "repos/add-collaborator",
            "repos/remove-collaborator",
            "repos/*-invitation*",
            "repos/*-deploy-key*",
            "repos/create-or-update-environment",
            "repos/delete-an-environment",
            "repos/create-*-policy",
            "repos/update-*-policy",
            "repos/delete-*-policy",
            "repos/create-repo-ruleset",
            "repos/update-repo-ruleset",
            "repos/delete-repo-ruleset",
        ),
    ),
    (MAINTAIN, ("repos/replace-all-topics",)),
    (
        WRITE,
        (
            "actions/*-repo-secret*",
            "actions/*-repo-variable*",
            "actions/get-repo-public-key",
            "actions/*re-run-*",
            "actions/*cancel-workflow-run",
            "actions/*able-workflow",
            "actions/create-workflow-dispatch",
            "repos/list-collaborators",
            "repos/check-collaborator",
            "repos/create-or-update-file-contents",
            "repos/delete-file",
            "git/create-*",
            "git/update-*",
            "git/delete-*",
            "pulls/create",
            "pulls/update",
            "pulls/merge",
        ),
    ),
    (
        READ,
        (
            "repos/get*",
            "repos/list-*",
            "repos/compare-commits",
            "git/*",
            "pulls/*",
            "actions/get-*",
            "actions/list-*",
            "actions/review-pending-deployments-for-run",
        ),
    ),
)


def find_least_role(operation_id: str) -> str:
    """Who may at least use an operation; StopIteration for one that no row names."""
    return next(
        who
        for who, patterns in LEAST
        if any(fnmatchcase(operation_id, pattern) for pattern in patterns)
    )


#: What each of the people in the tests of roles is, from the least to the greatest.
_EVERYBODY = {ANYONE, SIGNED_IN}
_INSIDE = _EVERYBODY | {MEMBER, SEES_TEAM, READ}
STANDING: dict[str, set[str]] = {
    "nobody": {ANYONE},
    "outsider-1": _EVERYBODY,
    "reader-1": _INSIDE,
    "keeper-1": _INSIDE | {KEEPS_TEAM, KEEPS_EITHER},
    "triager-1": _INSIDE,
    "writer-1": _INSIDE | {WRITE},
    "maintainer-1": _INSIDE | {WRITE, MAINTAIN},
    "admin-1": _INSIDE | {WRITE, MAINTAIN, ADMIN, KEEPS_EITHER},
    "owner-1": _INSIDE | {WRITE, MAINTAIN, ADMIN, KEEPS_TEAM, KEEPS_EITHER, OWNER},
}
#: A public repository is read by everybody; whatever asks for read there by writing needs a token all the same.
PUBLIC = {who: found | ({READ} if who != "nobody" else set()) for who, found in STANDING.items()}
