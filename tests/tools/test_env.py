"""`eval "$(scripts/env)"` in different shells and checkouts."""

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
    """Return a checkout with a built engine; its path has a space and a quote."""
    machine.has_go()
    checkout = machine.checkout("my checkouts/it's here")
    machine.install(checkout)
    return checkout


def test_before_the_installation_eval_fails_with_the_command(machine: Machine) -> None:
    checkout = machine.checkout()
    result = machine.run(
        machine.commands / "bash", "-c", f'eval "$("{checkout}/scripts/env")" && echo on'
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert (
        result.stderr
        == f"scripts/env: nothing is installed yet: run {checkout}/scripts/install first.\n"
    )


def test_a_deleted_cache_is_reported_with_the_command(machine: Machine, checkout: Path) -> None:
    machine.cache.rename(machine.root / "gone")
    assert "run" in machine.run(checkout / "scripts" / "env").stderr


def test_the_environment_and_the_engine_come_first_on_path(
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
        'eval "$(scripts/env)"; echo "$PATH";'
        'eval "$(scripts/env)"; eval "$(scripts/env)"; echo "$PATH"',
    ).splitlines()
    assert once == thrice


def test_another_checkout_replaces_the_first_on_path(machine: Machine, checkout: Path) -> None:
    second = machine.checkout("other")
    machine.install(second)
    path = machine.shell(
        checkout, 'eval "$(scripts/env)"; cd ../../other; eval "$(scripts/env)"; echo "$PATH"'
    )
    assert str(second / ".venv" / "bin") in path
    assert str(checkout / ".venv" / "bin") not in path


def test_a_built_engine_has_its_own_pulumi_home(machine: Machine, checkout: Path) -> None:
    [engine] = machine.engines
    home = machine.shell(
        checkout, 'eval "$(scripts/env)"; eval "$(scripts/env)"; echo "$PULUMI_HOME"'
    )
    assert home == f"{machine.cache}/{engine}/home"


def test_a_pulumi_home_of_the_user_stays(machine: Machine, checkout: Path) -> None:
    home = machine.shell(
        checkout, 'eval "$(scripts/env)"; echo "$PULUMI_HOME"', PULUMI_HOME="/mine"
    )
    assert home == "/mine"


def test_a_pulumi_of_the_user_keeps_its_own_home(machine: Machine, checkout: Path) -> None:
    """Even in a shell that used a built engine before."""
    script = (
        'eval "$(scripts/env)"; scripts/install; eval "$(scripts/env)"; '
        'echo "${PULUMI_HOME-none}"; type -P pulumi'
    )
    pulumi = machine.has_pulumi()
    assert machine.shell(checkout, script).splitlines()[-2:] == ["none", str(pulumi)]


def test_pulumi_does_not_check_for_updates(machine: Machine, checkout: Path) -> None:
    assert (
        machine.shell(checkout, 'eval "$(scripts/env)"; echo "$PULUMI_SKIP_UPDATE_CHECK"') == "true"
    )


def test_the_engine_collects_garbage_less_often_by_default(
    machine: Machine, checkout: Path
) -> None:
    assert machine.shell(checkout, 'eval "$(scripts/env)"; echo "$GOGC"') == "400"
    assert machine.shell(checkout, 'eval "$(scripts/env)"; echo "$GOGC"', GOGC="50") == "50"


def test_a_newer_requirements_file_is_reported(machine: Machine, checkout: Path) -> None:
    (checkout / ".venv" / "engine").touch()
    assert machine.run(checkout / "scripts" / "env").stderr == ""
    newer = (checkout / ".venv" / "engine").stat().st_mtime + 1
    os.utime(checkout / "requirements-dev.txt", (newer, newer))
    assert (
        f"run {checkout}/scripts/install again" in machine.run(checkout / "scripts" / "env").stderr
    )
