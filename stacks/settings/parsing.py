"""From what the stack file says to a `Declaration`, collecting every problem on the way.

What does not fit is reported and left out, and the rest is read again, so that one mistake does not hide another.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from stacks.settings.declared import Declaration, Declared
from stacks.settings.problems import Problem, shown

Location = tuple[str | int, ...]

TYPES = {
    "string_type": "a text; put it in quotes when it looks like a number or a date",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list, such as [one, two]",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}


def parse(raw: Mapping[str, Any]) -> tuple[Declaration, list[Problem]]:
    """What `raw`, the value of every `releases:` key, declares, and all that is wrong with it."""
    problems: list[Problem] = []
    remaining = copy.deepcopy(dict(raw))
    while True:
        try:
            return Declaration.model_validate(remaining), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems.extend(problem_of(detail) for detail in details)
            for location in sorted({place_of(detail) for detail in details}, key=order, reverse=True):
                remove(remaining, location)


def problem_of(detail: ErrorDetails) -> Problem:
    """One of pydantic's findings in this project's words."""
    location = place_of(detail)
    kind, context = detail["type"], detail.get("ctx", {})
    value = "" if location[0] == "secrets" else shown(detail["input"])
    if kind == "extra_forbidden":
        return unknown_key(location)
    if kind == "name":
        value = shown(location[-1]) if is_key(detail) else value
        return Problem(path(location), value, context["allowed"], context["remedy"])
    allowed = TYPES.get(kind) or context.get("expected") or detail["msg"].removeprefix("Input should be ")
    return Problem(path(location), value, allowed, "change the value in the stack file")


def unknown_key(location: Location) -> Problem:
    known = ", ".join(known_keys(location[:-1]))
    return Problem(path(location), "", f"no such key; known here: {known}", "check the spelling, or remove the key")


def known_keys(location: Location) -> list[str]:
    """The keys that the mapping at `location` may have."""
    model: type[Declared] = Declaration
    for part in location:
        if isinstance(part, str) and (found := next((f for f in model.model_fields.values() if f.alias == part), None)):
            model = next((m for m in models_in(found.annotation)), model)
    return [str(field.alias) for field in model.model_fields.values()]


def models_in(annotation: Any) -> list[type[Declared]]:
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        return [annotation]
    return [model for argument in getattr(annotation, "__args__", ()) for model in models_in(argument)]


def is_key(detail: ErrorDetails) -> bool:
    return detail["loc"][-1] == "[key]"


def place_of(detail: ErrorDetails) -> Location:
    """Where the finding stands in the raw data; a mapping's key counts as the place of its value."""
    location = tuple(part for part in detail["loc"] if part != "[key]")
    return location[:-1] if detail["type"] == "missing" else location


def order(location: Location) -> list[tuple[int, str, int]]:
    """Sorts later list items behind earlier ones, so that removing from the back keeps the other indices true."""
    return [(1, "", part) if isinstance(part, int) else (0, part, 0) for part in location]


def remove(raw: Any, location: Location) -> None:
    """Takes one place out of nested mappings and lists."""
    *parents, last = location
    for part in parents:
        raw = raw[part]
    if isinstance(last, int) or last in raw:
        raw.pop(last)


def path(location: Location) -> str:
    """A place as `pulumi config set --path` writes it, with the namespace in front."""
    text = f"releases:{location[0]}"
    for part in location[1:]:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", part):
            text += f".{part}"
        else:
            text += f'["{part}"]'
    return text
