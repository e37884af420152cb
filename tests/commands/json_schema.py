"""As much of JSON Schema (draft 7) as the schema of the stack file uses. A keyword that is unknown here is an error.

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
    """A schema that tells what is wrong with a value: one sentence each, none when it fits."""

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
        for keyword, wanted in schema.items():
            if keyword == "$ref":
                yield from self.check(
                    self.root["definitions"][wanted.removeprefix("#/definitions/")], value
                )
            elif keyword in WITH_PROPERTIES:
                continue
            elif keyword not in ANNOTATIONS:
                yield from CHECKS[keyword](wanted, value, self)
        if isinstance(value, dict):
            yield from self.check_properties(schema, value)

    def check_properties(self, schema: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
        for key, child in value.items():
            schemas = [schema["properties"][key]] if key in schema.get("properties", {}) else []
            schemas += [
                each
                for pattern, each in schema.get("patternProperties", {}).items()
                if re.search(pattern, key)
            ]
            others = schema.get("additionalProperties", {})
            if not schemas and others is False:
                yield f"{key} is not known"
            for each in schemas or ([others] if others else []):
                yield from (f"{key}: {complaint}" for complaint in self.check(each, child))


def of_type(wanted: str, value: Any, _: JsonSchema) -> Iterator[str]:
    if not TYPES[wanted](value):
        yield f"is no {wanted}"


def like(wanted: str, value: Any, _: JsonSchema) -> Iterator[str]:
    if isinstance(value, str) and not re.search(wanted, value):
        yield f"{value!r} does not match"


def one_of_values(wanted: list[Any], value: Any, _: JsonSchema) -> Iterator[str]:
    if not any(value == each and type(value) is type(each) for each in wanted):
        yield f"is none of {wanted}"


def at_least(wanted: int, value: Any, _: JsonSchema) -> Iterator[str]:
    if isinstance(value, int) and value < wanted:
        yield f"is below {wanted}"


def at_most(wanted: int, value: Any, _: JsonSchema) -> Iterator[str]:
    if isinstance(value, int) and value > wanted:
        yield f"is above {wanted}"


def with_keys(wanted: list[str], value: Any, _: JsonSchema) -> Iterator[str]:
    yield from (
        f"{key} is missing" for key in wanted if isinstance(value, dict) and key not in value
    )


def with_names(wanted: dict[str, Any], value: Any, schema: JsonSchema) -> Iterator[str]:
    for key in value if isinstance(value, dict) else ():
        yield from schema.check(wanted, key)


def with_items(wanted: dict[str, Any], value: Any, schema: JsonSchema) -> Iterator[str]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from (f"{index}: {complaint}" for complaint in schema.check(wanted, item))


def without_doubles(wanted: bool, value: Any, _: JsonSchema) -> Iterator[str]:
    if (
        wanted
        and isinstance(value, list)
        and any(item in value[:index] for index, item in enumerate(value))
    ):
        yield "has something twice"


def all_of(wanted: list[dict[str, Any]], value: Any, schema: JsonSchema) -> Iterator[str]:
    for each in wanted:
        yield from schema.check(each, value)


def any_of(wanted: list[dict[str, Any]], value: Any, schema: JsonSchema) -> Iterator[str]:
    found = [list(schema.check(each, value)) for each in wanted]
    if all(found):
        yield " or ".join(complaints[0] for complaints in found)


def none_of(wanted: dict[str, Any], value: Any, schema: JsonSchema) -> Iterator[str]:
    if not list(schema.check(wanted, value)):
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
    "uniqueItems": without_doubles,
    "allOf": all_of,
    "anyOf": any_of,
    "not": none_of,
}
