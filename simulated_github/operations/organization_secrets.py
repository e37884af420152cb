"""Secrets of an organization: for its owners."""

from typing import Any

from simulated_github.http.fields import Integer, body, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.repository_secrets import (
    checked_name,
    delete,
    find,
    place,
    public_key,
)
from simulated_github.operations.selected_repositories import chosen_operations, is_shared
from simulated_github.records.actions import Secret
from simulated_github.records.organizations import Organization
from simulated_github.records.roles import Role
from simulated_github.shapes import environments


def _shape(request: Request, found: Secret) -> dict[str, Any]:
    shape = environments.secret_summary(found) | {"visibility": found.visibility}
    if found.visibility != "selected":
        return shape
    path = ("orgs", request.organization.login, "actions", "secrets", found.name, "repositories")
    return shape | {"selected_repositories_url": request.links.api(*path)}


def _list(request: Request) -> Response:
    found = sorted(request.organization.secrets.values(), key=lambda secret: secret.name)
    return page(request, found, lambda secret: _shape(request, secret), "secrets")


def _get(request: Request) -> Response:
    return ok(_shape(request, find(request)))


def _put(request: Request) -> Response:
    name, sent = checked_name(request.params["secret_name"]), request.body
    where, secrets = place(request)
    value = request.world.key(where).open(sent["encrypted_value"], sent["key_id"])
    now, before = request.world.clock.stamp(), secrets.get(name)
    chosen = tuple(sent.get("selected_repository_ids", ()))
    secrets[name] = Secret(
        name, value, before.created_at if before else now, now, sent["visibility"], chosen
    )
    return no_content() if before else created({})


def _of_repository(request: Request) -> Response:
    owner, repository = request.repository.owner, request.repository
    kept = owner.secrets.values() if isinstance(owner, Organization) else ()
    found = [
        secret for secret in kept if is_shared(secret.visibility, secret.repositories, repository)
    ]
    return page(
        request,
        sorted(found, key=lambda secret: secret.name),
        environments.secret_summary,
        "secrets",
    )


_PATH = "/orgs/{org}/actions/secrets"
_ONE = f"{_PATH}/{{secret_name}}"
_READ = OnOrganization("admin", "organization_secrets:read", ("admin:org",))
_WRITE = OnOrganization("admin", "organization_secrets:write", ("admin:org",))
_SEALED = body(
    encrypted_value=text(required=True),
    key_id=text(required=True),
    visibility=text("all", "private", "selected", required=True),
    selected_repository_ids=list_of(Integer()),
)

operations = [
    Operation("actions/list-org-secrets", "GET", _PATH, _list, _READ),
    Operation("actions/get-org-public-key", "GET", f"{_PATH}/public-key", public_key, _READ),
    Operation("actions/get-org-secret", "GET", _ONE, _get, _READ),
    Operation("actions/create-or-update-org-secret", "PUT", _ONE, _put, _WRITE, _SEALED),
    Operation("actions/delete-org-secret", "DELETE", _ONE, delete, _WRITE),
    *chosen_operations("secret", f"{_ONE}/repositories", find, _READ, _WRITE),
    Operation(
        "actions/list-repo-organization-secrets",
        "GET",
        "/repos/{owner}/{repo}/actions/organization-secrets",
        _of_repository,
        OnRepository(Role.WRITE, "secrets:read", ("repo",)),
    ),
]
