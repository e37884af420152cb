"""Linters accept a covering sample of all texts, and find planted mistakes."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from publish_workflow.pins import read_pins
from tests.publish_workflow.covering import sample
from tests.publish_workflow.published import parse_workflow, text

PAGE = Path(__file__).parents[2] / "docs" / "publish-workflow.md"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Create `.github/workflows`, where linters expect workflows."""
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    return workflows


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    executable = shutil.which(program)
    assert executable, f'{program} is not on PATH: run scripts/install, then eval "$(scripts/env)"'
    return subprocess.run([executable, *arguments], capture_output=True, text=True, check=False)


def write(directory: Path, texts: Mapping[str, str]) -> list[Path]:
    files = [directory / f"{name}.yml" for name in texts]
    for file, content in zip(files, texts.values(), strict=True):
        file.write_text(content, encoding="utf-8")
    return files


def actionlint(directory: Path, texts: Mapping[str, str]) -> tuple[int, str]:
    finished = run("actionlint", *write(directory, texts))
    return finished.returncode, finished.stdout + finished.stderr


def zizmor(
    directory: Path, texts: Mapping[str, str], persona: str = "pedantic"
) -> dict[str, set[str]]:
    """Return the ids of findings by the name of the text. Every text must be read."""
    write(directory, texts)
    arguments = (
        "--offline",
        f"--persona={persona}",
        "--no-progress",
        "--no-exit-codes",
        "--strict-collection",
        "--format=json",
    )
    finished = run("zizmor", *arguments, directory.parents[1])
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr.count("completed") == len(texts)
    findings: dict[str, set[str]] = {}
    for finding in json.loads(finished.stdout):
        for location in finding["locations"]:
            path = location["symbolic"]["key"]["Local"]["verbatim_path"]
            findings.setdefault(Path(path).stem, set()).add(finding["ident"])
    return findings


def test_actionlint_has_no_findings(directory: Path) -> None:
    code, output = actionlint(directory, sample())

    assert output == ""
    assert code == 0


def test_zizmor_as_pedant_has_no_findings(directory: Path) -> None:
    assert zizmor(directory, sample()) == {}


def test_zizmor_as_auditor_finds_what_the_page_explains(
    directory: Path,
) -> None:
    texts = sample()
    pushing = {name for name, content in texts.items() if "persist-credentials: true" in content}

    assert pushing
    assert zizmor(directory, texts, "auditor") == {name: {"artipacked"} for name in pushing}
    assert explained_findings() == {"artipacked"}


def explained_findings() -> set[str]:
    """Return the ids that begin a paragraph of the page."""
    section = (
        PAGE.read_text(encoding="utf-8")
        .partition("## Findings of the strictest linter\n")[2]
        .partition("\n## ")[0]
    )
    return set(re.findall(r"^`([a-z-]+)`,", section, re.MULTILINE))


@pytest.mark.parametrize(
    ("line", "replacement", "finding"),
    [
        ("runs-on: ubuntu-latest", "runs-on: ubuntu-oldest", "ubuntu-oldest"),
        ("      - '*'\n", "      - '[1'\n", "invalid glob"),
        ("    needs: build\n", "", "needs"),
        (
            "outputs.artifact-id }}\n          path",
            "outputs.artifact }}\n          path",
            "artifact",
        ),
    ],
)
def test_actionlint_finds_a_planted_mistake(
    directory: Path, line: str, replacement: str, finding: str
) -> None:
    assert line in text()

    code, output = actionlint(directory, {"publish": text().replace(line, replacement)})

    assert code == 1
    assert finding in output


@pytest.mark.parametrize(
    ("line", "replacement", "finding"),
    [
        (str(read_pins()["actions/checkout"]), "actions/checkout@v7", "unpinned-uses"),
        (
            "concurrency:\n  group: publish-${{ github.ref }}\n  cancel-in-progress: false\n",
            "",
            "concurrency-limits",
        ),
        ("permissions: {}\n", "permissions: write-all\n", "excessive-permissions"),
        ("persist-credentials: false", "persist-credentials: ${{ github.ref }}", "artipacked"),
        ("run: scripts/build", "run: scripts/build ${{ github.ref_name }}", "template-injection"),
        ("python-version: '3.x'", "python-version: '3.x'\n          cache: pip", "cache-poisoning"),
        ("    name: Build release\n", "", "anonymous-definition"),
    ],
)
def test_zizmor_finds_a_planted_weakness(
    directory: Path, line: str, replacement: str, finding: str
) -> None:
    assert line in text()

    changed = text().replace(line, replacement)

    assert parse_workflow(changed) != parse_workflow(text())
    assert finding in zizmor(directory, {"publish": changed})["publish"]
