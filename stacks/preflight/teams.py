"""Rules on the teams of the stack and on existing teams: names, numbers and grants."""

from collections.abc import Iterator

from stacks.ids import unknown_team
from stacks.preflight.people import refresh_command
from stacks.preflight.situation import Situation
from stacks.previous_state import RecordedResource
from stacks.settings import Settings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display, join_names
from stacks.snapshot import TeamOnGitHub

GRANT = "github:index/teamRepository:TeamRepository"


def check_managed_teams(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` before it takes over a team of the declared name that it did not create."""
    for team in situation.settings.teams:
        on_github = situation.snapshot.teams.get(team.slug)
        if on_github is None or team.existing:
            continue
        if team.role in situation.previous_state.unfinished_teams:
            yield unrecorded_team(situation.owner, team.role, on_github)
        elif situation.previous_state.teams.get(team.role) == on_github.id:
            continue
        elif ours := situation.managed_team(team.role):
            place = path((team.role, "name"))
            yield Problem(
                place,
                f"{display(team.name)}, while the team of the stack is called {ours.slug} now and "
                "another team has this name",
                "a name that no other team has",
                f"pulumi config set --path '{place}' {ours.slug}; or choose another name",
            )
        else:
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


def check_switched_teams(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` before it deletes a team that is no longer declared as a managed one."""
    for team in situation.settings.teams:
        team_id = situation.previous_state.teams.get(team.role)
        if team.existing and team_id is not None:
            yield Problem(
                path((team.role, "existing")),
                f"{display(team.slug)}, while the stack manages the team with the number "
                f"{team_id}, which `pulumi up` would delete with its memberships",
                "a role whose team the stack has let go of",
                f"scripts/forget {team.role}, which leaves the team on GitHub as it is",
            )


def check_deleted_teams(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where GitHub no longer has a team that the stack manages."""
    for team in situation.settings.teams:
        team_id = situation.previous_state.teams.get(team.role)
        if team_id is None or team.existing or situation.managed_team(team.role):
            continue
        yield Problem(
            team.role,
            f"the team with the number {team_id} in the state, which is deleted on GitHub, or "
            "hidden from this token",
            "a team that exists",
            f"scripts/forget {team.role}; then `pulumi up` creates the team again",
        )


def check_existing_teams(situation: Situation) -> Iterator[Problem]:
    """Require that an existing team exists, and that its number is the recorded one."""
    changed: set[str] = set()
    for place, slug in existing_teams(situation.settings):
        on_github = situation.snapshot.teams.get(slug)
        number = situation.previous_state.existing_teams.get(slug)
        if slug in changed:
            continue
        if number is not None and (on_github is None or on_github.id != number):
            changed.add(slug)
            yield changed_team(situation, place, slug, number)
        elif on_github is None:
            yield unknown_team(place, slug, situation.owner)


def existing_teams(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the slug of every team that the stack uses and does not manage, with its key path."""
    managed = {team.slug for team in settings.teams if not team.existing}
    for team in settings.teams:
        if team.existing:
            yield path((team.role, "existing")), team.slug
    for repository in settings.repositories:
        for slug in repository.teams:
            if slug not in managed:
                yield path((*repository.place("teams"), slug)), slug
        for index, slug in enumerate(repository.reviewers.teams):
            if slug not in managed:
                yield path((*repository.place("reviewers"), "teams", index)), slug


def changed_team(situation: Situation, place: str, slug: str, number: int) -> Problem:
    """Return the problem of a slug that the recorded team no longer has."""
    teams = situation.snapshot.teams.values()
    renamed = next((team for team in teams if team.id == number), None)
    forget = f"scripts/forget {slug}"
    if renamed:
        return Problem(
            place,
            f"{display(slug)}, a team that is called {renamed.slug} now",
            "the slug that the team has now",
            f"write {renamed.slug} wherever the stack file has {slug}; then {forget}, which "
            "leaves the access of the team as it is",
        )
    remedy = f"remove {slug} from the stack file; then {forget}"
    if current := situation.snapshot.teams.get(slug):
        remedy = f"if the team with the number {current.id} is to take its place: {forget}"
    return Problem(
        place,
        f"{display(slug)}, a team with the number {number} in the state, which is deleted on "
        "GitHub, or hidden from this token",
        "the team that was set up",
        remedy,
    )


def check_lost_grants(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where a team no longer has the access that the state records.

    The engine would not notice, and would fail to revoke what is gone.
    """
    for repository, on_github in situation.existing:
        entry = situation.recorded_entry(repository)
        if entry is None or repository.archived or "team_permissions" in on_github.unseen:
            continue
        lost = [
            resource
            for place, resource in sorted(entry.resources.items())
            if resource.type == GRANT
            and (team := team_of(situation, resource)) is not None
            and team.id not in on_github.team_permissions
        ]
        if lost:
            names = join_names(resource.name.rsplit("/", 1)[-1] for resource in lost)
            yield Problem(
                path(("repositories", repository.name)),
                f"without access for {names}, which the state records",
                "the recorded access of each team",
                f"{refresh_command(lost)}; then `pulumi up` gives the access that is declared",
            )


def team_of(situation: Situation, grant: RecordedResource) -> TeamOnGitHub | None:
    """Return the team that has a grant: its id begins with the number, or with the slug."""
    name = grant.id.split(":")[0]
    teams = situation.snapshot.teams
    return next((team for team in teams.values() if name in (str(team.id), team.slug)), None)


def check_secret_teams(situation: Situation) -> Iterator[Problem]:
    """Check that no reviewing team is secret.

    Source: https://docs.github.com/en/rest/deployments/environments (a secret team cannot review).
    The stack creates its own teams as visible ones, and does not see a later change.
    """
    managed = {team.slug: team.role for team in situation.settings.teams if not team.existing}
    for place, slug in reviewing_teams(situation.settings):
        role = managed.get(slug)
        team = situation.managed_team(role) if role else situation.snapshot.teams.get(slug)
        if team and team.secret:
            yield Problem(
                place,
                display(team.slug),
                "a visible team: GitHub does not accept a secret team as a reviewer",
                "make it visible: "
                f"gh api -X PATCH orgs/{situation.owner}/teams/{team.slug} -f privacy=closed",
            )


def reviewing_teams(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the teams that review deployments with their key paths."""
    operations = settings.operations
    place = ("operations", "existing") if operations.existing else ("operations",)
    yield path(place), operations.slug
    for repository in settings.repositories:
        for index, slug in enumerate(repository.reviewers.teams):
            yield path((*repository.place("reviewers"), "teams", index)), slug
