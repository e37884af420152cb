"""Organizations and their lists of members, Apps and repositories."""

from simulated_github.errors import NotFound
from simulated_github.http.request import Request
from simulated_github.http.requirements import Anyone, OnOrganization, SignedIn
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.shapes import accounts, repositories

OWNER = OnOrganization("admin", "organization_administration:read", ("admin:org",))


def _get(request: Request) -> Response:
    found, token = request.organization, request.token
    owned = list(request.world.owned_by(found))
    private = sum(repository.private for repository in owned)
    owner = token is not None and (token.installation is not None or found.is_owner(token.user.id))
    return ok(
        accounts.organization_full(request.links, found, len(owned) - private, private, owner=owner)
    )


def _list_members(request: Request) -> Response:
    """Every membership is concealed: whoever is not in the organization sees none, with or without a token."""
    found, world = request.organization, request.world
    if not _inside(request):
        return page(request, (), dict)
    wanted = request.query.get("role", "all")
    shown = [world.users[i] for i, role in found.members.items() if wanted in ("all", role)]
    return page(request, shown, lambda who: accounts.simple(request.links, who))


def _inside(request: Request) -> bool:
    """Whether concealed members are shown: to the organization's own, with a token that may read them."""
    found, token = request.organization, request.token
    if token is None:
        return False
    if token.installation is not None:
        may_read = access.has_permission(token.installation, "members:read")
        return may_read and token.installation.organization_login == found.login
    return token.user.id in found.members and "read:org" in access.token_scopes(token)


def _check_member(request: Request) -> Response:
    if not _inside(request) or request.person.id not in request.organization.members:
        raise NotFound
    return no_content()


def _list_outside(request: Request) -> Response:
    found, world = request.organization, request.world
    ids = {
        i for repository in world.owned_by(found) for i in repository.collaborators
    } - found.members.keys()
    return page(
        request,
        (world.users[i] for i in sorted(ids)),
        lambda who: accounts.simple(request.links, who),
    )


def _list_installations(request: Request) -> Response:
    found = request.organization
    here = [i for i in request.world.installations.values() if i.organization_login == found.login]
    return page(
        request, here, lambda i: accounts.app_installation(request.links, i, found), "installations"
    )


def _list_repositories(request: Request) -> Response:
    seen = [
        r for r in request.world.owned_by(request.organization) if request.role_on(r) > Role.NONE
    ]
    kind = request.query.get("type", "all")
    shown = [
        r for r in seen if kind not in ("public", "private") or r.private is (kind == "private")
    ]
    return page(
        request, shown, lambda r: repositories.minimal(request.links, r, _shown_role(request, r))
    )


def _shown_role(request: Request, repository: Repository) -> Role | None:
    if request.token is None:
        return None
    if request.token.installation is not None:
        return Role.READ
    return access.role_on(repository, request.token.user)


operations = [
    Operation("orgs/get", "GET", "/orgs/{org}", _get, Anyone()),
    Operation(
        "orgs/list-members",
        "GET",
        "/orgs/{org}/members",
        _list_members,
        Anyone(("read:org",), "members:read"),
    ),
    Operation(
        "orgs/check-membership-for-user",
        "GET",
        "/orgs/{org}/members/{username}",
        _check_member,
        SignedIn(("read:org",), "members:read"),
    ),
    Operation(
        "orgs/list-outside-collaborators",
        "GET",
        "/orgs/{org}/outside_collaborators",
        _list_outside,
        OnOrganization("member"),
    ),
    Operation(
        "orgs/list-app-installations",
        "GET",
        "/orgs/{org}/installations",
        _list_installations,
        OWNER,
    ),
    Operation("repos/list-for-org", "GET", "/orgs/{org}/repos", _list_repositories, Anyone()),
]
