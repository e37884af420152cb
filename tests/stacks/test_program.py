"""The program that the engine runs: its order, its warnings, and how it ends when it is blocked."""

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
from stacks.records import Records
from stacks.settings import Problem, Settings, SettingsError
from stacks.settings.problems import StateError
from tests.stacks.api_responses import BASE_URL, TOKEN, repository_fields, stub_organization
from tests.stacks.settings.configurations import error, settings

SECRETS = {"httpx": {"PYPI_TOKEN": "hunter2"}}
COMMAND = "pulumi config set --path 'secrets.httpx.PYPI_TOKEN' --secret"


class Run:
    """A run of the program with its calls, in order, and its warnings."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.warnings: list[str] = []
        self.github = stub_organization()


class FakeStack:
    """A stand-in for the release stack that records its arguments when it is deployed."""

    def __init__(self, run: Run, arguments: tuple[Any, ...]) -> None:
        self.run = run
        self.arguments = arguments

    async def deploy(self) -> None:
        self.run.calls.append(self.arguments)


Start = Callable[..., Run]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    run = Run()
    transport = httpx.MockTransport(run.github.respond)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_BASE_URL", BASE_URL)
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
    monkeypatch.setattr(pulumi.log, "warn", run.warnings.append)
    monkeypatch.setattr(program, "read_previous_state", lambda *_: PreviousState())
    monkeypatch.setattr(
        program, "GitHubReader", lambda credentials: GitHubReader(credentials, transport)
    )
    monkeypatch.setattr(program, "ReleaseStack", lambda *arguments: FakeStack(run, arguments))
    monkeypatch.setattr(outputs, "export", lambda *arguments: run.calls.append(arguments))
    return run


@pytest.fixture
def start(run: Run, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Return a function that runs the program for settings, as a preview or as an `up`."""

    def start_program(settings: Settings, *, preview: bool = False) -> Run:
        monkeypatch.setattr(program, "load", lambda: settings)
        monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)
        asyncio.run(program.deploy())
        return run

    return start_program


@pytest.mark.parametrize("preview", [True, False])
def test_the_stack_is_deployed_before_its_outputs(start: Start, preview: bool) -> None:
    valid = settings(secrets=SECRETS)

    [(first, records), last] = start(valid, preview=preview).calls

    # An `up` knows the ids on GitHub, and a preview those of the state, which is empty here.
    assert records.ids.repositories == ({} if preview else {"httpx": 1})
    assert first == valid
    assert last == (valid, BASE_URL)


def test_a_preview_sends_no_request(start: Start) -> None:
    assert start(settings(secrets=SECRETS), preview=True).github.requests == []


def test_a_preview_reads_the_id_of_a_reviewer(start: Start, run: Run) -> None:
    run.github.people = {"tomchristie": 7}

    start(
        settings(secrets=SECRETS, defaults={"reviewers": {"users": ["tomchristie"]}}), preview=True
    )

    assert run.calls[0][1] == Records(Ids(people={"tomchristie": 7}))
    assert len(run.github.requests) == 1


def test_a_missing_secret_is_a_warning_in_a_preview(start: Start) -> None:
    run = start(settings(), preview=True)

    assert run.warnings == [f"1 secret has no value yet; `pulumi up` needs it:\n  {COMMAND}"]
    assert len(run.calls) == 2


def test_all_missing_secrets_are_one_warning(start: Start) -> None:
    run = start(settings(repositories={"httpx": None, "httpcore": None}), preview=True)

    assert run.warnings == [
        "2 secrets have no value yet; `pulumi up` needs them:\n"
        f"  {COMMAND.replace('httpx', 'httpcore')}\n  {COMMAND}"
    ]


def test_a_missing_secret_stops_an_up(start: Start, run: Run) -> None:
    with pytest.raises(pulumi.RunError) as error:
        start(settings(secrets={"httpx": {"PYPI_TOKEN": ""}}))

    text = str(error.value)
    assert text.startswith("pulumi up is blocked: 1 problem, nothing was changed")
    assert "secrets.httpx.PYPI_TOKEN is missing" in text
    assert COMMAND in text
    assert run.calls == []


def test_all_problems_stop_an_up_together(start: Start, run: Run) -> None:
    with pytest.raises(pulumi.RunError) as error:
        start(settings(repositories={"httpx": None, "flask": None}))

    text = str(error.value)
    assert "3 problems" in text
    assert text.index("secrets.flask.PYPI_TOKEN is missing") < text.index(
        "repositories.flask is not a repository"
    )
    assert run.calls == []


def test_no_token_stops_an_up_together_with_missing_secrets(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")

    with pytest.raises(pulumi.RunError) as error:
        start(settings())

    assert "secrets.httpx.PYPI_TOKEN is missing" in str(error.value)
    assert "GITHUB_TOKEN is missing" in str(error.value)
    assert run.calls == []
    assert run.github.requests == []


def test_all_warnings_of_an_up_are_one_log(start: Start, run: Run) -> None:
    run.github.pages = {
        **run.github.pages,
        "/repos/encode/httpx/actions/secrets": {"secrets": [{"name": "PYPI_TOKEN"}]},
    }
    scripts = [
        {"name": "install", "mode": 0o100755},
        {"name": "build", "mode": 0o100644},
        {"name": "publish", "mode": 0o100755},
    ]
    run.github.repositories = {"httpx": repository_fields(scripts={"entries": scripts})}

    start(settings(secrets=SECRETS))

    [warning] = run.warnings
    assert [line.split(". ")[0] for line in warning.splitlines()] == [
        "2 warnings, `pulumi up` continues:",
        "  httpx still has the repository secret PYPI_TOKEN",
        "  httpx has scripts/build without execute permission",
    ]
    assert len(run.calls) == 2


def test_an_up_without_warnings_logs_nothing(start: Start) -> None:
    assert start(settings(secrets=SECRETS)).warnings == []


@pytest.mark.parametrize("preview", [True, False])
def test_a_bad_configuration_ends_the_run_without_a_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, preview: bool
) -> None:
    def refuse() -> Settings:
        raise error(operations={"members": ["x y"]})

    monkeypatch.setattr(program, "load", refuse)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)

    with pytest.raises(pulumi.RunError, match="cannot be used") as run_error:
        asyncio.run(program.deploy())

    assert run_error.value.__suppress_context__
    assert run.calls == []


@pytest.mark.parametrize("preview", [True, False])
def test_an_unreadable_state_ends_the_run(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch, preview: bool
) -> None:
    def refuse(*_: object) -> PreviousState:
        raise StateError("The state of the stack cannot be read", [])

    monkeypatch.setattr(program, "read_previous_state", refuse)

    with pytest.raises(pulumi.RunError, match="cannot be read") as run_error:
        start(settings(secrets=SECRETS), preview=preview)

    assert run_error.value.__suppress_context__
    assert run.calls == []
    assert run.github.requests == []


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        SettingsError("The workflows do not match their gates", [Problem("x", "y", "z", "w")]),
        PinsError(
            "An action is not pinned", [Problem("publish_workflow/action-pins.yaml", "y", "z", "w")]
        ),
    ],
    ids=["gate", "pins"],
)
def test_an_inconsistent_workflow_ends_the_run_first(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, preview: bool
) -> None:
    def refuse(_: Settings) -> None:
        raise error

    monkeypatch.setattr(program, "check_consistency", refuse)

    with pytest.raises(pulumi.RunError) as run_error:
        start(settings(secrets=SECRETS), preview=preview)

    assert str(run_error.value) == str(error)
    assert run.calls == []
    assert run.github.requests == []


def test_the_workflow_is_compared_with_its_gate(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        consistency,
        "workflow_text",
        lambda *_: "on: push\njobs: {publish: {environment: staging}}\n",
    )

    with pytest.raises(pulumi.RunError, match="a workflow that names 'staging'"):
        start(settings(secrets=SECRETS), preview=True)

    assert run.calls == []


@pytest.mark.usefixtures("run")
def test_credentials_come_from_the_environment() -> None:
    assert program.credentials() == Credentials(BASE_URL, TOKEN)


@pytest.mark.usefixtures("run")
def test_the_default_address_is_public_github(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_BASE_URL")

    assert program.base_url() == "https://api.github.com/"
