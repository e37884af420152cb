"""The program that the engine runs: settings, checks, resources, outputs, in this order."""

import os
from collections.abc import Iterator
from pathlib import Path

import pulumi

from stacks import outputs, runtime
from stacks.consistency import check_together
from stacks.github_api import PUBLIC, Credentials, GitHubReader
from stacks.ids import Ids, names_needing_ids, read_ids
from stacks.preflight import Situation, problems, warnings
from stacks.previous_state import read_previous_state
from stacks.release_stack import ReleaseStack
from stacks.settings import Problem, Settings
from stacks.settings.loading import load
from stacks.settings.parsing import path
from stacks.settings.problems import GitHubError, ReleasesError
from stacks.snapshot import read_organization


async def deploy() -> None:
    """Deploys the release stack. Ends the run with a message, before anything is planned or written, when it cannot."""
    runtime.spare()
    try:
        settings = load()
        check_together(settings)
        if pulumi.runtime.is_dry_run():
            announce_missing_secrets(settings)
        else:
            check_before_writing(settings)
        ids = read_ids_if_needed(settings)
    except ReleasesError as error:
        # `RunError` is what the language host prints without a traceback.
        raise pulumi.RunError(str(error)) from None
    await ReleaseStack(settings, ids).deploy()
    outputs.export(settings, base_url())


def read_ids_if_needed(settings: Settings) -> Ids:
    """Asks GitHub only where a person or an existing team is named for something that takes a number."""
    if not any(names_needing_ids(settings)):
        return Ids()
    with GitHubReader(credentials()) as reader:
        return read_ids(reader, settings)


def credentials() -> Credentials:
    """What the provider uses too. Raises `GitHubError` without a token."""
    token = pulumi.Config("github").get("token") or os.environ.get("GITHUB_TOKEN")
    if not token:
        raise GitHubError("GitHub cannot be asked", [no_token()])
    return Credentials(base_url(), token)


def base_url() -> str:
    """Where GitHub answers, found as the provider finds it."""
    return pulumi.Config("github").get("baseUrl") or os.environ.get("GITHUB_BASE_URL") or PUBLIC


def announce_missing_secrets(settings: Settings) -> None:
    for problem in missing_secrets(settings):
        pulumi.log.warn(
            f"{problem.path} has no value yet, and `pulumi up` needs one. {problem.remedy}"
        )


def check_before_writing(settings: Settings) -> None:
    """Raises `GitHubError` with everything that stands in the way; says what should be known besides."""
    missing = list(missing_secrets(settings))
    previous_state = read_previous_state(pulumi.get_stack(), Path.cwd())
    try:
        with GitHubReader(credentials()) as reader:
            situation = Situation(
                settings, previous_state, read_organization(reader, settings, previous_state)
            )
    except GitHubError as error:
        raise GitHubError(error.title, [*missing, *error.problems]) from None
    if found := [*missing, *problems(situation)]:
        raise GitHubError("pulumi up cannot start", found)
    for sentence in warnings(situation):
        pulumi.log.warn(sentence)


def missing_secrets(settings: Settings) -> Iterator[Problem]:
    for repository in settings.repositories:
        for secret in repository.secrets:
            if secret.value is None:
                place = path(("secrets", repository.name, secret.name))
                yield Problem(
                    place,
                    "missing",
                    "the value of this secret, encrypted",
                    f"pulumi config set --path '{place}' --secret",
                )


def no_token() -> Problem:
    return Problem(
        "GITHUB_TOKEN",
        "missing",
        "a token of an organization owner with the scopes repo, workflow and admin:org, or an app's installation token",
        "export GITHUB_TOKEN, without writing it to a file",
    )
