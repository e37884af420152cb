"""Tests of the check of request bodies, with GitHub's messages."""

from typing import Any

import pytest

from simulated_github.errors import BadRequest, ValidationFailed
from simulated_github.http.fields import (
    Record,
    Text,
    body,
    check,
    flag,
    integer,
    list_of,
    record,
    text,
)

TEAM = body(
    name=text(required=True),
    privacy=text("secret", "closed"),
    parent=integer(1, 9, nullable=True),
    nested=flag(),
    people=list_of(Record({"login": text(required=True)})),
    policy=record({"protected": flag(required=True)}, nullable=True),
    names=list_of(Text()),
)


def test_a_valid_body_is_returned_unchanged() -> None:
    payload = {
        "name": "a",
        "privacy": "closed",
        "parent": None,
        "people": [{"login": "b"}],
        "policy": {"protected": True},
    }

    assert payload == check(TEAM, payload)


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ({}, '"name" wasn\'t supplied.'),
        ({"name": "a", "nmae": "b"}, '"nmae" is not a permitted key.'),
        ({"name": 1}, "Invalid property /name: `1` is not of type `string`."),
        ({"name": None}, "Invalid property /name: data cannot be null."),
        (
            {"name": "a", "privacy": "open"},
            "Invalid property /privacy: `open` is not a possible value.",
        ),
        (
            {"name": "a", "parent": 0},
            "Invalid property /parent: `0` must be greater than or equal to 1.",
        ),
        (
            {"name": "a", "parent": 10},
            "Invalid property /parent: `10` must be less than or equal to 9.",
        ),
        (
            {"name": "a", "parent": True},
            "Invalid property /parent: `True` is not of type `integer`.",
        ),
        (
            {"name": "a", "nested": "yes"},
            "Invalid property /nested: `yes` is not of type `boolean`.",
        ),
        ({"name": "a", "names": "b"}, "Invalid property /names: `b` is not of type `array`."),
        (
            {"name": "a", "names": [["b"]]},
            "Invalid property /names/0: an array is not of type `string`.",
        ),
        ({"name": "a", "people": [{}]}, '"people/0/login" wasn\'t supplied.'),
        ({"name": "a", "people": [{"login": "b", "x": 1}]}, '"people/0/x" is not a permitted key.'),
        (
            {"name": "a", "policy": []},
            "Invalid property /policy: an array is not of type `object`.",
        ),
    ],
)
def test_a_wrong_body_is_a_422_that_names_the_property(
    payload: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValidationFailed) as caught:
        check(TEAM, payload)

    assert caught.value.message.startswith("Invalid request.\n\n")
    assert problem in caught.value.message


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(ValidationFailed) as caught:
        check(TEAM, {"privacy": 1, "nmae": "a"})

    assert len(caught.value.message.splitlines()) == 5


@pytest.mark.parametrize("payload", [[], "text", None, 1])
def test_a_body_that_is_not_an_object_is_a_400(payload: object) -> None:
    with pytest.raises(BadRequest):
        check(TEAM, payload)
