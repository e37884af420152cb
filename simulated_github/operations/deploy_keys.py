"""Deploy keys of a repository.

Source: GitHub's docs, REST page "Deploy keys".
"""

import re
from typing import Any

from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.http.fields import body, flag, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.repositories import DeployKey
from simulated_github.records.roles import Role

_KEY_PATTERN = re.compile(
    r"(ssh-(rsa|ed25519)|ecdsa-sha2-nistp\d+|sk-\S+) [A-Za-z0-9+/]{16,}={0,3}( .*)?\s*\Z"
)


def _shape(request: Request, key: DeployKey) -> dict[str, Any]:
    repository = request.repository
    adder = request.world.users.get(key.added_by_id)
    return {
        "id": key.id,
        "key": key.key,
        "url": request.links.api(
            "repos", repository.owner.login, repository.name, "keys", str(key.id)
        ),
        "title": key.title,
        "verified": True,
        "created_at": key.created_at,
        "read_only": key.read_only,
        "added_by": adder.login if adder else None,
        "last_used": None,
        "enabled": True,
    }


def _find_key(request: Request) -> DeployKey:
    key = request.repository.deploy_keys.get(request.number("key_id"))
    if key is None:
        raise NotFound
    return key


def _list(request: Request) -> Response:
    return page(request, request.repository.deploy_keys.values(), lambda key: _shape(request, key))


def _get(request: Request) -> Response:
    return ok(_shape(request, _find_key(request)))


def _create(request: Request) -> Response:
    """Add a deploy key; one key belongs to one repository only.

    Source: public issue threads, for the messages.
    """
    fields = request.body
    world = request.world
    if not _KEY_PATTERN.match(fields["key"]):
        raise _invalid_key("key is invalid. You must supply a key in OpenSSH public key format")
    key = " ".join(fields["key"].split()[:2])
    if any(
        existing.key == key
        for repository in world.repositories.values()
        for existing in repository.deploy_keys.values()
    ):
        raise _invalid_key("key is already in use")
    read_only = fields.get("read_only", False)
    title = fields.get("title") or key[-12:]
    deploy_key = DeployKey(
        world.ids.take("deploy_key"), title, key, read_only, world.clock.stamp(), request.user.id
    )
    request.repository.deploy_keys[deploy_key.id] = deploy_key
    return created(_shape(request, deploy_key))


def _invalid_key(message: str) -> ValidationFailed:
    return ValidationFailed(
        errors=[{"resource": "PublicKey", "code": "custom", "field": "key", "message": message}]
    )


def _delete(request: Request) -> Response:
    del request.repository.deploy_keys[_find_key(request).id]
    return no_content()


_PATH = "/repos/{owner}/{repo}/keys"
_KEY_PATH = f"{_PATH}/{{key_id}}"
_READ = OnRepository(Role.ADMIN, "administration:read", ("repo",), hides=True)
_WRITE = OnRepository(Role.ADMIN, "administration:write", ("repo",), hides=True)

operations = [
    Operation("repos/list-deploy-keys", "GET", _PATH, _list, _READ),
    Operation(
        "repos/create-deploy-key",
        "POST",
        _PATH,
        _create,
        _WRITE,
        body(title=text(), key=text(required=True), read_only=flag()),
    ),
    Operation("repos/get-deploy-key", "GET", _KEY_PATH, _get, _READ),
    Operation("repos/delete-deploy-key", "DELETE", _KEY_PATH, _delete, _WRITE),
]
