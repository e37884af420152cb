"""Approvals have to be possible: nobody may be the only one to approve what they did themselves."""

from collections.abc import Iterator

from stacks.settings.declared import Declaration
from stacks.settings.parsing import path
from stacks.settings.places import declared_teams, option_places, team_places
from stacks.settings.problems import Problem
from stacks.settings.resolved import RepositorySettings
from stacks.settings.resolving import resolve_repositories, resolve_team


def deployments_can_be_approved(declaration: Declaration) -> Iterator[Problem]:
    """Nobody may approve what they started, so one person must not be the only one to do both."""
    operations = resolve_team("operations", declaration.operations)
    if operations.existing or len(operations.people) != 1:
        return
    for repository in resolve_repositories(declaration):
        others = {user.lower() for user in repository.reviewer_users} - {
            operations.people[0].lower()
        }
        if others or repository.reviewer_teams or repository.tag_creators == "maintainers":
            continue
        yield Problem(
            path(("operations",)),
            "one person alone",
            "two people at least: who pushes a release tag cannot approve its deployment, and the tags of "
            f"{repository.name} belong to this team",
            "add a second person to operations, name further reviewers, or let the maintainers create tags",
            rests_on=(
                *team_places("members", "team-maintainers"),
                *option_places(repository.name, "reviewers", "tag_creators"),
            ),
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
    where = (
        *team_places("members", "team-maintainers"),
        *option_places(repository.name, "maintainers_permission", "teams"),
    )
    if count < 2:
        return Problem(
            path((writers(repository),)),
            f"{count or 'no'} person with write access to {repository.name}",
            "two people at least: nobody approves their own pull request",
            "add people to the teams",
            rests_on=where,
        )
    return Problem(
        path(repository.place("approvals")),
        str(repository.approvals),
        f"at most {count - 1}: {count} people can write to {repository.name}, and nobody approves their own pull request",
        "lower `approvals`, or add people to the teams",
        rests_on=(*where, *option_places(repository.name, "approvals")),
    )


def writers(repository: RepositorySettings) -> str:
    """The team to which people have to be added so that more can write."""
    return "maintainers" if repository.maintainers_permission == "write" else "operations"


def approvers_of_pull_requests(
    repository: RepositorySettings, declaration: Declaration
) -> set[str] | None:
    """Who may give an approval that counts; unknown (`None`) where an existing team may write."""
    operations, maintainers = (
        resolve_team(role, team) for role, team in declared_teams(declaration)
    )
    teams = (
        [operations, maintainers] if repository.maintainers_permission == "write" else [operations]
    )
    if any(team.existing for team in teams) or any(
        permission in ("write", "maintain") for _, permission in repository.teams
    ):
        return None
    return {login.lower() for team in teams for login in team.people}
