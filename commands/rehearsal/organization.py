"""The organization of a rehearsal before the stack is applied: people, teams, repositories."""

from collections.abc import Iterable
from dataclasses import dataclass

from commands.rehearsal.errors import ChoiceError
from simulated_github.world.world_file import (
    AppFile,
    OrganizationFile,
    RepositoryFile,
    TeamFile,
    WorldFile,
)
from stacks.settings import RepositorySettings, Settings, Team

MADE_UP_OWNER = "made-up-owner"
MADE_UP_MAINTAINER = "made-up-maintainer"
LONGEST_LOGIN = 39  # characters
# What an app needs to apply the stack, and to read its results.
APP_PERMISSIONS = {
    "actions": "read",
    "administration": "write",
    "contents": "write",
    "deployments": "read",
    "environments": "write",
    "members": "write",
    "organization_administration": "read",
    "organization_secrets": "read",
    "pull_requests": "write",
    "secrets": "write",
    "workflows": "write",
}


@dataclass(frozen=True)
class ReleasePeople:
    """The logins of a rehearsal, by role. People missing from the stack file get made-up logins.

    Attributes:
        owner: Owns the organization, and applies the stack unless an app does.
        author: Writes the release's pull request, and later attacks the gate.
        reviewers: Approve the pull request, as many as the declaration requires.
        maintainer: Is on maintainers. May approve a deployment only if `maintainers_approve`.
        pusher: Pushes the release tag.
        approver: May approve the deployment, and is not the pusher.
        maintainers_approve: Whether the maintainers team is a required reviewer of deployments.
        existing_teams: The members of teams that the stack does not manage, by slug.
    """

    owner: str
    author: str
    reviewers: tuple[str, ...]
    maintainer: str
    pusher: str
    approver: str
    maintainers_approve: bool
    existing_teams: dict[str, tuple[str, ...]]

    @property
    def logins(self) -> tuple[str, ...]:
        """Every login once."""
        roles = (self.owner, self.author, self.maintainer, self.pusher, self.approver)
        members = (login for team in self.existing_teams.values() for login in team)
        return unique([*roles, *self.reviewers, *members])


def choose_people(settings: Settings) -> ReleasePeople:
    """Return the people for settings with one repository.

    Raise `ChoiceError` if only one person may both push a tag and approve its deployment.
    """
    repository = settings.repositories[0]
    existing = members_of_existing_teams(settings, repository)
    operators = members_of(settings.operations, existing)
    maintainers = members_of(settings.maintainers, existing)
    members = {
        **existing,
        settings.operations.slug: operators,
        settings.maintainers.slug: maintainers,
    }
    in_teams = [login for slug in repository.reviewers.teams for login in members[slug]]
    approvers = unique([*operators, *repository.reviewers.users, *in_teams])
    owner = choose_owner(settings)
    maintainers_approve = settings.maintainers.slug in repository.reviewers.teams
    exempt = operators if maintainers_approve else approvers
    plain_maintainers = exclude(maintainers, (*operators, owner, *exempt))
    maintainer = next(iter(plain_maintainers), MADE_UP_MAINTAINER)
    more_pushers = {"maintain": (owner,), "maintainers": maintainers, "operations": ()}
    pushers = (*operators, *more_pushers[repository.tag_creators])
    pusher, approver = choose_pusher_and_approver(pushers, approvers)
    writers = operators
    if repository.maintainers_permission == "write":
        writers = unique([maintainer, *maintainers, *operators])
    return ReleasePeople(
        owner=owner,
        author=writers[0],
        reviewers=exclude(writers, writers[:1])[: repository.approvals],
        maintainer=maintainer,
        pusher=pusher,
        approver=approver,
        maintainers_approve=maintainers_approve,
        existing_teams=existing,
    )


def choose_pusher_and_approver(pushers: Iterable[str], approvers: Iterable[str]) -> tuple[str, str]:
    """Return the pusher of the tag, and a different person who approves it.

    Prefer a pusher who is also an approver, to test that self-approval is refused.
    """
    for pusher in pushers:
        for approver in exclude(approvers, (pusher,)):
            return pusher, approver
    raise ChoiceError(
        place="operations",
        value="one person",
        allowed="a second person, who approves the tags that the first one pushes",
        remedy="add a person to operations",
    )


def choose_owner(settings: Settings) -> str:
    """Return a login that may own the organization.

    GitHub shows an owner as a maintainer of every team, never as an ordinary member.
    """
    maintainers = [login for team in settings.teams for login in team.team_maintainers]
    members = [login for team in settings.teams for login in team.members]
    return next(iter(exclude(maintainers, members)), MADE_UP_OWNER)


def members_of_existing_teams(
    settings: Settings, repository: RepositorySettings
) -> dict[str, tuple[str, ...]]:
    """Return made-up members for each team that the stack does not manage, by slug."""
    managed = {team.slug for team in settings.teams if not team.existing}
    slugs = [team.slug for team in settings.teams if team.existing]
    slugs += [*repository.teams, *repository.reviewers.teams]
    return {
        slug: made_up_members(slug, repository.approvals + 2)
        for slug in unique(slugs)
        if slug not in managed
    }


def made_up_members(slug: str, count: int) -> tuple[str, ...]:
    logins = (f"member-{number}-of-{slug}" for number in range(1, count + 1))
    return tuple(login[:LONGEST_LOGIN].rstrip("-") for login in logins)


def members_of(team: Team, existing_teams: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if team.existing:
        return existing_teams[team.slug]
    return unique([*team.members, *team.team_maintainers])


def exclude(logins: Iterable[str], excluded: Iterable[str]) -> tuple[str, ...]:
    lowered = {login.lower() for login in excluded}
    return tuple(login for login in logins if login.lower() not in lowered)


def unique(logins: Iterable[str]) -> tuple[str, ...]:
    """Return each login once, compared without case, in its first spelling."""
    spellings: dict[str, str] = {}
    for login in logins:
        spellings.setdefault(login.lower(), login)
    return tuple(spellings.values())


def organization_world(
    settings: Settings, people: ReleasePeople, files: dict[str, str], undeclared_repository: str
) -> WorldFile:
    """Return a world with the owner, the people and the existing teams of `settings`.

    `files` are the sources of the rehearsed repository, by path. `undeclared_repository` is the
    name of another one, which the stack does not manage and the author may write to.
    """
    declared = [
        login for team in settings.teams for login in members_of(team, people.existing_teams)
    ]
    logins = unique([*people.logins, *declared, *settings.repositories[0].reviewers.users])
    organization = OrganizationFile(
        owners=[people.owner],
        members=[*exclude(logins, (people.owner,))],
        teams={
            slug: existing_team(settings, members)
            for slug, members in people.existing_teams.items()
        },
        repositories=world_repositories(settings, people, files, undeclared_repository),
    )
    apps = {}
    if settings.app:
        apps[settings.app.slug] = AppFile.model_validate(
            {"installed_in": settings.owner, "permissions": APP_PERMISSIONS}
        )
    return WorldFile(users=[*logins], organizations={settings.owner: organization}, apps=apps)


def existing_team(settings: Settings, members: tuple[str, ...]) -> TeamFile:
    """Return a team that can read the repository, which reviewers of deployments must."""
    return TeamFile(members=[*members], repositories={"read": [settings.repositories[0].name]})


def world_repositories(
    settings: Settings, people: ReleasePeople, files: dict[str, str], undeclared_repository: str
) -> dict[str, RepositoryFile]:
    """Return the rehearsed, the undeclared and the stack's own repository, by name."""
    repositories = {
        undeclared_repository: RepositoryFile(
            more_files={"README.md": f"# {undeclared_repository}\n"},
            collaborators={"write": [people.author]},
        ),
        settings.repositories[0].name: RepositoryFile(more_files=files),
    }
    if settings.stack_repository:
        repositories[settings.stack_repository] = RepositoryFile(
            more_files={"README.md": "# The stack\n"}
        )
    return repositories
