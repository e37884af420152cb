"""Rules on access: declared reviewers without it, and maintainers and admins by hand.

GitHub stores an environment without the reviewers that have no access to the repository, and
responds as if all were stored. So `up` would end well and leave a gate without them.
Source: https://github.com/integrations/terraform-provider-github/issues/1166 (a team needs access).
Assumption: a person needs more than a public repository gives every user, as in the choice of
reviewers on GitHub's settings page.

A user with the maintain role can create release tags. An admin can also open the gate, and read a
token through a workflow.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from stacks.preflight.findings import Finding
from stacks.preflight.situation import Situation, shell_loop, summarize_names
from stacks.settings import RepositorySettings, Team
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display, join_names
from stacks.snapshot import RepositoryOnGitHub, TeamOnGitHub

POWERFUL = ("maintain", "admin")
CAN = {"maintain": "can create release tags", "admin": "can remove the approval gate"}
ALLOWED = "reviewers with access to the repository: GitHub drops any other one without an error"


class Access(Enum):
    """Whether a reviewer will have access when `up` writes the environment."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reviewer:
    """A declared reviewer of one repository: a team by its slug, or a person by the login."""

    place: str
    name: str
    is_team: bool
    repository: RepositorySettings = field(hash=False, compare=False)
    is_member: bool = True
    exists: bool = True


def reviewers(situation: Situation) -> Iterator[tuple[Reviewer, Access]]:
    """Yield each declared reviewer of each repository that `up` sets up, with the access.

    Left out are the operations team, which `up` gives access, and names that GitHub does not have
    or that moved on: they are problems of their own.
    """
    snapshot = situation.snapshot
    on_github_by_name = {repository.name: item for repository, item in situation.existing}
    for repository in situation.settings.repositories:
        on_github = on_github_by_name.get(repository.name)
        is_new = repository.create and repository.name.lower() not in snapshot.repositories
        if is_new:
            on_github = RepositoryOnGitHub(0, repository.name, archived=False, private=False)
        if on_github is None or on_github.archived or repository.archived:
            continue
        place = repository.place("reviewers")
        for index, slug in enumerate(repository.reviewers.teams):
            if access := reviewing_team_access(situation, repository, on_github, slug):
                reviewer = Reviewer(path((*place, "teams", index)), slug, True, repository)
                yield reviewer, access
        for index, login in enumerate(repository.reviewers.users):
            if is_declared_person(situation, login):
                yield (
                    Reviewer(
                        path((*place, "users", index)),
                        login,
                        False,
                        repository,
                        is_member=login.lower() in snapshot.members,
                        exists=not is_new,
                    ),
                    reviewing_person_access(situation, repository, on_github, login.lower()),
                )


def is_declared_person(situation: Situation, login: str) -> bool:
    """Return whether a login is that of a user, and of the recorded one if there is one."""
    number = situation.snapshot.people.get(login.lower())
    recorded = situation.previous_state.people
    numbers = {name.lower(): person for name, person in recorded.items()}
    return login.lower() not in situation.snapshot.unknown_logins and (
        numbers.get(login.lower()) in (None, number)
    )


def reviewing_team_access(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub, slug: str
) -> Access | None:
    """Return the access of a reviewing team; `None` where GitHub does not have the team."""
    if slug in granted_slugs(situation, repository):
        return Access.YES
    team = situation.snapshot.teams.get(slug)
    if team is None:
        return None
    if team.id in on_github.team_permissions:
        return Access.YES
    return Access.UNKNOWN if "team_permissions" in on_github.unseen else Access.NO


def granted_slugs(situation: Situation, repository: RepositorySettings) -> set[str]:
    """Return the teams that `up` gives access to a repository."""
    settings = situation.settings
    if repository.retired:
        return {settings.operations.slug}
    return {settings.operations.slug, settings.maintainers.slug, *repository.teams}


def reviewing_person_access(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub, login: str
) -> Access:
    """Return the access of a person, by the lower-case login.

    A person outside the organization has none before they accept an invitation, and the provider
    does not wait for that.
    """
    snapshot = situation.snapshot
    if login in snapshot.owners or login in {p.login.lower() for p in on_github.collaborators}:
        return Access.YES
    if login in snapshot.members:
        if snapshot.base_permission not in (None, "none"):
            return Access.YES
        teams = {team.slug: team for team in situation.settings.teams}
        granted = granted_slugs(situation, repository)
        if any(is_in_team(situation, teams[slug], login) for slug in granted & teams.keys()):
            return Access.YES
        if snapshot.base_permission is None or has_unread_team(situation, granted, on_github):
            return Access.UNKNOWN
    return Access.UNKNOWN if "collaborators" in on_github.unseen else Access.NO


def is_in_team(situation: Situation, team: Team, login: str) -> bool:
    """Return whether a managed team has a person, or will have after `up`."""
    on_github = situation.managed_team(team.role)
    people = on_github.people if on_github else frozenset[str]()
    return login in people or login in {person.lower() for person in team.people}


def has_unread_team(situation: Situation, granted: set[str], on_github: RepositoryOnGitHub) -> bool:
    """Return whether a team with access exists whose members are not read."""
    managed = {team.slug for team in situation.settings.teams if not team.existing}
    ids = {situation.previous_state.teams.get(team.role) for team in situation.settings.teams}
    return bool(granted - managed) or not on_github.team_permissions.keys() <= ids


def check_reviewers(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` before GitHub drops a declared reviewer, once for each place."""
    groups: dict[Reviewer, list[Reviewer]] = defaultdict(list)
    for reviewer, access in reviewers(situation):
        if access is Access.NO:
            groups[reviewer].append(reviewer)
    for first, group in groups.items():
        names = join_names(reviewer.repository.name for reviewer in group)
        kind = "a team" if first.is_team else "a person"
        yield Problem(
            first.place,
            f"{display(first.name)}, {kind} without access to {names}",
            ALLOWED,
            team_remedy(group) if first.is_team else person_remedy(situation.owner, group),
        )


def repositories_without_access(situation: Situation) -> set[str]:
    """Return the repositories of which a declared reviewer will have no access."""
    return {
        reviewer.repository.name for reviewer, access in reviewers(situation) if access is Access.NO
    }


def people_with_unknown_access(situation: Situation, repository: RepositorySettings) -> list[str]:
    """Return the reviewers of a repository that are people and may have no access."""
    return [
        reviewer.name
        for reviewer, access in reviewers(situation)
        if reviewer.repository is repository and not reviewer.is_team and access is Access.UNKNOWN
    ]


def team_remedy(group: list[Reviewer]) -> str:
    """Return the command that declares the access of a team."""
    places = dict.fromkeys(
        path((*reviewer.repository.place("teams"), reviewer.name)) for reviewer in group
    )
    return " && ".join(f"pulumi config set --path '{place}' read" for place in places)


def person_remedy(owner: str, group: list[Reviewer]) -> str:
    """Return the command that gives a person access.

    Source: https://docs.github.com/en/rest/collaborators/collaborators#add-a-repository-collaborator
    (a member of the organization is added at once, and any other person is invited).
    """
    first = group[0]
    if not first.exists:
        return (
            f"remove {first.name} from the reviewers; after `pulumi up` has created the "
            "repository, give the person access, and add the reviewer again"
        )
    names = [reviewer.repository.name for reviewer in group]
    command = shell_loop(names, grant_command(owner, "{}", first.name))
    if first.is_member:
        return command
    return f"{command}; then {first.name} accepts the invitation of GitHub"


def grant_command(owner: str, repository: str, login: str) -> str:
    """Return the command that lets a person read a repository."""
    return f"gh api -X PUT repos/{owner}/{repository}/collaborators/{login} -f permission=pull"


def unknown_access(situation: Situation) -> Iterator[str]:
    """Warn about reviewers whose access cannot be known, such as members of existing teams."""
    groups: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for reviewer, access in reviewers(situation):
        if access is Access.UNKNOWN:
            groups[reviewer.name, reviewer.is_team].append(reviewer.repository.name)
    for (name, is_team), names in groups.items():
        subject = summarize_names(
            names,
            f"has the reviewer {name}, whose access cannot be seen",
            f"repositories have the reviewer {name}, whose access cannot be seen",
        )
        owner = situation.owner
        endpoint = (
            f"orgs/{owner}/teams/{name}/repos/{owner}/{{}}"
            if is_team
            else f"repos/{owner}/{{}}/collaborators/{name}"
        )
        command = shell_loop(names, f"gh api {endpoint} --silent")
        yield f"{subject}. {ALLOWED}. This fails where there is none: {command}"


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
