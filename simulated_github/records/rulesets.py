"""Rulesets: rules for the refs that match their conditions, and the actors who may bypass them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class BypassActor:
    """An actor who may bypass a ruleset.

    `kind` is GitHub's `actor_type`, such as `Team`; `mode` is `always`, `pull_request`
    or `exempt`.
    """

    kind: str
    id: int | None
    mode: str = "always"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a ruleset; `type` is GitHub's, such as `creation`."""

    type: str
    parameters: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RepositoryTarget:
    """The repositories of an organization ruleset, by name patterns or, when set, by ids."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    protected: bool = False
    ids: tuple[int, ...] | None = None


@dataclass(slots=True, eq=False)
class Ruleset:
    """A ruleset of a repository or, when `repository_target` is set, of an organization.

    `include` and `exclude` are patterns of full ref names, such as `refs/tags/*`.
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

    def remove_repository(self, repository_id: int) -> None:
        """Take a repository off the ids that an organization's ruleset targets."""
        target = self.repository_target
        if target is not None and target.ids is not None:
            remaining = tuple(number for number in target.ids if number != repository_id)
            self.repository_target = replace(target, ids=remaining)

    def remove_bypass_actors(self, kind: str, ids: Collection[int]) -> None:
        """Take users or teams (`kind` is `User` or `Team`) off the bypass actors."""
        self.bypass_actors = tuple(
            actor for actor in self.bypass_actors if actor.kind != kind or actor.id not in ids
        )
