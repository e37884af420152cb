"""The JSON Schema of a stack file, with which editors complete and check it.

It is generated from the models of the settings, in draft 7, which YAML language servers support
best. `pulumi preview` checks rules between keys, and the engine and the provider check their own.
"""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from stacks.settings.declaration import Declaration
from stacks.settings.model import (
    StackFileModel,
    annotation_of,
    is_model,
    is_optional,
    kind_of,
    limits_of,
    strip_optional,
)
from stacks.settings.names import LOGIN, Kind
from stacks.settings.options import DEFAULTS, Options

Schema = dict[str, Any]

ENGINE = {
    "secretsprovider": {"type": "string"},
    "encryptedkey": {"type": "string"},
    "encryptionsalt": {"type": "string"},
    "environment": {},
}
ENCRYPTED = {
    "type": "object",
    "description": "A value encrypted by `pulumi config set --path ... --secret`.",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}
REQUIRED = ("operations", "maintainers", "repositories")
# The engine fills in the project's name, which the schema does not know.
PREFIX = "^[^:]+:(config:)?"
ANOTHER_NAMESPACE = "(?!releases:)[^:]+:"
NOTHING = {"enum": [None, ""], "description": "No options: the defaults."}
TYPES: dict[Any, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
}


def schema() -> Schema:
    """Return the schema of a whole `Pulumi.<stack>.yaml`."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The configuration of a release stack",
        "type": "object",
        "properties": {"config": configuration(), **ENGINE},
        "required": ["config"],
        "additionalProperties": False,
        "definitions": {
            "encrypted": ENCRYPTED,
            **{model.__name__: mapping(model) for model in models_below(Declaration)},
        },
    }


def configuration() -> Schema:
    """Return the schema of `config`; keys can have the project's prefix."""
    options = {
        str(field.alias): field_schema(name, field)
        for name, field in Declaration.model_fields.items()
    }
    return {
        "type": "object",
        "properties": {
            "github:owner": {**name_schema(LOGIN), "description": "The login of the organization."},
            "github:token": reference("encrypted"),
            **options,
        },
        "required": ["github:owner"],
        "allOf": [one_spelling(key) for key in REQUIRED],
        "patternProperties": {
            **{f"{PREFIX}{key}$": option for key, option in options.items()},
            f"^{ANOTHER_NAMESPACE}": {},
        },
        "additionalProperties": False,
    }


def one_spelling(key: str) -> Schema:
    """Require a key, with or without the prefix that `pulumi config set` writes."""
    return {
        "not": {"propertyNames": {"not": {"pattern": f"^([^:]+:(config:)?)?{key}$"}}},
        "errorMessage": f"{key} is missing",
    }


def mapping(model: type[StackFileModel]) -> Schema:
    """Return the schema of a model."""
    return {
        "type": "object",
        "description": " ".join(str(model.__doc__).split()),
        "properties": {
            str(field.alias): field_schema(name, field, model)
            for name, field in model.model_fields.items()
        },
        "additionalProperties": False,
    }


def field_schema(name: str, field: FieldInfo, model: type[StackFileModel] = Declaration) -> Schema:
    smallest, largest = limits_of(field)
    extra = {
        "minimum": smallest,
        "maximum": largest,
        "default": default_of(name, model),
        "description": field.description,
    }
    return {
        **value_schema(annotation_of(field)),
        **{key: value for key, value in extra.items() if value is not None},
    }


def default_of(name: str, model: type[StackFileModel]) -> Any:
    """Return the default of an option, or `None` if it has none that can be written."""
    value = DEFAULTS.get(name) if issubclass(model, Options) else None
    return None if isinstance(value, StackFileModel) else value


def value_schema(annotation: Any) -> Schema:
    """Return the schema of a type, without whether it can be left out."""
    if kind := kind_of(annotation):
        return name_schema(kind)
    inner = strip_optional(annotation)
    origin = get_origin(inner)
    arguments = get_args(inner)
    if is_model(inner):
        return {"allOf": [reference(inner.__name__)]}
    if inner is SecretStr:
        return reference("encrypted")
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is list:
        return {"type": "array", "items": value_schema(arguments[0]), "uniqueItems": True}
    if origin is dict:
        return {
            "type": "object",
            "propertyNames": key_schema(arguments[0]),
            "additionalProperties": entry_schema(arguments[1]),
        }
    return dict(TYPES[inner])


def entry_schema(annotation: Any) -> Schema:
    """Return the schema of a mapping's value."""
    entry = value_schema(annotation)
    return {"anyOf": [entry, NOTHING]} if is_optional(annotation) else entry


def key_schema(annotation: Any) -> Schema:
    """Return the schema of a mapping's keys."""
    kind = kind_of(annotation)
    return name_schema(kind) if kind else {}


def name_schema(kind: Kind) -> Schema:
    return {"type": "string", "pattern": f"^(?:{kind.pattern})$", "description": kind.allowed}


def reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def models_below(annotation: Any) -> Iterator[type[StackFileModel]]:
    """Yield each model in the fields of a model once."""
    yield from dict.fromkeys(
        model for field in annotation.model_fields.values() for model in models_in(field.annotation)
    )


def models_in(annotation: Any) -> Iterator[type[StackFileModel]]:
    if is_model(annotation):
        yield annotation
        yield from models_below(annotation)
    for argument in get_args(annotation):
        yield from models_in(argument)
