"""Request bodies, declared as fields and checked before a handler runs.

A body is a `Record` of fields. An unknown or missing field, or one of the wrong type, is a 422. Its
message lists all problems at once, as GitHub's own schema check does. GitHub ignores some
unknown keys; the simulator refuses them all, so that a misspelled field is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulated_github.errors import BadRequest, ValidationFailed


class Kind(Protocol):
    """A type of value."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Return the problems of a value at a path, in GitHub's words; none when it is valid."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string; when `choices` are given, one of them."""

    choices: tuple[str, ...] = ()

    def problems(self, value: Any, path: str) -> list[str]:
        """Report a value that is not a string, or not one of the choices."""
        if not isinstance(value, str):
            return [_mismatch(path, value, "string")]
        if self.choices and value not in self.choices:
            allowed = ", ".join(self.choices)
            return [
                f"Invalid property {path}: `{value}` is not a possible value. "
                f"Must be one of the following: {allowed}."
            ]
        return []


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds."""

    low: int | None = None
    high: int | None = None

    def problems(self, value: Any, path: str) -> list[str]:
        """Report a value that is not a whole number, or is out of bounds."""
        if isinstance(value, bool) or not isinstance(value, int):
            return [_mismatch(path, value, "integer")]
        if self.low is not None and value < self.low:
            return [
                f"Invalid property {path}: `{value}` must be greater than or equal to {self.low}."
            ]
        if self.high is not None and value > self.high:
            return [
                f"Invalid property {path}: `{value}` must be less than or equal to {self.high}."
            ]
        return []


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Report a value that is not a boolean."""
        return [] if isinstance(value, bool) else [_mismatch(path, value, "boolean")]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value, which the handler checks or ignores."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Report nothing."""
        del value, path
        return []


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind."""

    item: Kind

    def problems(self, value: Any, path: str) -> list[str]:
        """Report a value that is not a list, or a wrong item in it."""
        if not isinstance(value, list):
            return [_mismatch(path, value, "array")]
        return [
            problem
            for i, item in enumerate(value)
            for problem in self.item.problems(item, f"{path}/{i}")
        ]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its kind, whether it is required, whether it may be null."""

    kind: Kind
    required: bool = False
    nullable: bool = False

    def problems(self, value: Any, path: str) -> list[str]:
        """Report a null that is not allowed, or the problems of the kind."""
        if value is None:
            return [] if self.nullable else [f"Invalid property {path}: data cannot be null."]
        return self.kind.problems(value, path)


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields and no others."""

    fields: Mapping[str, Field] = field(default_factory=dict)

    def problems(self, value: Any, path: str) -> list[str]:
        """Report a value that is not an object, and every unknown, missing or wrong field."""
        if not isinstance(value, dict):
            return [_mismatch(path, value, "object")]
        unknown = [
            f'"{_join(path, name)}" is not a permitted key.'
            for name in value
            if name not in self.fields
        ]
        missing = [
            f'"{_join(path, name)}" wasn\'t supplied.'
            for name, rule in self.fields.items()
            if rule.required and name not in value
        ]
        invalid_fields = [
            problem
            for name, rule in self.fields.items()
            if name in value
            for problem in rule.problems(value[name], f"{path}/{name}")
        ]
        return unknown + missing + invalid_fields


def check(record: Record, payload: Any) -> dict[str, Any]:
    """Return the payload when it matches the record.

    Raise BadRequest when it is not an object, ValidationFailed listing every other problem.
    """
    if not isinstance(payload, dict):
        raise BadRequest("Body should be a JSON object")
    problems = record.problems(payload, "")
    if problems:
        raise ValidationFailed("Invalid request.\n\n" + "\n".join(problems))
    return payload


def body(**fields: Field) -> Record:
    """Return a record from keyword arguments."""
    return Record(fields)


def text(*choices: str, required: bool = False, nullable: bool = False) -> Field:
    """Return a string field."""
    return Field(Text(choices), required, nullable)


def integer(
    low: int | None = None, high: int | None = None, required: bool = False, nullable: bool = False
) -> Field:
    """Return a field for a whole number."""
    return Field(Integer(low, high), required, nullable)


def flag(required: bool = False, nullable: bool = False) -> Field:
    """Return a boolean field."""
    return Field(Flag(), required, nullable)


def list_of(item: Kind, required: bool = False, nullable: bool = False) -> Field:
    """Return a list field."""
    return Field(ListOf(item), required, nullable)


def record(fields: Mapping[str, Field], required: bool = False, nullable: bool = False) -> Field:
    """Return a field that is itself a record."""
    return Field(Record(fields), required, nullable)


#: The author, committer or tagger in a body.
PERSON = {"name": text(required=True), "email": text(required=True), "date": text()}


def _join(path: str, name: str) -> str:
    return f"{path}/{name}".lstrip("/")


def _mismatch(path: str, value: Any, expected: str) -> str:
    nouns: dict[type, str] = {list: "an array", dict: "an object"}
    noun = nouns.get(type(value), f"`{value}`")
    return f"Invalid property {path or '/'}: {noun} is not of type `{expected}`."
