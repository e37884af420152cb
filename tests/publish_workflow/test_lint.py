"""What the linters for workflows say of a covering sample of all texts, and that they would say something."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from publish_workflow.pins import pins
from tests.publish_workflow.covering import sample
from tests.publish_workflow.published import parsed, text

PAGE = Path(__file__).parents[2] / "docs" / "publish-workflow.md"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where GitHub would look for workflows."""
    found = tmp_path / ".github" / "workflows"
    found.mkdir(parents=True)
    return found


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    found = shutil.which(program)
    assert found, f'{program} is not on PATH: run scripts/install, then eval "$(scripts/env)"'
    return subprocess.run([found, *arguments], capture_output=True, text=True, check=False)


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
    """The audits that found something, by the name of the text; it never fails to look at a file."""
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
    found: dict[str, set[str]] = {}
    for finding in json.loads(finished.stdout):
        for location in finding["locations"]:
            path = location["symbolic"]["key"]["Local"]["verbatim_path"]
            found.setdefault(Path(path).stem, set()).add(finding["ident"])
    return found


def test_actionlint_finds_nothing(directory: Path) -> None:
    assert actionlint(directory, sample()) == (0, "")


def test_zizmor_finds_nothing_even_when_pedantic(directory: Path) -> None:
    assert zizmor(directory, sample()) == {}


def test_as_an_auditor_zizmor_finds_what_the_page_explains_and_only_where_the_page_says(
    directory: Path,
) -> None:
    texts = sample()
    deploying = {name for name, content in texts.items() if "persist-credentials: true" in content}

    assert deploying
    assert zizmor(directory, texts, "auditor") == {name: {"artipacked"} for name in deploying}
    assert explained() == {"artipacked"}


def explained() -> set[str]:
    """The audits that the page has a paragraph about."""
    section = (
        PAGE.read_text(encoding="utf-8")
        .partition("## What the strictest review still finds\n")[2]
        .partition("\n## ")[0]
    )
    return set(re.findall(r"^`([a-z-]+)`,", section, re.MULTILINE))


@pytest.mark.parametrize(
    ("line", "instead", "finding"),
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
def test_actionlint_would_find_a_mistake(
    directory: Path, line: str, instead: str, finding: str
) -> None:
    assert line in text()

    code, output = actionlint(directory, {"publish": text().replace(line, instead)})

    assert code == 1
    assert finding in output


@pytest.mark.parametrize(
    ("line", "instead", "finding"),
    [
        (str(pins()["actions/checkout"]), "actions/checkout@v7", "unpinned-uses"),
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
def test_zizmor_would_find_a_weakness(
    directory: Path, line: str, instead: str, finding: str
) -> None:
    assert line in text()

    changed = text().replace(line, instead)

    assert parsed(changed) != parsed(text())
    assert finding in zizmor(directory, {"publish": changed})["publish"]
