"""`scripts/install` on machines with different programs installed."""

import os
import subprocess
import sys
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


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("empty") / "environment"
    python = Path(sys.executable).resolve()
    subprocess.run([python, "-m", "venv", directory], check=True)
    return directory


@pytest.fixture
def fast_machine(machine: Machine, empty_environment: Path) -> Machine:
    """Return a machine for tests in which it does not matter how an environment is created."""
    machine.copies_environments(empty_environment)
    return machine


def test_missing_pulumi_and_go_are_named(machine: Machine) -> None:
    output = machine.expect_refusal(machine.checkout())
    assert (
        "Neither Pulumi nor Go is on PATH: install Pulumi 3.200.0 or newer, or Go 1.26 or newer"
        in output
    )


def test_a_missing_engine_is_named_before_anything_changes(machine: Machine) -> None:
    assert "Neither Pulumi nor Go" in machine.expect_refusal(machine.bare_checkout())


def test_an_old_pulumi_and_an_old_go_are_named(machine: Machine) -> None:
    pulumi = machine.has_pulumi("3.199.1")
    machine.has_go("1.25.4")
    output = machine.expect_refusal(machine.checkout())
    assert f"{pulumi} is Pulumi v3.199.1, older than 3.200.0, and Go is go1.25.4" in output
    assert "older than 1.26: install" in output


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    machine = Machine.at(tmp_path)
    output = machine.expect_refusal(machine.bare_checkout())
    assert "Python is not on PATH: install Python 3.11 or newer" in output


def test_an_old_python_is_named(tmp_path: Path) -> None:
    machine = Machine.at(tmp_path)
    python = machine.has_command("python3", "#!/usr/bin/env bash\necho Python 3.9.6\n")
    output = machine.expect_refusal(machine.bare_checkout())
    assert f"{python} is Python 3.9.6, older than 3.11: install Python 3.11 or newer" in output


def test_a_python_without_its_venv_module_is_named(tmp_path: Path) -> None:
    machine = Machine.at(tmp_path)
    python = machine.has_command(
        "python3", "#!/usr/bin/env bash\n[[ $1 == -V ]] && echo Python 3.12.1\n"
    )
    output = machine.expect_refusal(machine.bare_checkout())
    assert (
        f"{python} lacks the venv module: install it (Debian and Ubuntu: apt install python3-venv)"
        in output
    )


def test_a_newer_python_of_another_name_is_used(machine: Machine) -> None:
    (machine.commands / "python3").rename(machine.commands / "python3.12")
    machine.has_command("python3", "#!/usr/bin/env bash\necho Python 3.9.6\n")
    machine.has_pulumi()
    checkout = machine.bare_checkout()
    machine.install(checkout)
    assert (checkout / ".venv" / "bin" / "pip").exists()


def test_the_environment_is_created_once(fast_machine: Machine) -> None:
    fast_machine.has_pulumi()
    checkout = fast_machine.bare_checkout()
    assert "Installing the Python packages" in fast_machine.install(checkout)
    assert "Installing" not in fast_machine.install(checkout)
    (checkout / "requirements-dev.txt").write_text("# still no packages\n")
    assert "Installing the Python packages" in fast_machine.install(checkout)


def test_a_package_with_another_hash_is_refused(fast_machine: Machine) -> None:
    fast_machine.has_pulumi()
    checkout = fast_machine.bare_checkout()
    with ZipFile(fast_machine.root / "parcel-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("parcel.py", "")
    (checkout / "requirements-dev.txt").write_text(f"parcel==1.0 --hash=sha256:{'0' * 64}\n")
    result = fast_machine.run_install(
        checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(fast_machine.root)
    )
    assert result.returncode == 1
    assert "DO NOT MATCH THE HASHES" in result.stderr
    assert "'Installing the Python packages (about a minute, once)' failed" in result.stderr
    assert not (checkout / ".venv" / "requirements").exists()


def test_with_only_go_the_engine_is_built_once(machine: Machine) -> None:
    machine.has_go()
    checkout = machine.checkout()
    assert "Building pulumi v3.259.0 (about five minutes, once) ..." in machine.install(checkout)
    machine.install(checkout)
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
    machine.install(machine.checkout("one"))
    assert "Building" not in machine.install(machine.checkout("two"))


def test_another_go_or_module_version_rebuilds_the_engine(machine: Machine) -> None:
    machine.has_go()
    machine.install(machine.checkout("one"))
    second = machine.checkout("two")
    (second / "tools" / "actionlint" / "go.mod").write_text("module releases/tools/actionlint\n")
    machine.install(second)
    (machine.commands / "go").write_text(
        (machine.commands / "go").read_text().replace("1.26.9", "1.27.0")
    )
    machine.install(second)
    assert len(machine.engines) == 3


def test_a_built_engine_is_used_without_go(machine: Machine) -> None:
    machine.has_go()
    checkout = machine.checkout()
    machine.install(checkout)
    (machine.commands / "go").unlink()
    assert "Ready" in machine.install(checkout)


def test_concurrent_installations_build_once(machine: Machine) -> None:
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
    result = machine.run_install(checkout)
    assert result.returncode == 1
    assert "no route to the Go module proxy" in result.stderr
    assert "'Building pulumi v3.259.0 (about five minutes, once)' failed" in result.stderr
    assert machine.engines == []
    broken.unlink()
    machine.install(checkout)
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


def test_leftovers_of_a_killed_build_are_removed(machine: Machine) -> None:
    machine.has_go()
    (machine.cache / "unfinished.killed").mkdir(parents=True)
    machine.install(machine.checkout())
    assert [name for name in machine.engines if name.startswith("unfinished")] == []


def test_a_new_enough_pulumi_is_used(machine: Machine) -> None:
    pulumi = machine.has_pulumi("3.200.0")
    output = machine.install(machine.checkout())
    assert f"Ready, with {pulumi}." in output
    assert "Without Go, act, actionlint and gh are missing" in output
    assert (machine.home / ".pulumi" / PLUGIN).exists()


def test_with_pulumi_on_path_only_test_programs_are_built(
    machine: Machine,
) -> None:
    machine.has_pulumi()
    machine.has_go()
    assert "Without Go" not in machine.install(machine.checkout())
    assert machine.built == ["actionlint", "act", "gh"]


def test_an_installed_provider_is_not_downloaded_again(machine: Machine) -> None:
    machine.has_pulumi(offline=True)
    plugin = machine.home / ".pulumi" / PLUGIN
    plugin.parent.mkdir(parents=True)
    plugin.touch(mode=0o755)
    assert "Ready" in machine.install(machine.checkout())


def test_with_go_an_old_pulumi_is_replaced_by_a_build(machine: Machine) -> None:
    machine.has_pulumi("3.199.9")
    machine.has_go()
    assert "Ready, with a Pulumi built from source." in machine.install(machine.checkout())


def test_a_pulumi_that_cannot_download_its_provider_is_skipped(
    machine: Machine,
) -> None:
    machine.has_pulumi(offline=True)
    machine.has_go()
    checkout = machine.checkout()
    assert (
        f"could not download its GitHub provider {RELEASE}, so both are built."
        in machine.install(checkout)
    )
    for _ in range(2):
        output = machine.install(checkout)
        assert "could not download" not in output
        assert "Ready, with a Pulumi built from source." in output


def test_a_failed_provider_download_without_go_is_an_error(
    machine: Machine,
) -> None:
    pulumi = machine.has_pulumi(offline=True)
    result = machine.run_install(machine.checkout())
    assert result.returncode == 1
    assert "cannot reach the download site" in result.stderr
    assert f"{pulumi} v3.260.0 could not download its GitHub provider {RELEASE}" in result.stderr
    assert "install Go 1.26 or newer and run scripts/install again." in result.stderr


def test_a_pulumi_built_by_scripts_install_is_not_a_users_pulumi(machine: Machine) -> None:
    machine.has_go()
    checkout = machine.checkout()
    machine.install(checkout)
    [engine] = machine.engines
    path = f"{machine.cache / engine / 'bin'}:{machine.commands}"
    assert "built from source" in machine.install(checkout, PATH=path)


def test_the_provider_is_installed_into_the_users_pulumi_home(machine: Machine) -> None:
    machine.has_go()
    machine.install(machine.checkout(), PULUMI_HOME=str(machine.root / "mine"))
    assert (machine.root / "mine" / PLUGIN).exists()


@pytest.mark.parametrize(
    ("variable", "place"),
    [("RELEASES_CACHE", "elsewhere"), ("XDG_CACHE_HOME", "elsewhere/releases")],
)
def test_the_cache_directory_can_be_chosen(machine: Machine, variable: str, place: str) -> None:
    machine.has_go()
    machine.install(machine.checkout(), **{variable: str(machine.root / "elsewhere")})
    assert [path.name.split("-")[0] for path in (machine.root / place).iterdir()] == ["engine"]


def test_no_dev_installs_only_the_packages_of_the_program(fast_machine: Machine) -> None:
    fast_machine.has_pulumi()
    checkout = fast_machine.bare_checkout()
    (checkout / "requirements-dev.txt").write_text(f"parcel==1.0 --hash=sha256:{'0' * 64}\n")
    fast_machine.install(checkout, "--no-dev", PIP_NO_INDEX="1")
    stamp = (checkout / ".venv" / "requirements").read_text()
    assert stamp.startswith("requirements.txt ")


def test_no_dev_removes_the_packages_for_tests(fast_machine: Machine) -> None:
    fast_machine.has_pulumi()
    checkout = fast_machine.bare_checkout()
    fast_machine.install(checkout)
    leftover = checkout / ".venv" / "leftover-of-the-tests"
    leftover.touch()
    fast_machine.install(checkout, "--no-dev")
    assert not leftover.exists()


def test_no_dev_builds_no_programs_for_tests(fast_machine: Machine) -> None:
    fast_machine.has_pulumi()
    fast_machine.has_go()
    output = fast_machine.install(fast_machine.bare_checkout(), "--no-dev")
    assert "Ready, with" in output
    assert fast_machine.built == []


def test_an_unknown_argument_is_refused(machine: Machine) -> None:
    result = machine.run_install(machine.bare_checkout(), "--dev")
    assert result.returncode == 2
    assert "unknown arguments '--dev': allowed is --no-dev" in result.stderr
