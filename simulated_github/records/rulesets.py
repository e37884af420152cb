"""A ruleset: rules for the refs that its conditions match, and who may bypass them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BypassActor:
    """Someone whom a ruleset does not bind; ``mode`` is ``always``, ``pull_request`` or ``exempt``."""

    kind: str
    id: int | None
    mode: str = "always"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its type, such as ``creation``, and its parameters."""

    type: str
    parameters: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RepositoryTarget:
    """The repositories that an organization's ruleset is for: patterns over their names, or their ids."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    protected: bool = False
    ids: tuple[int, ...] | None = None


@dataclass(slots=True, eq=False)
class Ruleset:
    """A ruleset of a repository or, when ``repository_target`` is there, of an organization.

    ``include`` and ``exclude`` are patterns over whole ref names.
    """

    id: int
    name: str
    created_at: str
    updated_at: str
    target: str = "branch"
    enforcement: str = "active"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    bypass_actors: tuple[BypassActor, ...] = ()
    rules: tuple[Rule, ...] = field(default=())
    repository_target: RepositoryTarget | None = None
