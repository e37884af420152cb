"""Stacks for the integration tests: `declared` was never applied, `applied` was applied once."""

from collections.abc import Iterator

import pytest

from commands.sandbox import Sandbox
from tests.integration.engine_steps import with_step_check
from tests.integration.rehearsed_stack import Checkpoint, RehearsedStack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/integration" in item.path.as_posix():
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="module", autouse=True)
def environments_stay() -> Iterator[None]:
    """Check in every preview and every `up` of a sandbox that no declared environment goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "pulumi", with_step_check(Sandbox.pulumi))
        yield


@pytest.fixture(scope="session")
def checkpoint_declared(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    with RehearsedStack() as stack:
        return stack.save_checkpoint(tmp_path_factory.mktemp("checkpoints") / "declared")


@pytest.fixture(scope="session")
def checkpoint_applied(
    checkpoint_declared: Checkpoint, tmp_path_factory: pytest.TempPathFactory
) -> Checkpoint:
    with RehearsedStack(checkpoint_declared) as stack:
        stack.up()
        return stack.save_checkpoint(tmp_path_factory.mktemp("checkpoints") / "applied")


@pytest.fixture
def declared(checkpoint_declared: Checkpoint) -> Iterator[RehearsedStack]:
    with RehearsedStack(checkpoint_declared) as stack:
        yield stack


@pytest.fixture
def applied(checkpoint_applied: Checkpoint) -> Iterator[RehearsedStack]:
    with RehearsedStack(checkpoint_applied) as stack:
        yield stack
