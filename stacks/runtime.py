"""How Python and the SDK run the program. What was measured to be waste is left out; docs/performance.md has the figures."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi.runtime import settings
from pulumi.runtime.proto import engine_pb2

DEBUG_VARIABLE = "RELEASES_DEBUG"
# New objects between two looks for garbage; Python's own figure is 700. A run only ever adds to what it holds.
COLLECTED_AFTER = 100_000
# Of these calls six are the SDK's own, so that one is left: the line that declares the resource.
CALLS_RECORDED = 7


class QuietEngine:
    """The engine, without the debug lines that the SDK sends: four or five for each resource, and it waits for each."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def Log(self, request: engine_pb2.LogRequest) -> Any:  # noqa: N802 - the name is that of the engine's protocol
        """Passes on what is more than a debug line."""
        return None if request.severity == engine_pb2.DEBUG else self._engine.Log(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def spare() -> None:
    """Leaves out the SDK's debug lines and looks for garbage seldom; with RELEASES_DEBUG set, it does neither."""
    if os.environ.get(DEBUG_VARIABLE):
        return
    engine = settings.get_engine()
    if engine is not None and not isinstance(engine, QuietEngine):
        settings.SETTINGS.engine = QuietEngine(engine)
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)


@contextmanager
def short_traces() -> Iterator[None]:
    """Lets the SDK record for a resource where it is declared, and not the whole stack of calls down to Python's event loop.

    The engine writes that stack into the state with every resource: a third of it all, with the paths of the machine's Python.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = CALLS_RECORDED
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before
