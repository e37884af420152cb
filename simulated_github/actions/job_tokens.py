"""The token that a job has while it runs (``GITHUB_TOKEN``): an installation's, for one repository, with the job's permissions.

Source: GitHub's docs, "GITHUB_TOKEN" (an installation of the App GitHub Actions, made when a job begins and ended with it, for
the repository of the workflow alone; what it does starts no workflows, but for dispatches).
"""

import secrets
from typing import Any

from simulated_github.records.organizations import Organization
from simulated_github.records.people import App, Installation, Token, User
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job
from simulated_github.world.world import World

#: The numbers that the App and its bot have on GitHub.
APP_ID, BOT_ID = 15368, 41898282
LOGIN = "github-actions[bot]"


def issue(world: World, repository: Repository, job: Job) -> str:
    """A fresh token for a job that begins."""
    permissions = {
        scope.replace("-", "_"): level
        for scope, level in job.permissions.items()
        if scope != "id-token"
    }
    bot = _bot(world)
    app = App(APP_ID, "github-actions", "GitHub Actions", "github", bot.created_at, permissions)
    installation = Installation(
        job.id, app, bot, repository.owner.login, permissions, repository.id
    )
    job.token = f"ghs_{secrets.token_hex(18)}"
    world.tokens[job.token] = Token(bot, installation=installation, is_job_token=True)
    if job.permissions.get("id-token") == "write":
        job.id_token = secrets.token_urlsafe(24)
    return job.token


def revoke(world: World, job: Job) -> None:
    """A job is over: nothing is done in its name any more."""
    if job.token is not None:
        world.tokens.pop(job.token, None)
    job.token = job.id_token = None


def _bot(world: World) -> User:
    found = world.users.get(BOT_ID)
    return found or world.add_user(User(BOT_ID, LOGIN, world.clock.stamp(), kind="Bot"))


TOKEN_PERMISSIONS = (
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
    scope: "read" if scope == "models" else "write"
    for scope in TOKEN_PERMISSIONS
    if scope != "id-token"
}


def effective_permissions(repository: Repository, workflow: Any, job: Any) -> dict[str, str]:
    """The permissions of a job from what its workflow and it say (None: nothing), without those that are none."""
    declared = workflow if job is None else job
    found = _default(repository) if declared is None else _read(declared)
    return {"metadata": "read"} | found


def _read(declared: Any) -> dict[str, str]:
    """A mapping, ``read-all`` or ``write-all``; an identity token is never only read."""
    if declared in ("read-all", "write-all"):
        level = str(declared).removesuffix("-all")
        declared = dict.fromkeys(TOKEN_PERMISSIONS, level)
    named = declared if isinstance(declared, dict) else {}
    found = {
        str(scope): str(level)
        for scope, level in named.items()
        if scope in TOKEN_PERMISSIONS and level in _LEVELS[1:]
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
