"""The configuration as it is written in `Pulumi.<stack>.yaml`, one model for each mapping.

Descriptions stand here once: `docs/configuration.md` and the JSON Schema of the stack file are made from them. A field that
may be left out is `None` here; what it then means is decided in one place, `DEFAULTS`.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr

from stacks.settings.declared_workflow import WORKFLOW_DEFAULTS, DeclaredWorkflow
from stacks.settings.model import StackFileModel
from stacks.settings.names import (
    AppSlug,
    Login,
    RepositoryName,
    SecretName,
    Slug,
    TagPattern,
    TeamName,
)

Permission = Literal["read", "triage", "write", "maintain"]
TagCreators = Literal["maintain", "maintainers", "operations"]


class DeclaredTeam(StackFileModel):
    """One of the two teams of the organization: its people, or an existing team by slug."""

    name: Annotated[
        TeamName | None,
        Field(
            description="The team's name; `operations` or `maintainers` when left out. A new one renames the team in place."
        ),
    ] = None
    description: Annotated[
        str | None, Field(description="One line about the team, shown on its page.")
    ] = None
    members: list[Login] = Field(default_factory=list, description="Logins of the team's members.")
    team_maintainers: list[Login] = Field(
        default_factory=list,
        description="Logins of those who may add people to the team. GitHub shows an owner of the organization as a "
        "maintainer of every team the owner is in, so owners belong here.",
    )
    existing: Annotated[
        Slug | None,
        Field(
            description="The slug of a team that exists and is looked after elsewhere, in place of all other keys."
        ),
    ] = None


class DeclaredReviewers(StackFileModel):
    """Who may approve a deployment beside the operations team."""

    users: list[Login] = Field(default_factory=list, description="Logins of people.")
    teams: list[Slug] = Field(
        default_factory=list,
        description="Slugs of existing teams, or that of the maintainers team.",
    )


class DeclaredGate(StackFileModel):
    """The options of what a release has to pass, and of whom."""

    release_tags: Annotated[
        TagPattern | None,
        Field(
            description="Which tags are releases. One pattern for the workflow's trigger, the environment's tag policy and the "
            "tag rulesets."
        ),
    ] = None
    tag_creators: Annotated[
        TagCreators | None,
        Field(
            description="Who may create release tags: `maintain` (everyone with the maintain or admin role), `maintainers` "
            "(the people of both teams) or `operations` (the operations team alone)."
        ),
    ] = None
    approvals: Annotated[
        int | None,
        Field(
            ge=1,
            le=10,
            description="How many approvals a pull request needs before it can be merged.",
        ),
    ] = None
    wait_minutes: Annotated[
        int | None,
        Field(
            ge=0,
            le=43200,
            description="Minutes (up to 30 days) that a deployment waits from its start, approved or not.",
        ),
    ] = None
    reviewers: Annotated[
        DeclaredReviewers | None,
        Field(
            description="People and existing teams who may approve a deployment beside operations; six in all."
        ),
    ] = None
    teams: Annotated[
        dict[Slug, Permission] | None,
        Field(
            description="Existing teams that get access beside the two, each with its permission. `admin` is not offered: an "
            "admin of a repository can take its gate away."
        ),
    ] = None
    maintainers_permission: Annotated[
        Literal["read", "triage", "write"] | None,
        Field(description="What the maintainers team may do."),
    ] = None
    secrets: Annotated[
        list[SecretName] | None,
        Field(
            description="Names of the secrets of the `deploy` environment; their values stand under `secrets`. "
            "`PYPI_TOKEN` becomes twine's password, any other a variable of its name; both for `scripts/publish` alone. "
            "A layout without a token has none."
        ),
    ] = None


class DeclaredOptions(DeclaredWorkflow, DeclaredGate):
    """Every choice there is for a repository: the gate first, then the workflow."""


class DeclaredRepository(DeclaredOptions):
    """One repository: the name alone takes the defaults, and any option may be set for it."""

    create: Annotated[
        bool | None,
        Field(
            description="Create the repository (public, with a first commit). It stays on GitHub when the entry is removed."
        ),
    ] = None
    formerly: Annotated[
        RepositoryName | None,
        Field(
            description="The name that this entry had before the repository was renamed on GitHub. What was set up is then "
            "kept; without it a renamed entry is refused."
        ),
    ] = None


def nothing_for_empty(value: Any) -> Any:
    """`pulumi config set --path` has no way to write an entry without options but the empty text."""
    return None if value == "" else value


class DeclaredApp(StackFileModel):
    """The GitHub App that applies the stack."""

    app: Annotated[
        AppSlug | None, Field(description="The app's slug, as in the address of its page.")
    ] = None
    id: Annotated[
        int | None, Field(ge=1, description="The app's numeric id, shown on the same page.")
    ] = None


class Declaration(StackFileModel):
    """The keys of the stack file that are the project's own."""

    operations: Annotated[
        DeclaredTeam | None,
        Field(
            description="The small team that signs off every release. It gets `maintain` everywhere."
        ),
    ] = None
    maintainers: Annotated[
        DeclaredTeam | None,
        Field(
            description="The large team that merges reviewed pull requests. It gets `write` everywhere."
        ),
    ] = None
    defaults: Annotated[
        DeclaredOptions | None, Field(description="Options for all repositories.")
    ] = None
    repositories: Annotated[
        dict[
            RepositoryName, Annotated[DeclaredRepository | None, BeforeValidator(nothing_for_empty)]
        ]
        | None,
        Field(description="The repositories, by name. One line adds one: `httpx:`."),
    ] = None
    secrets: Annotated[
        dict[RepositoryName, dict[SecretName, SecretStr]] | None,
        Field(
            description="The secrets' values by repository and name, each encrypted by `pulumi config set --secret`."
        ),
    ] = None
    applied_by: Annotated[
        DeclaredApp | None,
        Field(
            description="Who applies the stack and so may commit the workflow file past the review rule: the organization's "
            "admins when left out, or a GitHub App."
        ),
    ] = None
    stack_repository: Annotated[
        RepositoryName | None,
        Field(
            description="The repository that holds this stack. It belongs to operations: no other team may write to it."
        ),
    ] = None


DEFAULTS: dict[str, Any] = {
    "release_tags": "*",
    "tag_creators": "maintain",
    "approvals": 1,
    "wait_minutes": 0,
    "reviewers": DeclaredReviewers(),
    "teams": {},
    "maintainers_permission": "write",
    "secrets": ["PYPI_TOKEN"],
    **WORKFLOW_DEFAULTS,
}
