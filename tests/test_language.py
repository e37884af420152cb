"""The language of the code: plain names, American spelling, short test names, no dead code."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]
# Words that do not say what a value is.
VAGUE = frozenset(
    [
        "found",
        "there",
        "said",
        "sent",
        "who",
        "each",
        "other",
        "what",
        "whose",
        "here",
        "wanted",
        "known",
        "shown",
        "told",
        "beside",
        "meant",
        "asked",
        "kept",
        "gone",
        "given",
        "such",
        "they",
        "it",
        "them",
        "both",
    ]
)
LONGEST_TEST_NAME = 60
BRITISH = re.compile(
    r"organisation|behaviour|colour|favour|honour|licence|catalogue|judgement|"
    r"authoris|initialis|normalis|serialis|summaris|recognis|misspelt|analyse",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+")
# The key `organisations` of world files and of the state was spelled so in version 0.1.
BRITISH_ALLOWED = frozenset({"organisation", "organisations"})
BRITISH_ALLOWED_IN = frozenset(
    {
        "CHANGELOG.md",
        "docs/simulator.md",
        "simulated_github/control/api.py",
        "simulated_github/world/world_file.py",
        "tests/simulated_github/control/test_api.py",
        "tests/simulated_github/world/test_world_file.py",
        "tests/test_language.py",
    }
)


@cache
def files() -> tuple[Path, ...]:
    """Return the text files of this repository, without lock files."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    paths = (Path(name) for name in output.split("\0") if name)
    skipped = (".lock", ".sum", ".gz", ".json")
    return tuple(
        path for path in paths if path.suffix not in skipped and (PROJECT / path).is_file()
    )


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in files():
        if path.suffix == ".py":
            yield path, ast.parse((PROJECT / path).read_text(encoding="utf-8"))


def bindings(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the names that a module binds, arguments included, with their lines."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def test_names_say_what_a_value_is() -> None:
    vague = [
        f"{path}:{line} {name}"
        for path, module in modules()
        for name, line in bindings(module)
        if name.lower() in VAGUE
    ]

    assert vague == []


def test_test_names_are_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and len(node.name) > LONGEST_TEST_NAME
    ]

    assert long == []


def british_words(text: str) -> Iterator[str]:
    """Yield the words with a British spelling; other lines are not split into words."""
    for line in text.splitlines():
        if BRITISH.search(line):
            yield from (word for word in WORD.findall(line) if BRITISH.search(word))


def test_british_words_are_detected() -> None:
    """The test below can fail."""
    assert [*british_words("a colour\nan un_Initialised, color")] == ["colour", "un_Initialised"]


def test_the_spelling_is_american() -> None:
    british = [
        f"{path}: {word}"
        for path in files()
        for word in british_words((PROJECT / path).read_text(encoding="utf-8"))
        if not (path.as_posix() in BRITISH_ALLOWED_IN and word.lower() in BRITISH_ALLOWED)
        and path != Path("tests/test_language.py")
    ]

    assert british == []


def test_no_code_is_unused() -> None:
    """Run vulture; `tool.vulture` in pyproject.toml explains each name that it would report."""
    result = subprocess.run(
        [sys.executable, "-m", "vulture"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert result.stdout == ""
    assert result.returncode == 0
