"""Checking stack files without the engine."""

from datetime import date
from pathlib import Path

import pytest

from commands.check_stack_file import check_stack_file, main, project_of
from commands.sandbox import PROJECT
from stacks.settings import SettingsError

GOOD = """\
config:
  github:owner: encode
  operations: {members: [operator-1, operator-2]}
  maintainers: {members: [maintainer-1, maintainer-2]}
  repositories:
    httpx:
  secrets:
    httpx:
      PYPI_TOKEN:
        secure: v1:abc
"""


def write(directory: Path, text: str) -> Path:
    (directory / "Pulumi.yaml").write_text("name: releases\n")
    file = directory / "Pulumi.prod.yaml"
    file.write_text(text)
    return file


def test_every_stack_file_of_this_repository_is_valid() -> None:
    for file in PROJECT.glob("Pulumi.*.yaml"):
        check_stack_file(file, "releases")


def test_a_date_may_have_no_quotes(tmp_path: Path) -> None:
    file = write(tmp_path, f"{GOOD}  accept:\n    a/b: {{reason: Known, until: 2027-06-30}}\n")

    assert check_stack_file(file, "releases").accept["a/b"].until == date(2027, 6, 30)


def test_a_good_file_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["check_stack_file", str(write(tmp_path, GOOD))])

    assert main() == 0
    assert capsys.readouterr().err == ""


def test_the_spelling_with_a_prefix_is_valid(tmp_path: Path) -> None:
    text = GOOD.replace("  operations:", "  releases:operations:")

    check_stack_file(write(tmp_path, text), "releases")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("secure: v1:abc", "abc", "secrets.httpx.PYPI_TOKEN"),
        ("    httpx:\n  secrets", "    httpx: {approval: 2}\n  secrets", "approval"),
        ("operations: {members: [operator-1, operator-2]}", "operations: {}", "operations"),
        ("github:owner: encode", "github:owner: en code", "github:owner"),
        ("github:owner: encode", "github:owner: [encode]", "github:owner"),
        ("github:owner: encode", "github:owner: {a: b}", "github:owner"),
        ("  repositories:\n    httpx:\n", "", "repositories"),
    ],
)
def test_a_problem_is_reported_with_its_place(
    tmp_path: Path, old: str, new: str, path: str
) -> None:
    assert old in GOOD

    with pytest.raises(SettingsError) as error:
        check_stack_file(write(tmp_path, GOOD.replace(old, new)), "releases")

    assert path in str(error.value)


def test_a_missing_file_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, GOOD).with_name("Pulumi.other.yaml")
    monkeypatch.setattr("sys.argv", ["check_stack_file", str(file)])

    assert main() == 1
    assert "Pulumi.other.yaml" in capsys.readouterr().err


def test_a_plain_secret_is_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, GOOD.replace("secure: v1:abc", "pypi-in-plain-text"))
    monkeypatch.setattr("sys.argv", ["check_stack_file", str(file)])

    assert main() == 1
    assert "pypi-in-plain-text" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"name: [releases\nruntime: python\n", "Pulumi.yaml is no YAML in line 2, column 8"),
        (b"\xff", "Pulumi.yaml\n"),
        (b"", "Pulumi.yaml\n"),
        (b"runtime: python\n", "Pulumi.yaml\n"),
        (b"- name\n", "Pulumi.yaml\n"),
        (b"name: [releases]\n", "Pulumi.yaml is a file with the name a list"),
        (b"name: 5\n", "Pulumi.yaml is a file with the name 5"),
        (b"name: two words\n", "Pulumi.yaml is a file with the name 'two words'"),
    ],
)
def test_a_broken_project_file_is_an_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: bytes,
    message: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["check_stack_file", str(write(tmp_path, GOOD))])
    (tmp_path / "Pulumi.yaml").write_bytes(text)

    assert main() == 1

    printed = capsys.readouterr().err
    assert printed.startswith("Pulumi.yaml cannot be used: 1 problem, nothing was changed\n")
    assert message in printed
    assert "    remedy:  " in printed


def test_the_remedy_for_a_missing_name_helps(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD).with_name("Pulumi.yaml")
    file.write_text("runtime: python\n")
    with pytest.raises(SettingsError) as error:
        project_of(tmp_path)
    [problem] = error.value.problems

    file.write_text(f"{file.read_text()}{problem.remedy.split('`')[1]}\n")

    assert project_of(tmp_path) == "releases"


def test_a_missing_project_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["check_stack_file", str(write(tmp_path, GOOD))])
    (tmp_path / "Pulumi.yaml").unlink()

    assert main() == 1
    assert capsys.readouterr().err == f"{tmp_path / 'Pulumi.yaml'}: No such file or directory\n"
