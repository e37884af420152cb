"""GitHub's API description as ``githubkit`` has it: its operations, and the models of what they take and answer.

The package is imported by name, so that its many thousand models are no matter of the type checker. How an operation is
described is found by calling its method with stand-ins for what it would call.
"""

import importlib
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest import mock

from pydantic import TypeAdapter, ValidationError

from simulated_github.operations.not_served import CATEGORIES

VERSION = "2022-11-28"
_HEAD = re.compile(r"(?P<id>[\w-]+/[\w-]+)\n\n(?P<method>[A-Z]+) (?P<path>\S+)")
_KIT = importlib.import_module("githubkit").GitHub("a-token")


@dataclass(frozen=True)
class OperationDescription:
    """One operation: its place, and the models of its body, its answer and its refusals (by status), where it has some."""

    method: str
    path: str
    body: Any
    answer: Any
    refusals: dict[str, Any]

    def refusal(self, status: int) -> Any:
        """The model of an answer with this status, or None."""
        return self.refusals.get(str(status)) or self.refusals.get(f"{status // 100}XX")


@cache
def list_operations() -> dict[str, tuple[str, str]]:
    """Method and path of every operation in the categories that are accounted for, by operation id."""
    return {name: place for name, (place, _) in _methods().items()}


@cache
def _methods() -> dict[str, tuple[tuple[str, str], Any]]:
    rest = _KIT.rest(VERSION)
    return {
        name: found
        for category in CATEGORIES
        for name, found in _of(getattr(rest, category.replace("-", "_")))
    }


def _of(client: Any) -> Iterator[tuple[str, tuple[tuple[str, str], Any]]]:
    for name, method in inspect.getmembers(client, inspect.ismethod):
        found = _HEAD.match(inspect.getdoc(method) or "")
        if found and not name.startswith("async_"):
            yield found["id"], ((found["method"], found["path"]), method)


@cache
def describe(operation_id: str) -> OperationDescription:
    """The description of an operation by its id."""
    (verb, path), method = _methods()[operation_id]
    bodies: list[Any] = []
    module = importlib.import_module(method.__func__.__module__)

    def keep(model: Any, value: Any) -> Any:
        bodies.append(model)
        return value

    with (
        mock.patch.object(_KIT, "request") as request,
        mock.patch.object(module, "type_validate_python", keep, create=True),
    ):
        method(*("1" for _ in _required(method)))
    sent = request.call_args.kwargs
    return OperationDescription(
        verb,
        path,
        next(iter(bodies), None),
        sent.get("response_model", None),
        sent.get("error_models") or {},
    )


def _required(method: Any) -> list[inspect.Parameter]:
    parameters = inspect.signature(method).parameters.values()
    return [
        one
        for one in parameters
        if one.kind is one.POSITIONAL_OR_KEYWORD and one.default is one.empty
    ]


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def find_problems(model: Any, value: Any) -> list[str]:
    """What a value has that its model has not, or otherwise; nothing is converted on the way."""
    try:
        read = _adapter(model).validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return [f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors()]
    kept = _adapter(model).dump_python(read, by_alias=True, exclude_unset=True)
    return [f"{place}: not described" for place in _surplus(value, kept, "")]


def _surplus(value: Any, kept: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(kept, dict):
        for name, inner in value.items():
            if name in kept:
                yield from _surplus(inner, kept[name], f"{place}.{name}".lstrip("."))
            else:
                yield f"{place}.{name}".lstrip(".")
    elif isinstance(value, list) and isinstance(kept, list):
        for inner, other in zip(value, kept, strict=True):
            yield from _surplus(inner, other, place)
