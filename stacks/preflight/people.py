"""Rules on people: the number behind a login, and memberships that are gone from GitHub.

A login moves on: after a rename, anybody can register the old one. So a login whose number is not
the recorded one is never invited, and nothing is taken from it.
"""

from collections.abc import Iterator, Sequence

from stacks.ids import unknown_user
from stacks.preflight.situation import Situation, shell_loop, summarize_names
from stacks.previous_state import RecordedResource
from stacks.settings import Settings, Team
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display, join_names


def named_users(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every login in the settings with its key path."""
    for team in settings.teams:
        for index, login in enumerate(team.team_maintainers):
            yield path((team.role, "team-maintainers", index)), login
        for index, login in enumerate(team.members):
            yield path((team.role, "members", index)), login
    for repository in settings.repositories:
        for index, login in enumerate(repository.reviewers.users):
            yield path((*repository.place("reviewers"), "users", index)), login


def recorded_people(situation: Situation) -> dict[str, int]:
    """Return the recorded number of each login, in lower case."""
    return {login.lower(): number for login, number in situation.previous_state.people.items()}


def check_users(situation: Situation) -> Iterator[Problem]:
    """Require that every declared login is the person whose number is recorded.

    A changed login is one problem, at the first place that has it: its remedy is for all places.
    """
    recorded = recorded_people(situation)
    changed: set[str] = set()
    for place, login in named_users(situation.settings):
        number = recorded.get(login.lower())
        current = situation.snapshot.people.get(login.lower())
        if number is not None and current != number:
            if login.lower() in changed:
                continue
            changed.add(login.lower())
            yield changed_person(situation, place, login, number)
        elif login.lower() in situation.snapshot.unknown_logins:
            yield unknown_user(place, login)


def changed_person(situation: Situation, place: str, login: str, number: int) -> Problem:
    """Return the problem of a login that the recorded person no longer has."""
    new_login = situation.snapshot.logins.get(number)
    reused = login.lower() in situation.snapshot.people
    stranger = f"{login} is another account now" if reused else "the login is free"
    forget = f"scripts/forget {login}"
    if new_login:
        return Problem(
            place,
            f"{display(login)}, a person who is called {new_login} now; {stranger}",
            "the login that the person has now",
            f"write {new_login} wherever the stack file has {login}; then {forget}, which leaves "
            "the memberships as they are",
        )
    return Problem(
        place,
        f"{display(login)}, a person whose account is deleted; {stranger}",
        "the login of the person that was set up",
        f"remove {login} from the stack file; then {forget}",
    )


def check_owner_roles(situation: Situation) -> Iterator[Problem]:
    for team in situation.settings.teams:
        for index, login in enumerate(team.members):
            if login.lower() in situation.snapshot.owners:
                yield Problem(
                    path((team.role, "members", index)),
                    display(login),
                    "members who do not own the organization: GitHub makes an owner a maintainer "
                    "of every team, so each refresh would report a difference",
                    f"move {login} to `{team.role}.team-maintainers`",
                )


def check_removed_people(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where a removed login is no longer that of the recorded person.

    The provider removes a membership by login: it would fail, or remove another account.
    """
    recorded = recorded_people(situation)
    declared = {login.lower() for _, login in named_users(situation.settings)}
    # The last role of a login: what is forgotten once is forgotten in all of them.
    roles = {login: role for role, login in recorded_memberships(situation, declared=False)}
    for login, role in roles.items():
        number = None if login in declared else recorded.get(login)
        if number is not None and situation.snapshot.logins.get(number, "").lower() != login:
            new_login = situation.snapshot.logins.get(number)
            fate = f"called {new_login} now" if new_login else "deleted on GitHub"
            yield Problem(
                path((role, "members")),
                f"without {display(login)}, a person who is {fate}",
                "a state without the former login",
                f"scripts/forget {login}",
            )


def check_lost_memberships(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where GitHub no longer has a recorded membership.

    The engine would invite the person again after a refresh, or fail to remove what is gone.
    """
    recorded = recorded_people(situation)
    for team in situation.settings.teams:
        on_github = situation.managed_team(team.role)
        if on_github is None or team.existing:
            continue
        for declared in (True, False):
            logins = sorted(
                login
                for role, login in recorded_memberships(situation, declared=declared)
                if role == team.role
                and login not in on_github.people
                and is_same_person(situation, recorded, login)
            )
            if logins:
                yield lost_memberships(situation, team, logins, declared=declared)


def is_same_person(situation: Situation, recorded: dict[str, int], login: str) -> bool:
    """Return whether a login is still that of the recorded person, or no number is recorded."""
    number = recorded.get(login)
    return number is None or situation.snapshot.people.get(login) == number


def recorded_memberships(situation: Situation, *, declared: bool) -> list[tuple[str, str]]:
    """Return the role and lower-case login of recorded memberships, declared ones or the rest."""
    logins = {
        team.role: {login.lower() for login in team.people} for team in situation.settings.teams
    }
    return [
        (role, login)
        for role, login in situation.previous_state.memberships
        if (login in logins.get(role, ())) == declared
    ]


def lost_memberships(
    situation: Situation, team: Team, logins: Sequence[str], *, declared: bool
) -> Problem:
    resources = [situation.previous_state.memberships[team.role, login] for login in logins]
    names = join_names(logins)
    if not declared:
        return Problem(
            path((team.role, "members")),
            f"without {names}, and GitHub has removed {names} from the team already",
            "a state without memberships that are gone",
            refresh_command(resources),
        )
    return Problem(
        path((team.role, "members")),
        f"with {names}, whom GitHub no longer has in the team {team.slug}, nor invited to it",
        "people who are in the team or invited to it",
        f"remove each of them from `{team.role}`, or leave the line to invite the person again; "
        f"then, in both cases: {refresh_command(resources)}",
    )


def refresh_command(resources: Sequence[RecordedResource]) -> str:
    """Return the command that lets the state follow GitHub for some resources only."""
    targets = " ".join(f"--target '{resource.urn}'" for resource in resources)
    return f"pulumi refresh --yes --skip-preview {targets}"


def undeclared_members(situation: Situation) -> Iterator[str]:
    """Warn about users who are in a managed team, or invited to it, and not in the settings."""
    for team in situation.settings.teams:
        if on_github := situation.managed_team(team.role):
            declared = {login.lower() for login in team.people}
            if logins := sorted(on_github.people - declared):
                place = f"in the team {team.slug}, or invited to it, but not declared"
                subject = summarize_names(logins, f"is {place}", f"users are {place}")
                endpoint = f"orgs/{situation.owner}/teams/{team.slug}/memberships/{{}}"
                command = shell_loop(logins, f"gh api -X DELETE {endpoint}")
                yield (
                    f"{subject}. Add each login to `{team.role}.members`, or remove the user: "
                    f"{command}"
                )
