"""Living stacks: `declared` was never applied, `applied` was applied once."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from tests.integration.living.organization import LivingStack, living_stack
from tests.integration.rehearsed_stack import Checkpoint


@pytest.fixture(scope="session")
def checkpoint_living(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    with living_stack() as stack:
        stack.apply()
        directory = tmp_path_factory.mktemp("checkpoints") / "living"
        return Checkpoint(deepcopy(stack.github.world), stack.sandbox.save(directory))


@pytest.fixture
def new_stack() -> Iterator[LivingStack]:
    with living_stack() as stack:
        yield stack


@pytest.fixture
def living(checkpoint_living: Checkpoint) -> Iterator[LivingStack]:
    with living_stack(checkpoint_living) as stack:
        yield stack
