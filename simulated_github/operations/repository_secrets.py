"""Secrets of environments and repositories: sealed on the way in, never given back."""

import re

from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.actions import Secret
from simulated_github.records.roles import Role
from simulated_github.shapes import environments

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def place(request: Request) -> tuple[str, dict[str, Secret]]:
    """Where the path's secrets are: the name of the place's key, and the secrets."""
    if "environment_name" in request.params:
        return f"environment/{request.environment.id}", request.environment.secrets
    if "org" in request.params or "org_id" in request.params:
        return f"organization/{request.organization.id}", request.organization.secrets
    return f"repository/{request.repository.id}", request.repository.secrets


def public_key(request: Request) -> Response:
    """The key to seal a value with."""
    key = request.world.key(place(request)[0])
    return ok({"key_id": key.key_id, "key": key.public_key})


def list_secrets(request: Request) -> Response:
    """Names and times, no values."""
    found = place(request)[1]
    return page(
        request,
        sorted(found.values(), key=lambda s: s.name),
        environments.secret_summary,
        "secrets",
    )


def find(request: Request) -> Secret:
    """The secret of the path; case does not matter."""
    found = place(request)[1].get(request.params["secret_name"].upper())
    if found is None:
        raise NotFound
    return found


def _get(request: Request) -> Response:
    return ok(environments.secret_summary(find(request)))


def put(request: Request) -> Response:
    """201 when the secret is new, 204 when it was there."""
    name = checked_name(request.params["secret_name"])
    where, secrets = place(request)
    value = request.world.key(where).open(request.body["encrypted_value"], request.body["key_id"])
    now = request.world.clock.stamp()
    before = secrets.get(name)
    secrets[name] = Secret(name, value, before.created_at if before else now, now)
    return no_content() if before else created({})


def checked_name(name: str) -> str:
    """A secret's name in capitals. Source: GitHub's docs, "Naming your secrets"."""
    if not _NAME.match(name):
        raise ValidationFailed(
            "Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). "
            "Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_)."
        )
    if name.upper().startswith("GITHUB_"):
        raise ValidationFailed("Secret names must not start with GITHUB_.")
    return name.upper()


def delete(request: Request) -> Response:
    """204; 404 when it is not there."""
    del place(request)[1][find(request).name]
    return no_content()


SEALED = body(encrypted_value=text(required=True), key_id=text(required=True))


def _table(path: str, noun: str, role: Role, permission: str) -> list[Operation]:
    read = OnRepository(role, f"{permission}:read", ("repo",))
    write = OnRepository(role, f"{permission}:write", ("repo",))
    one = f"{path}/{{secret_name}}"
    return [
        Operation(f"actions/list-{noun}-secrets", "GET", path, list_secrets, read),
        Operation(f"actions/get-{noun}-public-key", "GET", f"{path}/public-key", public_key, read),
        Operation(f"actions/get-{noun}-secret", "GET", one, _get, read),
        Operation(f"actions/create-or-update-{noun}-secret", "PUT", one, put, write, SEALED),
        Operation(f"actions/delete-{noun}-secret", "DELETE", one, delete, write),
    ]


_PATH = "/repos/{owner}/{repo}"

operations = [
    *_table(
        f"{_PATH}/environments/{{environment_name}}/secrets",
        "environment",
        Role.ADMIN,
        "environments",
    ),
    *_table(f"{_PATH}/actions/secrets", "repo", Role.WRITE, "secrets"),
]
