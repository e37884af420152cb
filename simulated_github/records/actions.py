"""The GitHub Actions settings, secrets and variables of a repository or an organization."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Secret:
    """A secret with its decrypted value, which only the control plane shows.

    `visibility` (all, private, selected) and `repositories` (ids, for selected) are set for
    organization secrets.
    """

    name: str
    value: str
    created_at: str
    updated_at: str
    visibility: str = "all"
    repositories: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Secret({self.name!r})"


@dataclass(slots=True, eq=False)
class Variable:
    """A variable, which is a secret that anyone with access may read.

    `visibility` and `repositories` are set for organization variables.
    """

    name: str
    value: str
    created_at: str
    updated_at: str
    visibility: str = "all"
    repositories: tuple[int, ...] = ()


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
