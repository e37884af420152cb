"""Bodies of requests, declared as fields and checked before a handler sees them.

A body is a ``Record`` of fields. Whatever is unknown, missing or of a wrong type is a 422 in the words of GitHub's own
schema check, all problems at once. Real GitHub lets some unknown keys pass; here they never do, so that a misspelled
field is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulated_github.errors import BadRequest, ValidationFailed


class Kind(Protocol):
    """A type of value: ``problems`` yields what is wrong with one at a path."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Sentences in GitHub's words; none when the value is right."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string, perhaps one of a few."""

    choices: tuple[str, ...] = ()

    def problems(self, value: Any, path: str) -> list[str]:
        """Not a string, or none of the choices."""
        if not isinstance(value, str):
            return [_mismatch(path, value, "string")]
        if self.choices and value not in self.choices:
            allowed = ", ".join(self.choices)
            return [
                f"Invalid property {path}: `{value}` is not a possible value. Must be one of the following: {allowed}."
            ]
        return []


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds."""

    low: int | None = None
    high: int | None = None

    def problems(self, value: Any, path: str) -> list[str]:
        """Not a whole number, or out of bounds."""
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
    """True or false."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Not a boolean."""
        return [] if isinstance(value, bool) else [_mismatch(path, value, "boolean")]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value; for parts that another check reads."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Nothing is wrong with anything."""
        del value, path
        return []


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind."""

    item: Kind

    def problems(self, value: Any, path: str) -> list[str]:
        """Not a list, or a wrong item in it."""
        if not isinstance(value, list):
            return [_mismatch(path, value, "array")]
        return [
            problem
            for i, item in enumerate(value)
            for problem in self.item.problems(item, f"{path}/{i}")
        ]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its kind, whether it must be there, whether it may be null."""

    kind: Kind
    required: bool = False
    nullable: bool = False

    def problems(self, value: Any, path: str) -> list[str]:
        """What is wrong with a value that is there."""
        if value is None:
            return [] if self.nullable else [f"Invalid property {path}: data cannot be null."]
        return self.kind.problems(value, path)


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields and no others."""

    fields: Mapping[str, Field] = field(default_factory=dict)

    def problems(self, value: Any, path: str) -> list[str]:
        """Not an object, an unknown or missing field, or a wrong value in one."""
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
        wrong = [
            problem
            for name, rule in self.fields.items()
            if name in value
            for problem in rule.problems(value[name], f"{path}/{name}")
        ]
        return unknown + missing + wrong


def check(record: Record, payload: Any) -> dict[str, Any]:
    """The payload, when it is what the record asks for; BadRequest or ValidationFailed otherwise."""
    if not isinstance(payload, dict):
        raise BadRequest("Body should be a JSON object")
    problems = record.problems(payload, "")
    if problems:
        raise ValidationFailed("Invalid request.\n\n" + "\n".join(problems))
    return payload


def body(**fields: Field) -> Record:
    """A record from keyword arguments."""
    return Record(fields)


def text(*choices: str, required: bool = False, nullable: bool = False) -> Field:
    """A string field."""
    return Field(Text(choices), required, nullable)


def integer(
    low: int | None = None, high: int | None = None, required: bool = False, nullable: bool = False
) -> Field:
    """A whole number field."""
    return Field(Integer(low, high), required, nullable)


def flag(required: bool = False, nullable: bool = False) -> Field:
    """A boolean field."""
    return Field(Flag(), required, nullable)


def list_of(item: Kind, required: bool = False, nullable: bool = False) -> Field:
    """A list field."""
    return Field(ListOf(item), required, nullable)


def record(fields: Mapping[str, Field], required: bool = False, nullable: bool = False) -> Field:
    """A field that is itself a record."""
    return Field(Record(fields), required, nullable)


def _join(path: str, name: str) -> str:
    return f"{path}/{name}".lstrip("/")


def _mismatch(path: str, value: Any, wanted: str) -> str:
    shown = (
        "an array"
        if isinstance(value, list)
        else "an object"
        if isinstance(value, dict)
        else f"`{value}`"
    )
    return f"Invalid property {path or '/'}: {shown} is not of type `{wanted}`."
