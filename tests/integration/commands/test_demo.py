"""The demo, run to its end: its tables, its output, and that it leaves no files."""

import re
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from commands import sandbox
from commands.demo import (
    COLUMNS,
    PERSONS,
    Demo,
    lines_about,
    main,
    permission_table,
    summary,
    warnings,
)
from commands.permission_checks import PERMISSION_CHECKS
from commands.sandbox import CommandResult, Sandbox
from simulated_github import SimulatedGitHub
from tests.integration.rehearsed_stack import CONFIGURATION, RehearsedStack

# Marks for: merge unreviewed, merge reviewed, create a tag, approve a release, read the token.
BEFORE = [
    ("owner-1", "✔ ✔ ✔ - ✔"),
    ("operator-1 to 3", "✔ ✔ ✔ - ✔"),
    ("maintainer-1 to 12", "✔ ✔ ✔ - ✔"),
    ("outsider-1", "✘ ✘ ✘ - ✘"),
]
AFTER = [
    ("owner-1", "✔* ✔ ✔ ✘ ✔"),
    ("operator-1 to 3", "✘ ✔ ✔ ✔ ✔"),
    ("maintainer-1 to 12", "✘ ✔ ✘ ✘ ✔"),
    ("outsider-1", "✘ ✘ ✘ ✘ ✘"),
]
AFTER_DELETION = [
    ("owner-1", "✔* ✔ ✔ ✘ ✘"),
    ("operator-1 to 3", "✘ ✔ ✔ ✔ ✘"),
    ("maintainer-1 to 12", "✘ ✔ ✘ ✘ ✘"),
    ("outsider-1", "✘ ✘ ✘ ✘ ✘"),
]
ROW = re.compile(r"^ *(\w+-\d+(?: to \d+)?) +((?:[✔✘-]\*? +){4}[✔✘-]) *$", re.MULTILINE)


def plain_console() -> Console:
    return Console(width=COLUMNS, record=True, file=StringIO())


class DemoRun(NamedTuple):
    """The output of the demo for a small stack, and the directory of its temporary files."""

    output: str
    directory: Path


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    configuration = {
        **CONFIGURATION,
        "defaults": {"replace-workflow": True},
        "operations": {"members": ["operator-1", "operator-2", "operator-3"]},
        "repositories": {"httpx": None},
    }
    directory = tmp_path_factory.mktemp("demo")
    console = plain_console()
    with (
        pytest.MonkeyPatch.context() as patch,
        SimulatedGitHub("encode") as github,
    ):
        patch.setattr("tempfile.tempdir", str(directory))
        with Sandbox(github.url, configuration) as stack:
            Demo(github, stack, console).run()
    return DemoRun(console.export_text(), directory)


def rows_of(output: str) -> list[tuple[str, str]]:
    """Return the people and the marks of every row of the tables."""
    return [(label, " ".join(marks.split())) for label, marks in ROW.findall(output)]


def test_the_demo_runs_to_its_end_and_leaves_no_files(demo_run: DemoRun) -> None:
    output = demo_run.output

    assert rows_of(output) == [*BEFORE, *AFTER, *AFTER_DELETION]
    assert "* Organization owners apply this stack, so they bypass the review rule." in output
    assert output.strip().splitlines()[-1].startswith("Next: scripts/rehearse")
    assert list(demo_run.directory.iterdir()) == []


def test_the_tables_come_before_the_commands(demo_run: DemoRun) -> None:
    titles = ["Before", "After `pulumi up`", "After the leftover", "The commands", "$ pulumi"]
    output = demo_run.output
    places = [output.index(title) for title in titles]

    assert places == sorted(places)
    assert max(len(line) for line in output.splitlines()) <= COLUMNS


def test_resources_are_printed_only_when_verbose(demo_run: DemoRun) -> None:
    assert "httpx/deploy" not in demo_run.output


def test_a_step_has_its_cost_and_its_resources(declared: RehearsedStack) -> None:
    console = plain_console()
    demo = Demo(declared.github, declared.sandbox, console, verbose=True)

    demo.preview()
    demo.print_steps()

    printed = console.export_text()
    assert "requests to GitHub: 1 GET" in printed
    assert "RepositoryRuleset httpx/review create" in printed


def test_lines_and_counts_come_from_the_output_of_the_engine() -> None:
    result = CommandResult(
        " +  github:index:TeamRepository httpx/team/operations create\n"
        " +  github:index:TeamRepository httpcore/team/operations create\n"
        "Resources:\n    + 2 to create\n\nDuration: 1s\n",
        0,
    )

    assert lines_about(result, "httpx") == ["+  TeamRepository httpx/team/operations create"]
    assert summary(result) == ["+ 2 to create"]


def test_a_warning_has_all_of_its_lines() -> None:
    result = CommandResult(
        "Diagnostics:\n  pulumi:pulumi:Stack (releases-prod):\n"
        "    warning: 1 secret has no value yet:\n      pulumi config set\n"
        "    warning: 1 problem\n"
        "  another resource:\n    info\n\nResources:\n    + 2 to create\n",
        0,
    )

    assert warnings(result) == [
        "warning: 1 secret has no value yet:",
        "  pulumi config set",
        "warning: 1 problem",
    ]


def test_people_with_other_permissions_get_their_own_row() -> None:
    permissions = {person: dict.fromkeys(PERMISSION_CHECKS, False) for person in PERSONS}
    permissions["maintainer-12"]["create a tag"] = True
    console = plain_console()

    console.print(permission_table("Before", permissions))

    rows = dict(rows_of(console.export_text()))
    assert rows["maintainer-1 to 11"] == "✘ ✘ ✘ ✘ ✘"
    assert rows["maintainer-12"] == "✘ ✘ ✔ ✘ ✘"


def test_the_demo_is_for_the_example_organization(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Pulumi.second.yaml").write_text("config: {'github:owner': mine}\n")
    monkeypatch.setattr(sandbox, "PROJECT", tmp_path)

    assert main(["--stack", "missing"]) == 1
    assert capsys.readouterr().out == (
        "--stack is 'missing'\n    allowed: one of second\n"
        "    remedy:  choose one of them, or create Pulumi.missing.yaml\n"
    )
    assert main(["--stack", "second"]) == 1

    assert "Pulumi.second.yaml is for the organization mine" in capsys.readouterr().out
