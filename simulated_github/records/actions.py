"""What GitHub Actions may do in a repository or an organization, and its variables."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Secret:
    """A secret's name and value; ``visibility`` and ``repositories`` are an organization secret's."""

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
    """A variable: like a secret, but readable; ``visibility`` and ``repositories`` are an organization variable's."""

    name: str
    value: str
    created_at: str
    updated_at: str
    visibility: str = "all"
    repositories: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class ActionsSettings:
    """Whether Actions run, which actions may be used, and what the workflow's own token may do.

    ``enabled_repositories`` (all, none, selected) and ``repositories`` are an organization's; ``patterns`` counts
    when ``allowed_actions`` is ``selected``. Source of the defaults: GitHub's docs, "Managing GitHub Actions
    settings" (a new organization's token reads).
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
