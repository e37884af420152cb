"""The token that a job has while it runs (``GITHUB_TOKEN``): an installation's, for one repository, with the job's permissions.

Source: GitHub's docs, "GITHUB_TOKEN" (an installation of the App GitHub Actions, made when a job begins and ended with it, for
the repository of the workflow alone; what it does starts no workflows, but for dispatches).
"""

import secrets

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
    world.tokens[job.token] = Token(bot, installation=installation, of_job=True)
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
