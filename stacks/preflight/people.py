"""What has to hold on GitHub for the people who are named."""

from collections.abc import Iterator

from stacks.preflight.situation import Situation
from stacks.settings import Settings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, shown


def people_exist(situation: Situation) -> Iterator[Problem]:
    for place, login in named_people(situation.settings):
        if login.lower() in situation.snapshot.missing_people:
            yield Problem(
                place,
                shown(login),
                "the login of somebody on GitHub",
                "correct the login, or remove it",
            )


def named_people(settings: Settings) -> Iterator[tuple[str, str]]:
    for team in settings.teams:
        for index, login in enumerate(team.team_maintainers):
            yield path((team.role, "team-maintainers", index)), login
        for index, login in enumerate(team.members):
            yield path((team.role, "members", index)), login
    for repository in settings.repositories:
        for index, login in enumerate(repository.reviewers.users):
            yield path((*repository.place("reviewers"), "users", index)), login


def owners_are_team_maintainers(situation: Situation) -> Iterator[Problem]:
    for team in situation.settings.teams:
        for index, login in enumerate(team.members):
            if login.lower() in situation.snapshot.owners:
                yield Problem(
                    path((team.role, "members", index)),
                    shown(login),
                    "members who do not own the organization: GitHub shows an owner as a maintainer of every team, so "
                    "each refresh would find a difference",
                    f"move {login} to {team.role}.team-maintainers",
                )
