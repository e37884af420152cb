"""The models themselves: each field is described, and each default is decided once."""

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from stacks.settings.declared import (
    DEFAULTS,
    Declaration,
    DeclaredApp,
    DeclaredGate,
    DeclaredOptions,
    DeclaredRepository,
    DeclaredReviewers,
    DeclaredTeam,
)
from stacks.settings.declared_workflow import DeclaredWorkflow
from stacks.settings.model import StackFileModel, kebab

MODELS: tuple[type[StackFileModel], ...] = (
    Declaration,
    DeclaredTeam,
    DeclaredOptions,
    DeclaredRepository,
    DeclaredReviewers,
    DeclaredApp,
)
FIELDS = [(model, name, field) for model in MODELS for name, field in model.model_fields.items()]


def test_every_model_is_looked_at() -> None:
    assert set(MODELS) - {DeclaredOptions, DeclaredRepository} == set(
        StackFileModel.__subclasses__()
    ) - {
        DeclaredGate,
        DeclaredWorkflow,
    }


@pytest.mark.parametrize(("model", "name", "field"), FIELDS)
def test_a_field_is_described_in_sentences_and_has_a_kebab_case_key(
    model: type[StackFileModel], name: str, field: FieldInfo
) -> None:
    assert field.description, f"{model.__name__}.{name}"
    assert field.description[0].isupper()
    assert field.description.endswith(".")
    assert field.alias == kebab(name)


def test_every_option_has_a_default() -> None:
    assert set(DEFAULTS) == set(DeclaredOptions.model_fields)


def test_the_defaults_are_options_themselves() -> None:
    assert DeclaredOptions.model_validate({kebab(name): value for name, value in DEFAULTS.items()})


def test_a_key_has_one_spelling() -> None:
    with pytest.raises(ValidationError):
        DeclaredOptions.model_validate({"release_tags": "v*"})


def test_a_declaration_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Declaration().stack_repository = "httpx"  # type: ignore[misc]


def test_what_is_wrong_is_not_quoted_in_the_text_of_an_exception() -> None:
    with pytest.raises(ValidationError) as refused:
        Declaration.model_validate({"repositories": {"httpx": "hunter2"}})

    assert "hunter2" not in str(refused.value) + repr(refused.value)


def test_a_secret_is_not_shown_by_a_declaration() -> None:
    declaration = Declaration.model_validate({"secrets": {"httpx": {"PYPI_TOKEN": "hunter2"}}})

    assert "hunter2" not in repr(declaration) + str(declaration) + declaration.model_dump_json()
