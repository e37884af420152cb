"""The program that the engine runs: settings, checks, resources, outputs, in this order."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pulumi

from stacks import outputs, runtime
from stacks.consistency import check_consistency
from stacks.github_api import PUBLIC, Credentials, GitHubReader
from stacks.ids import Ids, known_ids, names_without_ids, read_ids
from stacks.preflight import Situation, problems, warnings
from stacks.previous_state import PreviousState, read_previous_state
from stacks.records import Records
from stacks.release_stack import ReleaseStack
from stacks.replaced_workflows import replaced_workflows, restore_warnings
from stacks.settings import Problem, Settings
from stacks.settings.loading import load
from stacks.settings.parsing import path
from stacks.settings.problems import GitHubError, ReleasesError
from stacks.snapshot import Snapshot
from stacks.snapshot.reading import read_organization


async def deploy() -> None:
    """Deploy the release stack.

    Raise `RunError`, before anything is planned or written, when it cannot be deployed.
    """
    runtime.reduce_overhead()
    try:
        settings = load()
        check_consistency(settings)
        records = prepare_records(settings)
    except ReleasesError as error:
        # The language host prints a `RunError` without a traceback.
        raise pulumi.RunError(str(error)) from None
    await ReleaseStack(settings, records).deploy()
    outputs.export(settings, base_url())


def prepare_records(settings: Settings) -> Records:
    """Check the run, and return what it needs from the state and from GitHub.

    A preview trusts the state, and queries GitHub only for names that have no recorded id.
    """
    previous_state = read_previous_state(pulumi.get_stack(), Path.cwd())
    restorable = restore_warnings(settings, previous_state)
    if pulumi.runtime.is_dry_run():
        warn_of_missing_secrets(settings)
        log_once(restorable)
        ids = read_missing_ids(settings, known_ids(settings, previous_state))
        return Records(ids, previous_state)
    snapshot = check_before_writing(settings, previous_state, restorable)
    ids = read_missing_ids(settings, known_ids(settings, previous_state, snapshot))
    return Records(ids, previous_state, replaced_workflows(settings, snapshot))


def read_missing_ids(settings: Settings, recorded: Ids) -> Ids:
    """Query GitHub only where a reviewer or a bypass actor needs an id that is not known."""
    if not any(names_without_ids(settings, recorded)):
        return recorded
    with GitHubReader(credentials()) as reader:
        return read_ids(reader, settings, recorded)


def credentials() -> Credentials:
    """Return the provider's credentials. Raise `GitHubError` when there is no token."""
    token = pulumi.Config("github").get("token") or os.environ.get("GITHUB_TOKEN")
    if not token:
        raise GitHubError("There is no token for GitHub", [missing_token()])
    return Credentials(base_url(), token)


def base_url() -> str:
    """Return the address of GitHub's API, from the places where the provider reads it."""
    return pulumi.Config("github").get("baseUrl") or os.environ.get("GITHUB_BASE_URL") or PUBLIC


def warn_of_missing_secrets(settings: Settings) -> None:
    """Log one warning with the command for every secret that has no value."""
    if missing := missing_secrets(settings):
        count = len(missing)
        pulumi.log.warn(
            f"{count} secret{' has' if count == 1 else 's have'} no value yet; `pulumi up` needs "
            f"{'it' if count == 1 else 'them'}:\n" + lines(problem.remedy for problem in missing)
        )


def check_before_writing(
    settings: Settings, previous_state: PreviousState, restorable: Sequence[str]
) -> Snapshot:
    """Return what GitHub has, and log `restorable` and all other warnings as one.

    Raise `GitHubError` listing every blocking problem.
    """
    missing = missing_secrets(settings)
    try:
        with GitHubReader(credentials()) as reader:
            snapshot = read_organization(reader, settings, previous_state)
    except GitHubError as error:
        raise GitHubError(error.title, [*missing, *error.problems]) from None
    situation = Situation(settings, previous_state, snapshot)
    if blocking := [*missing, *problems(situation)]:
        raise GitHubError("pulumi up is blocked", blocking)
    log_once([*restorable, *warnings(situation)])
    return snapshot


def log_once(sentences: Sequence[str]) -> None:
    """Log all warnings in one call, under a short first line.

    The engine repeats the first line of a log as the status of the stack, for each log.
    """
    if sentences:
        count = len(sentences)
        pulumi.log.warn(
            f"{count} warning{'' if count == 1 else 's'}, `pulumi up` continues:\n"
            + lines(sentences)
        )


def lines(texts: Iterable[str]) -> str:
    return "\n".join(f"  {text}" for text in texts)


def missing_secrets(settings: Settings) -> list[Problem]:
    places = [
        path(("secrets", repository.name, secret.name))
        for repository in settings.repositories
        if not repository.archived
        for secret in repository.environment_secrets
        if secret.value is None
    ]
    return [
        Problem(
            place,
            "missing",
            "the value of this secret, encrypted",
            f"pulumi config set --path '{place}' --secret",
        )
        for place in places
    ]


def missing_token() -> Problem:
    return Problem(
        "GITHUB_TOKEN",
        "missing",
        "the token of an organization owner with the scopes repo, workflow and admin:org, or an "
        "app's installation token",
        "export it as GITHUB_TOKEN, without writing it to a file",
    )
