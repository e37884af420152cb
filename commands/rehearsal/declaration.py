"""What is rehearsed of a user's declaration: one repository of it, in one layout, and as near to it as a rehearsal can be."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from commands.rehearsal.errors import ChoiceError
from commands.rehearsal.layouts import LAYOUTS, misfits
from commands.sandbox import PROJECT
from stacks.settings import Settings
from stacks.settings.configuration_keys import options_of
from stacks.settings.loading import check

FILE = PROJECT / "Pulumi.prod.yaml"
Configuration = dict[str, Any]
# Nobody waits for a timer in a rehearsal, the repository is there before the stack, and its package is made up.
LEFT_OUT = {
    "wait-minutes": "the wait timer is left out",
    "create": "the repository is there already",
    "formerly": "the repository keeps its name",
    "publish-install": "publishing installs by scripts/install: what is declared for it, the made-up package does not have",
}


@dataclass(frozen=True)
class Rehearsed:
    """The declaration of a rehearsal.

    Attributes:
        configuration: The values of its stack file, without secrets.
        settings: What they stand for; one repository.
        notes: In what the rehearsal differs from the declaration.
    """

    configuration: Configuration
    settings: Settings
    notes: tuple[str, ...]


def read(configuration: Mapping[str, Any]) -> Settings:
    """The settings of a configuration, such as that of `Pulumi.prod.yaml`. Raises `SettingsError` with every problem."""
    values = {key: text(value) for key, value in options_of(configuration).items()}
    return check(values, configuration.get("github:owner"), FILE, {})


def is_kept(key: str) -> bool:
    """Whether a key of the stack file belongs to a rehearsal; the provider's own keys are for the real GitHub."""
    return key == "github:owner" or (":" not in key and key not in ("defaults", "secrets"))


def text(value: Any) -> str:
    """A value as the engine hands it over."""
    return value if isinstance(value, str) else json.dumps(value)


def reduced(
    configuration: Mapping[str, Any], repository: str | None, layout: str | None
) -> Rehearsed:
    """The declaration of one repository alone. Raises `SettingsError` or `ChoiceError`, which say what is wrong."""
    settings = read(configuration)
    name = chosen_repository(settings, repository)
    options = merged(configuration, name)
    left_out = [option for option in LEFT_OUT if options.pop(option, None)]
    declared = str(options.get("publish", LAYOUTS[0]))
    wanted = chosen_layout(layout) if layout else declared
    odd = misfits(options, wanted) if wanted != declared else []
    options = {option: value for option, value in options.items() if option not in odd}
    options |= {"publish": wanted} if wanted != declared else {}
    small = {
        **{key: deepcopy(value) for key, value in configuration.items() if is_kept(key)},
        "repositories": {name: options},
    }
    notes = [LEFT_OUT[option] for option in left_out]
    notes += [f"the layout {wanted}, in place of {declared}"] if wanted != declared else []
    notes += [f"{option}, which that layout does not have, is left out" for option in odd]
    return Rehearsed(small, read(small), tuple(notes))


def with_maintainer(rehearsed: Rehearsed, login: str) -> Rehearsed:
    """The same with one more person among the maintainers, where everybody of that team signs off releases too."""
    team = rehearsed.configuration.get("maintainers") or {}
    team = {**team, "members": [*team.get("members", []), login]}
    configuration = {**rehearsed.configuration, "maintainers": team}
    note = f"{login} is made up: everybody on maintainers is on operations too"
    return Rehearsed(configuration, read(configuration), (*rehearsed.notes, note))


def merged(configuration: Mapping[str, Any], repository: str) -> dict[str, Any]:
    """What is declared for a repository, the defaults filled in. The name is found whatever its case."""
    entries = configuration["repositories"]
    entry = next(value for name, value in entries.items() if name.lower() == repository.lower())
    return {**(configuration.get("defaults") or {}), **(entry or {})}


def chosen_repository(settings: Settings, repository: str | None) -> str:
    names = {
        r.name.lower(): r.name for r in settings.repositories if not is_stack(settings, r.name)
    }
    if not names:
        raise ChoiceError(
            "repositories",
            "without a package",
            "a repository that releases something",
            "declare one",
        )
    if repository is None:
        return next(iter(names.values()))
    if repository.lower() in names:
        return names[repository.lower()]
    allowed = f"one of the declared repositories: {listed([*names.values()])}"
    raise ChoiceError(
        "REPOSITORY",
        repr(repository),
        allowed,
        "name one of them, or declare it under repositories",
    )


def is_stack(settings: Settings, name: str) -> bool:
    """The stack's own repository releases no package, and its people are others."""
    return name.lower() == (settings.stack_repository or "").lower()


def chosen_layout(layout: str) -> str:
    if layout in LAYOUTS:
        return layout
    remedy = "name one of them, or leave it out for the declared one"
    raise ChoiceError("--layout", repr(layout), f"one of {', '.join(LAYOUTS)}", remedy)


def listed(names: list[str], most: int = 12) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
