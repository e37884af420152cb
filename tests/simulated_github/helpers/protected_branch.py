"""Calls of the tests of classic branch protection, on the branch `main` of httpx."""

from typing import Any

import httpx

from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, write_file

PROTECTION = f"{HTTPX}/branches/main/protection"
#: The body of a protection that sets nothing.
NOTHING: dict[str, Any] = {
    "required_status_checks": None,
    "enforce_admins": None,
    "required_pull_request_reviews": None,
    "restrictions": None,
}
#: The field that requires one approval.
REVIEW = {"required_pull_request_reviews": {"required_approving_review_count": 1}}
THROUGH_PULLS = "Changes must be made through a pull request."


def protect(owner: httpx.Client, **fields: Any) -> dict[str, Any]:
    """Protect the branch, and return the protection."""
    protection: dict[str, Any] = expect_ok(owner.put(PROTECTION, json=NOTHING | fields))
    return protection


def push_file(client: httpx.Client, name: str = "new.md", branch: str = "main") -> httpx.Response:
    """Create a file on a branch."""
    return write_file(client, name, "New.\n", branch=branch)
