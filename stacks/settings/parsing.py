"""From what the stack file says to a `Declaration`, collecting every problem on the way.

What does not fit is reported and left out, and the rest is read again, so that one mistake does not hide another.
"""

import difflib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from stacks.settings.declaration import Declaration, Location
from stacks.settings.model import (
    annotation_of,
    field_of,
    is_model,
    keys_of,
    kind_of,
    range_of,
    required,
)
from stacks.settings.names import Kind
from stacks.settings.problems import Problem, listed, masked, shown

MAPPING = ("a mapping of keys to values", "write `key: value`, one line for each")
TYPES = {
    "bool_type": ("true or false", "write true or false, without quotes"),
    "list_type": ("a list", "write [one, two], or a line for each that starts with `- `"),
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "model_attributes_type": MAPPING,
}
REPOSITORIES = (
    "the repositories' names, each with options or nothing",
    "write each on a line of its own, such as `httpx:`",
)
REPOSITORY = (
    "options of this repository, or nothing",
    "leave it empty for the defaults, as in `httpx:`",
)
NUMBERS = (
    "int_type",
    "int_from_float",
    "int_parsing_size",
    "greater_than_equal",
    "less_than_equal",
)


def parse(
    raw: Mapping[str, Any], encrypted: Collection[str] = ()
) -> tuple[Declaration | None, list[Problem]]:
    """Return the declaration that `raw` stands for, or `None` and every problem of its shape.

    `raw` has the value of every key without prefix. `encrypted` are the keys in which something is
    encrypted: no value under them is ever shown.
    """
    try:
        return Declaration.model_validate(raw), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    return None, [problem_of(detail, hide=place_of(detail)[0] in encrypted) for detail in details]


def problem_of(detail: ErrorDetails, *, hide: bool = False) -> Problem:
    """One of pydantic's findings in this project's words."""
    location = place_of(detail)
    value = "" if hide else shown(detail["input"])
    if detail["type"] == "extra_forbidden":
        return unknown_key(location)
    if location[0] == "secrets" and not is_key(detail):
        return wrong_secret(location)
    if detail["type"] == "name":
        return Problem(path(location), value, detail["ctx"]["allowed"], detail["ctx"]["remedy"])
    return Problem(path(location), value, *expected(location, detail))


def expected(location: Location, detail: ErrorDetails) -> tuple[str, str]:
    """What may stand at a place, and how to write it."""
    kind = detail["type"]
    if kind == "string_type":
        return text_at(location, detail["input"])
    if kind in NUMBERS:
        return f"a whole number {range_at(location)}", "write such a number, without quotes"
    if kind == "literal_error":
        return detail["ctx"]["expected"], choice_of(detail)
    if location[0] == "repositories" and len(location) <= 2:
        return REPOSITORIES if len(location) == 1 else REPOSITORY
    return TYPES.get(
        kind, (detail["msg"].removeprefix("Input should be "), "change the value in the stack file")
    )


def choice_of(detail: ErrorDetails) -> str:
    """Which of a few words was meant, where that can be guessed."""
    near = nearest(str(detail["input"]), re.findall(r"'([^']+)'", detail["ctx"]["expected"]))
    return f"write {near}, or choose another of them" if near else "choose one of them"


def nearest(written: str, known: Sequence[str]) -> str | None:
    """What was meant by a word that is nearly one of those that are known."""
    similar = difflib.get_close_matches(written.lower().replace("_", "-"), known, n=1, cutoff=0.75)
    return similar[0] if similar else None


def text_at(location: Location, found: Any) -> tuple[str, str]:
    """A text, or a name of some kind. What YAML takes for a number, or for true, may well be meant as one."""
    kind = kind_at(location)
    remedy = (
        "put it in quotes"
        if isinstance(found, int | float)
        else kind.remedy
        if kind
        else "write a text, or remove the key"
    )
    return kind.allowed if kind else "a text", remedy


def wrong_secret(location: Location) -> Problem:
    """A value that is no secret; it is never shown, as it may be one that stands in the wrong place."""
    allowed = ("secrets by repository", "secrets by name", "an encrypted text")[
        min(len(location), 3) - 1
    ]
    place = path((*location, *("REPOSITORY", "NAME")[len(location) - 1 :]))
    return Problem(path(location), "", allowed, f"pulumi config set --path '{place}' --secret")


def unknown_key(location: Location) -> Problem:
    known = known_keys(location[:-1])
    first = re.split(r"[.\[]", str(location[-1]))[0]
    near = nearest(str(location[-1]), known)
    remedy = f"write {near}, or remove the key" if near else "check the spelling, or remove the key"
    if len(location) == 1 and first != location[-1] and first in known:
        remedy = f"it was set without --path: set it again with it, and pulumi config rm '{path(location)}'"
    return Problem(path(location), "an unknown key", listed(known, most=len(known)), remedy)


def is_key(detail: ErrorDetails) -> bool:
    """Whether a finding is about the key of a mapping. Keys are texts, so only their form can be wrong."""
    return detail["type"] == "name" and detail["loc"][-1] == "[key]"


def place_of(detail: ErrorDetails) -> Location:
    """Where the finding stands in the raw data; a mapping's key counts as the place of its value."""
    return detail["loc"][:-1] if is_key(detail) else detail["loc"]


def path(location: Location) -> str:
    """A place as `pulumi config set --path` writes it, which fills in the project's own namespace."""
    text = masked(str(location[0]))
    for part in location[1:]:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", masked(part)):
            text += f".{part}"
        else:
            text += f"[{json.dumps(masked(part), ensure_ascii=False)}]"
    return text


def known_keys(location: Location) -> list[str]:
    """Return the keys that the mapping at a place can have; none where they are not fixed."""
    model = type_at(location)
    return keys_of(model) if is_model(model) else []


def range_at(location: Location) -> str:
    """Return the numbers that a place takes, in words."""
    return range_of(field_of(type_at(location[:-1]), location[-1]))


def kind_at(location: Location) -> Kind | None:
    """Return the kind of name at a place, or `None`."""
    return kind_of(annotation_at(location))


def type_at(location: Location) -> Any:
    """Return the type at a place, without `None`."""
    return required(annotation_at(location))


def annotation_at(location: Location) -> Any:
    """Return the annotation at a place."""
    annotation: Any = Declaration
    for part in location:
        outer = required(annotation)
        if is_model(outer):
            annotation = annotation_of(field_of(outer, part))
        else:
            annotation = get_args(outer)[-1]
    return annotation
