"""The wheel of the simulated GitHub in a fresh environment: the command, the fixture, PyGithub."""

import re
import signal
import subprocess
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from tests.distribution.environments import (
    PROJECT,
    Environment,
    link_distribution,
    required_by,
)

CLIENTS = ("pytest", "PyGithub")
README = PROJECT / "simulated_github" / "README.md"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and return its path."""
    directory = tmp_path_factory.mktemp("dist")
    command = ["pyproject-build", "--no-isolation", "--wheel", "--outdir", str(directory)]
    subprocess.run([*command, str(README.parent)], check=True, capture_output=True)
    [path] = directory.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def user(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with the wheel, pytest, PyGithub, and what these require.

    What they require is linked from the packages that are installed here. Without an index, pip
    refuses the wheel if a package that it requires is missing or has another version.
    """
    environment = Environment.create(tmp_path_factory.mktemp("user") / "environment")
    for name in required_by([*requirements_of(wheel), *CLIENTS]):
        link_distribution(name, environment.packages)
    environment.install("--no-index", wheel, *CLIENTS)
    return environment


def requirements_of(wheel: Path) -> list[str]:
    """Return the requirements in the metadata of a wheel."""
    with ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = message_from_bytes(archive.read(name))
    return metadata.get_all("Requires-Dist", [])


def python_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_command_serves_a_world_until_it_is_terminated(user: Environment) -> None:
    command = [str(user.bin / "simulated-github"), "--world", "encode", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=user.directory, env=user.variables(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        answer = httpx.get(
            f"{url}/repos/encode/httpx", headers={"authorization": "Bearer token-owner-1"}
        )
        assert answer.json()["full_name"] == "encode/httpx"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.stdout.close()


def test_an_error_of_the_command_begins_with_its_name(user: Environment) -> None:
    command = [str(user.bin / "simulated-github"), "--world", "nothing"]
    finished = subprocess.run(
        command, env=user.variables(), capture_output=True, text=True, check=False
    )

    assert finished.returncode == 1
    assert finished.stderr.startswith("simulated-github: world 'nothing'")


def test_the_tests_of_the_readme_pass_as_written(user: Environment, tmp_path: Path) -> None:
    fixture, context_manager, in_process, graphql = python_blocks()
    (tmp_path / "test_readme.py").write_text(fixture)
    (tmp_path / "context_manager.py").write_text(context_manager)
    (tmp_path / "in_process.py").write_text(in_process + graphql)

    output = user.run(
        "python", "-m", "pytest", "-q", "--strict-markers", "test_readme.py", directory=tmp_path
    )
    address = user.run("python", "context_manager.py", directory=tmp_path)
    user.run("python", "in_process.py", directory=tmp_path)

    assert "1 passed" in output
    assert address.startswith("http://127.0.0.1:")


def test_the_world_file_of_the_readme_loads(user: Environment, tmp_path: Path) -> None:
    [world, _rulesets] = re.findall(
        r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "world.yaml").write_text(world)
    program = (
        "from simulated_github import SimulatedGitHub\n"
        "with SimulatedGitHub('world.yaml') as github:\n"
        "    print(*(item.login for item in github.world.organizations.values()))\n"
    )

    assert user.run("python", "-c", program, directory=tmp_path).strip() == "acme"


def test_the_wheel_is_typed_and_has_its_worlds_and_license(user: Environment) -> None:
    program = (
        "import importlib.metadata as m\n"
        "files = {str(path) for path in m.files('simulated-github')}\n"
        "assert 'simulated_github/py.typed' in files\n"
        "assert 'simulated_github/worlds/encode.yaml' in files\n"
        "assert 'simulated_github/graphql/schema.graphql' in files\n"
        "assert any(path.endswith('licenses/LICENSE') for path in files)\n"
        "assert not any('tests' in path for path in files)\n"
    )

    user.run("python", "-c", program)
