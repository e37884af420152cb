"""The least role for each operation, declared a second time from GitHub's docs, by patterns.

Sources: each operation's REST page ("you must have admin access", "anyone with read access"),
"Repository roles for an organization", "Roles in an organization", and for secrets and variables
"Using secrets in GitHub Actions" (write for a repository, admin for an environment, owner for an
organization). Assumption: where a page says nothing, the role is that of the settings page:
invitations, outside collaborators, deploy keys.
"""

from fnmatch import fnmatchcase

#: The name that stands for requests without a token.
ANONYMOUS = "anonymous"
ANYONE = "anyone"
SIGNED_IN = "signed in"
MEMBER = "member"
OWNER = "owner"
SEES_TEAM = "sees the team"
MAINTAINS_TEAM = "maintains the team"
MAINTAINS_EITHER = "maintains the team or the repository"
READ = "read"
WRITE = "write"
MAINTAIN = "maintain"
ADMIN = "admin"

#: The first row with a matching pattern counts.
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
        MAINTAINS_TEAM,
        ("teams/update-in-org", "teams/delete-in-org", "teams/*membership-for-user-in-org"),
    ),
    (MAINTAINS_EITHER, ("teams/remove-repo-in-org",)),
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
            "repos/*-branch-protection",
            "repos/*-commit-signature-protection",
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
            "repos/rename-branch",
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
    """Return the least role for an operation; raise StopIteration when no row matches."""
    return next(
        role
        for role, patterns in LEAST
        if any(fnmatchcase(operation_id, pattern) for pattern in patterns)
    )


#: The roles of each user in the tests, from the fewest to the most.
_OUTSIDER_ROLES = {ANYONE, SIGNED_IN}
_MEMBER_ROLES = _OUTSIDER_ROLES | {MEMBER, SEES_TEAM, READ}
ROLES_OF: dict[str, set[str]] = {
    ANONYMOUS: {ANYONE},
    "outsider-1": _OUTSIDER_ROLES,
    "reader-1": _MEMBER_ROLES,
    "team-maintainer-1": _MEMBER_ROLES | {MAINTAINS_TEAM, MAINTAINS_EITHER},
    "triager-1": _MEMBER_ROLES,
    "writer-1": _MEMBER_ROLES | {WRITE},
    "maintainer-1": _MEMBER_ROLES | {WRITE, MAINTAIN},
    "admin-1": _MEMBER_ROLES | {WRITE, MAINTAIN, ADMIN, MAINTAINS_EITHER},
    "owner-1": _MEMBER_ROLES | {WRITE, MAINTAIN, ADMIN, MAINTAINS_TEAM, MAINTAINS_EITHER, OWNER},
}
#: Everyone reads a public repository; writes that need only the read role still need a token.
PUBLIC_ROLES_OF = {
    login: roles | ({READ} if login != ANONYMOUS else set()) for login, roles in ROLES_OF.items()
}
