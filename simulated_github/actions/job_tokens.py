"""The `GITHUB_TOKEN` of a job: its permissions, its issue and its revocation.

It is an installation token of the App GitHub Actions for the workflow's repository alone. Its
requests start no workflows, except for a dispatch. Sources: GitHub's docs, "GITHUB_TOKEN",
"Controlling permissions for GITHUB_TOKEN" and "Permissions for the GITHUB_TOKEN" (the table of the
permissive and the restricted default).
"""

import secrets
from typing import Any

from simulated_github.records.accounts import App, Installation, Token, User
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job
from simulated_github.world.world import World

#: The ids of the App GitHub Actions and of its bot on GitHub.
APP_ID = 15368
BOT_ID = 41898282
LOGIN = "github-actions[bot]"

#: The permissions that a workflow can set.
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
_RESTRICTED = {"contents": "read", "packages": "read"}
_PERMISSIVE = {
    name: "read" if name == "models" else "write"
    for name in TOKEN_PERMISSIONS
    if name != "id-token"
}


def effective_permissions(
    repository: Repository, workflow_permissions: Any, job_permissions: Any
) -> dict[str, str]:
    """Return the permissions of a job's token, without those that are `none`.

    The arguments are the values of `permissions` in the workflow and in the job, None where the key
    is missing. The job's value replaces the workflow's; without either, the repository's setting
    applies. `metadata` is always `read`.
    """
    value = workflow_permissions if job_permissions is None else job_permissions
    permissions = _default_permissions(repository) if value is None else _parse_permissions(value)
    return {"metadata": "read"} | permissions


def _parse_permissions(value: Any) -> dict[str, str]:
    """Return the permissions of a mapping, `read-all` or `write-all`.

    `id-token` can only be written.
    """
    if value in ("read-all", "write-all"):
        value = dict.fromkeys(TOKEN_PERMISSIONS, str(value).removesuffix("-all"))
    entries = value.items() if isinstance(value, dict) else ()
    permissions = {
        str(name): str(level)
        for name, level in entries
        if name in TOKEN_PERMISSIONS and level in ("read", "write")
    }
    if permissions.get("id-token") == "read":
        del permissions["id-token"]
    return permissions


def _default_permissions(repository: Repository) -> dict[str, str]:
    """Return the permissive default where the repository and its organization both set it."""
    settings = [repository.actions.default_workflow_permissions]
    if repository.organization is not None:
        settings.append(repository.organization.actions.default_workflow_permissions)
    return dict(_RESTRICTED if "read" in settings else _PERMISSIVE)


def may_open_pulls(repository: Repository) -> bool:
    """Return whether a job token may create and approve pull requests.

    The repository and its organization must both allow it. Source: GitHub's docs, "Managing GitHub
    Actions settings for a repository", preventing GitHub Actions from approving pull requests.
    """
    organization = repository.organization
    owner_settings = organization.actions if organization else None
    is_prevented = (
        owner_settings is not None and not owner_settings.can_approve_pull_request_reviews
    )
    return not is_prevented and repository.actions.can_approve_pull_request_reviews


def issue(world: World, repository: Repository, job: Job) -> str:
    """Issue the token of a job that starts and return it; also set its `id_token` if allowed."""
    permissions = {
        name.replace("-", "_"): level
        for name, level in job.permissions.items()
        if name != "id-token"
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
    """Revoke the tokens of a job that ended."""
    if job.token is not None:
        world.tokens.pop(job.token, None)
    job.token = job.id_token = None


def _bot(world: World) -> User:
    bot = world.users.get(BOT_ID)
    return bot or world.add_user(User(BOT_ID, LOGIN, world.clock.stamp(), kind="Bot"))
