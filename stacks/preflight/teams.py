"""Checks of the declared users and teams on GitHub."""

from collections.abc import Iterator

from stacks.ids import unknown_team, unknown_user
from stacks.preflight.situation import Situation, shell_loop, summarize_names
from stacks.settings import Settings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display
from stacks.snapshot import TeamOnGitHub


def check_users(situation: Situation) -> Iterator[Problem]:
    for place, login in named_users(situation.settings):
        if login.lower() in situation.snapshot.unknown_logins:
            yield unknown_user(place, login)


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


def check_managed_teams(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` before it takes over a team of the declared name that it did not create."""
    for team in situation.settings.teams:
        on_github = situation.snapshot.teams.get(team.slug)
        if team.existing and not on_github:
            yield unknown_team(path((team.role, "existing")), team.slug, situation.owner)
        if on_github is None or team.existing:
            continue
        if team.role in situation.previous_state.unfinished_teams:
            yield unrecorded_team(situation.owner, team.role, on_github)
        elif situation.previous_state.teams.get(team.role) != on_github.id:
            yield Problem(
                path((team.role, "name")),
                display(team.name),
                "an unused team name: a team with this name exists and is not managed by this "
                "stack",
                f"choose another name; or use the team as it is, with `existing: {team.slug}` in "
                f"place of everything else under `{team.role}`",
            )


def unrecorded_team(owner: str, role: str, team: TeamOnGitHub) -> Problem:
    """Return the problem of a team that an earlier `up` created without recording it.

    The provider records a team only after all of its requests succeeded.
    """
    return Problem(
        path((role, "name")),
        f"{display(team.slug)}, a team that an earlier `pulumi up` created and did not record",
        "an unused team name",
        f"if the team is not in use yet: gh api -X DELETE orgs/{owner}/teams/{team.slug}; "
        "then run `pulumi up` again",
    )


def check_extra_teams(situation: Situation) -> Iterator[Problem]:
    """Check the teams other than the two of the stack that get access or review."""
    managed = {team.slug for team in situation.settings.teams}
    on_github = situation.snapshot.teams
    for repository in situation.settings.repositories:
        for slug in repository.teams:
            if slug not in on_github:
                place = path((*repository.place("teams"), slug))
                yield unknown_team(place, slug, situation.owner)
        for index, slug in enumerate(repository.reviewers.teams):
            if slug not in on_github and slug not in managed:
                place = path((*repository.place("reviewers"), "teams", index))
                yield unknown_team(place, slug, situation.owner)


def check_secret_teams(situation: Situation) -> Iterator[Problem]:
    """Check that no reviewing team is secret.

    Source: https://docs.github.com/en/rest/deployments/environments (a secret team cannot review).
    """
    for place, slug in reviewing_teams(situation.settings):
        team = situation.snapshot.teams.get(slug)
        if team and team.secret:
            yield Problem(
                place,
                display(slug),
                "a visible team: GitHub does not accept a secret team as a reviewer",
                "make it visible: "
                f"gh api -X PATCH orgs/{situation.owner}/teams/{slug} -f privacy=closed",
            )


def reviewing_teams(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the teams that review deployments with their key paths.

    The teams that the stack manages are left out: the stack makes them visible.
    """
    if settings.operations.existing:
        yield path(("operations", "existing")), settings.operations.slug
    managed = {team.slug for team in settings.teams if not team.existing}
    for repository in settings.repositories:
        for index, slug in enumerate(repository.reviewers.teams):
            if slug not in managed:
                yield path((*repository.place("reviewers"), "teams", index)), slug


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
