"""Operations, and the router that finds the operation of a method and a path.

The router matches each part of the path before it unescapes the part, so that `%2F` in an
environment's name does not end the part. In a template, `{name}` matches one part, and `{name...}`
the rest of the path.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from simulated_github.http.fields import Record
from simulated_github.http.request import Request
from simulated_github.http.requirements import Anyone, Requirement
from simulated_github.http.responses import Response

Handler = Callable[[Request], Response]

#: GitHub serves the same operations under paths with an id in place of a name.
ALIASES = (
    ("/repos/{owner}/{repo}", "/repositories/{repository_id}"),
    ("/orgs/{org}/teams/{team_slug}", "/organizations/{org_id}/team/{team_id}"),
    ("/orgs/{org}", "/organizations/{org_id}"),
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One of GitHub's operations, with the operation id of GitHub's API description."""

    id: str
    method: str
    path: str
    handler: Handler
    requires: Requirement = field(default_factory=Anyone)
    body: Record | None = None


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    rest: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)
    operations: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)


class Router:
    """An index of operations by method and path; ValueError when two share both."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = tuple(operations)
        self._root = _Node()
        for operation in self.operations:
            for path in _all_paths(operation.path):
                self._add(operation, path)

    def _add(self, operation: Operation, path: str) -> None:
        node = self._root
        names: list[str] = []
        for part in path.strip("/").split("/"):
            if part.endswith("...}"):
                _insert(node.rest, operation, (*names, part[1:-4]))
                return
            if part.startswith("{"):
                names.append(part[1:-1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(part, _Node())
        _insert(node.operations, operation, tuple(names))

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation and the named parts of the path, or None."""
        parts = raw_path.strip("/").split("/")
        match = _walk(self._root, "GET" if method == "HEAD" else method, parts, 0, ())
        if match is None:
            return None
        (operation, names), values = match
        return operation, dict(zip(names, (unquote(value) for value in values), strict=True))


_Match = tuple[tuple[Operation, tuple[str, ...]], tuple[str, ...]]


def _walk(
    node: _Node, method: str, parts: list[str], index: int, values: tuple[str, ...]
) -> _Match | None:
    if index == len(parts):
        entry = node.operations.get(method)
        return (entry, values) if entry else _match_rest(node, method, parts, index, values)
    literal = node.literals.get(parts[index])
    match = _walk(literal, method, parts, index + 1, values) if literal else None
    if match is None and node.parameter is not None and parts[index]:
        match = _walk(node.parameter, method, parts, index + 1, (*values, parts[index]))
    return match or _match_rest(node, method, parts, index, values)


def _match_rest(
    node: _Node, method: str, parts: list[str], index: int, values: tuple[str, ...]
) -> _Match | None:
    entry = node.rest.get(method)
    return (entry, (*values, "/".join(parts[index:]))) if entry else None


def _insert(
    table: dict[str, tuple[Operation, tuple[str, ...]]],
    operation: Operation,
    names: tuple[str, ...],
) -> None:
    if operation.method in table:
        present = table[operation.method][0].id
        raise ValueError(
            f"two operations for {operation.method} {operation.path}: {present}, {operation.id}"
        )
    table[operation.method] = (operation, names)


def _all_paths(path: str) -> list[str]:
    """Return a path and its alias, if any."""
    for prefix, alias in ALIASES:
        if path == prefix or path.startswith(f"{prefix}/"):
            return [path, alias + path.removeprefix(prefix)]
    return [path]
