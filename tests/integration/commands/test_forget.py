"""`scripts/forget` and `scripts/rename` on the real engine: the state alone changes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from commands.sandbox import PROJECT, CommandResult
from tests.integration.on_github import (
    make_again,
    remove_entry,
    rename_repository,
)
from tests.integration.rehearsed_stack import RehearsedStack, writes


def run_command(
    stack: RehearsedStack, command: str, *arguments: str, answer: str = "", token: bool = True
) -> CommandResult:
    """Run `scripts/forget` or `scripts/rename` on a stack; `answer` is typed by the user."""
    environment = {**stack.sandbox.environment, "PYTHONPATH": str(PROJECT)}
    if not token:
        del environment["GITHUB_TOKEN"]
    completed = subprocess.run(
        [
            sys.executable,
            "-m",
            f"commands.state_edits.{command}",
            *arguments,
            "--stack",
            stack.sandbox.stack,
        ],
        cwd=stack.sandbox.directory,
        env=environment,
        input=answer,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return CommandResult(completed.stdout, completed.returncode)


def backup_of(result: CommandResult) -> Path:
    """Return the file with the state as it was, which the command prints."""
    [line] = [line for line in result.output.splitlines() if line.startswith("The state as it was")]
    return Path(line.split(" is in ")[1].split(". It can")[0])


def test_a_removed_entry_is_forgotten(applied: RehearsedStack) -> None:
    remove_entry(applied, "httpx")
    before = applied.repository("httpx")

    with applied.requests() as requests:
        result = run_command(applied, "forget", "httpx", answer="httpx\n")

    assert result.code == 0
    assert "The preview shows no change." in result.output
    assert writes(requests) == []
    assert applied.repository("httpx") == before
    backup = backup_of(result)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert "pypi-AgEI" not in backup.read_text(encoding="utf-8")
    applied.sandbox.pulumi("stack", "import", "--file", str(backup))
    assert set(applied.plan().values()) == {"delete"}
    backup.unlink()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("httpx", "add --declared"),
        ("operations", "add --declared"),
        ("operator-1", "remove operator-1 from the stack file first"),
    ],
)
def test_what_is_declared_is_not_forgotten(applied: RehearsedStack, name: str, hint: str) -> None:
    refused = run_command(applied, "forget", name, "--yes")
    without_token = run_command(applied, "forget", name, "--yes", token=False)

    assert refused.code == 1
    assert "GitHub has it under its recorded number" in refused.output
    assert without_token.code == 1
    assert hint in without_token.output
    assert applied.plan() == {}


def test_nothing_is_forgotten_without_a_confirmation(applied: RehearsedStack) -> None:
    remove_entry(applied, "httpx")

    result = run_command(applied, "forget", "httpx", answer="yes\n")

    assert result.code == 1
    assert "Nothing was changed" in result.output
    assert set(applied.plan().values()) == {"delete"}


def test_a_repository_that_was_made_again(applied: RehearsedStack) -> None:
    make_again(applied, "httpx")

    with applied.requests() as requests:
        blocked = applied.up(check=False)
    assert "scripts/forget httpx; then `pulumi up` sets up" in blocked.output
    assert writes(requests) == []

    assert run_command(applied, "forget", "httpx", "--yes").code == 0
    applied.up()
    assert applied.repository("httpx")["environments"]["deploy"]["reviewers"] == ["team operations"]
    assert applied.plan() == {}


def test_a_team_that_is_to_be_used_as_it_is(applied: RehearsedStack) -> None:
    before = applied.organization()["teams"]["operations"]
    applied.configuration["operations"] = {"existing": "operations"}
    applied.configure()

    with applied.requests() as requests:
        blocked = applied.up(check=False)
    assert "scripts/forget operations" in blocked.output
    assert writes(requests) == []

    result = run_command(applied, "forget", "operations", "--yes")
    applied.up()

    assert "The preview shows no change." in result.output
    assert applied.organization()["teams"]["operations"] == before
    assert applied.repository("httpx")["environments"]["deploy"]["reviewers"] == ["team operations"]


def test_a_locked_state_is_not_changed(applied: RehearsedStack) -> None:
    remove_entry(applied, "httpx")
    locks = applied.sandbox.state / ".pulumi" / "locks" / "organization" / "releases" / "prod"
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "another-run.json").write_text('{"pid": 1}', encoding="utf-8")

    result = run_command(applied, "forget", "httpx", "--yes")

    assert result.code == 1
    assert "pulumi cancel --stack prod" in result.output


def test_pending_operations_are_not_changed(applied: RehearsedStack) -> None:
    """An import would drop them without a word."""
    file = applied.sandbox.state / ".pulumi" / "stacks" / "releases" / "prod.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    state = document["checkpoint"]["latest"]
    state["pending_operations"] = [{"type": "updating", "resource": state["resources"][-1]}]
    file.write_text(json.dumps(document), encoding="utf-8")

    result = run_command(applied, "forget", "httpx", "--yes")

    assert result.code == 1
    assert "pulumi refresh --stack prod" in result.output


def test_repositories_exchange_their_names(applied: RehearsedStack) -> None:
    numbers = {name: applied.repository(name)["id"] for name in ("httpx", "databases")}
    for old, new in (("httpx", "moving"), ("databases", "httpx"), ("moving", "databases")):
        rename_repository(applied, old, new)

    with applied.requests() as requests:
        blocked = applied.up(check=False)
    assert "scripts/rename databases=httpx httpx=databases" in blocked.output
    assert writes(requests) == []

    assert run_command(applied, "rename", "databases=httpx", "--yes").code == 1
    result = run_command(applied, "rename", "databases=httpx", "httpx=databases", "--yes")
    assert result.code == 0
    secrets = applied.configuration["secrets"]
    secrets["httpx"], secrets["databases"] = secrets["databases"], secrets["httpx"]
    applied.configure()
    with applied.requests() as requests:
        applied.up()

    assert sorted(writes(requests)) == [
        f"PUT /api/v3/repos/encode/{name}/contents/.github/workflows/publish.yml"
        for name in ("databases", "httpx")
    ]
    assert applied.repository("databases")["id"] == numbers["httpx"]
    applied.refresh()
    assert applied.plan() == {}
