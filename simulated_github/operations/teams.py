"""Teams: made, read, changed and deleted."""

from collections.abc import Iterable

from simulated_github.errors import Forbidden, NotFound, invalid
from simulated_github.http.fields import Text, body, integer, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnTeam
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.organizations import Organization, Team
from simulated_github.records.roles import ROLES, Role
from simulated_github.records.rulesets import Ruleset
from simulated_github.rules import access
from simulated_github.shapes import teams
from simulated_github.world.names import slug_of

MAINTAINER = OnTeam(maintains=True, permission="members:write", scopes=("write:org",))
_FIELDS = {
    "description": text(nullable=True),
    "privacy": text("secret", "closed"),
    "notification_setting": text("notifications_enabled", "notifications_disabled"),
    "permission": text("pull", "push"),
    "parent_team_id": integer(nullable=True),
}
_CHANGED = ("description", "privacy", "notification_setting", "permission")


def _full(request: Request, team: Team) -> dict[str, object]:
    found = request.organization
    public = sum(not repository.private for repository in request.world.owned_by(found))
    return teams.full(request.links, found, team, public)


def _list(request: Request) -> Response:
    found = request.organization
    shown = [team for team in found.teams.values() if request.may_see(found, team)]
    return page(
        request,
        sorted(shown, key=lambda t: t.slug),
        lambda t: teams.with_parent(request.links, found, t),
    )


def _create(request: Request) -> Response:
    found, now = request.organization, request.world.clock.stamp()
    if not (found.members_can_create_teams or _owns(request)):
        raise Forbidden("You must be an organization owner to create a team.")
    name = _free_name(found, request.body["name"])
    team = Team(request.world.ids.take("team"), name, slug_of(name), now, now)
    team.privacy = "closed" if request.body.get("parent_team_id") else "secret"
    _apply(request, team)
    found.teams[team.id] = team
    _people_at_first(request, team)
    for full_name in request.body.get("repo_names", ()):
        _repository_at_first(request, team, full_name)
    return created(_full(request, team))


def _owns(request: Request) -> bool:
    token = request.token
    return token is not None and (
        token.installation is not None or request.organization.is_owner(token.user.id)
    )


def _free_name(found: Organization, name: str, team: Team | None = None) -> str:
    slug = slug_of(name)
    if not slug:
        raise invalid("Team", "name", "missing_field")
    if any(other.slug == slug and other is not team for other in found.teams.values()):
        raise invalid("Team", "name", "unprocessable", "Name must be unique for this org", name)
    return name


def _people_at_first(request: Request, team: Team) -> None:
    """Whoever makes a team maintains it, unless maintainers are named. Source: the page "Create a team"."""
    named = [request.world.user(login) for login in request.body.get("maintainers", ())]
    if any(person is None or person.id not in request.organization.members for person in named):
        raise invalid(
            "Team", "maintainers", "invalid", "Maintainers must be members of the organization."
        )
    team.members |= {person.id: "maintainer" for person in named if person}
    if not named and request.token is not None and request.token.installation is None:
        team.members[request.user.id] = "maintainer"


def _repository_at_first(request: Request, team: Team, full_name: str) -> None:
    owner, _, name = full_name.partition("/")
    found = request.world.repository(owner, name)
    if found is None or request.role_on(found) is not Role.ADMIN:
        raise invalid("Team", "repo_names", "invalid", f"{full_name} could not be added.")
    team.repositories[found.id] = ROLES[team.permission]


def _apply(request: Request, team: Team) -> None:
    found = request.organization
    if "parent_team_id" in request.body:
        team.parent_id = _parent(found, team, request.body["parent_team_id"])
    for name in _CHANGED:
        if name in request.body:
            setattr(team, name, request.body[name])
    if team.parent_id is not None and team.privacy == "secret":
        raise invalid("Team", "privacy", "invalid", "A nested team cannot be secret.")


def _parent(found: Organization, team: Team, number: int | None) -> int | None:
    if number is None:
        return None
    parent = found.teams.get(number)
    if parent is None:
        raise NotFound
    if parent.privacy == "secret" or team in access.team_and_ancestors(found, parent):
        raise invalid(
            "Team", "parent_team_id", "invalid", "This team cannot be a parent of the team."
        )
    return parent.id


def _get(request: Request) -> Response:
    return ok(_full(request, request.team))


def _update(request: Request) -> Response:
    team, found = request.team, request.organization
    if "name" in request.body:
        team.name = _free_name(found, request.body["name"], team)
        team.slug = slug_of(team.name)
    _apply(request, team)
    team.updated_at = request.world.clock.stamp()
    return ok(_full(request, team))


def _delete(request: Request) -> Response:
    """A team goes with those nested in it, and as a reviewer and bypass actor. Source: the page "Delete a team"."""
    found, team = request.organization, request.team
    gone = {t.id for t in found.teams.values() if team in access.team_and_ancestors(found, t)}
    found.teams = {number: t for number, t in found.teams.items() if number not in gone}
    for invited in found.invitations.values():
        invited.teams = {
            number: role for number, role in invited.teams.items() if number not in gone
        }
    for repository in request.world.owned_by(found):
        for environment in repository.environments.values():
            kept = (r for r in environment.reviewers if not (r.kind == "Team" and r.id in gone))
            environment.reviewers = tuple(kept)
        _take_from_rulesets(repository.rulesets.values(), gone)
    _take_from_rulesets(found.rulesets.values(), gone)
    return no_content()


def _take_from_rulesets(rulesets: Iterable[Ruleset], gone: set[int]) -> None:
    for ruleset in rulesets:
        ruleset.bypass_actors = tuple(
            a for a in ruleset.bypass_actors if not (a.kind == "Team" and a.id in gone)
        )


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
