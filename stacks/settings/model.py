"""The base of every mapping in the stack file, and functions that describe its fields."""

import json
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.fields import FieldInfo

from stacks.settings.names import Kind


def kebab(field: str) -> str:
    """Return the key of a field: `wait_minutes` is `wait-minutes`."""
    return field.replace("_", "-")


class StackFileModel(BaseModel):
    """A mapping of the stack file: unknown keys are errors, and no value is converted."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, alias_generator=kebab, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def read_json(cls, value: Any) -> Any:
        """Read JSON text, which is how `pulumi config set` writes a mapping without `--path`."""
        return decode(value) if isinstance(value, str) else value


def decode(text: str) -> Any:
    """Return the mapping or list in JSON text, or the text itself if it is not JSON."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") else text
    except ValueError:
        return text


def key_of(model: type[BaseModel], field: str) -> str:
    """Return the key of a field in the stack file."""
    return str(model.model_fields[field].alias)


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys that a mapping can have."""
    return [str(field.alias) for field in model.model_fields.values()]


def field_of(model: type[BaseModel], key: str | int) -> FieldInfo:
    """Return the field that a key of the stack file belongs to."""
    return next(field for field in model.model_fields.values() if field.alias == key)


def annotation_of(field: FieldInfo) -> Any:
    """Return the type of a field with its kind of name, which pydantic keeps apart from it."""
    kinds = tuple(part for part in field.metadata if isinstance(part, Kind))
    return Annotated[field.annotation, *kinds] if kinds else field.annotation


def limits_of(field: FieldInfo) -> tuple[Any, Any]:
    """Return the smallest and the largest number of a field; `None` where there is no limit."""
    smallest = next((limit.ge for limit in field.metadata if isinstance(limit, Ge)), None)
    largest = next((limit.le for limit in field.metadata if isinstance(limit, Le)), None)
    return smallest, largest


def range_of(field: FieldInfo) -> str:
    """Return the limits of a field in words."""
    smallest, largest = limits_of(field)
    return f"from {smallest} up" if largest is None else f"from {smallest} to {largest}"


def kind_of(annotation: Any) -> Kind | None:
    """Return the kind of name that annotates a type, or `None`."""
    if get_origin(annotation) is Annotated:
        base, *metadata = get_args(annotation)
        return next((kind for kind in metadata if isinstance(kind, Kind)), None) or kind_of(base)
    if get_origin(annotation) in (Union, UnionType):
        return next((kind for part in get_args(annotation) if (kind := kind_of(part))), None)
    return None


def strip_optional(annotation: Any) -> Any:
    """Return a type without `Annotated` and `| None`."""
    if get_origin(annotation) is Annotated:
        return strip_optional(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return strip_optional(next(part for part in get_args(annotation) if part is not NoneType))
    return annotation


def is_optional(annotation: Any) -> bool:
    """Return whether a type allows `None`."""
    if get_origin(annotation) is Annotated:
        return is_optional(get_args(annotation)[0])
    return get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation)


def is_model(annotation: Any) -> bool:
    """Return whether a type is a mapping with fixed keys."""
    return isinstance(annotation, type) and issubclass(annotation, StackFileModel)
