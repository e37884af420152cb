"""The program that the engine runs: in which order, and how it ends when something is in the way."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pulumi
import pytest

from publish_workflow.errors import PinsError
from stacks import consistency, outputs, program
from stacks.github_api import Credentials, GitHubReader
from stacks.ids import Ids
from stacks.previous_state import PreviousState
from stacks.settings import Problem, Settings, SettingsError
from tests.stacks.answers import BASE_URL, TOKEN, Answers
from tests.stacks.settings.configurations import error, settings
from tests.stacks.test_snapshot import pages

SECRETS = {"httpx": {"PYPI_TOKEN": "hunter2"}}


class Run:
    """A run of the program: what it did, in order, and what it warned of."""

    def __init__(self) -> None:
        self.did: list[Any] = []
        self.warnings: list[str] = []
        self.answers = Answers(pages())


class Deployed:
    """Takes the place of the stack, and writes down what it was deployed with."""

    def __init__(self, run: Run, given: tuple[Any, ...]) -> None:
        self.run = run
        self.given = given

    async def deploy(self) -> None:
        self.run.did.append(self.given)


Start = Callable[..., Run]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    started = Run()
    transport = httpx.MockTransport(started.answers.answer)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_BASE_URL", BASE_URL)
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
    monkeypatch.setattr(pulumi.log, "warn", started.warnings.append)
    monkeypatch.setattr(program, "read_previous_state", lambda *_: PreviousState())
    monkeypatch.setattr(
        program, "GitHubReader", lambda credentials: GitHubReader(credentials, transport)
    )
    monkeypatch.setattr(program, "ReleaseStack", lambda *given: Deployed(started, given))
    monkeypatch.setattr(outputs, "export", lambda *given: started.did.append(given))
    return started


@pytest.fixture
def start(run: Run, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Runs the program for settings, as a preview or as an `up`."""

    def starting(given: Settings, *, preview: bool = False) -> Run:
        monkeypatch.setattr(program, "load", lambda: given)
        monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)
        asyncio.run(program.deploy())
        return run

    return starting


@pytest.mark.parametrize("preview", [True, False])
def test_the_stack_is_deployed_and_its_outputs_follow(start: Start, preview: bool) -> None:
    given = settings(secrets=SECRETS)

    assert start(given, preview=preview).did == [(given, Ids()), (given, BASE_URL)]


def test_a_preview_asks_github_nothing(start: Start) -> None:
    assert start(settings(secrets=SECRETS), preview=True).answers.asked == []


def test_a_preview_asks_for_the_number_of_a_reviewer(start: Start, run: Run) -> None:
    run.answers.people = {"tomchristie": 7}

    start(
        settings(secrets=SECRETS, defaults={"reviewers": {"users": ["tomchristie"]}}), preview=True
    )

    assert run.did[0][1] == Ids(people={"tomchristie": 7})
    assert len(run.answers.asked) == 1


def test_a_missing_secret_is_a_warning_in_a_preview(start: Start) -> None:
    found = start(settings(), preview=True)

    place = "secrets.httpx.PYPI_TOKEN"
    assert found.warnings == [
        f"{place} has no value yet, and `pulumi up` needs one. pulumi config set --path '{place}' --secret"
    ]
    assert len(found.did) == 2


def test_a_missing_secret_stops_an_up(start: Start, run: Run) -> None:
    with pytest.raises(pulumi.RunError) as stopped:
        start(settings(secrets={"httpx": {"PYPI_TOKEN": ""}}))

    text = str(stopped.value)
    assert text.startswith("pulumi up cannot start: 1 problem, nothing was changed")
    assert "secrets.httpx.PYPI_TOKEN is missing" in text
    assert "pulumi config set --path 'secrets.httpx.PYPI_TOKEN' --secret" in text
    assert run.did == []


def test_what_github_does_not_have_stops_an_up_together_with_missing_secrets(
    start: Start, run: Run
) -> None:
    with pytest.raises(pulumi.RunError) as stopped:
        start(settings(repositories={"httpx": None, "flask": None}))

    text = str(stopped.value)
    assert "3 problems" in text
    assert text.index("secrets.flask.PYPI_TOKEN is missing") < text.index(
        "repositories.flask is no repository"
    )
    assert run.did == []


def test_no_token_stops_an_up_together_with_missing_secrets(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")

    with pytest.raises(pulumi.RunError) as stopped:
        start(settings())

    assert "secrets.httpx.PYPI_TOKEN is missing" in str(stopped.value)
    assert "GITHUB_TOKEN is missing" in str(stopped.value)
    assert (run.did, run.answers.asked) == ([], [])


def test_what_is_no_reason_to_stop_is_a_warning(start: Start, run: Run) -> None:
    run.answers.pages = {
        **run.answers.pages,
        "/repos/encode/httpx/actions/secrets": {"secrets": [{"name": "PYPI_TOKEN"}]},
    }

    start(settings(secrets=SECRETS))

    assert [text.split(" of the repository")[0] for text in run.warnings] == [
        "PYPI_TOKEN still exists as a secret"
    ]
    assert len(run.did) == 2


@pytest.mark.parametrize("preview", [True, False])
def test_a_bad_configuration_ends_the_run_without_a_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, preview: bool
) -> None:
    def refuse() -> Settings:
        raise error(operations={"members": ["x y"]})

    monkeypatch.setattr(program, "load", refuse)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)

    with pytest.raises(pulumi.RunError, match="cannot be used") as stopped:
        asyncio.run(program.deploy())

    assert stopped.value.__suppress_context__
    assert run.did == []


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        SettingsError(
            "The workflows and their gates do not fit together",
            [Problem("x", "y", "z", "w")],
        ),
        PinsError(
            "An action is not pinned", [Problem("publish_workflow/action-pins.yaml", "y", "z", "w")]
        ),
    ],
    ids=["gate", "pins"],
)
def test_a_workflow_that_does_not_fit_its_gate_ends_the_run_before_anything_is_asked_or_planned(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, preview: bool
) -> None:
    def refuse(_: Settings) -> None:
        raise error

    monkeypatch.setattr(program, "check_together", refuse)

    with pytest.raises(pulumi.RunError) as stopped:
        start(settings(secrets=SECRETS), preview=preview)

    assert str(stopped.value) == str(error)
    assert (run.did, run.answers.asked) == ([], [])


def test_the_workflow_and_its_gate_are_held_against_each_other(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        consistency,
        "workflow_text",
        lambda *_: "on: push\njobs: {publish: {environment: staging}}\n",
    )

    with pytest.raises(pulumi.RunError, match="a workflow that names 'staging'"):
        start(settings(secrets=SECRETS), preview=True)

    assert run.did == []


def test_scripts_that_are_missing_are_a_warning(start: Start, run: Run) -> None:
    run.answers.scripts = {"httpx": {"install": 0o100755, "publish": 0o100755}}

    start(settings(secrets=SECRETS))

    assert [text.split(":")[0] for text in run.warnings] == [
        "httpx has no scripts/build, which its publish workflow runs"
    ]
    assert len(run.did) == 2


@pytest.mark.usefixtures("run")
def test_credentials_come_from_the_environment() -> None:
    assert program.credentials() == Credentials(BASE_URL, TOKEN)


@pytest.mark.usefixtures("run")
def test_without_an_address_it_is_github_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_BASE_URL")

    assert program.base_url() == "https://api.github.com/"
