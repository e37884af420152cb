"""Stacks for the integration tests. `applied` was up once; `declared` was never applied."""

from collections.abc import Iterator

import pytest

from tests.integration.rehearsed_stack import RehearsedStack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/integration" in item.path.as_posix():
            item.add_marker(pytest.mark.integration)


@pytest.fixture
def declared() -> Iterator[RehearsedStack]:
    with RehearsedStack() as stack:
        yield stack


@pytest.fixture
def applied(declared: RehearsedStack) -> RehearsedStack:
    declared.up()
    return declared
