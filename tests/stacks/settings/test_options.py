"""The models themselves: each field is described, and each default is decided once."""

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from stacks.settings.declaration import (
    Declaration,
    DeclaredAcceptance,
    DeclaredApp,
    DeclaredTeam,
    RepositoryEntry,
)
from stacks.settings.model import StackFileModel, kebab
from stacks.settings.options import DEFAULTS, Options, Reviewers
from tests.stacks.settings.configurations import VALID

# Fields whose name in Python says more than their key.
KEYS = {"secret_names": "secrets", "layout": "publish"}
MODELS: tuple[type[StackFileModel], ...] = (
    Declaration,
    DeclaredTeam,
    Options,
    RepositoryEntry,
    Reviewers,
    DeclaredApp,
    DeclaredAcceptance,
)
FIELDS = [(model, name, field) for model in MODELS for name, field in model.model_fields.items()]


def test_every_model_is_tested() -> None:
    assert set(MODELS) - {RepositoryEntry} == set(StackFileModel.__subclasses__())


@pytest.mark.parametrize(("model", "name", "field"), FIELDS)
def test_a_field_has_a_description_and_a_kebab_case_key(
    model: type[StackFileModel], name: str, field: FieldInfo
) -> None:
    assert field.description, f"{model.__name__}.{name}"
    assert field.description[0].isupper()
    assert field.description.endswith(".")
    assert field.alias == KEYS.get(name, kebab(name))


def test_every_option_has_a_default() -> None:
    assert set(DEFAULTS) == set(Options.model_fields)


def test_the_defaults_are_options_themselves() -> None:
    assert Options.model_validate(
        {KEYS.get(name, kebab(name)): DEFAULTS[name] for name in DEFAULTS}
    )


def test_a_key_has_one_spelling() -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({"release_tags": "v*"})


def test_a_declaration_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Declaration().stack_repository = "httpx"  # type: ignore[misc]


def test_an_exception_does_not_quote_a_wrong_value() -> None:
    with pytest.raises(ValidationError) as refused:
        Declaration.model_validate({"repositories": {"httpx": "hunter2"}})

    assert "hunter2" not in str(refused.value) + repr(refused.value)


def test_a_secret_is_not_shown_by_a_declaration() -> None:
    declaration = Declaration.model_validate({"secrets": {"httpx": {"PYPI_TOKEN": "hunter2"}}})

    assert "hunter2" not in repr(declaration) + str(declaration) + declaration.model_dump_json()


def test_only_entries_with_options_are_layers() -> None:
    declaration = Declaration.model_validate(
        {
            "defaults": {"approvals": 2},
            "repositories": {"httpx": None, "httpcore": {"approvals": 3}},
        }
    )

    assert [name for name, _ in declaration.entries()] == ["httpcore"]
    assert [(place, options.approvals) for place, options in declaration.option_layers()] == [
        (("defaults",), 2),
        (("repositories", "httpcore"), 3),
    ]


def test_an_empty_declaration_has_no_layers() -> None:
    assert list(Declaration().option_layers()) == []


def test_an_option_without_a_value_is_left_out() -> None:
    assert Options.model_validate({"approvals": None}).declared_options() == {}


def test_a_mapping_can_be_json_text() -> None:
    text = '{"approvals": 2, "reviewers": {"users": ["a"]}}'
    declaration = Declaration.model_validate({**VALID, "defaults": text})

    assert declaration.defaults is not None
    assert declaration.defaults.declared_options() == {
        "approvals": 2,
        "reviewers": Reviewers(users=["a"]),
    }
