"""The numeric ids of users, teams and repositories, which stay when their names change.

GitHub requires those of users and teams for reviewers and bypass actors. The provider does not read
them: its lookup of a user also reads two lists of keys, and fails with a traceback for an unknown
name. The state records all of them, and a preview takes them from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stacks.github_api import GitHubReader
from stacks.previous_state import PreviousState
from stacks.settings import RepositorySettings, Settings, Team
from stacks.settings.parsing import path
from stacks.settings.problems import GitHubError, Problem, display
from stacks.snapshot import Snapshot


@dataclass(frozen=True)
class Ids:
    """Ids by name.

    Attributes:
        people: Ids of people by lower-case login.
        teams: Ids of teams that the stack does not manage, by slug.
        repositories: Ids of repositories by their key in the stack file.
    """

    people: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    repositories: Mapping[str, int] = field(default_factory=dict)


def known_ids(
    settings: Settings, previous_state: PreviousState, snapshot: Snapshot | None = None
) -> Ids:
    """Return the recorded ids, and in place of them those of the snapshot where there is one."""
    recorded = previous_state.repositories
    repositories = {
        repository.name: number
        for repository in settings.repositories
        if (number := recorded.get(repository.name) or recorded.get(repository.formerly or ""))
    }
    if snapshot is None:
        return Ids(previous_state.people, previous_state.existing_teams, repositories)
    on_github = {
        repository.name: snapshot.repositories[repository.name.lower()].id
        for repository in settings.repositories
        if repository.name.lower() in snapshot.repositories
    }
    return Ids(
        people={**previous_state.people, **snapshot.people},
        teams={
            **previous_state.existing_teams,
            **{slug: team.id for slug, team in snapshot.teams.items()},
        },
        repositories={**repositories, **on_github},
    )


def names_needing_ids(settings: Settings) -> tuple[list[str], list[str]]:
    """Return the logins, and the slugs of existing teams, whose ids are needed; both sorted."""
    repositories = changeable(settings)
    logins = {login for repository in repositories for login in repository.reviewers.users}
    slugs = {slug for repository in repositories for slug in repository.reviewers.teams}
    slugs -= {team.slug for team in settings.teams}
    slugs |= {team.slug for team in settings.teams if team.existing and needs_id(team, settings)}
    return sorted(logins), sorted(slugs)


def needs_id(team: Team, settings: Settings) -> bool:
    """Return whether the team's numeric id is needed; granting access only needs the slug."""
    return team.role == "operations" or any(
        repository.tag_creators == "maintainers" or team.slug in repository.reviewers.teams
        for repository in changeable(settings)
    )


def changeable(settings: Settings) -> list[RepositorySettings]:
    """Return the repositories that are not archived."""
    return [repository for repository in settings.repositories if not repository.archived]


def names_without_ids(settings: Settings, ids: Ids) -> tuple[list[str], list[str]]:
    """Return the logins and slugs whose ids are needed, but not known."""
    logins, slugs = names_needing_ids(settings)
    return (
        [login for login in logins if login.lower() not in ids.people],
        [slug for slug in slugs if slug not in ids.teams],
    )


def read_ids(reader: GitHubReader, settings: Settings, recorded: Ids) -> Ids:
    """Read the ids that are needed and not in `recorded`, a hundred names in one request.

    Raise `GitHubError` listing every name that GitHub does not have.
    """
    logins, slugs = names_without_ids(settings, recorded)
    people = {login.lower(): number for login, number in reader.user_ids(logins).items()}
    teams = reader.team_ids(settings.owner, slugs)
    ids = replace(recorded, people={**recorded.people, **people}, teams={**recorded.teams, **teams})
    missing = [
        *(missing_reviewer(settings, login) for login in logins if login.lower() not in ids.people),
        *(missing_team(settings, slug) for slug in slugs if slug not in ids.teams),
    ]
    if missing:
        raise GitHubError("GitHub does not have every user and team in the stack file", missing)
    return ids


def missing_reviewer(settings: Settings, login: str) -> Problem:
    repository = next(
        repository for repository in changeable(settings) if login in repository.reviewers.users
    )
    index = repository.reviewers.users.index(login)
    return unknown_user(path((*repository.place("reviewers"), "users", index)), login)


def missing_team(settings: Settings, slug: str) -> Problem:
    for team in settings.teams:
        if team.slug == slug:
            return unknown_team(path((team.role, "existing")), slug, settings.owner)
    repository = next(
        repository for repository in changeable(settings) if slug in repository.reviewers.teams
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
