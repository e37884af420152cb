"""Parses the values of a stack file into a `Declaration`, or reports all problems of shape."""

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
    strip_optional,
)
from stacks.settings.names import Kind
from stacks.settings.problems import Problem, display, hide_token, join_names

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
# A mapping as JSON text by its key, for the remedy of text that is not JSON.
ENTRY_EXAMPLE = '{"approvals": 2}'
ACCEPTANCE_EXAMPLE = '{"reason": "Needed by the old site", "until": "2027-06-30"}'
# The mappings whose values can be JSON text, with an example of a value.
VALUE_EXAMPLES = {"repositories": ENTRY_EXAMPLE, "accept": ACCEPTANCE_EXAMPLE}
JSON_EXAMPLES = {
    "operations": '{"members": ["operator-1", "operator-2"]}',
    "maintainers": '{"members": ["maintainer-1", "maintainer-2"]}',
    "defaults": ENTRY_EXAMPLE,
    "repositories": f'{{"httpx": {ENTRY_EXAMPLE}}}',
    "applied-by": '{"app": "release-stack", "id": 12}',
    "accept": f'{{"KIND/httpx": {ACCEPTANCE_EXAMPLE}}}',
    "reviewers": '{"users": ["tomchristie"]}',
}
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
    """Return the declaration in `raw`, or `None` and every problem of its shape.

    `raw` maps keys without prefix to values. `encrypted` are the keys that contain an encrypted
    value: a message never quotes a value under them.
    """
    try:
        return Declaration.model_validate(raw), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    return None, [problem_of(detail, hide=place_of(detail)[0] in encrypted) for detail in details]


def problem_of(detail: ErrorDetails, *, hide: bool = False) -> Problem:
    """Return one of pydantic's errors as a problem."""
    location = place_of(detail)
    value = "" if hide else display(detail["input"])
    if detail["type"] == "extra_forbidden":
        return unknown_key(location)
    if error := json_error(location, detail):
        return invalid_json(location, value, error)
    if location[0] == "secrets" and not is_key(detail):
        return wrong_secret(location)
    if detail["type"] == "name":
        return Problem(path(location), value, detail["ctx"]["allowed"], detail["ctx"]["remedy"])
    return Problem(path(location), value, *allowed_and_remedy(location, detail))


def json_error(location: Location, detail: ErrorDetails) -> json.JSONDecodeError | None:
    """Return the error in text that should be a mapping as JSON, or `None` for other problems.

    Below the top of the stack file, only the mappings with fixed keys can be JSON text.
    """
    text = detail["input"]
    if not isinstance(text, str) or not text.startswith(("{", "[")):
        return None
    if TYPES.get(detail["type"]) != MAPPING or not (
        len(location) == 1 or is_model(type_at(location))
    ):
        return None
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error
    return None


def invalid_json(location: Location, value: str, error: json.JSONDecodeError) -> Problem:
    """Return the problem of text that is not JSON. Without `value`, the message does not quote it.

    A secret is set by name: its remedy writes no value on the command line.
    """
    reason = f"not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
    place = path(location)
    if location[0] == "secrets":
        return Problem(place, reason, "a mapping, or JSON text", wrong_secret(location).remedy)
    is_value = len(location) == 2 and location[0] in VALUE_EXAMPLES
    example = VALUE_EXAMPLES[str(location[0])] if is_value else JSON_EXAMPLES[str(location[-1])]
    key = place if len(location) == 1 else f"--path '{place}'"
    return Problem(
        place,
        f"{value}, which is {reason}" if value else reason,
        "a mapping, or JSON text",
        f"pulumi config set {key} '{example}'",
    )


def allowed_and_remedy(location: Location, detail: ErrorDetails) -> tuple[str, str]:
    """Return what is allowed at a place, and how to write it."""
    kind = detail["type"]
    if kind == "string_type":
        return text_at(location, detail["input"])
    if kind in NUMBERS:
        return (
            f"a whole number {range_at(location)}",
            "write a number in this range, without quotes",
        )
    if kind == "literal_error":
        return detail["ctx"]["expected"], choice_remedy(detail)
    if location[0] == "repositories" and len(location) <= 2:
        return REPOSITORIES if len(location) == 1 else REPOSITORY
    return TYPES.get(
        kind, (detail["msg"].removeprefix("Input should be "), "change the value in the stack file")
    )


def choice_remedy(detail: ErrorDetails) -> str:
    """Return the remedy for a word that is not one of a few, with the most similar one."""
    suggestion = most_similar(
        str(detail["input"]), re.findall(r"'([^']+)'", detail["ctx"]["expected"])
    )
    return (
        f"write {suggestion}, or one of the other values"
        if suggestion
        else "write one of these values"
    )


def most_similar(word: str, choices: Sequence[str]) -> str | None:
    """Return the choice that is similar to a misspelled word, or `None`."""
    similar = difflib.get_close_matches(word.lower().replace("_", "-"), choices, n=1, cutoff=0.75)
    return similar[0] if similar else None


def text_at(location: Location, value: Any) -> tuple[str, str]:
    """Return the kind of text that is allowed at a place, and how to write it.

    YAML reads some names as numbers, or as true and false: these need quotes.
    """
    kind = kind_at(location)
    allowed = kind.allowed if kind else "text"
    if isinstance(value, int | float):
        return allowed, "put it in quotes"
    return allowed, kind.remedy if kind else "write text, or remove the key"


def wrong_secret(location: Location) -> Problem:
    """Return the problem of a value that is not an encrypted secret, without the value."""
    levels = ("secrets by repository", "secrets by name", "encrypted text")
    allowed = levels[min(len(location), 3) - 1]
    place = path((*location, *("REPOSITORY", "NAME")[len(location) - 1 :]))
    return Problem(path(location), "", allowed, f"pulumi config set --path '{place}' --secret")


def unknown_key(location: Location) -> Problem:
    """Return the problem of a key that its mapping does not have, with the most similar key."""
    keys = known_keys(location[:-1])
    first = re.split(r"[.\[]", str(location[-1]))[0]
    suggestion = most_similar(str(location[-1]), keys)
    remedy = (
        f"write {suggestion}, or remove the key"
        if suggestion
        else "check the spelling, or remove the key"
    )
    if len(location) == 1 and first != location[-1] and first in keys:
        remedy = f"set it again with --path, then run pulumi config rm '{path(location)}'"
    return Problem(path(location), "an unknown key", join_names(keys, most=len(keys)), remedy)


def is_key(detail: ErrorDetails) -> bool:
    """Return whether an error is about the key of a mapping, which can only be a wrong name."""
    return detail["type"] == "name" and detail["loc"][-1] == "[key]"


def place_of(detail: ErrorDetails) -> Location:
    """Return the place of an error; the place of a mapping's key is that of its value."""
    return detail["loc"][:-1] if is_key(detail) else detail["loc"]


def path(location: Location) -> str:
    """Return a place as `pulumi config set --path` takes it, without the project's prefix."""
    text = hide_token(str(location[0]))
    for part in location[1:]:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", hide_token(part)):
            text += f".{part}"
        else:
            text += f"[{json.dumps(hide_token(part), ensure_ascii=False)}]"
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
    return strip_optional(annotation_at(location))


def annotation_at(location: Location) -> Any:
    annotation: Any = Declaration
    for part in location:
        outer = strip_optional(annotation)
        if is_model(outer):
            annotation = annotation_of(field_of(outer, part))
        else:
            annotation = get_args(outer)[-1]
    return annotation
