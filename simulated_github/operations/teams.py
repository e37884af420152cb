"""Teams of an organization."""

from simulated_github.errors import Forbidden, NotFound, invalid
from simulated_github.http.fields import Text, body, integer, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnTeam
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.accounts import Organization, Team
from simulated_github.records.roles import ROLES, Role
from simulated_github.rules import access
from simulated_github.shapes import teams
from simulated_github.world.ids import slug_of

MAINTAINER = OnTeam(maintains=True, permission="members:write", scopes=("write:org",))
_FIELDS = {
    "description": text(nullable=True),
    "privacy": text("secret", "closed"),
    "notification_setting": text("notifications_enabled", "notifications_disabled"),
    "permission": text("pull", "push"),
    "parent_team_id": integer(nullable=True),
}
_COPIED_FIELDS = ("description", "privacy", "notification_setting", "permission")


def _shape(request: Request, team: Team) -> dict[str, object]:
    organization = request.organization
    public = sum(
        not repository.private for repository in request.world.repositories_of(organization)
    )
    return teams.full(request.links, organization, team, public)


def _list(request: Request) -> Response:
    organization = request.organization
    visible = [team for team in organization.teams.values() if request.may_see(organization, team)]
    return page(
        request,
        sorted(visible, key=lambda team: team.slug),
        lambda team: teams.with_parent(request.links, organization, team),
    )


def _create(request: Request) -> Response:
    organization = request.organization
    created_at = request.world.clock.stamp()
    if not (organization.members_can_create_teams or request.is_by_owner()):
        raise Forbidden("You must be an organization owner to create a team.")
    name = _check_name(organization, request.body["name"])
    team = Team(request.world.ids.take("team"), name, slug_of(name), created_at, created_at)
    team.privacy = "closed" if request.body.get("parent_team_id") else "secret"
    _apply_fields(request, team)
    organization.teams[team.id] = team
    _add_first_members(request, team)
    for full_name in request.body.get("repo_names", ()):
        _add_first_repository(request, team, full_name)
    return created(_shape(request, team))


def _check_name(organization: Organization, name: str, team: Team | None = None) -> str:
    slug = slug_of(name)
    if not slug:
        raise invalid("Team", "name", "missing_field")
    if any(
        existing.slug == slug and existing is not team for existing in organization.teams.values()
    ):
        raise invalid("Team", "name", "unprocessable", "Name must be unique for this org", name)
    return name


def _add_first_members(request: Request, team: Team) -> None:
    """Make the requested maintainers members, or the team's creator when none is named.

    Source: GitHub's docs, REST page "Create a team".
    """
    maintainers = [request.world.user(login) for login in request.body.get("maintainers", ())]
    if any(user is None or user.id not in request.organization.members for user in maintainers):
        raise invalid(
            "Team", "maintainers", "invalid", "Maintainers must be members of the organization."
        )
    team.members |= {user.id: "maintainer" for user in maintainers if user}
    if not maintainers and request.token is not None and request.token.installation is None:
        team.members[request.user.id] = "maintainer"


def _add_first_repository(request: Request, team: Team, full_name: str) -> None:
    owner, _, name = full_name.partition("/")
    repository = request.world.repository(owner, name)
    if repository is None or request.role_on(repository) is not Role.ADMIN:
        raise invalid("Team", "repo_names", "invalid", f"{full_name} could not be added.")
    team.repositories[repository.id] = ROLES[team.permission]


def _apply_fields(request: Request, team: Team) -> None:
    organization = request.organization
    if "parent_team_id" in request.body:
        team.parent_id = _parse_parent(organization, team, request.body["parent_team_id"])
    for name in _COPIED_FIELDS:
        if name in request.body:
            setattr(team, name, request.body[name])
    if team.parent_id is not None and team.privacy == "secret":
        raise invalid("Team", "privacy", "invalid", "A nested team cannot be secret.")


def _parse_parent(organization: Organization, team: Team, parent_id: int | None) -> int | None:
    if parent_id is None:
        return None
    parent = organization.teams.get(parent_id)
    if parent is None:
        raise NotFound
    if parent.privacy == "secret" or team in access.team_and_ancestors(organization, parent):
        raise invalid(
            "Team", "parent_team_id", "invalid", "This team cannot be a parent of the team."
        )
    return parent.id


def _get(request: Request) -> Response:
    return ok(_shape(request, request.team))


def _update(request: Request) -> Response:
    team = request.team
    organization = request.organization
    if "name" in request.body:
        team.name = _check_name(organization, request.body["name"], team)
        team.slug = slug_of(team.name)
    _apply_fields(request, team)
    team.updated_at = request.world.clock.stamp()
    return ok(_shape(request, team))


def _delete(request: Request) -> Response:
    """Delete a team and its child teams, also from reviewers, bypass actors and protections.

    Source: GitHub's docs, REST page "Delete a team".
    """
    organization = request.organization
    team = request.team
    deleted_ids = {
        candidate.id
        for candidate in organization.teams.values()
        if team in access.team_and_ancestors(organization, candidate)
    }
    organization.teams = {
        team_id: candidate
        for team_id, candidate in organization.teams.items()
        if team_id not in deleted_ids
    }
    for invitation in organization.invitations.values():
        invitation.teams = {
            team_id: role
            for team_id, role in invitation.teams.items()
            if team_id not in deleted_ids
        }
    for repository in request.world.repositories.values():
        repository.forget("Team", deleted_ids)
    for ruleset in organization.rulesets.values():
        ruleset.remove_bypass_actors("Team", deleted_ids)
    return no_content()


operations = [
    Operation("teams/list", "GET", "/orgs/{org}/teams", _list, OnOrganization("member")),
    Operation(
        "teams/create",
        "POST",
        "/orgs/{org}/teams",
        _create,
        OnOrganization("member", "members:write", ("admin:org", "write:org")),
        body(
            name=text(required=True),
            maintainers=list_of(Text()),
            repo_names=list_of(Text()),
            **_FIELDS,
        ),
    ),
    Operation("teams/get-by-name", "GET", "/orgs/{org}/teams/{team_slug}", _get, OnTeam()),
    Operation(
        "teams/update-in-org",
        "PATCH",
        "/orgs/{org}/teams/{team_slug}",
        _update,
        MAINTAINER,
        body(name=text(), **_FIELDS),
    ),
    Operation(
        "teams/delete-in-org", "DELETE", "/orgs/{org}/teams/{team_slug}", _delete, MAINTAINER
    ),
]
