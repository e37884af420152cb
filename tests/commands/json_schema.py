"""The part of JSON Schema (draft 7) that the stack file's schema uses; other keywords are errors.

Source: https://json-schema.org/draft-07/draft-handrews-json-schema-validation-01
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Check = Callable[[Any, Any, "JsonSchema"], Iterator[str]]
TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
}
ANNOTATIONS = ("$schema", "title", "description", "default", "definitions", "errorMessage")
WITH_PROPERTIES = ("properties", "patternProperties", "additionalProperties")


class JsonSchema:
    """A JSON Schema that lists the problems of a value, one sentence for each."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root

    def complaints(self, value: Any) -> list[str]:
        return list(self.check(self.root, value))

    def check(self, schema: dict[str, Any], value: Any) -> Iterator[str]:
        complaints = list(self.check_keywords(schema, value))
        yield from (
            [schema["errorMessage"]] if complaints and "errorMessage" in schema else complaints
        )

    def check_keywords(self, schema: dict[str, Any], value: Any) -> Iterator[str]:
        for keyword, expected in schema.items():
            if keyword == "$ref":
                yield from self.check(
                    self.root["definitions"][expected.removeprefix("#/definitions/")], value
                )
            elif keyword in WITH_PROPERTIES:
                continue
            elif keyword not in ANNOTATIONS:
                yield from CHECKS[keyword](expected, value, self)
        if isinstance(value, dict):
            yield from self.check_properties(schema, value)

    def check_properties(self, schema: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
        for key, child in value.items():
            schemas = [schema["properties"][key]] if key in schema.get("properties", {}) else []
            schemas += [
                subschema
                for pattern, subschema in schema.get("patternProperties", {}).items()
                if re.search(pattern, key)
            ]
            additional = schema.get("additionalProperties", {})
            if not schemas and additional is False:
                yield f"{key} is not known"
            for subschema in schemas or ([additional] if additional else []):
                yield from (f"{key}: {complaint}" for complaint in self.check(subschema, child))


def of_type(expected: str, value: Any, _: JsonSchema) -> Iterator[str]:
    if not TYPES[expected](value):
        yield f"is no {expected}"


def like(expected: str, value: Any, _: JsonSchema) -> Iterator[str]:
    if isinstance(value, str) and not re.search(expected, value):
        yield f"{value!r} does not match"


def one_of_values(expected: list[Any], value: Any, _: JsonSchema) -> Iterator[str]:
    if not any(value == subschema and type(value) is type(subschema) for subschema in expected):
        yield f"is none of {expected}"


def at_least(expected: int, value: Any, _: JsonSchema) -> Iterator[str]:
    if isinstance(value, int) and value < expected:
        yield f"is below {expected}"


def at_most(expected: int, value: Any, _: JsonSchema) -> Iterator[str]:
    if isinstance(value, int) and value > expected:
        yield f"is above {expected}"


def with_keys(expected: list[str], value: Any, _: JsonSchema) -> Iterator[str]:
    yield from (
        f"{key} is missing" for key in expected if isinstance(value, dict) and key not in value
    )


def with_names(expected: dict[str, Any], value: Any, schema: JsonSchema) -> Iterator[str]:
    for key in value if isinstance(value, dict) else ():
        yield from schema.check(expected, key)


def with_items(expected: dict[str, Any], value: Any, schema: JsonSchema) -> Iterator[str]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from (f"{index}: {complaint}" for complaint in schema.check(expected, item))


def check_unique_items(expected: bool, value: Any, _: JsonSchema) -> Iterator[str]:
    if (
        expected
        and isinstance(value, list)
        and any(item in value[:index] for index, item in enumerate(value))
    ):
        yield "has something twice"


def all_of(expected: list[dict[str, Any]], value: Any, schema: JsonSchema) -> Iterator[str]:
    for subschema in expected:
        yield from schema.check(subschema, value)


def any_of(expected: list[dict[str, Any]], value: Any, schema: JsonSchema) -> Iterator[str]:
    alternatives = [list(schema.check(subschema, value)) for subschema in expected]
    if all(alternatives):
        yield " or ".join(complaints[0] for complaints in alternatives)


def none_of(expected: dict[str, Any], value: Any, schema: JsonSchema) -> Iterator[str]:
    if not list(schema.check(expected, value)):
        yield "fits what is not allowed"


CHECKS: dict[str, Check] = {
    "type": of_type,
    "pattern": like,
    "enum": one_of_values,
    "minimum": at_least,
    "maximum": at_most,
    "required": with_keys,
    "propertyNames": with_names,
    "items": with_items,
    "uniqueItems": check_unique_items,
    "allOf": all_of,
    "anyOf": any_of,
    "not": none_of,
}
