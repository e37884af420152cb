"""The SDK's debug lines stay away from the engine, and nothing else does."""

import gc
import sys
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from stacks import runtime


class Engine:
    """Keeps the lines that it is sent, and answers one more call."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def Log(self, request: Any) -> None:  # noqa: N802 - the name is that of the engine's protocol
        self.lines.append(request.message)

    def GetRootResource(self, _: Any) -> str:  # noqa: N802 - the same
        return "urn"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The engine that the SDK talks to; Python's garbage is collected as before afterwards."""
    thresholds, found = gc.get_threshold(), Engine()
    monkeypatch.setattr(settings.SETTINGS, "engine", found)
    monkeypatch.delenv(runtime.DEBUG_VARIABLE, raising=False)
    yield found
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_debug_lines_are_left_out(engine: Engine) -> None:
    runtime.spare()

    pulumi.log.debug("resource registration prepared")

    assert engine.lines == []


def test_everything_else_is_passed_on(engine: Engine) -> None:
    runtime.spare()

    for tell in (pulumi.log.info, pulumi.log.warn, pulumi.log.error):
        tell(tell.__name__)

    assert engine.lines == ["info", "warn", "error"]
    assert settings.SETTINGS.engine.GetRootResource(None) == "urn"


def test_with_debug_lines_everything_is_as_the_sdk_has_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(runtime.DEBUG_VARIABLE, "1")
    runtime.spare()

    pulumi.log.debug("resource registration prepared")

    assert engine.lines == ["resource registration prepared"]


@pytest.mark.usefixtures("engine")
def test_sparing_twice_is_sparing_once() -> None:
    runtime.spare()
    once = settings.SETTINGS.engine
    runtime.spare()

    assert settings.SETTINGS.engine is once


@pytest.mark.usefixtures("engine")
def test_garbage_is_looked_for_seldom() -> None:
    runtime.spare()

    assert gc.get_threshold()[0] == runtime.COLLECTED_AFTER


def test_without_an_engine_there_is_nothing_to_leave_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.SETTINGS, "engine", None)

    runtime.spare()

    assert settings.SETTINGS.engine is None
    assert engine.lines == []


def test_a_short_trace_is_for_the_time_of_a_block() -> None:
    with runtime.short_traces():
        inside = sys.tracebacklimit

    assert inside == runtime.CALLS_RECORDED
    assert not hasattr(sys, "tracebacklimit")


def test_a_limit_of_before_comes_back_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "tracebacklimit", 50, raising=False)

    with pytest.raises(KeyError), runtime.short_traces():
        raise KeyError

    assert sys.tracebacklimit == 50
