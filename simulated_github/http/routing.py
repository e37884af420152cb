"""The table of operations, and the way from a path to one of them.

Paths are matched part by part on the raw, still escaped path, so that ``%2F`` in an environment's name stays inside
its part. A template's ``{name}`` takes one part, ``{name...}`` takes the rest.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from simulated_github.http.fields import Record
from simulated_github.http.request import Request
from simulated_github.http.requirements import Anyone, Requirement
from simulated_github.http.responses import Response

Handler = Callable[[Request], Response]

#: Other ways to say the same path, as GitHub serves them: by number in place of a name.
SPELLINGS = (
    ("/repos/{owner}/{repo}", "/repositories/{repository_id}"),
    ("/orgs/{org}/teams/{team_slug}", "/organizations/{org_id}/team/{team_id}"),
    ("/orgs/{org}", "/organizations/{org_id}"),
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One of GitHub's operations: its id there, where it is, what it needs, what it takes and who answers."""

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
    """Finds the operation of a method and a path."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = tuple(operations)
        self._root = _Node()
        for operation in self.operations:
            for path in _spellings(operation.path):
                self._add(operation, path)

    def _add(self, operation: Operation, path: str) -> None:
        node, names = self._root, list[str]()
        for part in path.strip("/").split("/"):
            if part.endswith("...}"):
                _put(node.rest, operation, (*names, part[1:-4]))
                return
            if part.startswith("{"):
                names.append(part[1:-1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(part, _Node())
        _put(node.operations, operation, tuple(names))

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and the named parts of the path, or None."""
        parts = raw_path.strip("/").split("/")
        found = _walk(self._root, "GET" if method == "HEAD" else method, parts, 0, ())
        if found is None:
            return None
        (operation, names), values = found
        return operation, dict(zip(names, (unquote(value) for value in values), strict=True))


_Found = tuple[tuple[Operation, tuple[str, ...]], tuple[str, ...]]


def _walk(
    node: _Node, method: str, parts: list[str], at: int, values: tuple[str, ...]
) -> _Found | None:
    if at == len(parts):
        here = node.operations.get(method)
        return (here, values) if here else _rest(node, method, parts, at, values)
    literal = node.literals.get(parts[at])
    found = _walk(literal, method, parts, at + 1, values) if literal else None
    if found is None and node.parameter is not None and parts[at]:
        found = _walk(node.parameter, method, parts, at + 1, (*values, parts[at]))
    return found or _rest(node, method, parts, at, values)


def _rest(
    node: _Node, method: str, parts: list[str], at: int, values: tuple[str, ...]
) -> _Found | None:
    here = node.rest.get(method)
    return (here, (*values, "/".join(parts[at:]))) if here else None


def _put(
    table: dict[str, tuple[Operation, tuple[str, ...]]],
    operation: Operation,
    names: tuple[str, ...],
) -> None:
    if operation.method in table:
        raise ValueError(
            f"two operations for {operation.method} {operation.path}: {table[operation.method][0].id}"
        )
    table[operation.method] = (operation, names)


def _spellings(path: str) -> list[str]:
    other = [
        long + path[len(short) :]
        for short, long in SPELLINGS
        if path == short or path.startswith(f"{short}/")
    ]
    return [path, *other[:1]]
