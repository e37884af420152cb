"""An environment: who reviews, what may deploy to it, and its secrets."""

from dataclasses import dataclass, field

from simulated_github.records.actions import Secret, Variable


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A required reviewer: ``User`` or ``Team``, and its id."""

    kind: str
    id: int


@dataclass(slots=True, eq=False)
class DeploymentPolicy:
    """A pattern of branches or tags that may deploy; ``kind`` is ``branch`` or ``tag``."""

    id: int
    name: str
    kind: str = "branch"


@dataclass(slots=True, eq=False)
class Environment:
    """An environment of a repository; ``branch_policy`` is None, ``protected`` or ``custom``."""

    id: int
    name: str
    created_at: str
    updated_at: str
    rule_ids: dict[str, int]
    wait_timer: int = 0
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    reviewers: tuple[Reviewer, ...] = ()
    branch_policy: str | None = None
    policies: dict[int, DeploymentPolicy] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
