"""Organizations, and the lists of their members, Apps and repositories."""

from simulated_github.errors import NotFound
from simulated_github.http.request import Request
from simulated_github.http.requirements import Anyone, AnyToken, OnOrganization
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.shapes import accounts, repositories

OWNER = OnOrganization("admin", "organization_administration:read", ("admin:org",))


def _get(request: Request) -> Response:
    organization = request.organization
    owned = list(request.world.repositories_of(organization))
    private = sum(repository.private for repository in owned)
    return ok(
        accounts.organization_full(
            request.links,
            organization,
            len(owned) - private,
            private,
            for_owner=request.is_by_owner(),
        )
    )


def _list_members(request: Request) -> Response:
    """List the members for other members; other users get an empty list.

    Assumption: every membership is private, so users outside the organization see none.
    """
    organization = request.organization
    world = request.world
    if not _may_list_members(request):
        return page(request, (), dict)
    requested_role = request.query.get("role", "all")
    members = [
        world.users[user_id]
        for user_id, role in organization.members.items()
        if requested_role in ("all", role)
    ]
    return page(request, members, lambda user: accounts.simple(request.links, user))


def _may_list_members(request: Request) -> bool:
    """Return whether the caller is in the organization and the token may read its members."""
    organization = request.organization
    token = request.token
    if token is None or not access.token_allows(token, "members:read", ("read:org",)):
        return False
    if token.installation is not None:
        return token.installation.organization_login == organization.login
    return token.user.id in organization.members


def _check_member(request: Request) -> Response:
    if not _may_list_members(request) or request.person.id not in request.organization.members:
        raise NotFound
    return no_content()


def _list_outside_collaborators(request: Request) -> Response:
    organization = request.organization
    world = request.world
    user_ids = {
        user_id
        for repository in world.repositories_of(organization)
        for user_id in repository.collaborators
    } - organization.members.keys()
    return page(
        request,
        (world.users[user_id] for user_id in sorted(user_ids)),
        lambda user: accounts.simple(request.links, user),
    )


def _list_installations(request: Request) -> Response:
    organization = request.organization
    installations = [
        installation
        for installation in request.world.installations.values()
        if installation.organization_login == organization.login
    ]
    return page(
        request,
        installations,
        lambda installation: accounts.app_installation(request.links, installation, organization),
        "installations",
    )


def _list_repositories(request: Request) -> Response:
    accessible = [
        repository
        for repository in request.world.repositories_of(request.organization)
        if request.role_on(repository) > Role.NONE
    ]
    kind = request.query.get("type", "all")
    selected = [
        repository
        for repository in accessible
        if kind not in ("public", "private") or repository.private is (kind == "private")
    ]
    return page(
        request,
        selected,
        lambda repository: repositories.minimal(
            request.links, repository, _listed_role(request, repository)
        ),
    )


def _listed_role(request: Request, repository: Repository) -> Role | None:
    if request.token is None:
        return None
    if request.token.installation is not None:
        return Role.READ
    return access.role_on(repository, request.token.user.id)


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
        AnyToken(("read:org",), "members:read"),
    ),
    Operation(
        "orgs/list-outside-collaborators",
        "GET",
        "/orgs/{org}/outside_collaborators",
        _list_outside_collaborators,
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
