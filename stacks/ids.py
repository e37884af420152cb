"""The numbers by which GitHub knows people and teams, where only a number will do: required reviewers and bypass actors.

They are asked for here and not through the provider: its look-up of a user reads two lists of keys as well, and a name that
GitHub does not know would end in a traceback.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stacks.github_api import GitHubReader
from stacks.settings import RepositorySettings, Settings, Team
from stacks.settings.parsing import path
from stacks.settings.problems import GitHubError, Problem, shown


@dataclass(frozen=True)
class Ids:
    """Ids by login and by slug, as they are written in the settings."""

    people: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)


def names_needing_ids(settings: Settings) -> tuple[list[str], list[str]]:
    """The logins and the slugs of existing teams that need a number, sorted."""
    people = {login for repository in settings.repositories for login in repository.reviewers.users}
    teams = {slug for repository in settings.repositories for slug in repository.reviewers.teams}
    teams -= {team.slug for team in settings.teams}
    teams |= {team.slug for team in settings.teams if team.existing and needs_id(team, settings)}
    return sorted(people), sorted(teams)


def needs_id(team: Team, settings: Settings) -> bool:
    """Whether anything but access is given to a team; for that a slug will do."""
    return team.role == "operations" or any(
        repository.tag_creators == "maintainers" or team.slug in repository.reviewers.teams
        for repository in settings.repositories
    )


def read_ids(reader: GitHubReader, settings: Settings) -> Ids:
    """Every number that is wanted, in one request for a hundred names. Raises `GitHubError` for names that nobody has."""
    people, teams = names_needing_ids(settings)
    ids = Ids(reader.people(people), reader.teams(settings.owner, teams))
    missing = [
        *(missing_person(settings, login) for login in people if login not in ids.people),
        *(missing_team(settings, slug) for slug in teams if slug not in ids.teams),
    ]
    if missing:
        raise GitHubError("GitHub does not know everyone who is named", missing)
    return ids


def missing_person(settings: Settings, login: str) -> Problem:
    repository = first(settings, lambda each: login in each.reviewers.users)
    place = path((*repository.place("reviewers"), "users", repository.reviewers.users.index(login)))
    return Problem(
        place, shown(login), "the login of somebody on GitHub", "correct the login, or remove it"
    )


def missing_team(settings: Settings, slug: str) -> Problem:
    role = next((team.role for team in settings.teams if team.slug == slug), None)
    if role:
        place = path((role, "existing"))
    else:
        repository = first(settings, lambda each: slug in each.reviewers.teams)
        place = path(
            (*repository.place("reviewers"), "teams", repository.reviewers.teams.index(slug))
        )
    return Problem(
        place,
        shown(slug),
        "the slug of a team of the organization",
        "correct the slug, or create the team",
    )


def first(settings: Settings, names: Callable[[RepositorySettings], bool]) -> RepositorySettings:
    """The first repository that a name is used for."""
    return next(repository for repository in settings.repositories if names(repository))
