"""Secrets of an organization, which only its owners manage."""

from typing import Any

from simulated_github.http.fields import Integer, body, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.repository_secrets import (
    delete_secret,
    find_secret,
    get_public_key,
    locate_secrets,
    normalize_name,
)
from simulated_github.operations.selected_repositories import (
    repository_selection_operations,
)
from simulated_github.records.actions import Secret
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.shapes import actions


def _shape(request: Request, secret: Secret) -> dict[str, Any]:
    shape = actions.secret_summary(secret) | {"visibility": secret.visibility}
    if secret.visibility != "selected":
        return shape
    path = ("orgs", request.organization.login, "actions", "secrets", secret.name, "repositories")
    return shape | {"selected_repositories_url": request.links.api(*path)}


def _list(request: Request) -> Response:
    secrets = sorted(request.organization.secrets.values(), key=lambda secret: secret.name)
    return page(request, secrets, lambda secret: _shape(request, secret), "secrets")


def _get(request: Request) -> Response:
    return ok(_shape(request, find_secret(request)))


def _put(request: Request) -> Response:
    name = normalize_name(request.params["secret_name"])
    fields = request.body
    key_name, secrets = locate_secrets(request)
    value = request.world.key(key_name).open(fields["encrypted_value"], fields["key_id"])
    now = request.world.clock.stamp()
    previous = secrets.get(name)
    repository_ids = tuple(fields.get("selected_repository_ids", ()))
    secrets[name] = Secret(
        name,
        value,
        previous.created_at if previous else now,
        now,
        fields["visibility"],
        repository_ids,
    )
    return no_content() if previous else created({})


def _list_for_repository(request: Request) -> Response:
    repository = request.repository
    organization = repository.organization
    shared = access.filter_shared(organization.secrets, repository) if organization else {}
    return page(
        request,
        [secret for _, secret in sorted(shared.items())],
        actions.secret_summary,
        "secrets",
    )


_PATH = "/orgs/{org}/actions/secrets"
_SECRET = f"{_PATH}/{{secret_name}}"
_READ = OnOrganization("admin", "organization_secrets:read", ("admin:org",))
_WRITE = OnOrganization("admin", "organization_secrets:write", ("admin:org",))
_FIELDS = body(
    encrypted_value=text(required=True),
    key_id=text(required=True),
    visibility=text("all", "private", "selected", required=True),
    selected_repository_ids=list_of(Integer()),
)

operations = [
    Operation("actions/list-org-secrets", "GET", _PATH, _list, _READ),
    Operation("actions/get-org-public-key", "GET", f"{_PATH}/public-key", get_public_key, _READ),
    Operation("actions/get-org-secret", "GET", _SECRET, _get, _READ),
    Operation("actions/create-or-update-org-secret", "PUT", _SECRET, _put, _WRITE, _FIELDS),
    Operation("actions/delete-org-secret", "DELETE", _SECRET, delete_secret, _WRITE),
    *repository_selection_operations(
        "secret", f"{_SECRET}/repositories", find_secret, _READ, _WRITE
    ),
    Operation(
        "actions/list-repo-organization-secrets",
        "GET",
        "/repos/{owner}/{repo}/actions/organization-secrets",
        _list_for_repository,
        OnRepository(Role.WRITE, "secrets:read", ("repo",)),
    ),
]
