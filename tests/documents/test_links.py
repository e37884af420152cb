"""The links, the paths and the list of scripts in the Markdown files."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

import simulated_github.operations

PROJECT = Path(__file__).parents[2]
FENCED_BLOCK = re.compile(r"^ *```.*?^ *```\n?", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *#*$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
INDENTED_BLOCK = re.compile(r"^ {4}(\S.*)", re.MULTILINE)
MODULE = re.compile(r"python -m ([\w.]+)")
PATH = re.compile(r"\.?[\w-]+(?:[./][\w*-]+)*/?")
#: Paths that a page mentions and that are not files of this repository, with the reason.
PATHS_ELSEWHERE = {
    "scripts/publish": "a script of the released repositories",
    ".github/workflows/release.yml": "an example of the option `workflow`",
}


@cache
def tracked_files() -> tuple[str, ...]:
    """Return the files of this repository that git does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return tuple(name for name in output.splitlines() if (PROJECT / name).is_file())


@cache
def read_prose(name: str) -> str:
    """Return a page without its fenced blocks."""
    return FENCED_BLOCK.sub("", (PROJECT / name).read_text(encoding="utf-8"))


@cache
def anchors(name: str) -> frozenset[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = HEADING.findall(read_prose(name))
    texts = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings]
    return frozenset(re.sub(r"[^\w\- ]", "", text).replace(" ", "-") for text in texts)


def relative_links(name: str) -> list[str]:
    return [link for link in LINK.findall(read_prose(name)) if "://" not in link]


PAGES = [name for name in tracked_files() if name.endswith(".md")]


def link_resolves(page: str, link: str) -> bool:
    """Whether the file of a relative link exists, and has the heading of its anchor."""
    path, _, anchor = link.partition("#")
    target = (PROJECT / page).parent / path if path else PROJECT / page
    if not anchor:
        return target.exists()
    return target.is_file() and anchor in anchors(str(target.resolve().relative_to(PROJECT)))


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_resolves(page: str) -> None:
    assert [link for link in relative_links(page) if not link_resolves(page, link)] == []


def test_a_link_to_a_missing_heading_is_reported() -> None:
    """The test above can fail."""
    assert link_resolves("docs/operating.md", "../README.md#start")
    assert not link_resolves("docs/operating.md", "../README.md#absent")
    assert not link_resolves("docs/operating.md", "absent.md")


def looks_like_a_path(text: str) -> bool:
    """Whether a word in backticks begins with a folder or file at the top of this repository."""
    top = {name.split("/")[0] for name in tracked_files()}
    first, slash, _ = text.partition("/")
    return bool(PATH.fullmatch(text)) and first in top and (bool(slash) or "." in first)


def paths_in(page: str) -> set[str]:
    """Return the paths in backticks and indented blocks, and those of modules that are run.

    `FILE::TEST` is left out: tests/test_threat_model.py checks those.
    """
    text = read_prose(page)
    words = {word for code in CODE.findall(text) for word in code.split()}
    words |= {word for block in INDENTED_BLOCK.findall(text) for word in block.split()}
    modules = {f"{name.replace('.', '/')}.py" for name in MODULE.findall(text)}
    return {path for path in words | modules if looks_like_a_path(path)}


@pytest.mark.parametrize(
    "page", [name for name in PAGES if not name.startswith(("docs/adr/", ".github/"))]
)
def test_every_path_exists(page: str) -> None:
    missing = {path for path in paths_in(page) if not any(PROJECT.glob(path))}

    assert missing - PATHS_ELSEWHERE.keys() == set()


def test_paths_are_extracted() -> None:
    """The test above can fail."""
    assert len(paths_in("CONTRIBUTING.md")) >= 10
    assert looks_like_a_path("stacks/settings/absent.py")
    assert not looks_like_a_path("repositories.httpx.approvals")


def test_every_script_has_a_row() -> None:
    rows = re.findall(
        r"^\| `scripts/([\w-]+)` \| .+ \|$", read_prose("scripts/README.md"), re.MULTILINE
    )
    scripts = {
        name.removeprefix("scripts/") for name in tracked_files() if name.startswith("scripts/")
    }

    assert sorted(rows) == sorted(scripts - {"README.md"})


def test_the_steps_of_an_operation_agree_with_the_code() -> None:
    steps = re.compile(r"^(\d\. .+)$", re.MULTILINE)
    section = read_prose("CONTRIBUTING.md").split("## Add an operation")[1].split("\n## ")[0]
    docstring = simulated_github.operations.__doc__ or ""

    code = docstring.replace("``", "`").replace("`OPERATIONS` below", "`OPERATIONS`")
    assert steps.findall(section) == steps.findall(code)
    assert len(steps.findall(section)) == 5
