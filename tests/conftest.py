"""The environment of the program that sandboxes of the engine run, for all tests."""

from collections.abc import Iterator

import pytest

from commands.sandbox import Sandbox
from tests.program_environment import create_program_environment


@pytest.fixture(scope="session", autouse=True)
def program_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run the programs of all sandboxes with only what operators install."""
    directory = tmp_path_factory.mktemp("program") / "environment"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "program_environment", create_program_environment(directory))
        yield
