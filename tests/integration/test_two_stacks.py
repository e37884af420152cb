"""Several stacks for one organization: the first manages the teams that the others use."""

from collections.abc import Iterator
from typing import Any

import pytest

from commands.sandbox import Sandbox
from tests.integration.rehearsed_stack import (
    OWNER,
    RESOURCES_PER_REPOSITORY,
    RehearsedStack,
    token_of,
    writes,
)

SECOND: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"existing": "operations"},
    "maintainers": {"existing": "maintainers"},
    "repositories": {"starlette": None},
}
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")


@pytest.fixture
def second_stack(applied: RehearsedStack) -> Iterator[Sandbox]:
    """Yield a second stack over the organization of the first, not applied yet."""
    with Sandbox(applied.github.url, SECOND, stack="second") as sandbox:
        sandbox.set_secrets({"starlette.PYPI_TOKEN": token_of("starlette")})
        yield sandbox


def test_the_second_stack_uses_the_teams_of_the_first(
    applied: RehearsedStack, second_stack: Sandbox
) -> None:
    with applied.requests() as requests:
        second_stack.pulumi(*UP)

    deploy = applied.repository("starlette")["environments"]["deploy"]
    assert deploy["reviewers"] == ["team operations"]
    assert deploy["secrets"] == {"PYPI_TOKEN": token_of("starlette")}
    assert [
        write
        for write in writes(requests)
        if "/starlette/" not in f"{write}/" and "/repositories/" not in write
    ] == []
    assert len(writes(requests)) == RESOURCES_PER_REPOSITORY


def test_each_stack_leaves_the_other_unchanged(
    applied: RehearsedStack, second_stack: Sandbox
) -> None:
    second_stack.pulumi(*UP)

    assert applied.plan() == {}
    with applied.requests() as requests:
        applied.up()
        second_stack.pulumi(*UP)
    assert writes(requests) == []


def test_the_second_stack_destroys_only_its_own(
    applied: RehearsedStack, second_stack: Sandbox
) -> None:
    second_stack.pulumi(*UP)

    second_stack.pulumi("destroy", "--yes", "--skip-preview", "--suppress-outputs")

    closed = applied.repository("starlette")["environments"]["deploy"]
    assert closed["policies"] == []
    assert closed["secrets"] == {}
    assert applied.repository("httpx")["environments"].keys() == {"deploy"}
    assert {"operations", "maintainers"} <= applied.organization()["teams"].keys()
    assert applied.plan() == {}
