"""The numeric ids of users and teams, which GitHub requires for reviewers and bypass actors.

The provider does not read them: its lookup of a user also reads two lists of keys, and fails with a
traceback for an unknown name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stacks.github_api import GitHubReader
from stacks.settings import Settings, Team
from stacks.settings.parsing import path
from stacks.settings.problems import GitHubError, Problem, display


@dataclass(frozen=True)
class Ids:
    """Ids by login and by slug, as the settings write them."""

    people: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)


def names_needing_ids(settings: Settings) -> tuple[list[str], list[str]]:
    """Return the logins, and the slugs of existing teams, whose ids are needed; both sorted."""
    logins = {login for repository in settings.repositories for login in repository.reviewers.users}
    slugs = {slug for repository in settings.repositories for slug in repository.reviewers.teams}
    slugs -= {team.slug for team in settings.teams}
    slugs |= {team.slug for team in settings.teams if team.existing and needs_id(team, settings)}
    return sorted(logins), sorted(slugs)


def needs_id(team: Team, settings: Settings) -> bool:
    """Return whether the team's numeric id is needed; granting access only needs the slug."""
    return team.role == "operations" or any(
        repository.tag_creators == "maintainers" or team.slug in repository.reviewers.teams
        for repository in settings.repositories
    )


def read_ids(reader: GitHubReader, settings: Settings) -> Ids:
    """Read the ids that are needed, a hundred names in one request.

    Raise `GitHubError` listing every name that GitHub does not have.
    """
    logins, slugs = names_needing_ids(settings)
    ids = Ids(reader.user_ids(logins), reader.team_ids(settings.owner, slugs))
    missing = [
        *(missing_reviewer(settings, login) for login in logins if login not in ids.people),
        *(missing_team(settings, slug) for slug in slugs if slug not in ids.teams),
    ]
    if missing:
        raise GitHubError("GitHub does not have every user and team in the stack file", missing)
    return ids


def missing_reviewer(settings: Settings, login: str) -> Problem:
    repository = next(
        repository for repository in settings.repositories if login in repository.reviewers.users
    )
    index = repository.reviewers.users.index(login)
    return unknown_user(path((*repository.place("reviewers"), "users", index)), login)


def missing_team(settings: Settings, slug: str) -> Problem:
    for team in settings.teams:
        if team.slug == slug:
            return unknown_team(path((team.role, "existing")), slug, settings.owner)
    repository = next(
        repository for repository in settings.repositories if slug in repository.reviewers.teams
    )
    index = repository.reviewers.teams.index(slug)
    place = path((*repository.place("reviewers"), "teams", index))
    return unknown_team(place, slug, settings.owner)


def unknown_user(place: str, login: str) -> Problem:
    return Problem(
        place,
        display(login),
        "the login of a GitHub user",
        "correct the login, or remove it",
    )


def unknown_team(place: str, slug: str, owner: str) -> Problem:
    return Problem(
        place,
        display(slug),
        "the slug of a team of the organization",
        "correct the slug, or create the team: "
        f"gh api orgs/{owner}/teams -f name={slug} -f privacy=closed",
    )
