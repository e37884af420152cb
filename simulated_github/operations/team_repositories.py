"""Repositories of a team, and its permission on each."""

from simulated_github.errors import Forbidden, NotFound, ValidationFailed
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import ARCHIVED, OnTeam
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.collaborators import parse_role
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.shapes import repositories

_WITH_BODY = "v3.repository"


def _list(request: Request) -> Response:
    organization = request.organization
    team = request.team
    roles = {
        repository: access.team_role(organization, team, repository)
        for repository in _visible_repositories(request)
    }
    accessible = [repository for repository, role in roles.items() if role > Role.NONE]
    return page(
        request,
        accessible,
        lambda repository: repositories.team_repository(
            request.links, repository, roles[repository]
        ),
    )


def _visible_repositories(request: Request) -> list[Repository]:
    return [
        repository
        for repository in request.world.repositories_of(request.organization)
        if request.role_on(repository) > Role.NONE
    ]


def _check(request: Request) -> Response:
    """Return 204, or the repository and the team's role when the media type requests them."""
    role = access.team_role(request.organization, request.team, request.repository)
    if role is Role.NONE:
        raise NotFound
    if _WITH_BODY in request.headers.get("accept", ""):
        document = repositories.team_repository(request.links, request.repository, role)
        return ok({name: value for name, value in document.items() if name != "has_discussions"})
    return no_content()


def _add(request: Request) -> Response:
    repository = request.repository
    team = request.team
    if repository.owner is not request.organization:
        raise ValidationFailed("The repository must be owned by the organization.")
    if request.role < Role.ADMIN:
        raise Forbidden("Must have admin rights to Repository.")
    _check_not_archived(repository)
    role = parse_role(request.body.get("permission", team.permission))
    team.repositories[repository.id] = role
    return no_content()


def _remove(request: Request) -> Response:
    if request.role < Role.ADMIN and not _maintains(request):
        raise Forbidden("Must have admin rights to Repository.")
    _check_not_archived(request.repository)
    request.team.repositories.pop(request.repository.id, None)
    return no_content()


def _check_not_archived(repository: Repository) -> None:
    """Raise Forbidden for an archived repository, whose teams cannot change.

    Source: GitHub's docs, "Archiving repositories".
    """
    if repository.archived:
        raise Forbidden(ARCHIVED)


def _maintains(request: Request) -> bool:
    return request.team.members.get(request.user.id) == "maintainer"


_PATH = "/orgs/{org}/teams/{team_slug}/repos"
_ADMIN = OnTeam(permission="administration:write", scopes=("admin:org", "write:org", "repo"))

operations = [
    Operation("teams/list-repos-in-org", "GET", _PATH, _list, OnTeam()),
    Operation(
        "teams/check-permissions-for-repo-in-org",
        "GET",
        f"{_PATH}/{{owner}}/{{repo}}",
        _check,
        OnTeam(),
    ),
    Operation(
        "teams/add-or-update-repo-permissions-in-org",
        "PUT",
        f"{_PATH}/{{owner}}/{{repo}}",
        _add,
        _ADMIN,
        body(permission=text()),
    ),
    Operation("teams/remove-repo-in-org", "DELETE", f"{_PATH}/{{owner}}/{{repo}}", _remove, _ADMIN),
]
