"""Users, Apps and what a token is told about itself."""

from simulated_github.errors import Forbidden, NotFound
from simulated_github.http.request import Request
from simulated_github.http.requirements import Anyone, SignedIn
from simulated_github.http.responses import Response, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.organizations import Organization
from simulated_github.records.people import Installation, User
from simulated_github.records.roles import Role
from simulated_github.shapes import accounts, repositories


def _find_app(request: Request) -> Response:
    found = next(
        (app for app in request.world.apps.values() if app.slug == request.params["app_slug"]), None
    )
    if found is None:
        raise NotFound
    return ok(accounts.github_app(request.links, found, _owner(request, found.owner_login)))


def _owner(request: Request, login: str) -> Organization | User:
    world = request.world
    found = world.organization(login) or world.user(login)
    if found is None:
        raise NotFound
    return found


def _get_user(request: Request) -> Response:
    return ok(accounts.public_user(request.links, _owner(request, request.params["username"])))


def _get_by_id(request: Request) -> Response:
    world, number = request.world, request.number("account_id")
    found = world.users.get(number) or world.organizations.get(number)
    if found is None or found.login == "ghost":
        raise NotFound
    return ok(accounts.public_user(request.links, found))


def _get_authenticated(request: Request) -> Response:
    return ok(accounts.public_user(request.links, request.user) | _PRIVATE)


#: What GitHub tells people about themselves alone (schema ``private-user``).
_PRIVATE = {
    "private_gists": 0,
    "total_private_repos": 0,
    "owned_private_repos": 0,
    "disk_usage": 0,
    "collaborators": 0,
    "two_factor_authentication": True,
}


def _keys(request: Request) -> Response:
    _ = request.person
    return ok([])


def _installation(request: Request) -> Installation:
    if request.token is None or request.token.installation is None:
        raise Forbidden(
            "You must authenticate with an installation access token in order to list repositories."
        )
    return request.token.installation


def _installation_repositories(request: Request) -> Response:
    installation = _installation(request)
    everything = request.world.owned_by(_owner(request, installation.organization_login))
    found = [
        repository
        for repository in everything
        if installation.repository_id in (None, repository.id)
    ]
    return page(
        request, found, lambda r: repositories.minimal(request.links, r, Role.READ), "repositories"
    )


def _rate_limit(request: Request) -> Response:
    """Not counted itself. Source: GitHub's docs, REST page "Rate limits"; all kinds of requests have one allowance here."""
    rate = request.limits.rate(request.who)
    return ok({"resources": {"core": rate, "search": rate, "graphql": rate}, "rate": rate})


def _meta(_: Request) -> Response:
    return ok({"verifiable_password_authentication": False})


operations = [
    Operation("meta/get", "GET", "/meta", _meta),
    Operation("rate-limit/get", "GET", "/rate_limit", _rate_limit),
    Operation(
        "users/get-authenticated", "GET", "/user", _get_authenticated, SignedIn(of_person=True)
    ),
    Operation("users/get-by-id", "GET", "/user/{account_id}", _get_by_id),
    Operation("users/get-by-username", "GET", "/users/{username}", _get_user),
    Operation("users/list-gpg-keys-for-user", "GET", "/users/{username}/gpg_keys", _keys),
    Operation("users/list-public-keys-for-user", "GET", "/users/{username}/keys", _keys),
    Operation("apps/get-by-slug", "GET", "/apps/{app_slug}", _find_app, Anyone()),
    Operation(
        "apps/list-repos-accessible-to-installation",
        "GET",
        "/installation/repositories",
        _installation_repositories,
        SignedIn(permission="metadata:read"),
    ),
]
