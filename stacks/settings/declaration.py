"""The stack file: one model for each of its mappings, with a description of every key."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr

from stacks.settings.model import StackFileModel
from stacks.settings.names import AppSlug, Date, Login, RepositoryName, SecretName, Slug, TeamName
from stacks.settings.options import Options

Location = tuple[str | int, ...]


class DeclaredTeam(StackFileModel):
    """One of the two teams of the organization: its members, or the slug of an existing team."""

    name: TeamName | None = Field(
        None,
        description="The team's name. The default is `operations` or `maintainers`. A new name "
        "renames the team.",
    )
    description: str | None = Field(
        None, description="The description of the team, shown on its page."
    )
    members: list[Login] = Field([], description="Logins of the team's members.")
    team_maintainers: list[Login] = Field(
        [],
        description="Logins of the team's maintainers, who can add members. GitHub makes every "
        "organization owner in a team its maintainer, so list owners here.",
    )
    existing: Slug | None = Field(
        None,
        description="The slug of an existing team that this stack does not manage, in place of all "
        "other keys.",
    )


class RepositoryEntry(Options):
    """One repository. The name alone uses the defaults, and any option can be set for it."""

    create: bool | None = Field(
        None,
        description="Create the repository (public, with a first commit). It stays on GitHub when "
        "the entry is removed.",
    )
    formerly: RepositoryName | None = Field(
        None,
        description="The name of this entry before the repository was renamed on GitHub. The stack "
        "then keeps its resources. Without it, a renamed entry is an error.",
    )
    archived: bool | None = Field(
        None,
        description="The repository is archived on GitHub. The stack keeps its entry and changes "
        "nothing in the repository.",
    )
    retired: bool | None = Field(
        None,
        description="The repository no longer publishes. Its environment stays, closed: no tag can "
        "deploy to it, and it has no secret. Everything else is removed.",
    )


def none_for_empty_text(value: Any) -> Any:
    """Read the only entry without options that `pulumi config set --path` can write."""
    return None if value == "" else value


class DeclaredAcceptance(StackFileModel):
    """The reason to accept a finding of the checks, until a date."""

    reason: str | None = Field(None, description="Why the finding is accepted.")
    until: Date | None = Field(None, description="The last day on which it is accepted.")


class DeclaredApp(StackFileModel):
    """The GitHub App that applies the stack."""

    app: AppSlug | None = Field(
        None, description="The app's slug, as in the address of its page: github.com/apps/SLUG."
    )
    id: int | None = Field(
        None, ge=1, description="The app's numeric id, shown on the page of its settings."
    )


Entry = Annotated[RepositoryEntry | None, BeforeValidator(none_for_empty_text)]


class Declaration(StackFileModel):
    """The keys of the stack file that belong to this project."""

    operations: DeclaredTeam | None = Field(
        None,
        description="The small team that approves every release. It gets the `maintain` role in "
        "every repository.",
    )
    maintainers: DeclaredTeam | None = Field(
        None,
        description="The large team that merges reviewed pull requests. It gets the `write` role "
        "in every repository.",
    )
    defaults: Options | None = Field(None, description="Options for all repositories.")
    repositories: dict[RepositoryName, Entry] | None = Field(
        None, description="The repositories by name. One line adds one: `httpx:`."
    )
    secrets: dict[RepositoryName, dict[SecretName, SecretStr]] | None = Field(
        None,
        description="The values of environment secrets by repository and name, each encrypted by "
        "`pulumi config set --path ... --secret`.",
    )
    applied_by: DeclaredApp | None = Field(
        None,
        description="The GitHub App that applies the stack and can commit the workflow file past "
        "the review ruleset. When left out, organization admins apply it.",
    )
    stack_repository: RepositoryName | None = Field(
        None,
        description="The repository that holds this stack. No team but operations can have write "
        "access to it.",
    )
    accept: dict[str, DeclaredAcceptance] | None = Field(
        None,
        description="Findings that are accepted, by the id that `pulumi up` and "
        "`scripts/preflight` print.",
    )

    def teams(self) -> Iterator[tuple[str, DeclaredTeam | None]]:
        """Yield the role and the declaration of each team."""
        yield "operations", self.operations
        yield "maintainers", self.maintainers

    def entries(self) -> Iterator[tuple[str, RepositoryEntry]]:
        """Yield the repositories whose entry sets an option."""
        for name, entry in (self.repositories or {}).items():
            if entry:
                yield name, entry

    def option_layers(self) -> Iterator[tuple[Location, Options]]:
        """Yield each mapping of options with its place: the defaults and every entry."""
        if self.defaults:
            yield ("defaults",), self.defaults
        for name, entry in self.entries():
            yield ("repositories", name), entry
