"""What has to hold for the two teams, their people, and who applies the stack."""

from collections.abc import Iterator

from stacks.settings.declared import Declaration, DeclaredTeam
from stacks.settings.parsing import path
from stacks.settings.places import declared_teams, team_places
from stacks.settings.problems import Problem, shown
from stacks.settings.resolving import resolve_team


def teams_have_people(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declared_teams(declaration):
        if not (team and (team.members or team.team_maintainers or team.existing)):
            yield Problem(
                path((role,)),
                "an empty team" if team else "missing",
                "at least one person under `members` or `team-maintainers`, or an `existing` team's slug",
                f"pulumi config set --path '{role}.members[0]' LOGIN",
                rests_on=tuple(
                    path((role, key)) for key in ("members", "team-maintainers", "existing")
                ),
            )


def existing_teams_stand_alone(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declared_teams(declaration):
        if (
            team
            and team.existing
            and (team.members or team.team_maintainers or team.name or team.description)
        ):
            yield Problem(
                path((role, "existing")),
                shown(team.existing),
                "either `existing`, or a name and people, not both",
                "remove `existing` to have the stack look after the team, or remove the other keys",
            )


def teams_differ(declaration: Declaration) -> Iterator[Problem]:
    operations, maintainers = (
        resolve_team(role, team) for role, team in declared_teams(declaration)
    )
    if operations.slug == maintainers.slug:
        yield Problem(
            path(("maintainers",)),
            f"the team {shown(maintainers.slug)}, like operations",
            "two different teams: merging and publishing are different matters",
            "name another team",
            rests_on=team_places("name", "existing"),
        )


def people_are_named_once(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declared_teams(declaration):
        for key, index, login in repeated(team):
            yield Problem(
                path((role, key, index)),
                shown(login),
                "each person once in a team, as member or as team maintainer (GitHub ignores upper and lower case)",
                "remove one of the two",
            )


def repeated(team: DeclaredTeam | None) -> Iterator[tuple[str, int, str]]:
    seen: set[str] = set()
    for key, logins in (
        (("team-maintainers", team.team_maintainers), ("members", team.members)) if team else ()
    ):
        for index, login in enumerate(logins):
            if login.lower() in seen:
                yield key, index, login
            seen.add(login.lower())


def the_app_is_complete(declaration: Declaration) -> Iterator[Problem]:
    app = declaration.applied_by
    if app and bool(app.app) != bool(app.id):
        yield Problem(
            path(("applied-by",)),
            "incomplete",
            "the app's slug and its numeric id, both on the page of the app's settings",
            "pulumi config set --path 'applied-by.app' SLUG; pulumi config set --path 'applied-by.id' ID",
            rests_on=(path(("applied-by", "app")), path(("applied-by", "id"))),
        )
