"""GitHub's API description, as models of the requests and responses of each operation.

The description comes from `githubkit`, whose types mypy need not see, so it is imported by name.
Calling one of its methods with stand-ins for the HTTP client yields the models of that operation.
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
_HEADING = re.compile(r"(?P<id>[\w-]+/[\w-]+)\n\n(?P<method>[A-Z]+) (?P<path>\S+)")
_CLIENT = importlib.import_module("githubkit").GitHub("a-token")


@dataclass(frozen=True)
class OperationDescription:
    """The method and path of an operation, and the models of its body and its responses.

    `body` and `response` are None without JSON; `refusals` are by status, as "404" or "4XX".
    """

    method: str
    path: str
    body: Any
    response: Any
    refusals: dict[str, Any]

    def refusal(self, status: int) -> Any:
        """Return the model of a refusal with this status, or None."""
        return self.refusals.get(str(status)) or self.refusals.get(f"{status // 100}XX")


@cache
def list_operations() -> dict[str, tuple[str, str]]:
    """Return the method and path of each operation in the covered categories, by operation id."""
    return {name: place for name, (place, _) in _methods().items()}


@cache
def _methods() -> dict[str, tuple[tuple[str, str], Any]]:
    rest = _CLIENT.rest(VERSION)
    return {
        name: entry
        for category in CATEGORIES
        for name, entry in _client_methods(getattr(rest, category.replace("-", "_")))
    }


def _client_methods(client: Any) -> Iterator[tuple[str, tuple[tuple[str, str], Any]]]:
    for name, method in inspect.getmembers(client, inspect.ismethod):
        match = _HEADING.match(inspect.getdoc(method) or "")
        if match and not name.startswith("async_"):
            yield match["id"], ((match["method"], match["path"]), method)


@cache
def describe(operation_id: str) -> OperationDescription:
    """Return the description of an operation."""
    (verb, path), method = _methods()[operation_id]
    bodies: list[Any] = []
    module = importlib.import_module(method.__func__.__module__)

    def record_model(model: Any, value: Any) -> Any:
        bodies.append(model)
        return value

    with (
        mock.patch.object(_CLIENT, "request") as request,
        mock.patch.object(module, "type_validate_python", record_model, create=True),
    ):
        method(*("1" for _ in _required_parameters(method)))
    arguments = request.call_args.kwargs
    return OperationDescription(
        verb,
        path,
        next(iter(bodies), None),
        arguments.get("response_model", None),
        arguments.get("error_models") or {},
    )


def _required_parameters(method: Any) -> list[inspect.Parameter]:
    parameters = inspect.signature(method).parameters.values()
    return [
        parameter
        for parameter in parameters
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and parameter.default is parameter.empty
    ]


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def find_problems(model: Any, value: Any) -> list[str]:
    """Return the differences between a value and the model; convert no types."""
    try:
        parsed = _adapter(model).validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return [f"{'.'.join(map(str, issue['loc']))}: {issue['msg']}" for issue in error.errors()]
    described = _adapter(model).dump_python(parsed, by_alias=True, exclude_unset=True)
    return [f"{place}: not described" for place in _undescribed(value, described, "")]


def _undescribed(value: Any, described: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(described, dict):
        for name, inner_value in value.items():
            if name in described:
                yield from _undescribed(inner_value, described[name], f"{place}.{name}".lstrip("."))
            else:
                yield f"{place}.{name}".lstrip(".")
    elif isinstance(value, list) and isinstance(described, list):
        for inner_value, described_item in zip(value, described, strict=True):
            yield from _undescribed(inner_value, described_item, place)
