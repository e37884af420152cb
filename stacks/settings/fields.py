"""What the models know about a place in the stack file: the keys of a mapping there, and the range of a number."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from stacks.settings.declared import Declaration, Declared
from stacks.settings.names import Kind

Location = tuple[str | int, ...]


def known_keys(location: Location) -> list[str]:
    """The keys that the mapping at a place may have; none where it has no fixed keys."""
    model = annotation_at(location)
    return keys_of(model) if is_model(model) else []


def keys_of(model: type[Declared]) -> list[str]:
    return [str(field.alias) for field in model.model_fields.values()]


def range_at(location: Location) -> str:
    """The numbers that a place takes, in words."""
    return range_of(field_of(annotation_at(location[:-1]), location[-1]))


def range_of(field: FieldInfo) -> str:
    smallest = next(limit.ge for limit in field.metadata if isinstance(limit, Ge))
    largest = next((limit.le for limit in field.metadata if isinstance(limit, Le)), None)
    return f"from {smallest} up" if largest is None else f"from {smallest} to {largest}"


def kind_at(location: Location) -> Kind | None:
    """The kind of name that stands at a place, where it is one."""
    return next(kinds_in(declared_at(location)), None)


def kinds_in(annotation: Any) -> Iterator[Kind]:
    """The kinds of name that an optional text may be."""
    for part in get_args(annotation):
        if isinstance(part, Kind):
            yield part
        elif get_origin(part) is Annotated:
            yield from kinds_in(part)


def annotation_at(location: Location) -> Any:
    """The type of what stands at a place, without `None`."""
    return required(declared_at(location))


def declared_at(location: Location) -> Any:
    annotation: Any = Declaration
    for part in location:
        outer = required(annotation)
        annotation = field_of(outer, part).annotation if is_model(outer) else get_args(outer)[-1]
    return annotation


def field_of(model: type[Declared], key: str | int) -> FieldInfo:
    return next(field for field in model.model_fields.values() if field.alias == key)


def required(annotation: Any) -> Any:
    """The type behind `Annotated` and `| None`."""
    if get_origin(annotation) is Annotated:
        return required(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return required(next(each for each in get_args(annotation) if each is not NoneType))
    return annotation


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Declared)
