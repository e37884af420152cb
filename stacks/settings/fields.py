"""What the models know about a place in the stack file: the keys of a mapping there, and the range of a number."""

from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from stacks.settings.declared import Declaration
from stacks.settings.model import StackFileModel
from stacks.settings.names import Kind

Location = tuple[str | int, ...]


def known_keys(location: Location) -> list[str]:
    """The keys that the mapping at a place may have; none where it has no fixed keys."""
    model = annotation_at(location)
    return keys_of(model) if is_model(model) else []


def keys_of(model: type[StackFileModel]) -> list[str]:
    return [str(field.alias) for field in model.model_fields.values()]


def range_at(location: Location) -> str:
    """The numbers that a place takes, in words."""
    return range_of(field_of(annotation_at(location[:-1]), location[-1]))


def range_of(field: FieldInfo) -> str:
    smallest, largest = limits_of(field)
    return f"from {smallest} up" if largest is None else f"from {smallest} to {largest}"


def limits_of(field: FieldInfo) -> tuple[Any, Any]:
    """The smallest and the largest number that a field takes; `None` where there is no limit."""
    smallest = next((limit.ge for limit in field.metadata if isinstance(limit, Ge)), None)
    largest = next((limit.le for limit in field.metadata if isinstance(limit, Le)), None)
    return smallest, largest


def kind_at(location: Location) -> Kind | None:
    """The kind of name that stands at a place, where it is one."""
    return kind_of(declared_at(location))


def kind_of(annotation: Any) -> Kind | None:
    """The kind of name that a text is, also where it may be left out."""
    if get_origin(annotation) is Annotated:
        base, *metadata = get_args(annotation)
        return next((each for each in metadata if isinstance(each, Kind)), None) or kind_of(base)
    if get_origin(annotation) in (Union, UnionType):
        return next((kind for part in get_args(annotation) if (kind := kind_of(part))), None)
    return None


def annotation_at(location: Location) -> Any:
    """The type of what stands at a place, without `None`."""
    return required(declared_at(location))


def declared_at(location: Location) -> Any:
    annotation: Any = Declaration
    for part in location:
        outer = required(annotation)
        annotation = field_of(outer, part).annotation if is_model(outer) else get_args(outer)[-1]
    return annotation


def field_of(model: type[StackFileModel], key: str | int) -> FieldInfo:
    return next(field for field in model.model_fields.values() if field.alias == key)


def required(annotation: Any) -> Any:
    """The type behind `Annotated` and `| None`."""
    if get_origin(annotation) is Annotated:
        return required(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return required(next(each for each in get_args(annotation) if each is not NoneType))
    return annotation


def may_be_left_empty(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return may_be_left_empty(get_args(annotation)[0])
    return get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation)


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, StackFileModel)
