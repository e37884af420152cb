"""Which texts may end up in a workflow."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter
from pydantic_core import PydanticCustomError

from stacks.publishing import workflow_text
from stacks.settings.names import Kind
from stacks.settings.workflow_names import (
    COMMAND,
    PYTHON_VERSION,
    RESERVED_BEGINNINGS,
    RESERVED_NAMES,
    RUNNER,
    RUNNERS,
    SCOPE,
    SCOPES,
    VARIABLE_NAME,
    VARIABLE_VALUE,
    WORKFLOW_PATH,
    Scope,
)
from tests.stacks.settings.configurations import entry_problems, one_problem, settings

FIT: dict[Kind, list[str]] = {
    RUNNER: list(RUNNERS),
    PYTHON_VERSION: ["3.x", "3.9", "3.13", "3.13.1"],
    COMMAND: [
        "scripts/install",
        "pip install -r requirements/publish.txt",
        "python -m pip install 'twine==7.0.0' && true",
        "x" * 500,
    ],
    VARIABLE_NAME: [
        "PYTHONUTF8",
        "PYTHONHASHSEED",
        "SOURCE_DATE_EPOCH",
        "http_proxy",
        "_",
        "TWINE_REPOSITORY",
        "PATHS",
        "MY_PATH",
    ],
    VARIABLE_VALUE: [
        "",
        "1",
        "a: b # c",
        "'\"\\",
        "$HOME",
        "${HOME}",
        "Jörg Müller",
        " spaces ",
        "x" * 1000,
    ],
    WORKFLOW_PATH: [
        ".github/workflows/publish.yml",
        ".github/workflows/release.yaml",
        ".github/workflows/a.b-c_d.yml",
    ],
    SCOPE: list(SCOPES),
}
UNFIT: dict[Kind, list[str]] = {
    RUNNER: [
        "self-hosted",
        "ubuntu",
        "ubuntu-20.04",
        "windows-latest",
        "macos-15",
        "ubuntu-24x04",
        "${{ matrix.os }}",
        "big-runner",
        "",
    ],
    PYTHON_VERSION: [
        "3",
        "2.7",
        "3.13.x",
        "3.14-dev",
        "pypy3.10",
        ">=3.9",
        "3.x ",
        "3.1.1.1",
        "${{ matrix.python }}",
        "",
    ],
    COMMAND: [
        "",
        " ",
        "two\nlines",
        "echo ${{ secrets.PYPI_TOKEN }}",
        " scripts/install",
        "scripts/install ",
        "x" * 501,
        "écho",
        "a\tb",
    ],
    VARIABLE_NAME: [
        "",
        "1A",
        "A-B",
        "A B",
        "A=B",
        "É",
        "A" * 256,
        *RESERVED_NAMES,
        *(f"{beginning}X" for beginning in RESERVED_BEGINNINGS),
    ],
    VARIABLE_VALUE: [
        "two\nlines",
        "${{ secrets.PYPI_TOKEN }}",
        "a\x00b",
        "a\x85b",
        "a\u2028b",
        "a\u200bb",
        "\ufeff",
        "a\tb",
        "x" * 1001,
    ],
    WORKFLOW_PATH: [
        "publish.yml",
        ".github/publish.yml",
        ".github/workflows/",
        ".github/workflows/deep/publish.yml",
        ".github/workflows/../publish.yml",
        ".github/workflows/publish.txt",
        ".github/workflows/.yml",
        ".github/workflows/-x.yml",
        "/.github/workflows/publish.yml",
        ".GitHub/workflows/publish.yml",
        ".github/workflows/publish.yml\n",
        "",
    ],
    SCOPE: ["", "admin", "content", "repository-projects", "write-all"],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in FIT.items() for text in texts]
)
def test_a_text_that_fits_is_kept_as_it_is(kind: Kind, text: str) -> None:
    assert kind.check(text) == text


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in UNFIT.items() for text in texts]
)
def test_a_text_that_does_not_fit_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(PydanticCustomError):
        kind.check(text)


@pytest.mark.parametrize("kind", FIT, ids=lambda kind: kind.name)
def test_the_schema_says_the_same(kind: Kind) -> None:
    pattern = TypeAdapter(Annotated[str, kind]).json_schema()["pattern"]

    assert all(re.search(pattern, text) for text in FIT[kind])
    assert not any(re.search(pattern, text) for text in UNFIT[kind] if not text.endswith("\n"))
    assert r"\-" not in pattern  # editors read patterns as Unicode ones, in which this is an error


@pytest.mark.parametrize("kind", FIT, ids=lambda kind: kind.name)
def test_the_example_of_a_kind_is_one_itself(kind: Kind) -> None:
    assert kind.check(kind.example.strip("'"))


@pytest.mark.parametrize(
    ("options", "place", "text", "kind"),
    [
        ({"runner": "self-hosted"}, "runner", "'self-hosted'", RUNNER),
        ({"runner": ["self-hosted", "linux"]}, "runner", "a list", RUNNER),
        ({"workflow": ".github/publish.yml"}, "workflow", "'.github/publish.yml'", WORKFLOW_PATH),
        ({"publish_install": "a\nb"}, "publish-install", r"'a\nb'", COMMAND),
        ({"permissions": {"contens": "write"}}, "permissions.contens", "'contens'", SCOPE),
        (
            {"environment_variables": {"PATH": "/x"}},
            "environment-variables.PATH",
            "'PATH'",
            VARIABLE_NAME,
        ),
        (
            {"environment_variables": {"A": "${{ x }}"}},
            "environment-variables.A",
            "'${{ x }}'",
            VARIABLE_VALUE,
        ),
    ],
)
def test_a_wrong_value_has_a_path_and_the_allowed_form(
    options: dict[str, Any], place: str, text: str, kind: Kind
) -> None:
    assert entry_problems(**options) == one_problem(
        f"repositories.httpx.{place}", text, kind.allowed, kind.remedy
    )


def test_a_self_hosted_runner_is_refused_with_the_reason() -> None:
    [problem] = entry_problems(runner="self-hosted")

    assert (
        "a self-hosted runner does not isolate the secrets of an environment from other jobs"
        in problem.allowed
    )


@pytest.mark.parametrize(
    ("options", "place", "text"),
    [
        ({"python_version": 3.1}, "python-version", "3.1"),
        ({"environment_variables": {"PYTHONUTF8": 1}}, "environment-variables.PYTHONUTF8", "1"),
        ({"environment_variables": {"DEBUG": True}}, "environment-variables.DEBUG", "true"),
    ],
)
def test_numbers_and_booleans_need_quotes(options: dict[str, Any], place: str, text: str) -> None:
    [problem] = entry_problems(**options)

    assert problem.path == f"repositories.httpx.{place}"
    assert problem.value == text
    assert problem.remedy == "put it in quotes"


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("script", "write scripts, or one of the other values"),
        ("trusted-publisher", "write trusted-publishing, or one of the other values"),
        ("Scripts_Single", "write scripts-single, or one of the other values"),
        ("twine", "write one of these values"),
    ],
)
def test_an_unknown_layout(written: str, remedy: str) -> None:
    layouts = "'scripts', 'scripts-single' or 'trusted-publishing'"

    assert entry_problems(publish=written) == one_problem(
        "repositories.httpx.publish", f"'{written}'", layouts, remedy
    )


@pytest.mark.parametrize("minutes", [0, 361, "30", True])
def test_a_timeout_that_github_does_not_have(minutes: object) -> None:
    [problem] = entry_problems(timeout_minutes=minutes)

    assert problem.allowed == "a whole number from 1 to 360"


# Permissions


@pytest.mark.parametrize("scope", SCOPES.values(), ids=list(SCOPES))
def test_the_cost_of_a_permission_is_a_sentence(scope: Scope) -> None:
    assert scope.cost.startswith("`")
    assert scope.cost.endswith(".")
    assert any(f"`{level}`" in scope.cost for level in scope.levels)


def test_the_linter_knows_every_runner_and_every_permission(tmp_path: Path) -> None:
    entries = {
        **{runner: {"runner": runner} for runner in RUNNERS},
        **{
            f"level-{at}": {
                "permissions": {name: scope.levels[at] for name, scope in SCOPES.items()}
            }
            for at in (0, -1)
        },
    }
    stack_settings = settings(repositories=entries)
    files = [tmp_path / f"{repository.name}.yml" for repository in stack_settings.repositories]
    for file, repository in zip(files, stack_settings.repositories, strict=True):
        file.write_text(workflow_text(stack_settings, repository), encoding="utf-8")

    program = shutil.which("actionlint")
    assert program, 'actionlint is not on PATH: run scripts/install, then eval "$(scripts/env)"'
    finished = subprocess.run([program, *files], capture_output=True, text=True, check=False)

    assert finished.stdout == ""
    assert finished.returncode == 0
