"""GitHub Actions: settings, secrets, variables, and deployment environments."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class NamedValue:
    """A secret or a variable.

    `visibility` (all, private, selected) and `repositories` (ids, for selected) are set for those
    of an organization.
    """

    name: str
    value: str
    created_at: str
    updated_at: str
    visibility: str = "all"
    repositories: tuple[int, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Secret(NamedValue):
    """A secret with its decrypted value, which only the control plane shows."""

    def __repr__(self) -> str:
        return f"Secret({self.name!r})"


@dataclass(slots=True, eq=False)
class Variable(NamedValue):
    """A variable, whose value users with access can read."""


@dataclass(slots=True, eq=False)
class ActionsSettings:
    """Whether workflows run, which actions they may use, and the default of the job token.

    `enabled_repositories` (all, none, selected) and `repositories` (ids) are set for
    organizations. `patterns` counts when `allowed_actions` is `selected`.

    Source of the defaults: GitHub's docs, "Managing GitHub Actions settings" (the job token of a
    new organization may only read).
    """

    enabled: bool = True
    enabled_repositories: str = "all"
    repositories: tuple[int, ...] = ()
    allowed_actions: str = "all"
    sha_pinning_required: bool = False
    github_owned_allowed: bool = True
    verified_allowed: bool = False
    patterns: tuple[str, ...] = field(default=())
    default_workflow_permissions: str = "read"
    can_approve_pull_request_reviews: bool = False

    def enables(self, repository_id: int) -> bool:
        """Return whether an organization's settings enable Actions in one of its repositories."""
        if self.enabled_repositories == "selected":
            return repository_id in self.repositories
        return self.enabled_repositories == "all"


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A required reviewer; `kind` is `User` or `Team`, `id` is the id of the user or team."""

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
