"""People on GitHub: who the declared and recorded logins are now, and what recorded ids are called.

GitHub does not redirect a login. Another person can register one that is free.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stacks.github_api import GitHubReader
from stacks.previous_state import PreviousState
from stacks.settings import Settings


@dataclass(frozen=True)
class Members:
    """The members of an organization: their ids by lower-case login, and who owns it."""

    ids: Mapping[str, int]
    owners: frozenset[str]


@dataclass(frozen=True)
class People:
    """The ids of logins, the logins of recorded ids, and the declared logins without a user."""

    ids: Mapping[str, int]
    logins: Mapping[int, str]
    unknown: frozenset[str]


def read_members(reader: GitHubReader, owner: str) -> Members:
    """Read the members of an organization: two requests, and one for each further hundred."""
    lists = [
        {
            str(item["login"]).lower(): item["id"]
            for item in reader.items(f"/orgs/{owner}/members?role={role}")
            if item.get("login")
        }
        for role in ("admin", "member")
    ]
    return Members({**lists[1], **lists[0]}, frozenset(lists[0]))


def read_people(
    reader: GitHubReader, settings: Settings, previous_state: PreviousState, members: Members
) -> People:
    """Read the ids of the logins of outsiders, and the present logins of people who were renamed.

    A recorded person costs a request only if the recorded login is not that person's any more.
    """
    declared = {login.lower() for login in declared_logins(settings)}
    recorded = {login.lower(): number for login, number in recorded_people(previous_state).items()}
    outsiders = sorted((declared | recorded.keys()) - members.ids.keys())
    ids = {**members.ids, **reader.user_ids(outsiders)}
    present = {number: login for login, number in ids.items()}
    lost = sorted(set(recorded.values()) - present.keys())
    renamed = reader.concurrently(lambda number: login_of(reader, number), lost)
    present |= {number: login for number, login in zip(lost, renamed, strict=True) if login}
    return People(
        ids={login: ids[login] for login in declared | recorded.keys() if login in ids},
        logins={number: present[number] for number in recorded.values() if number in present},
        unknown=frozenset(declared - ids.keys()),
    )


def declared_logins(settings: Settings) -> Iterable[str]:
    for team in settings.teams:
        yield from team.people
    for repository in settings.repositories:
        yield from repository.reviewers.users


def recorded_people(previous_state: PreviousState) -> dict[str, int]:
    """Return the id of each login that the state has, of reviewers too."""
    people = dict(previous_state.people)
    for entry in previous_state.entries.values():
        people |= entry.people
    return people


def login_of(reader: GitHubReader, user_id: int) -> str | None:
    """Return the login of a user now, or `None` for a deleted account.

    Source: https://docs.github.com/en/rest/users/users#get-a-user-using-their-id
    """
    response = reader.get(f"/user/{user_id}")
    return response.json()["login"].lower() if response else None
