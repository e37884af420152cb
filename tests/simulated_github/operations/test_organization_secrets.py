"""Tests of an organization's secrets and the repositories that may use them.

Source: GitHub's docs, REST page "GitHub Actions Secrets".
"""

import httpx

from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal, put_secret

SECRETS = "/orgs/encode/actions/secrets"


def test_share_a_secret_with_selected_repositories(owner: httpx.Client) -> None:
    repository_ids = [
        expect_ok(owner.get(f"/repos/encode/{name}"))["id"] for name in ("httpx", "httpcore")
    ]
    expect_ok(
        put_secret(
            owner,
            SECRETS,
            "TOKEN",
            "x",
            visibility="selected",
            selected_repository_ids=repository_ids[:1],
        )
    )
    path = f"{SECRETS}/TOKEN/repositories"

    assert expect_ok(owner.get(f"{SECRETS}/TOKEN"))["selected_repositories_url"].endswith(path)
    assert [
        s["name"] for s in expect_ok(owner.get(f"{HTTPX}/actions/organization-secrets"))["secrets"]
    ] == ["TOKEN"]
    expect_ok(owner.put(f"{path}/{repository_ids[1]}"))
    expect_ok(owner.delete(f"{path}/{repository_ids[0]}"))
    assert [r["name"] for r in expect_ok(owner.get(path))["repositories"]] == ["httpcore"]
    expect_ok(owner.put(path, json={"selected_repository_ids": repository_ids}))
    assert expect_ok(owner.get(path))["total_count"] == 2


def test_repositories_need_the_visibility_selected(owner: httpx.Client) -> None:
    """Source: the page's 409, "Conflict when visibility type is not set to selected"."""
    expect_ok(put_secret(owner, SECRETS, "TOKEN", "x", visibility="all"))

    expect_refusal(owner.put(f"{SECRETS}/TOKEN/repositories/1"), 409, "selected")


def test_replace_a_repositorys_own_secret(owner: httpx.Client) -> None:
    assert [
        put_secret(owner, f"{HTTPX}/actions/secrets", "NEW", value).status_code for value in "ab"
    ] == [201, 204]
