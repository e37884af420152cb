"""Deployment environments with their required reviewers, policies, secrets and variables."""

from dataclasses import dataclass, field

from simulated_github.records.actions import Secret, Variable


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A required reviewer; `kind` is `User` or `Team`, `id` the id of either."""

    kind: str
    id: int


@dataclass(slots=True, eq=False)
class DeploymentPolicy:
    """A name pattern of refs that may deploy; `kind` is `branch` or `tag`."""

    id: int
    name: str
    kind: str = "branch"


@dataclass(slots=True, eq=False)
class Environment:
    """An environment of a repository.

    `branch_policy` is None (every ref may deploy), `protected` or `custom`. `rule_ids`
    maps the type of each protection rule to its id. `wait_timer` is in minutes.
    """

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
