"""Only the SDK's debug logs are dropped."""

import gc
import sys
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from stacks import runtime


class Engine:
    """A stand-in for the engine: it keeps the logs, and answers one other call."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def Log(self, request: Any) -> None:  # noqa: N802 - the protocol's name
        self.lines.append(request.message)

    def GetRootResource(self, _: Any) -> str:  # noqa: N802 - the same
        return "urn"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Replace the engine of the SDK; restore the garbage collector afterwards."""
    thresholds = gc.get_threshold()
    stand_in = Engine()
    monkeypatch.setattr(settings.SETTINGS, "engine", stand_in)
    monkeypatch.delenv(runtime.DEBUG_VARIABLE, raising=False)
    yield stand_in
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_debug_logs_are_dropped(engine: Engine) -> None:
    runtime.reduce_overhead()

    pulumi.log.debug("resource registration prepared")

    assert engine.lines == []


def test_other_logs_and_calls_reach_the_engine(engine: Engine) -> None:
    runtime.reduce_overhead()

    for log in (pulumi.log.info, pulumi.log.warn, pulumi.log.error):
        log(log.__name__)

    assert engine.lines == ["info", "warn", "error"]
    assert settings.SETTINGS.engine.GetRootResource(None) == "urn"


def test_the_debug_variable_keeps_debug_logs(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(runtime.DEBUG_VARIABLE, "1")
    runtime.reduce_overhead()

    pulumi.log.debug("resource registration prepared")

    assert engine.lines == ["resource registration prepared"]


@pytest.mark.usefixtures("engine")
def test_reducing_twice_wraps_the_engine_once() -> None:
    runtime.reduce_overhead()
    engine = settings.SETTINGS.engine
    runtime.reduce_overhead()

    assert settings.SETTINGS.engine is engine


@pytest.mark.usefixtures("engine")
def test_the_garbage_collector_runs_less_often() -> None:
    runtime.reduce_overhead()

    assert gc.get_threshold()[0] == runtime.COLLECTION_THRESHOLD


def test_without_an_engine_nothing_changes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.SETTINGS, "engine", None)

    runtime.reduce_overhead()

    assert settings.SETTINGS.engine is None
    assert engine.lines == []


def test_short_traces_end_with_their_block() -> None:
    with runtime.short_traces():
        limit = sys.tracebacklimit

    assert limit == runtime.RECORDED_FRAMES
    assert not hasattr(sys, "tracebacklimit")


def test_the_previous_limit_returns_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "tracebacklimit", 50, raising=False)

    with pytest.raises(KeyError), runtime.short_traces():
        raise KeyError

    assert sys.tracebacklimit == 50
