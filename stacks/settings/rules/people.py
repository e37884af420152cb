"""What has to hold for the two teams, their people, and who applies the stack."""

from collections.abc import Iterator

from stacks.settings.declaration import Declaration, DeclaredTeam
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, shown
from stacks.settings.resolved import RepositorySettings, resolve_repositories, resolve_team


def teams_have_people(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declaration.teams():
        if not (team and (team.members or team.team_maintainers or team.existing)):
            yield Problem(
                path((role,)),
                "an empty team" if team else "missing",
                "at least one person under `members` or `team-maintainers`, or an `existing` team's slug",
                f"pulumi config set --path '{role}.members[0]' LOGIN",
            )


def existing_teams_stand_alone(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declaration.teams():
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
    operations, maintainers = (resolve_team(role, team) for role, team in declaration.teams())
    if operations.slug == maintainers.slug:
        yield Problem(
            path(("maintainers",)),
            f"the team {shown(maintainers.slug)}, like operations",
            "two different teams: merging and publishing are different matters",
            "name another team",
        )


def people_are_named_once(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declaration.teams():
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
        )


def deployments_can_be_approved(declaration: Declaration) -> Iterator[Problem]:
    """Nobody may approve what they started, so one person must not be the only one to do both."""
    operations = resolve_team("operations", declaration.operations)
    if operations.existing or len(operations.people) != 1:
        return
    for repository in resolve_repositories(declaration):
        others = {user.lower() for user in repository.reviewers.users} - {
            operations.people[0].lower()
        }
        if others or repository.reviewers.teams or repository.tag_creators == "maintainers":
            continue
        yield Problem(
            path(("operations",)),
            "one person alone",
            "two people at least: who pushes a release tag cannot approve its deployment, and the tags of "
            f"{repository.name} belong to this team",
            "add a second person to operations, name further reviewers, or let the maintainers create tags",
        )
        return


def pull_requests_can_be_approved(declaration: Declaration) -> Iterator[Problem]:
    """The author's own approval does not count, so `approvals` people are needed beside the author."""
    places: set[str] = set()
    for repository in resolve_repositories(declaration):
        people = approvers_of_pull_requests(repository, declaration)
        if people is None or repository.approvals < len(people):
            continue
        problem = too_few_approvers(repository, len(people))
        if problem.path not in places:
            yield problem
        places.add(problem.path)


def too_few_approvers(repository: RepositorySettings, count: int) -> Problem:
    if count < 2:
        return Problem(
            path((writers(repository),)),
            f"{count or 'no'} person with write access to {repository.name}",
            "two people at least: nobody approves their own pull request",
            "add people to the teams",
        )
    return Problem(
        path(repository.place("approvals")),
        str(repository.approvals),
        f"at most {count - 1}: {count} people can write to {repository.name}, and nobody approves their own pull request",
        "lower `approvals`, or add people to the teams",
    )


def writers(repository: RepositorySettings) -> str:
    """The team to which people have to be added so that more can write."""
    return "maintainers" if repository.maintainers_permission == "write" else "operations"


def approvers_of_pull_requests(
    repository: RepositorySettings, declaration: Declaration
) -> set[str] | None:
    """Who may give an approval that counts; unknown (`None`) where an existing team may write."""
    operations, maintainers = (resolve_team(role, team) for role, team in declaration.teams())
    teams = (
        [operations, maintainers] if repository.maintainers_permission == "write" else [operations]
    )
    if any(team.existing for team in teams) or any(
        permission in ("write", "maintain") for _, permission in repository.teams.items()
    ):
        return None
    return {login.lower() for team in teams for login in team.people}
