"""Where in the stack file something stands, for rules that look at more than one place."""

from collections.abc import Iterable, Iterator

from stacks.settings.declared import Declaration, DeclaredOptions, DeclaredRepository, DeclaredTeam
from stacks.settings.fields import Location
from stacks.settings.model import kebab
from stacks.settings.parsing import path


def declared_teams(declaration: Declaration) -> Iterator[tuple[str, DeclaredTeam | None]]:
    yield "operations", declaration.operations
    yield "maintainers", declaration.maintainers


def every_options(declaration: Declaration) -> Iterator[tuple[Location, DeclaredOptions]]:
    """Each mapping of options with its place: the defaults, and every entry that says something."""
    if declaration.defaults:
        yield ("defaults",), declaration.defaults
    for name, entry in entries(declaration):
        yield ("repositories", name), entry


def entries(declaration: Declaration) -> Iterator[tuple[str, DeclaredRepository]]:
    """The repositories whose entry says something."""
    for name, entry in (declaration.repositories or {}).items():
        if entry:
            yield name, entry


def option_places(name: str, *options: str) -> tuple[str, ...]:
    """Everywhere that options of a repository can be decided, and everything inside."""
    layers = (("repositories", name), ("defaults",))
    return tuple(f"{path((*layer, kebab(option)))}.*" for option in options for layer in layers)


def deciding_places(declaration: Declaration, name: str, option: str) -> tuple[str, ...]:
    """Where an option of a repository was decided: what its entry says makes the defaults irrelevant."""
    entry = (declaration.repositories or {}).get(name)
    return (
        option_places(name, option)[:1]
        if entry and getattr(entry, option) is not None
        else option_places(name, option)
    )


def team_places(*keys: str) -> tuple[str, ...]:
    """Where keys of either team stand."""
    return tuple(path((role, key)) for role in ("operations", "maintainers") for key in keys)


def doubles(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The index and the name of each one that was there before: GitHub ignores upper and lower case."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.lower() in seen:
            yield index, name
        seen.add(name.lower())
