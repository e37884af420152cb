"""A release is rehearsed to its end in each layout: what its timeline says, and that nothing of it stays, come what may."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from commands.rehearsal import must_fail, release
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.plan import Plan, plan
from commands.rehearsal.stage import Stage, stage
from commands.rehearsal.timeline import Row, Timeline
from commands.rehearse import rehearse
from simulated_github.records.actions import Secret
from tests.commands.rehearsal.declarations import USUAL, of_one

LONGEST = 90  # seconds, of one rehearsal on two cores
ODD = of_one(
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
ODD["repositories"] = {"my.pkg": ODD["repositories"]["httpx"]}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for a rehearsal's files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


class Played:
    """A rehearsal that was played, what it showed, and the tokens that were in it."""

    def __init__(self, chosen: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[Row] = []
        self.tokens: set[str] = set()
        add = Hidden.add

        def remembered(hidden: Hidden, value: str) -> str:
            self.tokens.add(value)
            return add(hidden, value)

        monkeypatch.setattr(Hidden, "add", remembered)
        monkeypatch.setattr("commands.rehearse.tell", lambda _, row: self.rows.append(row))
        console = Console(width=170, record=True, file=StringIO())
        self.good = rehearse(chosen, console)
        self.shown = console.export_text()

    def outcome(self, who: str, what: str) -> str:
        """What came of what somebody did, the first time."""
        return next(
            row.outcome for row in self.rows if row.who == who and row.what.startswith(what)
        )

    def place_of(self, who: str, what: str) -> int:
        return next(
            number
            for number, row in enumerate(self.rows)
            if row.who == who and row.what.startswith(what)
        )


def assert_came_out(played: Played, place: Path) -> None:
    """What is so in every layout: all as it has to be, in time, nothing shown that is secret, nothing left."""
    assert played.good, played.shown
    assert played.rows[-1].seconds < LONGEST
    assert [token for token in played.tokens if token and token in played.shown] == []
    assert list(place.iterdir()) == []
    assert left(place) == []


def left(place: Path) -> list[psutil.Process]:
    """The programs whose home is there: every one that a rehearsal starts."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get("HOME", "").startswith(f"{place}/"):
                found.append(process)
    return found


def assert_gate_held(played: Played) -> None:
    assert "Changes must be made through a pull request" in played.outcome(
        "maintainer-1", "git push to main"
    )
    assert "Cannot create ref due to creations being restricted" in played.outcome(
        "maintainer-1", "git push of the tag 0.2.0"
    )
    assert played.outcome("operator-1", "git push of the tag 0.2.0") == "done"
    assert played.outcome("maintainer-1", "approves the deployment").startswith("refused: 422")
    assert played.outcome("operator-1", "approves the deployment of the tag that").startswith(
        "refused: 422"
    )
    assert "not allowed to bypass" in played.outcome("owner-1", "starts the waiting job as admin")
    assert played.outcome("operator-2", "approves the deployment") == "done"
    assert played.outcome("GitHub", "the second attempt at deploy") == "waiting"
    assert "is not allowed to deploy to deploy" in played.outcome(
        "maintainer-1", "pushes a branch with a workflow that names deploy"
    )
    assert "Cannot update this protected ref" in played.outcome("owner-1", "moves the tag 0.2.0")
    assert "Cannot delete this protected ref" in played.outcome("owner-1", "deletes the tag 0.2.0")
    assert played.outcome("operator-2", "rejects the deployment") == "done"
    assert played.outcome("GitHub", "the rejected run") == "failure; uploaded: nothing"


def assert_released(played: Played) -> None:
    assert (
        played.outcome("actionlint", "reads .github/workflows/publish.yml of httpx")
        == "finds nothing"
    )
    assert (
        played.outcome("zizmor", "reads .github/workflows/publish.yml of httpx") == "finds nothing"
    )
    assert (
        played.outcome("index", "has of the package")
        == "httpx-0.2.0-py2.py3-none-any.whl, httpx-0.2.0.tar.gz"
    )
    assert played.outcome("pip", "install httpx==0.2.0, import httpx") == "version 0.2.0"
    approved, published = (
        played.place_of("operator-2", "approves"),
        played.place_of("act", "runs the job publish"),
    )
    assert approved < published < played.place_of("index", "has of the package")


def test_scripts(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(plan(USUAL, "httpx"), monkeypatch)

    assert_came_out(played, place)
    assert_gate_held(played)
    assert_released(played)
    assert played.outcome("act", "runs the job build, handed no secret") == "success"
    assert (
        played.outcome("act", "writes for whoever approves")
        == "The commit is on the default branch."
    )
    assert played.outcome("GitHub", "the secrets of deploy") == "handed to no job so far"
    assert played.outcome("act", "runs the job publish, handed PYPI_TOKEN") == "success"
    assert played.outcome("act", "runs the job thief, handed no secret") == "finds an empty text"
    assert len([token for token in played.tokens if token.startswith("pypi-")]) == 1


def test_scripts_single(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(plan(USUAL, "httpx", layout="scripts-single"), monkeypatch)

    assert_came_out(played, place)
    assert_gate_held(played)
    assert_released(played)
    assert played.outcome("act", "runs the job") == "success"
    assert played.place_of("operator-2", "approves") < played.place_of("act", "runs the job")
    assert played.outcome("act", "runs the job publish, handed PYPI_TOKEN") == "success"


def test_trusted_publishing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(plan(USUAL, "httpx", layout="trusted-publishing"), monkeypatch)

    assert_came_out(played, place)
    assert_gate_held(played)
    assert_released(played)
    assert (
        played.outcome("act", "runs the job publish, handed no secret, and an identity")
        == "success"
    )
    assert played.outcome("index", "the identity repo:encode/httpx:environment:deploy") == "trusted"
    refusals = [row.outcome for row in played.rows if row.what.startswith("uploads from")]
    assert refusals == [
        "refused: invalid-publisher: environment is none, and deploy is trusted",
        "refused: invalid-publisher: environment is unguarded, and deploy is trusted",
        "refused: invalid-publisher: repository is encode/not-httpx, and encode/httpx is trusted",
        "refused: invalid-publisher: workflow is second.yml, and publish.yml is trusted",
    ]


def test_a_declaration_of_other_people_teams_names_and_choices(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Played(plan(ODD), monkeypatch)

    assert_came_out(played, place)
    assert played.outcome("act", "runs the job publish, handed UPLOAD_KEY") == "success"
    assert (
        played.outcome("Ann", "git push of the tag v0.2.0")
        == "not tried: as declared, maintainers may"
    )
    assert played.outcome("GitHub", "the branch of the docs") == "pushed"
    assert played.outcome("pip", "install my.pkg==0.2.0, import my_pkg") == "version 0.2.0"


@pytest.fixture
def unguarded(place: Path) -> Iterator[Stage]:
    """A stack that was applied; then somebody took away what guards tags, and left a token in the repository."""
    chosen = plan(USUAL, "httpx", layout="scripts-single")
    with stage(chosen, Timeline(Hidden()), Hidden()) as found:
        release.apply(found)
        for ruleset in found.github.does("owner-1", "GET", "/rulesets"):
            if ruleset["target"] == "tag":
                found.github.does("owner-1", "DELETE", f"/rulesets/{ruleset['id']}")
        repository = found.simulated.world.repository("encode", "httpx")
        assert repository is not None
        repository.secrets["PYPI_TOKEN"] = Secret("PYPI_TOKEN", "left-behind", "", "")
        yield found
    assert list(place.iterdir()) == []


def test_what_goes_through_and_must_not_is_wrong(unguarded: Stage) -> None:
    release.change_the_version(unguarded)
    release.push_the_tag(unguarded)
    for attempt in (must_fail.read_the_secret, must_fail.move_the_tag, must_fail.delete_the_tag):
        attempt(unguarded)

    assert [(row.who, row.what) for row in unguarded.timeline.wrong] == [
        ("maintainer-1", "git push of the tag 0.2.0"),
        ("act", "runs the job thief, handed PYPI_TOKEN"),
        ("owner-1", "moves the tag 0.2.0, as admin"),
        ("owner-1", "deletes the tag 0.2.0, as admin"),
    ]


# A build that interrupts the rehearsal itself, as Ctrl-C does, and goes on for long.
INTERRUPTING = """\
import os, sys
from commands import rehearse
from commands.rehearsal import package_sources
package_sources.BUILD = f"#!/bin/sh\\nkill -INT {os.getpid()}\\nexec sleep 600\\n"
sys.exit(rehearse.main(["httpx", "--layout", "scripts"]))
"""


def test_nothing_is_left_of_one_that_is_interrupted_while_a_job_runs(tmp_path: Path) -> None:
    home, place = tmp_path / "home", tmp_path / "place"
    for directory in (home, place):
        directory.mkdir()
    plugins = {"PULUMI_HOME": os.environ.get("PULUMI_HOME") or str(Path.home() / ".pulumi")}
    environment = {**os.environ, **plugins, "HOME": str(home), "TMPDIR": str(place)}
    command = [sys.executable, "-c", INTERRUPTING]

    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
    )

    assert ended.returncode == 130, ended.stdout + ended.stderr
    assert "git push of the tag 0.2.0" in ended.stdout
    assert "Interrupted; everything that was started has been ended." in ended.stdout
    assert [list(directory.iterdir()) for directory in (home, place)] == [[], []]
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "REPOSITORY is 'nothing'"),
        (["httpx", "a/tag"], "TAG is 'a/tag'"),
        (["--layout", "fancy"], "--layout is 'fancy'"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_before_anything_is_started(
    arguments: list[str], words: str
) -> None:
    command = [sys.executable, "-m", "commands.rehearse", *arguments]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)

    assert (ended.returncode, ended.stdout.splitlines()[0]) == (2, words)
    assert ended.stdout.splitlines()[1].startswith("    allowed: ")
