"""Rules for the two teams, their members, approvals, and the app that applies the stack."""

from collections.abc import Iterator

from stacks.settings.declaration import Declaration, DeclaredTeam
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display
from stacks.settings.resolved import RepositorySettings, publishing_repositories, resolve_team


def check_empty_teams(declaration: Declaration) -> Iterator[Problem]:
    """Require a member, a team maintainer or an existing team for each role."""
    for role, team in declaration.teams():
        if not (team and (team.members or team.team_maintainers or team.existing)):
            yield Problem(
                path((role,)),
                "an empty team" if team else "missing",
                "at least one login in `members` or `team-maintainers`, or the slug of an "
                "`existing` team",
                f"pulumi config set --path '{role}.members[0]' LOGIN",
            )


def check_existing_teams(declaration: Declaration) -> Iterator[Problem]:
    """Require that an existing team has no other keys."""
    for role, team in declaration.teams():
        if (
            team
            and team.existing
            and (team.members or team.team_maintainers or team.name or team.description)
        ):
            yield Problem(
                path((role, "existing")),
                display(team.existing),
                "either `existing` alone, or the other keys without it",
                "remove `existing` to let the stack manage the team, or remove the other keys",
            )


def check_distinct_teams(declaration: Declaration) -> Iterator[Problem]:
    """Require two different teams."""
    operations, maintainers = (resolve_team(role, team) for role, team in declaration.teams())
    if operations.slug == maintainers.slug:
        yield Problem(
            path(("maintainers",)),
            f"the team {display(maintainers.slug)}, like operations",
            "two different teams: one merges pull requests, the other approves releases",
            "name another team",
        )


def check_duplicate_logins(declaration: Declaration) -> Iterator[Problem]:
    """Require each login only once in a team."""
    for role, team in declaration.teams():
        for key, index, login in repeated_logins(team):
            yield Problem(
                path((role, key, index)),
                display(login),
                "each login once, as a member or as a team maintainer (case does not matter)",
                "remove one of the two",
            )


def repeated_logins(team: DeclaredTeam | None) -> Iterator[tuple[str, int, str]]:
    """Yield the key, the index and the login of each repetition in a team."""
    team = team or DeclaredTeam()
    seen: set[str] = set()
    for key, logins in (("team-maintainers", team.team_maintainers), ("members", team.members)):
        for index, login in enumerate(logins):
            if login.lower() in seen:
                yield key, index, login
            seen.add(login.lower())


def check_incomplete_app(declaration: Declaration) -> Iterator[Problem]:
    """Require both the slug and the id of the app, or neither."""
    app = declaration.applied_by
    if app and bool(app.app) != bool(app.id):
        yield Problem(
            path(("applied-by",)),
            "incomplete",
            "the app's slug and its numeric id, both on the page of the app's settings",
            "pulumi config set --path 'applied-by.app' SLUG; "
            "pulumi config set --path 'applied-by.id' ID",
        )


def check_deployment_approvers(declaration: Declaration) -> Iterator[Problem]:
    """Require a second person for each deployment: GitHub prevents self-reviews."""
    operations = resolve_team("operations", declaration.operations)
    if operations.existing or len(operations.people) != 1:
        return
    for repository in publishing_repositories(declaration):
        users = {user.lower() for user in repository.reviewers.users}
        second_users = users - {operations.people[0].lower()}
        if second_users or repository.reviewers.teams or repository.tag_creators == "maintainers":
            continue
        yield Problem(
            path(("operations",)),
            "a team of only one person",
            "at least two people: the user who pushed a release tag cannot approve its deployment, "
            f"and only this team creates the release tags of {repository.name}",
            "add a second person to operations, add `reviewers`, or set `tag-creators` to "
            "maintainers",
        )
        return


def check_pull_request_approvers(declaration: Declaration) -> Iterator[Problem]:
    """Require enough people to approve a pull request in addition to its author."""
    places: set[str] = set()
    for repository in publishing_repositories(declaration):
        people = approvers_of_pull_requests(repository, declaration)
        if people is None or repository.approvals < len(people):
            continue
        problem = too_few_approvers(repository, len(people))
        if problem.path not in places:
            yield problem
        places.add(problem.path)


def too_few_approvers(repository: RepositorySettings, count: int) -> Problem:
    """Return the problem of a repository to which `count` people can write."""
    if count < 2:
        return Problem(
            path((writing_role(repository),)),
            f"{count or 'no'} person with write access to {repository.name}",
            "at least two people: users cannot approve their own pull requests",
            "add people to the teams",
        )
    return Problem(
        path(repository.place("approvals")),
        str(repository.approvals),
        f"at most {count - 1}: {count} people can write to {repository.name}, and users cannot "
        "approve their own pull requests",
        "lower `approvals`, or add people to the teams",
    )


def writing_role(repository: RepositorySettings) -> str:
    """Return the role of the team whose members can write and approve."""
    return "maintainers" if repository.maintainers_permission == "write" else "operations"


def approvers_of_pull_requests(
    repository: RepositorySettings, declaration: Declaration
) -> set[str] | None:
    """Return the users whose approval counts, or `None` if an existing team can write."""
    operations, maintainers = (resolve_team(role, team) for role, team in declaration.teams())
    teams = (
        [operations, maintainers] if repository.maintainers_permission == "write" else [operations]
    )
    if any(team.existing for team in teams) or any(
        permission in ("write", "maintain") for _, permission in repository.teams.items()
    ):
        return None
    return {login.lower() for team in teams for login in team.people}
