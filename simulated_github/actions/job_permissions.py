"""What the token of a job may do: by its own ``permissions``, its workflow's, or the setting where neither says anything.

Source: GitHub's docs, "Controlling permissions for GITHUB_TOKEN" and "Permissions for the GITHUB_TOKEN" (the table of the
permissive and the restricted default): where some are named, all others are none, but for ``metadata``, which is always read.
"""

from typing import Any

from simulated_github.records.organizations import Organization
from simulated_github.records.repositories import Repository

SCOPES = (
    "actions",
    "artifact-metadata",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "security-events",
    "statuses",
)
_LEVELS = ("none", "read", "write")
_RESTRICTED = {"contents": "read", "packages": "read"}
_PERMISSIVE = {
    scope: "read" if scope == "models" else "write" for scope in SCOPES if scope != "id-token"
}


def effective(repository: Repository, workflow: Any, job: Any) -> dict[str, str]:
    """The permissions of a job from what its workflow and it say (None: nothing), without those that are none."""
    declared = workflow if job is None else job
    found = _default(repository) if declared is None else _read(declared)
    return {"metadata": "read"} | found


def _read(declared: Any) -> dict[str, str]:
    """A mapping, ``read-all`` or ``write-all``; an identity token is never only read."""
    if declared in ("read-all", "write-all"):
        level = str(declared).removesuffix("-all")
        declared = dict.fromkeys(SCOPES, level)
    named = declared if isinstance(declared, dict) else {}
    found = {
        str(scope): str(level)
        for scope, level in named.items()
        if scope in SCOPES and level in _LEVELS[1:]
    }
    if found.get("id-token") == "read":
        del found["id-token"]
    return found


def may_open_pulls(repository: Repository) -> bool:
    """Whether a job's own token may create and approve pull requests: where the repository and its organization let it.

    Source: GitHub's docs, "Managing GitHub Actions settings for a repository", preventing Actions from approving.
    """
    owner = repository.owner
    above = (
        owner.actions.can_approve_pull_request_reviews if isinstance(owner, Organization) else True
    )
    return above and repository.actions.can_approve_pull_request_reviews


def _default(repository: Repository) -> dict[str, str]:
    """Permissive where the repository's setting says so and its organization's does not forbid it."""
    settings = [repository.actions.default_workflow_permissions]
    if isinstance(repository.owner, Organization):
        settings.append(repository.owner.actions.default_workflow_permissions)
    return dict(_RESTRICTED if "read" in settings else _PERMISSIVE)
