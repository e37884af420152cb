"""Tests of deploy keys.

Sources: GitHub's docs, REST page "Deploy keys"; public issue threads for the messages of refusals.
"""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal

KEYS = f"{HTTPX}/keys"
BODY = {"title": "docs", "key": "ssh-ed25519 " + "A" * 68 + " laptop@example", "read_only": True}


def test_store_a_key_without_its_comment_and_delete_it(owner: httpx.Client) -> None:
    key = expect_ok(owner.post(KEYS, json=BODY))

    assert key["key"] == "ssh-ed25519 " + "A" * 68
    assert key["read_only"] is True
    assert key["added_by"] == "owner-1"
    assert key == expect_ok(owner.get(f"{KEYS}/{key['id']}"))
    assert [key] == expect_ok(owner.get(KEYS))
    expect_ok(owner.delete(f"{KEYS}/{key['id']}"))
    expect_refusal(owner.get(f"{KEYS}/{key['id']}"), 404, "Not Found")


def test_a_key_may_write_by_default(owner: httpx.Client) -> None:
    assert expect_ok(owner.post(KEYS, json={"key": BODY["key"]}))["read_only"] is False


def test_a_key_belongs_to_one_repository(owner: httpx.Client) -> None:
    expect_ok(owner.post(KEYS, json=BODY))

    body = expect_refusal(
        owner.post("/repos/encode/httpcore/keys", json=BODY), 422, "Validation Failed"
    )
    assert body["errors"][0]["message"] == "key is already in use"


@pytest.mark.parametrize("key", ["", "ssh-ed25519", "-----BEGIN PUBLIC KEY-----"])
def test_an_invalid_key_is_refused(owner: httpx.Client, key: str) -> None:
    body = expect_refusal(owner.post(KEYS, json=BODY | {"key": key}), 422, "Validation Failed")

    assert "OpenSSH" in body["errors"][0]["message"]


@pytest.mark.parametrize("login", ["maintainer-1", "outsider-1"])
def test_only_admins_manage_deploy_keys(person: Person, login: str) -> None:
    expect_refusal(person(login).get(KEYS), 404, "Not Found")
    expect_refusal(person(login).post(KEYS, json=BODY), 404, "Not Found")
