"""The permissions and the runners that can be chosen are those that GitHub has, as far as a linter for workflows knows."""

import shutil
import subprocess
from pathlib import Path

import pytest

from stacks.publishing import workflow_text
from stacks.settings.workflow_names import RUNNERS, SCOPES, Scope
from tests.stacks.settings.configurations import settings


@pytest.mark.parametrize("scope", SCOPES.values(), ids=list(SCOPES))
def test_what_a_permission_costs_is_said_in_sentences(scope: Scope) -> None:
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
    given = settings(repositories=entries)
    files = [tmp_path / f"{repository.name}.yml" for repository in given.repositories]
    for file, repository in zip(files, given.repositories, strict=True):
        file.write_text(workflow_text(given, repository), encoding="utf-8")

    program = shutil.which("actionlint")
    assert program, 'actionlint is not on PATH: run scripts/install, then eval "$(scripts/env)"'
    finished = subprocess.run([program, *files], capture_output=True, text=True, check=False)

    assert (finished.returncode, finished.stdout) == (0, "")
