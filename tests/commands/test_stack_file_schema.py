"""The schema accepts every value that the settings accept, and rejects most others."""

from typing import Any

import pytest
import yaml

from commands.document import PROJECT
from commands.stack_file_schema import schema
from stacks.settings.declaration import Declaration, RepositoryEntry
from stacks.settings.model import keys_of
from stacks.settings.options import DEFAULTS, Options
from tests.commands.json_schema import JsonSchema
from tests.commands.test_document import example

VALID: dict[str, Any] = {
    "github:owner": "encode",
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {"existing": "core"},
    "repositories": {"httpx": None},
}


def complaints(**changes: Any) -> list[str]:
    """Return the problems of a valid configuration with some options replaced."""
    config = {
        **VALID,
        **{f"{key.replace('_', '-')}": value for key, value in changes.items()},
    }
    return JsonSchema(schema()).complaints({"config": config})


@pytest.mark.parametrize("file", sorted(PROJECT.glob("Pulumi.*.yaml")), ids=lambda file: file.name)
def test_a_stack_file_of_this_project_fits(file: Any) -> None:
    assert JsonSchema(schema()).complaints(yaml.safe_load(file.read_text(encoding="utf-8"))) == []


def test_there_is_a_stack_file_to_check() -> None:
    assert list(PROJECT.glob("Pulumi.*.yaml")) != []


def test_the_example_of_the_documentation_fits() -> None:
    assert JsonSchema(schema()).complaints(example()) == []


def test_keys_that_the_engine_adds_are_valid() -> None:
    engine = {
        "encryptionsalt": "v1:abc",
        "secretsprovider": "passphrase",
        "encryptedkey": "abc",
        "environment": ["x"],
    }
    provider = {
        "github:baseUrl": "https://ghe.example/",
        "github:writeDelayMs": "0",
        "aws:region": "eu-central-1",
    }

    assert JsonSchema(schema()).complaints({"config": {**VALID, **provider}, **engine}) == []


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "",
        {},
        {"approvals": 2},
        {"create": True, "formerly": "old", "replace-workflow": True},
        {"secrets": []},
        {"archived": True},
        {"retired": True},
    ],
)
def test_an_entry_that_fits(entry: Any) -> None:
    assert complaints(repositories={"httpx": entry}) == []


def test_secrets_that_are_encrypted_fit() -> None:
    assert complaints(secrets={"httpx": {"PYPI_TOKEN": {"secure": "v1:abc"}}}) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"repository": {}}, "config: repository is not known"),
        ({"repositories": ["httpx"]}, "config: repositories: is no object"),
        ({"repositories": {"a/b": None}}, "config: repositories: 'a/b' does not match"),
        ({"defaults": {"aprovals": 1}}, "config: defaults: aprovals is not known"),
        ({"defaults": {"create": True}}, "config: defaults: create is not known"),
        ({"defaults": {"approvals": 0}}, "config: defaults: approvals: is below 1"),
        ({"defaults": {"approvals": 11}}, "config: defaults: approvals: is above 10"),
        ({"defaults": {"approvals": "1"}}, "config: defaults: approvals: is no integer"),
        (
            {"defaults": {"release-tags": "**"}},
            "config: defaults: release-tags: '**' does not match",
        ),
        (
            {"defaults": {"teams": {"core": "admin"}}},
            "config: defaults: teams: core: is none of",
        ),
        (
            {"operations": {"members": "operator-1"}},
            "config: operations: members: is no array",
        ),
        ({"operations": {"members": [5]}}, "config: operations: members: 0: is no string"),
        (
            {"operations": {"members": ["a", "a"]}},
            "config: operations: members: has something twice",
        ),
        ({"applied_by": {"id": "5"}}, "config: applied-by: id: is no integer"),
        (
            {"accept": {"a/b": {"until": "soon"}}},
            "config: accept: a/b: until: 'soon' does not match",
        ),
        (
            {"secrets": {"httpx": {"PYPI_TOKEN": "hunter2"}}},
            "config: secrets: httpx: PYPI_TOKEN: is no object",
        ),
        (
            {"secrets": {"httpx": {"pypi": {"secure": "x"}}}},
            "config: secrets: httpx: 'pypi' does not match",
        ),
    ],
)
def test_values_that_the_settings_refuse_are_invalid(
    changes: dict[str, Any], complaint: str
) -> None:
    [sentence] = complaints(**changes)

    assert sentence.startswith(complaint)


@pytest.mark.parametrize("key", VALID)
def test_required_keys(key: str) -> None:
    config = {name: value for name, value in VALID.items() if name != key}

    assert JsonSchema(schema()).complaints({"config": config}) == [f"config: {key} is missing"]


def test_every_key_of_the_models_is_in_the_schema() -> None:
    made = schema()

    assert [key for key in made["properties"]["config"]["properties"] if ":" not in key] == keys_of(
        Declaration
    )
    for model in (Options, RepositoryEntry):
        assert list(made["definitions"][model.__name__]["properties"]) == keys_of(model)


def test_the_defaults_of_options_are_in_the_schema_and_fit_it() -> None:
    made = schema()
    options = made["definitions"]["Options"]["properties"]
    defaults = {key: option["default"] for key, option in options.items() if "default" in option}

    assert len(defaults) == len(DEFAULTS) - 1  # reviewers are a mapping of two lists, both empty
    assert complaints(defaults=defaults) == []


def test_every_key_is_described() -> None:
    made = schema()
    keys = [
        made["properties"]["config"]["properties"],
        *(schema_part["properties"] for schema_part in made["definitions"].values()),
    ]

    assert all(schema_part["description"] for schema_part in made["definitions"].values())
    undescribed = [
        name
        for properties in keys
        for name, schema_part in properties.items()
        if "description" not in schema_part
    ]
    assert undescribed == ["github:token", "secure"]
