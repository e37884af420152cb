"""Savings in the program: work of Python and the SDK that measurements showed to be waste.

docs/performance.md has the figures.
"""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi.runtime import settings
from pulumi.runtime.proto import engine_pb2

DEBUG_VARIABLE = "RELEASES_DEBUG"
# New objects between two runs of the garbage collector; Python's default is 700. The program keeps
# nearly everything that it allocates.
COLLECTION_THRESHOLD = 100_000
# Six of these frames are the SDK's own; the seventh is the line that declares the resource.
RECORDED_FRAMES = 7


class QuietEngine:
    """The engine without the SDK's debug logs.

    The SDK sends four or five of them for each resource, and waits for each.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def Log(self, request: engine_pb2.LogRequest) -> Any:  # noqa: N802 - the protocol's name
        """Send every log but debug logs."""
        return None if request.severity == engine_pb2.DEBUG else self._engine.Log(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def reduce_overhead() -> None:
    """Drop SDK debug logs and run the garbage collector less often.

    With the environment variable RELEASES_DEBUG set, do neither.
    """
    if os.environ.get(DEBUG_VARIABLE):
        return
    engine = settings.get_engine()
    if engine is not None and not isinstance(engine, QuietEngine):
        settings.SETTINGS.engine = QuietEngine(engine)
    gc.freeze()
    gc.set_threshold(COLLECTION_THRESHOLD)


@contextmanager
def short_traces() -> Iterator[None]:
    """Let the SDK record only the line that declares a resource, not the whole call stack.

    The engine writes the recorded stack into the state: a third of the state, with the paths of the
    machine's Python.
    """
    previous = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = RECORDED_FRAMES
    try:
        yield
    finally:
        if previous is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = previous
