"""The operations that the simulated GitHub deliberately does not serve, each with a reason.

The table covers the categories of GitHub's REST API that matter to an audit or a release. A test
compares it with GitHub's API description, so that every operation is either served or has a reason
here. A `*` stands for any text.
"""

from dataclasses import dataclass

#: The covered categories of the API description; no operation of any other category is served.
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
    """The reason not to serve some operations, and the patterns of their ids."""

    text: str
    operation_ids: tuple[str, ...]


NOT_SERVED = (
    Reason(
        "Runners take jobs through the control API; logs, artifacts and caches are not kept.",
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
        "There are no forks.",
        ("actions/*fork-pr*", "repos/*fork*", "repos/merge-upstream"),
    ),
    Reason("Identity tokens always have the default subject.", ("actions/*oidc*",)),
    Reason(
        "Only pushes and workflow_dispatch start workflows, and repositories share none.",
        ("actions/*workflow-access-to-repository", "repos/create-dispatch-event"),
    ),
    Reason(
        "Custom deployment protection rules are not simulated.",
        (
            "actions/review-custom-gates-for-run",
            "repos/*deployment-protection-rule*",
            "repos/list-custom-deployment-rule-*",
        ),
    ),
    Reason(
        "Deployments are read and reviewed through their workflow run.",
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
        "The protection of a branch is read and replaced as a whole.",
        (
            "repos/*-pull-request-review-protection",
            "repos/*-status-check-protection",
            "repos/*-status-checks-protection",
            "repos/*-access-restrictions",
            "repos/*status-check-contexts",
            "repos/get-*-with-access-to-protected-branch",
        ),
    ),
    Reason(
        "The history of rulesets and the evaluations of rules are not kept.",
        ("*/*ruleset-history", "*/*ruleset-version", "*/*rule-suite*"),
    ),
    Reason("The world file declares Apps and their installations.", ("apps/*",)),
    Reason("Webhooks are not sent.", ("*/*webhook*",)),
    Reason(
        "The publish workflow creates releases and pages, not this stack.",
        ("repos/*release*", "repos/*pages*", "orgs/*immutable-releases*"),
    ),
    Reason("Attestations are not simulated.", ("*/*attestation*",)),
    Reason(
        "Enterprise features, and settings of an organization that releases do not use.",
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
        "A review is submitted when it is created; there are no pending reviews.",
        (
            "pulls/delete-pending-review",
            "pulls/dismiss-review",
            "pulls/get-review",
            "pulls/submit-review",
            "pulls/update-review",
        ),
    ),
    Reason(
        "The commits and files of a pull request are read from its branches.",
        ("pulls/list-commits", "pulls/list-files", "pulls/update-branch"),
    ),
    Reason(
        "No commit statuses or checks are reported.",
        ("repos/*status*", "repos/codeowners-errors"),
    ),
    Reason(
        "Statistics and activity.",
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
        "Another operation serves the same data: by a list, a path or a commit.",
        (
            "repos/get-readme*",
            "repos/list-tags",
            "repos/list-public",
            "repos/list-for-*",
            "repos/list-branches-for-head-commit",
            "repos/list-pull-requests-associated-with-commit",
            "repos/download-*",
            "repos/merge",
            "pulls/check-if-merged",
            "teams/list-child-in-org",
            "teams/list-for-authenticated-user",
        ),
    ),
    Reason(
        "Every repository belongs to an organization.",
        ("repos/create-for-authenticated-user", "repos/create-using-template"),
    ),
    Reason(
        "Security features that the release stack does not manage.",
        (
            "repos/*automated-security-fixes",
            "repos/*private-vulnerability-reporting",
            "repos/*autolink*",
        ),
    ),
    Reason("An account's own settings, keys and followers.", ("users/*",)),
    Reason("General information that is not about an organization.", ("meta/get-*", "meta/root")),
)
