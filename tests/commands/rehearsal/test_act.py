"""act is given a job in files, and what it says is read line by line. That it runs one is tried in `test_runner.py`."""

import json
from pathlib import Path

import pytest

from commands.rehearsal.act import (
    OPTIONS,
    command_line,
    log,
    parsed,
    read_report,
    summary,
    write_files,
)
from commands.rehearsal.errors import StoppedError

FILES = {name: f"/files/{name}.yml" for name in OPTIONS}


def test_what_is_written_for_a_job_is_for_its_owner_alone(tmp_path: Path) -> None:
    files = write_files(tmp_path / "job", secrets={"PYPI_TOKEN": "s3cret"}, variables={})

    assert json.loads(Path(files["secrets"]).read_text()) == {"PYPI_TOKEN": "s3cret"}
    assert [Path(file).stat().st_mode & 0o777 for file in files.values()] == [0o600, 0o600]


def test_each_label_of_its_runner_is_this_machine() -> None:
    command = command_line(
        Path("/job"), FILES, {"runs-on": ["linux", "big"], "steps": []}, "push", "operator-1"
    )

    assert command[:2] == ["act", "push"]
    assert [command[at + 1] for at, part in enumerate(command) if part == "--platform"] == [
        "linux=-self-hosted",
        "big=-self-hosted",
    ]


def test_an_action_without_a_stand_in_is_not_fetched_but_refused() -> None:
    job = {"runs-on": "linux", "steps": [{"uses": f"somebody/else@{'0' * 40}"}]}

    with pytest.raises(StoppedError, match="somebody/else has no stand-in"):
        command_line(Path("/job"), FILES, job, "push", "operator-1")


def test_a_job_that_did_not_get_to_its_end_reports_nothing(tmp_path: Path) -> None:
    assert read_report(tmp_path / "report.json") == {}


def test_what_act_says_is_read_line_by_line() -> None:

    lines = [
        "no document",
        json.dumps({"command": "summary", "content": "# A\n", "stepID": ["one"]}),
        json.dumps({"command": "summary", "content": "# A\n", "stepID": ["one", "inner"]}),
        json.dumps({"raw_output": True, "msg": "printed\n"}),
        json.dumps({"level": "error", "msg": "went wrong"}),
        json.dumps(["no", "mapping"]),
    ]

    said = [*parsed("\n".join(lines))]

    assert summary(said) == "# A\n"
    assert log(said) == ["printed", "went wrong"]
