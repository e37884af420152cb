"""The applied stack from which the histories start, made once."""

import pytest

from commands.histories.organization import Start, prepare


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return prepare(tmp_path_factory.mktemp("histories") / "applied")
