"""An organization that is too large for one stack has several: the first has the teams, the others name them as existing."""

from collections.abc import Iterator
from typing import Any

import pytest

from commands.sandbox import Sandbox
from tests.integration.rehearsed_stack import (
    DECLARED_FOR_EACH,
    OWNER,
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
def second(applied: RehearsedStack) -> Iterator[Sandbox]:
    """A second stack over the organization of the first one, not applied yet."""
    with Sandbox(applied.github.url, SECOND, stack="second") as sandbox:
        sandbox.set_secrets({"starlette.PYPI_TOKEN": token_of("starlette")})
        yield sandbox


def test_the_second_stack_sets_up_its_repository_for_the_teams_of_the_first(
    applied: RehearsedStack, second: Sandbox
) -> None:
    with applied.requests() as requests:
        second.pulumi(*UP)

    deploy = applied.repository("starlette")["environments"]["deploy"]
    assert deploy["reviewers"] == ["team operations"]
    assert deploy["secrets"] == {"PYPI_TOKEN": token_of("starlette")}
    assert [
        write
        for write in writes(requests)
        if "/starlette/" not in f"{write}/" and "/repositories/" not in write
    ] == []
    assert len(writes(requests)) == DECLARED_FOR_EACH


def test_neither_stack_has_anything_to_do_for_the_other(
    applied: RehearsedStack, second: Sandbox
) -> None:
    second.pulumi(*UP)

    assert applied.plan() == {}
    with applied.requests() as requests:
        applied.up()
        second.pulumi(*UP)
    assert writes(requests) == []


def test_what_the_second_stack_takes_down_is_its_own(
    applied: RehearsedStack, second: Sandbox
) -> None:
    second.pulumi(*UP)

    second.pulumi("destroy", "--yes", "--skip-preview", "--suppress-outputs")

    assert applied.repository("starlette")["environments"] == {}
    assert applied.repository("httpx")["environments"].keys() == {"deploy"}
    assert {"operations", "maintainers"} <= applied.organization()["teams"].keys()
    assert applied.plan() == {}
