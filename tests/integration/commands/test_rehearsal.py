"""Whole rehearsals in each layout: every outcome, the report, and the cleanup."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from commands.rehearsal import attacks, release
from commands.rehearsal.harness import Harness, start_harness
from commands.rehearsal.report import WIDTH, Report
from commands.rehearsal.scenario import ReleaseScenario, choose_scenario
from commands.rehearsal.timeline import REFUSED, Redactor, Timeline, TimelineEntry
from commands.rehearse import rehearse
from commands.sandbox import PROJECT
from publish_workflow.summaries import read_script
from simulated_github.records.actions import Secret
from tests.commands.rehearsal.declarations import CONFIGURATION, configuration_of_httpx

TIMEOUT = 300  # seconds; ends a rehearsal that hangs
UNUSUAL = configuration_of_httpx(
    {
        "publish": "scripts-single",
        "deploys-docs": True,
        "release-tags": "v[0-9]*",
        "tag-creators": "maintainers",
        "approvals": 2,
        "secrets": ["UPLOAD_KEY"],
        "reviewers": {"users": ["dora"], "teams": ["auditors"]},
        "teams": {"helpers": "triage"},
        "runner": "ubuntu-24.04",
        "workflow": ".github/workflows/release.yaml",
        "wait-minutes": 10,
        "create": True,
    },
    operations={"existing": "release-managers"},
    maintainers={
        "name": "Core Developers",
        "team-maintainers": ["boss"],
        "members": ["Ann", "bob", "carl"],
    },
    applied_by={"app": "our-releaser", "id": 77},
    stack_repository="infra",
)
UNUSUAL["repositories"] = {"my.pkg": UNUSUAL["repositories"]["httpx"]}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only directory for a rehearsal's files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


class FinishedRehearsal:
    """A rehearsal that was played, with its entries, its report and the tokens that it used."""

    def __init__(self, scenario: ReleaseScenario, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entries: list[TimelineEntry] = []
        self.tokens: set[str] = set()
        short_console = Console(width=WIDTH, soft_wrap=True, record=True, file=StringIO())
        short_report = Report(short_console)
        short_report.print_scenario(scenario)
        add = Redactor.add
        print_entry = Report.print_entry

        def add_token(redactor: Redactor, value: str) -> str:
            self.tokens.add(value)
            return add(redactor, value)

        def keep_entry(report: Report, entry: TimelineEntry) -> None:
            self.entries.append(entry)
            print_entry(report, entry)
            print_entry(short_report, entry)

        monkeypatch.setattr(Redactor, "add", add_token)
        monkeypatch.setattr(Report, "print_entry", keep_entry)
        verbose_console = Console(width=WIDTH, soft_wrap=True, record=True, file=StringIO())
        result = rehearse(scenario, Report(verbose_console, verbose=True))
        short_report.print_results([result])
        self.passed = result.passed
        self.report = verbose_console.export_text()
        self.short_report = short_console.export_text()

    def position(self, actor: str, action: str) -> int:
        """Return the position of the first entry for an actor and an action."""
        actions = [(entry.actor, entry.action) for entry in self.entries]
        return actions.index((actor, action))

    def outcome(self, actor: str, action: str) -> str:
        return self.entries[self.position(actor, action)].outcome

    def details(self, actor: str, action: str) -> str:
        return self.entries[self.position(actor, action)].details


def assert_finished(finished: FinishedRehearsal, files: Path) -> None:
    """Assert that all checks passed, no token was printed and no file or process is left."""
    assert finished.passed, finished.report
    leaked = [token for token in finished.tokens if token and token in finished.report]
    assert leaked == []
    assert max(len(line) for line in finished.report.splitlines()) <= WIDTH
    assert list(files.iterdir()) == []
    assert processes_below(files) == []


def processes_below(directory: Path) -> list[psutil.Process]:
    """Return the processes with a home below a directory, as all have that a rehearsal starts."""
    processes = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get("HOME", "").startswith(f"{directory}/"):
                processes.append(process)
    return processes


REFUSALS = [
    (
        "maintainer-1",
        "pushes to main without review",
        "Changes must be made through a pull request",
    ),
    (
        "maintainer-1",
        "pushes the tag 0.2.0",
        "Cannot create ref due to creations being restricted",
    ),
    ("maintainer-1", "approves the deployment", "422 Validation Failed"),
    ("operator-1", "approves their own tag's deployment", "422 Validation Failed"),
    ("owner-1", "starts the waiting job as an admin", "not allowed to bypass"),
    ("maintainer-1", "deploys from a branch", "is not allowed to deploy to deploy"),
    ("owner-1", "moves the tag 0.2.0 as an admin", "Cannot update this protected ref"),
    ("owner-1", "deletes the tag 0.2.0 as an admin", "Cannot delete this protected ref"),
]


def assert_documented(finished: FinishedRehearsal) -> None:
    """Assert that the page shows the short report, but for its time and the number of resources."""
    page = (PROJECT / "docs" / "rehearsing.md").read_text(encoding="utf-8")
    documented = page.partition("```text\n")[2].partition("```")[0]
    changing = re.compile(r"\d+(?= resources created| s, )")
    report = changing.sub("N", finished.short_report).strip()
    assert report == changing.sub("N", documented).strip()


def assert_gate_held(finished: FinishedRehearsal) -> None:
    for actor, action, message in REFUSALS:
        assert finished.outcome(actor, action) == REFUSED
        assert message in finished.details(actor, action)
    assert finished.outcome("operator-1", "pushes the tag 0.2.0") == "done"
    assert finished.outcome("operator-2", "approves the deployment") == "done"
    assert finished.outcome("GitHub", "holds the rerun of the release at deploy") == "waiting"
    assert finished.outcome("operator-2", "rejects the deployment of 0.2.1") == "done"
    rejected = finished.outcome("GitHub", "ends the rejected release 0.2.1")
    assert rejected == "failure, nothing uploaded"


def assert_released(finished: FinishedRehearsal, publish: str) -> None:
    """Assert that the package was released after its approval; `publish` is the job's action."""
    for linter in ("actionlint", "zizmor"):
        assert finished.outcome(linter, "checks publish.yml") == "no findings"
    packages = "httpx-0.2.0-py2.py3-none-any.whl, httpx-0.2.0.tar.gz"
    assert finished.details("index", "has httpx 0.2.0") == packages
    assert finished.outcome("pip", "installs httpx==0.2.0") == "version 0.2.0"
    assert finished.outcome("act", publish) == "success"
    approval = finished.position("operator-2", "approves the deployment")
    upload = finished.position("act", publish)
    assert approval < upload
    assert upload < finished.position("index", "has httpx 0.2.0")


def test_scripts(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finished = FinishedRehearsal(choose_scenario(CONFIGURATION, "httpx"), monkeypatch)

    assert_finished(finished, files)
    assert_gate_held(finished)
    assert_released(finished, "runs publish with PYPI_TOKEN")
    assert_documented(finished)
    assert finished.outcome("act", "runs build with no secret") == "success"
    summary = finished.details("GitHub", "shows approvers what build wrote")
    assert "is on the default branch" in summary
    assert f"'{summary}'" in read_script("tag_summary.sh")
    assert finished.outcome("GitHub", "keeps the secrets of deploy") == "given to no job"
    stolen = finished.outcome("maintainer-1", "reads PYPI_TOKEN from a branch")
    assert stolen == "gets an empty value"
    assert len([token for token in finished.tokens if token.startswith("pypi-")]) == 1


def test_scripts_single(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = choose_scenario(CONFIGURATION, "httpx", layout="scripts-single")

    finished = FinishedRehearsal(scenario, monkeypatch)

    assert_finished(finished, files)
    assert_gate_held(finished)
    assert_released(finished, "runs publish with PYPI_TOKEN")
    jobs = [entry.action for entry in finished.entries if entry.actor == "act"]
    assert jobs == ["runs publish with PYPI_TOKEN"]


def test_trusted_publishing(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = choose_scenario(CONFIGURATION, "httpx", layout="trusted-publishing")

    finished = FinishedRehearsal(scenario, monkeypatch)

    assert_finished(finished, files)
    assert_gate_held(finished)
    assert_released(finished, "runs publish with an identity")
    assert finished.outcome("index", "checks the identity of the job") == "trusted"
    subject = finished.details("index", "checks the identity of the job")
    assert subject == "repo:encode/httpx:environment:deploy"
    uploads = [entry for entry in finished.entries if " upload" in f" {entry.action}"]
    assert {entry.outcome for entry in uploads} == {REFUSED}
    assert [entry.details for entry in uploads] == [
        "invalid-publisher: environment is none, and deploy is trusted",
        "invalid-publisher: environment is unguarded, and deploy is trusted",
        "invalid-publisher: repository is encode/not-httpx, and encode/httpx is trusted",
        "invalid-publisher: workflow is second.yml, and publish.yml is trusted",
    ]


def test_unusual_options(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finished = FinishedRehearsal(choose_scenario(UNUSUAL, stack="dev"), monkeypatch)

    assert_finished(finished, files)
    assert finished.outcome("act", "runs publish with UPLOAD_KEY") == "success"
    assert finished.outcome("Ann", "pushes the tag v0.2.0") == "not tried"
    assert finished.outcome("act", "pushes the docs to gh-pages") == "done"
    assert finished.outcome("pip", "installs my.pkg==0.2.0") == "version 0.2.0"
    assert finished.details("pip", "installs my.pkg==0.2.0") == "imported as my_pkg"


@pytest.fixture
def unguarded_harness(files: Path) -> Iterator[Harness]:
    """Apply a stack, delete its tag rulesets, and leave a token in the repository."""
    scenario = choose_scenario(CONFIGURATION, "httpx", layout="scripts-single")
    with start_harness(scenario, Timeline(Redactor()), Redactor()) as harness:
        release.apply_stack(harness)
        for ruleset in harness.github.request("owner-1", "GET", "/rulesets"):
            if ruleset["target"] == "tag":
                harness.github.request("owner-1", "DELETE", f"/rulesets/{ruleset['id']}")
        repository = harness.simulated.world.repository("encode", "httpx")
        assert repository is not None
        repository.secrets["PYPI_TOKEN"] = Secret("PYPI_TOKEN", "left-behind", "", "")
        yield harness
    assert list(files.iterdir()) == []


def test_an_attack_that_succeeds_is_a_failure(unguarded_harness: Harness) -> None:
    release.merge_version(unguarded_harness)
    release.push_release_tag(unguarded_harness)
    attacks.read_secret_from_branch(unguarded_harness)
    attacks.move_release_tag(unguarded_harness)
    attacks.delete_release_tag(unguarded_harness)

    assert [(entry.actor, entry.action) for entry in unguarded_harness.timeline.failures] == [
        ("maintainer-1", "pushes the tag 0.2.0"),
        ("maintainer-1", "reads PYPI_TOKEN from a branch"),
        ("owner-1", "moves the tag 0.2.0 as an admin"),
        ("owner-1", "deletes the tag 0.2.0 as an admin"),
    ]


# The build interrupts the rehearsal, as Ctrl-C does, and goes on for a long time.
INTERRUPTED_REHEARSAL = """\
import os, sys
from commands import rehearse
from commands.rehearsal import package
package.BUILD = f"#!/bin/sh\\nkill -INT {os.getpid()}\\nexec sleep 600\\n"
sys.exit(rehearse.main(["httpx", "--layout", "scripts"]))
"""


def test_nothing_remains_of_an_interrupted_rehearsal(tmp_path: Path) -> None:
    home = tmp_path / "home"
    files = tmp_path / "files"
    for directory in (home, files):
        directory.mkdir()
    plugins = {"PULUMI_HOME": os.environ.get("PULUMI_HOME") or str(Path.home() / ".pulumi")}
    environment = {**os.environ, **plugins, "HOME": str(home), "TMPDIR": str(files)}

    result = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_REHEARSAL],
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert result.returncode == 130, result.stdout + result.stderr
    assert "pushes the tag 0.2.0" in result.stdout
    assert "Interrupted. Everything that was started has been ended." in result.stdout
    assert [*home.iterdir(), *files.iterdir()] == []
    assert processes_below(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "REPOSITORY is 'nothing'"),
        (["httpx", "a/tag"], "TAG is 'a/tag'"),
        (["--layout", "fancy"], "--layout is 'fancy'"),
        (["--stack", "missing"], "--stack is 'missing'"),
    ],
)
def test_a_wrong_argument_is_refused_before_the_start(arguments: list[str], message: str) -> None:
    command = [sys.executable, "-m", "commands.rehearse", *arguments]

    result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)

    assert result.returncode == 2
    assert result.stdout.splitlines()[0] == message
    assert result.stdout.splitlines()[1].startswith("    allowed: ")
