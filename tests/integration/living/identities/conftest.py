"""A stack that was applied once to a small organization, from which every test starts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub
from tests.integration.living.identities.living_stack import LivingStack
from tests.integration.rehearsed_stack import OWNER, Checkpoint, token_of

WORLD = Path(__file__).with_name("world.yaml")
CONFIGURATION: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"members": ["operator-1", "operator-2", "operator-3"]},
    "maintainers": {"members": ["maintainer-1", "operator-1"]},
    "repositories": {"Widget": None, "gadget": {"publish": "trusted-publishing"}},
}


@pytest.fixture(scope="session")
def checkpoint_living(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    with SimulatedGitHub(str(WORLD)) as github, Sandbox(github.url, CONFIGURATION) as sandbox:
        stack = LivingStack.from_sandbox(github, sandbox)
        sandbox.set_secrets({"Widget.PYPI_TOKEN": token_of("Widget")})
        stack.up()
        return stack.save_checkpoint(tmp_path_factory.mktemp("checkpoints") / "living")


@pytest.fixture
def living(checkpoint_living: Checkpoint) -> Iterator[LivingStack]:
    """Yield the applied stack; at its end, nobody can publish without an approval."""
    with LivingStack(checkpoint_living) as stack:
        yield stack
        assert stack.ungated_releases() == []
