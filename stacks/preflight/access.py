"""Findings on access that the stack does not declare: maintainers and admins by hand.

A user with the maintain role can create release tags. An admin can also open the gate, and read a
token through a workflow.
"""

from collections.abc import Iterator

from stacks.preflight.findings import Finding
from stacks.preflight.situation import Situation
from stacks.settings import RepositorySettings
from stacks.snapshot import TeamOnGitHub

POWERFUL = ("maintain", "admin")
CAN = {"maintain": "can create release tags", "admin": "can remove the approval gate"}


def direct_access(situation: Situation) -> Iterator[Finding]:
    """Report people with the maintain or admin role of their own in a repository.

    Owners of the organization have that role anyway, and so do operations for `maintain`.
    """
    operators = {login.lower() for login in situation.settings.operations.people}
    for repository, on_github in situation.existing:
        for person in on_github.collaborators:
            login = person.login.lower()
            is_expected = login in situation.snapshot.owners or (
                login in operators and person.permission == "maintain"
            )
            if person.permission in POWERFUL and not is_expected:
                yield Finding(
                    "direct-access",
                    repository.name,
                    f"has {person.login} as a collaborator with the role {person.permission}",
                    f"repositories have {person.login} as a collaborator with the role "
                    f"{person.permission}",
                    f"This person {CAN[person.permission]}",
                    f"gh api -X DELETE repos/{situation.owner}/{{}}/collaborators/{person.login}",
                    "Remove the role",
                    thing=person.login,
                )


def team_access(situation: Situation) -> Iterator[Finding]:
    """Report teams with the maintain or admin role that the stack file does not give them."""
    teams = {team.id: team for team in situation.snapshot.teams.values()}
    for repository, on_github in situation.existing:
        for team_id, permission in sorted(on_github.team_permissions.items()):
            team = teams.get(team_id)
            if team is None or permission not in POWERFUL:
                continue
            if permission != declared_permission(situation, repository, team):
                yield Finding(
                    "team-access",
                    repository.name,
                    f"gives the team {team.slug} the role {permission}",
                    f"repositories give the team {team.slug} the role {permission}",
                    f"Each member {CAN[permission]}",
                    f"gh api -X DELETE orgs/{situation.owner}/teams/{team.slug}/repos/"
                    f"{situation.owner}/{{}}",
                    "Remove the role, or declare the team under `teams`",
                    thing=team.slug,
                )


def declared_permission(
    situation: Situation, repository: RepositorySettings, team: TeamOnGitHub
) -> str | None:
    """Return the permission that the stack file gives to a team, if it gives one."""
    operations = situation.settings.operations
    recorded = situation.previous_state.teams.get("operations")
    if team.id == recorded or (operations.existing and team.slug == operations.slug):
        return "maintain"
    return repository.teams.get(team.slug)


def base_permission(situation: Situation) -> Iterator[Finding]:
    """Report an organization in which every member is an admin of every repository."""
    owner = situation.owner
    if situation.snapshot.base_permission == "admin":
        yield Finding(
            "base-permission",
            owner,
            "gives every member the role admin in every repository",
            "organizations give every member the role admin in every repository",
            f"each member {CAN['admin']}",
            f"gh api -X PATCH orgs/{owner} -f default_repository_permission=read --silent",
            "Lower it",
            blocks=True,
        )
