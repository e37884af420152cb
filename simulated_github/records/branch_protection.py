"""Classic branch protection: the rule for a branch, or for the branches of a name pattern."""

from collections.abc import Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Actors:
    """Users, teams and Apps, by their ids."""

    users: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    apps: tuple[int, ...] = ()

    def without(self, kind: str, ids: Collection[int]) -> "Actors":
        """Return the actors without some users or teams (`kind` is `User` or `Team`)."""
        if kind == "User":
            return replace(self, users=tuple(number for number in self.users if number not in ids))
        return replace(self, teams=tuple(number for number in self.teams if number not in ids))


@dataclass(frozen=True, slots=True)
class RequiredChecks:
    """The required status checks: contexts, and for each the id of the App that must report it."""

    strict: bool
    checks: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class RequiredReviews:
    """The required reviews of pull requests, and the actors who need none."""

    approvals: int
    dismisses_stale: bool = False
    by_code_owners: bool = False
    of_last_push: bool = False
    dismissers: Actors | None = None
    bypassers: Actors = Actors()


@dataclass(slots=True, eq=False)
class BranchProtection:
    """A protection rule; `pattern` is a branch's name or a pattern of names.

    `pushers` are the only actors who may push, None for every user with write access.
    """

    id: int
    pattern: str
    enforces_admins: bool = False
    checks: RequiredChecks | None = None
    reviews: RequiredReviews | None = None
    pushers: Actors | None = None
    linear_history: bool = False
    signatures: bool = False
    conversation_resolution: bool = False
    allows_force_pushes: bool = False
    allows_deletions: bool = False
    blocks_creations: bool = False
    locked: bool = False
    allows_fork_syncing: bool = False

    def remove_actors(self, kind: str, ids: Collection[int]) -> None:
        """Take deleted users or teams (`kind` is `User` or `Team`) off every list of actors."""
        if self.pushers is not None:
            self.pushers = self.pushers.without(kind, ids)
        if self.reviews is not None:
            dismissers = self.reviews.dismissers
            self.reviews = replace(
                self.reviews,
                dismissers=dismissers.without(kind, ids) if dismissers else None,
                bypassers=self.reviews.bypassers.without(kind, ids),
            )
