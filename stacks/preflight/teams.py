"""What has to hold on GitHub for the teams that are named."""

from collections.abc import Iterator

from stacks.preflight.situation import Situation
from stacks.settings import Settings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, shown
from stacks.snapshot import TeamOnGitHub


def teams_are_as_declared(situation: Situation) -> Iterator[Problem]:
    for team in situation.settings.teams:
        there = situation.snapshot.teams.get(team.slug)
        if team.existing and not there:
            yield no_team(path((team.role, "existing")), team.slug)
        if there is None or team.existing:
            continue
        if team.role in situation.previous_state.unfinished_teams:
            yield left_over(situation.settings.owner, team.role, there)
        elif situation.previous_state.teams.get(team.role) != there.id:
            yield Problem(
                path((team.role, "name")),
                shown(team.name),
                "a name that no team has yet: this stack did not make that team, and will not take it over unasked",
                f"`pulumi config set --path '{team.role}.existing' {team.slug}` to use it as it is, or another name",
            )


def left_over(owner: str, role: str, team: TeamOnGitHub) -> Problem:
    """The provider records a team only after everything about it went well: an answer that got lost leaves one behind."""
    return Problem(
        path((role, "name")),
        f"{shown(team.slug)}, a team that an earlier `pulumi up` began to make and did not record",
        "a name that no team has yet, as it was before that `up`",
        f"gh api -X DELETE orgs/{owner}/teams/{team.slug}, unless somebody uses it by now; then `pulumi up`",
    )


def other_teams_exist(situation: Situation) -> Iterator[Problem]:
    managed = {team.slug for team in situation.settings.teams}
    for repository in situation.settings.repositories:
        for slug in repository.teams:
            if slug not in situation.snapshot.teams:
                yield no_team(path((*repository.place("teams"), slug)), slug)
        for index, slug in enumerate(repository.reviewers.teams):
            if slug not in situation.snapshot.teams and slug not in managed:
                yield no_team(path((*repository.place("reviewers"), "teams", index)), slug)


def no_team(place: str, slug: str) -> Problem:
    return Problem(
        place,
        shown(slug),
        "the slug of a team of the organization",
        "correct the slug, or create the team",
    )


def reviewing_teams_are_visible(situation: Situation) -> Iterator[Problem]:
    """https://docs.github.com/en/rest/deployments/environments: a secret team cannot review deployments."""
    for place, slug in reviewing_teams(situation.settings):
        team = situation.snapshot.teams.get(slug)
        if team and team.secret:
            yield Problem(
                place,
                shown(slug),
                "a visible team: GitHub takes no secret team as reviewer",
                "make it visible",
            )


def reviewing_teams(settings: Settings) -> Iterator[tuple[str, str]]:
    """The existing teams that review deployments; those that the stack looks after are made visible by it."""
    if settings.operations.existing:
        yield path(("operations", "existing")), settings.operations.slug
    managed = {team.slug for team in settings.teams if not team.existing}
    for repository in settings.repositories:
        for index, slug in enumerate(repository.reviewers.teams):
            if slug not in managed:
                yield path((*repository.place("reviewers"), "teams", index)), slug
