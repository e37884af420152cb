"""`eval "$(scripts/env)"` in shells of all kinds."""

import os
from pathlib import Path

import pytest

from .toolbox import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine.at(tmp_path)
    machine.has_python()
    return machine


@pytest.fixture
def checkout(machine: Machine) -> Path:
    """A checkout for which the engine was built; its path has a space."""
    machine.has_go()
    checkout = machine.checkout("my checkouts/it's here")
    machine.installed(checkout)
    return checkout


def test_before_the_installation_it_says_what_to_run_and_eval_fails(machine: Machine) -> None:
    checkout = machine.checkout()
    result = machine.run(
        machine.commands / "bash", "-c", f'eval "$("{checkout}/scripts/env")" && echo on'
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        result.stderr
        == f"scripts/env: nothing is installed yet: run {checkout}/scripts/install first.\n"
    )


def test_it_says_so_too_when_the_cache_was_deleted(machine: Machine, checkout: Path) -> None:
    machine.cache.rename(machine.root / "gone")
    assert "run" in machine.run(checkout / "scripts" / "env").stderr


def test_it_puts_the_environment_and_the_engine_first_on_path(
    machine: Machine, checkout: Path
) -> None:
    [engine] = machine.engines
    path = machine.shell(
        Path("/"), 'eval "$("$CHECKOUT/scripts/env")"; echo "$PATH"', CHECKOUT=str(checkout)
    )
    assert path == f"{checkout}/.venv/bin:{machine.cache}/{engine}/bin:{machine.commands}"


def test_it_works_from_within_the_checkout(machine: Machine, checkout: Path) -> None:
    seen = machine.shell(checkout, 'eval "$(scripts/env)"; pulumi version; echo "$VIRTUAL_ENV"')
    assert seen == f"v3.259.0\n{checkout}/.venv"


def test_path_does_not_grow(machine: Machine, checkout: Path) -> None:
    once, thrice = machine.shell(
        checkout,
        'eval "$(scripts/env)"; echo "$PATH"; eval "$(scripts/env)"; eval "$(scripts/env)"; echo "$PATH"',
    ).splitlines()
    assert once == thrice


def test_another_checkout_takes_over(machine: Machine, checkout: Path) -> None:
    other = machine.checkout("other")
    machine.installed(other)
    path = machine.shell(
        checkout, 'eval "$(scripts/env)"; cd ../../other; eval "$(scripts/env)"; echo "$PATH"'
    )
    assert str(other / ".venv" / "bin") in path
    assert str(checkout / ".venv" / "bin") not in path


def test_a_built_engine_has_a_home_of_its_own(machine: Machine, checkout: Path) -> None:
    [engine] = machine.engines
    home = machine.shell(
        checkout, 'eval "$(scripts/env)"; eval "$(scripts/env)"; echo "$PULUMI_HOME"'
    )
    assert home == f"{machine.cache}/{engine}/home"


def test_a_home_that_the_user_chose_stays(machine: Machine, checkout: Path) -> None:
    home = machine.shell(
        checkout, 'eval "$(scripts/env)"; echo "$PULUMI_HOME"', PULUMI_HOME="/mine"
    )
    assert home == "/mine"


def test_pulumi_as_found_keeps_its_own_home(machine: Machine, checkout: Path) -> None:
    """Also in a shell that has used a built engine before."""
    script = 'eval "$(scripts/env)"; scripts/install; eval "$(scripts/env)"; echo "${PULUMI_HOME-none}"; type -P pulumi'
    found = machine.has_pulumi()
    assert machine.shell(checkout, script).splitlines()[-2:] == ["none", str(found)]


def test_pulumi_does_not_look_for_updates(machine: Machine, checkout: Path) -> None:
    assert (
        machine.shell(checkout, 'eval "$(scripts/env)"; echo "$PULUMI_SKIP_UPDATE_CHECK"') == "true"
    )


def test_the_engine_looks_for_garbage_seldom_unless_told_otherwise(
    machine: Machine, checkout: Path
) -> None:
    assert machine.shell(checkout, 'eval "$(scripts/env)"; echo "$GOGC"') == "400"
    assert machine.shell(checkout, 'eval "$(scripts/env)"; echo "$GOGC"', GOGC="50") == "50"


def test_a_newer_lock_file_is_noticed(machine: Machine, checkout: Path) -> None:
    (checkout / ".venv" / "engine").touch()
    assert machine.run(checkout / "scripts" / "env").stderr == ""
    newer = (checkout / ".venv" / "engine").stat().st_mtime + 1
    os.utime(checkout / "requirements.lock", (newer, newer))
    assert (
        f"run {checkout}/scripts/install again" in machine.run(checkout / "scripts" / "env").stderr
    )
