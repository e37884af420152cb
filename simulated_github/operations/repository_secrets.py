"""Secrets of environments and repositories; responses never contain their values."""

import re

from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.actions import Secret
from simulated_github.records.roles import Role
from simulated_github.shapes import actions

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def locate_secrets(request: Request) -> tuple[str, dict[str, Secret]]:
    """Return the name of the sealing key and the secrets that the path addresses."""
    if "environment_name" in request.params:
        return f"environment/{request.environment.id}", request.environment.secrets
    if request.names_organization:
        return f"organization/{request.organization.id}", request.organization.secrets
    return f"repository/{request.repository.id}", request.repository.secrets


def get_public_key(request: Request) -> Response:
    """Return the public key that clients seal values with."""
    key = request.world.key(locate_secrets(request)[0])
    return ok({"key_id": key.key_id, "key": key.public_key})


def _list(request: Request) -> Response:
    secrets = locate_secrets(request)[1]
    return page(
        request,
        sorted(secrets.values(), key=lambda s: s.name),
        actions.secret_summary,
        "secrets",
    )


def find_secret(request: Request) -> Secret:
    """Return the path's secret, ignoring case; raise NotFound when there is none."""
    secret = locate_secrets(request)[1].get(request.params["secret_name"].upper())
    if secret is None:
        raise NotFound
    return secret


def _get(request: Request) -> Response:
    return ok(actions.secret_summary(find_secret(request)))


def _put(request: Request) -> Response:
    """Store a secret: 201 when it is new, 204 when it replaces one."""
    name = normalize_name(request.params["secret_name"])
    key_name, secrets = locate_secrets(request)
    value = request.world.key(key_name).open(
        request.body["encrypted_value"], request.body["key_id"]
    )
    now = request.world.clock.stamp()
    previous = secrets.get(name)
    secrets[name] = Secret(name, value, previous.created_at if previous else now, now)
    return no_content() if previous else created({})


def normalize_name(name: str) -> str:
    """Return a secret's or variable's name in capitals; raise ValidationFailed when it is invalid.

    Source: GitHub's docs, "Naming your secrets".
    """
    if not _NAME.match(name):
        raise ValidationFailed(
            "Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or "
            "underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or "
            "underscores (_)."
        )
    if name.upper().startswith("GITHUB_"):
        raise ValidationFailed("Secret names must not start with GITHUB_.")
    return name.upper()


def delete_secret(request: Request) -> Response:
    """Delete the path's secret; raise NotFound when there is none."""
    del locate_secrets(request)[1][find_secret(request).name]
    return no_content()


_FIELDS = body(encrypted_value=text(required=True), key_id=text(required=True))


def _secret_operations(path: str, noun: str, role: Role, permission: str) -> list[Operation]:
    read = OnRepository(role, f"{permission}:read", ("repo",))
    write = OnRepository(role, f"{permission}:write", ("repo",))
    secret_path = f"{path}/{{secret_name}}"
    return [
        Operation(f"actions/list-{noun}-secrets", "GET", path, _list, read),
        Operation(
            f"actions/get-{noun}-public-key", "GET", f"{path}/public-key", get_public_key, read
        ),
        Operation(f"actions/get-{noun}-secret", "GET", secret_path, _get, read),
        Operation(
            f"actions/create-or-update-{noun}-secret", "PUT", secret_path, _put, write, _FIELDS
        ),
        Operation(f"actions/delete-{noun}-secret", "DELETE", secret_path, delete_secret, write),
    ]


_PATH = "/repos/{owner}/{repo}"

operations = [
    *_secret_operations(
        f"{_PATH}/environments/{{environment_name}}/secrets",
        "environment",
        Role.ADMIN,
        "environments",
    ),
    *_secret_operations(f"{_PATH}/actions/secrets", "repo", Role.WRITE, "secrets"),
]
