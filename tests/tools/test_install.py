"""`scripts/install` on machines that have more or less."""

import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from .toolbox import RELEASE, Machine

EVERYTHING = ["engine", "language", "provider", "actionlint", "act", "gh"]
PLUGIN = Path("plugins") / f"resource-github-v{RELEASE}" / "pulumi-resource-github"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine.at(tmp_path)
    machine.has_python()
    return machine


def test_without_pulumi_and_go_it_says_what_to_install(machine: Machine) -> None:
    said = machine.refused(machine.checkout())
    assert (
        "Neither Pulumi nor Go is on PATH: install Pulumi 3.200.0 or newer, or Go 1.26 or newer"
        in said
    )


def test_it_says_so_before_it_makes_an_environment(machine: Machine) -> None:
    assert "Neither Pulumi nor Go" in machine.refused(machine.bare_checkout())


def test_an_old_pulumi_and_an_old_go_are_named(machine: Machine) -> None:
    pulumi = machine.has_pulumi("3.199.1")
    machine.has_go("1.25.4")
    said = machine.refused(machine.checkout())
    assert (
        f"{pulumi} is Pulumi v3.199.1, older than 3.200.0, and Go is go1.25.4, older than 1.26: install"
        in said
    )


def test_without_python_it_says_what_to_install(tmp_path: Path) -> None:
    machine = Machine.at(tmp_path)
    said = machine.refused(machine.bare_checkout())
    assert "Python is not on PATH: install Python 3.11 or newer" in said


def test_an_old_python_is_named(tmp_path: Path) -> None:
    machine = Machine.at(tmp_path)
    python = machine.has_command("python3", "#!/usr/bin/env bash\necho Python 3.9.6\n")
    said = machine.refused(machine.bare_checkout())
    assert f"{python} is Python 3.9.6, older than 3.11: install Python 3.11 or newer" in said


def test_a_python_without_its_venv_module_is_named(tmp_path: Path) -> None:
    machine = Machine.at(tmp_path)
    python = machine.has_command(
        "python3", "#!/usr/bin/env bash\n[[ $1 == -V ]] && echo Python 3.12.1\n"
    )
    said = machine.refused(machine.bare_checkout())
    assert (
        f"{python} lacks the venv module: install it (Debian and Ubuntu: apt install python3-venv)"
        in said
    )


def test_an_older_python_is_passed_over_for_a_newer_one_of_another_name(machine: Machine) -> None:
    (machine.commands / "python3").rename(machine.commands / "python3.12")
    machine.has_command("python3", "#!/usr/bin/env bash\necho Python 3.9.6\n")
    machine.has_pulumi()
    checkout = machine.bare_checkout()
    machine.installed(checkout)
    assert (checkout / ".venv" / "bin" / "pip").exists()


def test_the_environment_is_made_once(machine: Machine) -> None:
    machine.has_pulumi()
    checkout = machine.bare_checkout()
    assert "Installing the Python packages" in machine.installed(checkout)
    assert "Installing" not in machine.installed(checkout)
    (checkout / "requirements.lock").write_text("# nothing is needed today either\n")
    assert "Installing the Python packages" in machine.installed(checkout)


def test_a_package_whose_hash_differs_from_the_lock_file_is_refused(machine: Machine) -> None:
    machine.has_pulumi()
    checkout = machine.bare_checkout()
    with ZipFile(machine.root / "parcel-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("parcel.py", "")
    (checkout / "requirements.lock").write_text(f"parcel==1.0 --hash=sha256:{'0' * 64}\n")
    result = machine.install(checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(machine.root))
    assert result.returncode == 1
    assert "DO NOT MATCH THE HASHES" in result.stderr
    assert "'Installing the Python packages (about a minute, once)' failed" in result.stderr
    assert not (checkout / ".venv" / "requirements").exists()


def test_with_go_alone_the_engine_is_built_once(machine: Machine) -> None:
    machine.has_go()
    checkout = machine.checkout()
    assert "Building pulumi v3.259.0 (about five minutes, once) ..." in machine.installed(checkout)
    machine.installed(checkout)
    assert machine.built == EVERYTHING
    [engine] = machine.engines
    assert engine.endswith("-go1.26.9")
    programs = {
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "actionlint",
        "act",
        "gh",
    }
    assert {path.name for path in (machine.cache / engine / "bin").iterdir()} == programs
    assert (machine.cache / engine / "home" / PLUGIN).exists()


def test_a_second_checkout_builds_nothing(machine: Machine) -> None:
    machine.has_go()
    machine.installed(machine.checkout("one"))
    assert "Building" not in machine.installed(machine.checkout("two"))


def test_another_version_of_go_or_of_a_module_makes_another_engine(machine: Machine) -> None:
    machine.has_go()
    machine.installed(machine.checkout("one"))
    other = machine.checkout("two")
    (other / "tools" / "actionlint" / "go.mod").write_text("module releases/tools/actionlint\n")
    machine.installed(other)
    (machine.commands / "go").write_text(
        (machine.commands / "go").read_text().replace("1.26.9", "1.27.0")
    )
    machine.installed(other)
    assert len(machine.engines) == 3


def test_what_is_built_is_used_when_go_is_gone(machine: Machine) -> None:
    machine.has_go()
    checkout = machine.checkout()
    machine.installed(checkout)
    (machine.commands / "go").unlink()
    assert "Ready" in machine.installed(checkout)


def test_installations_at_the_same_time_build_once(machine: Machine) -> None:
    machine.has_go()
    running = [
        subprocess.Popen(
            [checkout / "scripts" / "install"], env=machine.environment(), stdout=subprocess.DEVNULL
        )
        for checkout in (
            machine.checkout("one"),
            machine.checkout("two"),
            machine.checkout("three"),
        )
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert machine.built == EVERYTHING


def test_a_failed_build_shows_why_and_leaves_nothing(machine: Machine) -> None:
    machine.has_go()
    broken = machine.root / "go.log.broken"
    broken.touch()
    checkout = machine.checkout()
    result = machine.install(checkout)
    assert result.returncode == 1
    assert "no route to the Go module proxy" in result.stderr
    assert "'Building pulumi v3.259.0 (about five minutes, once)' failed" in result.stderr
    assert machine.engines == []
    broken.unlink()
    machine.installed(checkout)
    assert len(machine.engines) == 1


def test_an_interrupted_build_leaves_nothing(machine: Machine) -> None:
    machine.has_go()
    os.mkfifo(machine.root / "go.log.held")
    installation = subprocess.Popen(
        [machine.checkout() / "scripts" / "install"],
        env=machine.environment(),
        stdout=subprocess.DEVNULL,
    )
    with (machine.root / "go.log.held").open("w"):
        installation.terminate()
        assert installation.wait() == 143
    assert machine.engines == []


def test_what_a_killed_build_left_is_swept_away(machine: Machine) -> None:
    machine.has_go()
    (machine.cache / "unfinished.killed").mkdir(parents=True)
    machine.installed(machine.checkout())
    assert [name for name in machine.engines if name.startswith("unfinished")] == []


def test_a_new_enough_pulumi_is_used_as_it_is(machine: Machine) -> None:
    pulumi = machine.has_pulumi("3.200.0")
    said = machine.installed(machine.checkout())
    assert f"Ready, with {pulumi}." in said
    assert "Without Go there are no act, actionlint and gh" in said
    assert (machine.home / ".pulumi" / PLUGIN).exists()


def test_with_go_and_a_new_enough_pulumi_only_what_the_tests_need_is_built(
    machine: Machine,
) -> None:
    machine.has_pulumi()
    machine.has_go()
    assert "Without Go" not in machine.installed(machine.checkout())
    assert machine.built == ["actionlint", "act", "gh"]


def test_a_provider_that_is_there_is_not_fetched_again(machine: Machine) -> None:
    machine.has_pulumi(offline=True)
    plugin = machine.home / ".pulumi" / PLUGIN
    plugin.parent.mkdir(parents=True)
    plugin.touch(mode=0o755)
    assert "Ready" in machine.installed(machine.checkout())


def test_an_old_pulumi_is_passed_over_where_there_is_go(machine: Machine) -> None:
    machine.has_pulumi("3.199.9")
    machine.has_go()
    assert "Ready, with a Pulumi built from source." in machine.installed(machine.checkout())


def test_a_pulumi_that_cannot_fetch_its_provider_is_passed_over_from_then_on(
    machine: Machine,
) -> None:
    machine.has_pulumi(offline=True)
    machine.has_go()
    checkout = machine.checkout()
    assert (
        f"could not fetch its GitHub provider {RELEASE}, so both are built."
        in machine.installed(checkout)
    )
    for _ in range(2):
        said = machine.installed(checkout)
        assert "could not fetch" not in said
        assert "Ready, with a Pulumi built from source." in said


def test_a_pulumi_that_cannot_fetch_its_provider_is_named_where_there_is_no_go(
    machine: Machine,
) -> None:
    pulumi = machine.has_pulumi(offline=True)
    result = machine.install(machine.checkout())
    assert result.returncode == 1
    assert "cannot reach the download site" in result.stderr
    assert f"{pulumi} v3.260.0 could not fetch its GitHub provider {RELEASE}" in result.stderr
    assert "install Go 1.26 or newer and run scripts/install again." in result.stderr


def test_a_built_pulumi_on_path_is_not_taken_for_one_that_was_found(machine: Machine) -> None:
    machine.has_go()
    checkout = machine.checkout()
    machine.installed(checkout)
    [engine] = machine.engines
    path = f"{machine.cache / engine / 'bin'}:{machine.commands}"
    assert "built from source" in machine.installed(checkout, PATH=path)


def test_the_provider_is_also_put_into_a_home_of_ones_own(machine: Machine) -> None:
    machine.has_go()
    machine.installed(machine.checkout(), PULUMI_HOME=str(machine.root / "mine"))
    assert (machine.root / "mine" / PLUGIN).exists()


@pytest.mark.parametrize(
    ("variable", "place"),
    [("RELEASES_CACHE", "elsewhere"), ("XDG_CACHE_HOME", "elsewhere/releases")],
)
def test_the_cache_can_be_elsewhere(machine: Machine, variable: str, place: str) -> None:
    machine.has_go()
    machine.installed(machine.checkout(), **{variable: str(machine.root / "elsewhere")})
    assert [path.name.split("-")[0] for path in (machine.root / place).iterdir()] == ["engine"]
