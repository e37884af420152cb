"""The organization of a rehearsal, as it is on the simulated GitHub before the stack is applied."""

from commands.rehearsal.people import Cast, unique
from simulated_github.world.world_file import (
    AppFile,
    OrganizationFile,
    RepositoryFile,
    TeamFile,
    WorldFile,
)
from stacks.settings import Settings

# What an app needs to apply the stack, and to read what is found there.
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


def world(settings: Settings, cast: Cast, files: dict[str, str], elsewhere: str) -> WorldFile:
    """A world with the owner, people, teams and the one repository of `settings`; `elsewhere` is another repository."""
    people = unique(
        [
            *cast.everybody,
            *(login for team in settings.teams for login in team.people),
            *reviewers(settings),
        ]
    )
    organization = OrganizationFile(
        owners=[cast.owner],
        members=[login for login in people if login.lower() != cast.owner.lower()],
        teams={slug: team(settings, members) for slug, members in cast.teams.items()},
        repositories=repositories(settings, cast, files, elsewhere),
    )
    slugs = [settings.app.slug] if settings.app else []
    apps = {
        slug: AppFile.model_validate(
            {"installed_in": settings.owner, "permissions": APP_PERMISSIONS}
        )
        for slug in slugs
    }
    return WorldFile(users=list(people), organizations={settings.owner: organization}, apps=apps)


def team(settings: Settings, members: tuple[str, ...]) -> TeamFile:
    """A team that is there already. It can read the repository, as every team has to that reviews its deployments."""
    return TeamFile(members=list(members), repositories={"read": [settings.repositories[0].name]})


def reviewers(settings: Settings) -> tuple[str, ...]:
    return settings.repositories[0].reviewer_users


def repositories(
    settings: Settings, cast: Cast, files: dict[str, str], elsewhere: str
) -> dict[str, RepositoryFile]:
    """The rehearsed one with its sources, the stack's own, and one that the author writes to and no stack looks after."""
    found = {
        elsewhere: RepositoryFile(
            more_files={"README.md": f"# {elsewhere}\n"}, collaborators={"write": [cast.author]}
        )
    }
    if settings.stack_repository:
        found[settings.stack_repository] = RepositoryFile(more_files={"README.md": "# The stack\n"})
    return {**found, settings.repositories[0].name: RepositoryFile(more_files=files)}
