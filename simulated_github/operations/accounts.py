"""Users and Apps, and the repositories and rate limit of a token."""

from simulated_github.errors import Forbidden, NotFound
from simulated_github.http.request import Request
from simulated_github.http.requirements import Anyone, AnyToken
from simulated_github.http.responses import Response, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.accounts import Installation, Organization, User
from simulated_github.records.roles import Role
from simulated_github.shapes import accounts, repositories


def _get_app(request: Request) -> Response:
    app = next(
        (app for app in request.world.apps.values() if app.slug == request.params["app_slug"]), None
    )
    if app is None:
        raise NotFound
    return ok(accounts.github_app(request.links, app, _find_account(request, app.owner_login)))


def _find_account(request: Request, login: str) -> Organization | User:
    world = request.world
    account = world.organization(login) or world.user(login)
    if account is None:
        raise NotFound
    return account


def _get_user(request: Request) -> Response:
    return ok(
        accounts.public_user(request.links, _find_account(request, request.params["username"]))
    )


def _get_by_id(request: Request) -> Response:
    world = request.world
    account_id = request.number("account_id")
    account = world.users.get(account_id) or world.organizations.get(account_id)
    if account is None or account.login == "ghost":
        raise NotFound
    return ok(accounts.public_user(request.links, account))


def _get_authenticated(request: Request) -> Response:
    return ok(accounts.public_user(request.links, request.user) | _PRIVATE_FIELDS)


#: Fields that GitHub shows a user only about their own account (schema `private-user`).
_PRIVATE_FIELDS = {
    "private_gists": 0,
    "total_private_repos": 0,
    "owned_private_repos": 0,
    "disk_usage": 0,
    "collaborators": 0,
    "two_factor_authentication": True,
}


def _list_keys(request: Request) -> Response:
    """Return an empty list for every user, because users have no keys here."""
    if request.world.user(request.params["username"]) is None:
        raise NotFound
    return ok([])


def _require_installation(request: Request) -> Installation:
    if request.token is None or request.token.installation is None:
        raise Forbidden(
            "You must authenticate with an installation access token in order to list repositories."
        )
    return request.token.installation


def _list_installation_repositories(request: Request) -> Response:
    installation = _require_installation(request)
    owned = request.world.repositories_of(_find_account(request, installation.organization_login))
    accessible = [
        repository for repository in owned if installation.repository_id in (None, repository.id)
    ]
    return page(
        request,
        accessible,
        lambda r: repositories.minimal(request.links, r, Role.READ),
        "repositories",
    )


def _get_rate_limit(request: Request) -> Response:
    """Return the caller's remaining requests, without counting this one.

    Source: GitHub's docs, REST page "Rate limits". All kinds of requests share one limit here.
    """
    rate = request.limits.rate(request.login)
    return ok({"resources": {"core": rate, "search": rate, "graphql": rate}, "rate": rate})


def _get_meta(_: Request) -> Response:
    return ok({"verifiable_password_authentication": False})


operations = [
    Operation("meta/get", "GET", "/meta", _get_meta),
    Operation("rate-limit/get", "GET", "/rate_limit", _get_rate_limit),
    Operation(
        "users/get-authenticated", "GET", "/user", _get_authenticated, AnyToken(user_only=True)
    ),
    Operation("users/get-by-id", "GET", "/user/{account_id}", _get_by_id),
    Operation("users/get-by-username", "GET", "/users/{username}", _get_user),
    Operation("users/list-gpg-keys-for-user", "GET", "/users/{username}/gpg_keys", _list_keys),
    Operation("users/list-public-keys-for-user", "GET", "/users/{username}/keys", _list_keys),
    Operation("apps/get-by-slug", "GET", "/apps/{app_slug}", _get_app, Anyone()),
    Operation(
        "apps/list-repos-accessible-to-installation",
        "GET",
        "/installation/repositories",
        _list_installation_repositories,
        AnyToken(permission="metadata:read"),
    ),
]
