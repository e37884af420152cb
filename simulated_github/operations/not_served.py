"""What the simulated GitHub deliberately does not serve, by GitHub's operation ids, each with its reason.

The table covers the categories of GitHub's REST API that an audit and a release have to do with; a test holds it against
GitHub's API description, so that an operation is either served or has a reason here. A ``*`` stands for any text.
"""

from dataclasses import dataclass

#: The categories of the API description that are accounted for; of all others nothing is served.
CATEGORIES = (
    "actions",
    "apps",
    "git",
    "meta",
    "orgs",
    "pulls",
    "rate-limit",
    "repos",
    "teams",
    "users",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some operations are not served; ``ids`` are patterns over operation ids."""

    why: str
    ids: tuple[str, ...]


NOT_SERVED = (
    Reason(
        "Runners take their jobs through the control plane, and leave nothing behind here.",
        (
            "actions/*runner*",
            "actions/create-registration-token-*",
            "actions/create-remove-token-*",
            "actions/*custom-image*",
            "actions/*artifact*",
            "actions/*cache*",
            "actions/*logs*",
            "actions/*usage*",
            "actions/approve-workflow-run",
            "actions/delete-workflow-run",
        ),
    ),
    Reason(
        "Nothing here comes from a fork.",
        ("actions/*fork-pr*", "repos/*fork*", "repos/merge-upstream"),
    ),
    Reason("The subject of an identity token is the usual one.", ("actions/*oidc*",)),
    Reason(
        "Workflows are started by pushes and by hand; none is shared with another repository.",
        ("actions/*workflow-access-to-repository", "repos/create-dispatch-event"),
    ),
    Reason(
        "Gates of third parties are not part of a release here.",
        (
            "actions/review-custom-gates-for-run",
            "repos/*deployment-protection-rule*",
            "repos/list-custom-deployment-rule-*",
        ),
    ),
    Reason(
        "A deployment is known through its run: nothing reads or writes it by itself.",
        (
            "repos/create-deployment",
            "repos/create-deployment-status",
            "repos/delete-deployment",
            "repos/get-deployment",
            "repos/get-deployment-status",
            "repos/list-deployment-statuses",
            "repos/list-deployments",
        ),
    ),
    Reason(
        "Rulesets have taken the place of classic branch protection.",
        (
            "repos/*-protection",
            "repos/*-access-restrictions",
            "repos/*status-check-contexts",
            "repos/get-*-with-access-to-protected-branch",
        ),
    ),
    Reason(
        "A ruleset's past and the evaluations of rules are not kept.",
        ("*/*ruleset-history", "*/*ruleset-version", "*/*rule-suite*"),
    ),
    Reason("Apps and their installations are part of the world's file.", ("apps/*",)),
    Reason("Nobody is called back.", ("*/*webhook*",)),
    Reason(
        "Releases and pages are made by the publish workflow, not by this stack.",
        ("repos/*release*", "repos/*pages*", "orgs/*immutable-releases*"),
    ),
    Reason("Attestations are not made here.", ("*/*attestation*",)),
    Reason(
        "An enterprise's features, or a part of an organization that no release rests on.",
        (
            "orgs/*org-role*",
            "orgs/*custom-properties*",
            "repos/*custom-properties*",
            "orgs/*pat-*",
            "orgs/*issue-type*",
            "orgs/*artifact*",
            "orgs/*deployment-record*",
            "orgs/*block*",
            "orgs/update",
            "orgs/delete",
            "orgs/list",
            "orgs/list-for-*",
            "orgs/*public-member*",
            "orgs/convert-member-to-outside-collaborator",
            "orgs/remove-outside-collaborator",
            "orgs/create-invitation",
        ),
    ),
    Reason(
        "Conversations are not simulated.",
        ("*/*discussion*", "*/*comment*", "pulls/*requested-reviewers", "pulls/request-reviewers"),
    ),
    Reason(
        "A review is submitted with the request that makes it.",
        (
            "pulls/delete-pending-review",
            "pulls/dismiss-review",
            "pulls/get-review",
            "pulls/submit-review",
            "pulls/update-review",
        ),
    ),
    Reason(
        "What a pull request holds is read from its branches.",
        ("pulls/list-commits", "pulls/list-files", "pulls/update-branch"),
    ),
    Reason(
        "Checks and statuses are reported by nobody here.",
        ("repos/*status*", "repos/codeowners-errors"),
    ),
    Reason(
        "Figures and activity of people.",
        (
            "repos/get-*-stats",
            "repos/get-clones",
            "repos/get-views",
            "repos/get-top-*",
            "repos/get-community-profile-metrics",
            "repos/list-activities",
            "repos/list-contributors",
            "repos/list-languages",
        ),
    ),
    Reason(
        "Another way to what is served: by a list, a path or a commit.",
        (
            "repos/get-readme*",
            "repos/list-tags",
            "repos/list-public",
            "repos/list-for-*",
            "repos/list-branches-for-head-commit",
            "repos/list-pull-requests-associated-with-commit",
            "repos/download-*",
            "repos/merge",
            "repos/rename-branch",
            "pulls/check-if-merged",
            "teams/list-child-in-org",
            "teams/list-for-authenticated-user",
        ),
    ),
    Reason(
        "Repositories belong to organizations here.",
        ("repos/create-for-authenticated-user", "repos/create-using-template"),
    ),
    Reason(
        "Security features that the release stack leaves as they are.",
        (
            "repos/*automated-security-fixes",
            "repos/*private-vulnerability-reporting",
            "repos/*autolink*",
        ),
    ),
    Reason("An account's own settings, keys and followers.", ("users/*",)),
    Reason("Says nothing about an organization.", ("meta/get-*", "meta/root")),
)
