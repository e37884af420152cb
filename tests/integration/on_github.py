"""What users do on GitHub's own pages between two runs of the stack."""

import base64
from collections.abc import Mapping
from typing import Any

import httpx
from nacl.encoding import Base64Encoder
from nacl.public import PublicKey, SealedBox

from tests.integration.rehearsed_stack import OWNER, RehearsedStack


def send_request(
    stack: RehearsedStack,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    person: str = "owner-1",
) -> Any:
    """Send a request as a user and return the JSON of the response; fail unless it succeeds."""
    headers = {"Authorization": f"Bearer token-{person}"}
    response = httpx.request(method, f"{stack.github.url}{path}", json=body, headers=headers)
    assert response.is_success, response.text
    return response.json() if response.content else None


def share_secret(stack: RehearsedStack, name: str, value: str) -> None:
    """Create an organization secret that all repositories share."""
    path = f"/orgs/{OWNER}/actions/secrets"
    key = send_request(stack, "GET", f"{path}/public-key")
    sealed = (
        SealedBox(PublicKey(key["key"].encode(), Base64Encoder))
        .encrypt(value.encode(), Base64Encoder)
        .decode()
    )
    send_request(
        stack,
        "PUT",
        f"{path}/{name}",
        {"encrypted_value": sealed, "key_id": key["key_id"], "visibility": "all"},
    )


def create_team(stack: RehearsedStack, name: str, privacy: str = "closed") -> None:
    send_request(stack, "POST", f"/orgs/{OWNER}/teams", {"name": name, "privacy": privacy})


def make_again(stack: RehearsedStack, name: str) -> None:
    """Delete a repository, and create another one of its name with the scripts of a package."""
    delete_repository(stack, name)
    send_request(stack, "POST", f"/orgs/{OWNER}/repos", {"name": name, "auto_init": True})
    content = base64.b64encode(b"#!/bin/sh -e\n").decode()
    for script in ("install", "build", "publish"):
        send_request(
            stack,
            "PUT",
            f"/repos/{OWNER}/{name}/contents/scripts/{script}",
            {"message": f"Add scripts/{script}", "content": content},
        )


def delete_repository(stack: RehearsedStack, name: str) -> None:
    send_request(stack, "DELETE", f"/repos/{OWNER}/{name}")


def rename_repository(stack: RehearsedStack, name: str, new: str) -> None:
    send_request(stack, "PATCH", f"/repos/{OWNER}/{name}", {"name": new})


def remove_entry(stack: RehearsedStack, name: str) -> None:
    """Remove a repository and its secrets from the configuration."""
    del stack.repositories[name]
    del stack.configuration["secrets"][name]
    stack.configure()


def retire_entry(stack: RehearsedStack, name: str) -> None:
    """Retire a repository and remove its secrets from the configuration."""
    stack.repositories[name] = {"retired": True}
    del stack.configuration["secrets"][name]
    stack.configure()


def rename_entry(stack: RehearsedStack, name: str, new: str, **entry: Any) -> None:
    """Rename the key of a repository and of its secrets."""
    stack.repositories[new] = {**(stack.repositories.pop(name) or {}), **entry} or None
    secrets = stack.configuration["secrets"]
    secrets[new] = secrets.pop(name)
    stack.configure()
