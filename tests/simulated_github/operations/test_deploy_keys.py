"""Deploy keys. Source: GitHub's docs, REST page "Deploy keys"; the refusals' sentences are those of public issue threads."""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal

KEYS = f"{HTTPX}/keys"
BODY = {"title": "docs", "key": "ssh-ed25519 " + "A" * 68 + " somebody@example", "read_only": True}


def test_a_key_is_kept_without_its_comment_and_deleted(owner: httpx.Client) -> None:
    made = expect_ok(owner.post(KEYS, json=BODY))

    assert (made["key"], made["read_only"], made["added_by"]) == (
        "ssh-ed25519 " + "A" * 68,
        True,
        "owner-1",
    )
    assert made == expect_ok(owner.get(f"{KEYS}/{made['id']}"))
    assert [made] == expect_ok(owner.get(KEYS))
    expect_ok(owner.delete(f"{KEYS}/{made['id']}"))
    expect_refusal(owner.get(f"{KEYS}/{made['id']}"), 404, "Not Found")


def test_a_key_may_write_unless_it_is_said_to_read_only(owner: httpx.Client) -> None:
    assert expect_ok(owner.post(KEYS, json={"key": BODY["key"]}))["read_only"] is False


def test_a_key_opens_one_repository_alone(owner: httpx.Client) -> None:
    expect_ok(owner.post(KEYS, json=BODY))

    body = expect_refusal(
        owner.post("/repos/encode/httpcore/keys", json=BODY), 422, "Validation Failed"
    )
    assert body["errors"][0]["message"] == "key is already in use"


@pytest.mark.parametrize("key", ["", "ssh-ed25519", "-----BEGIN PUBLIC KEY-----"])
def test_what_is_no_key_is_refused(owner: httpx.Client, key: str) -> None:
    body = expect_refusal(owner.post(KEYS, json=BODY | {"key": key}), 422, "Validation Failed")

    assert "OpenSSH" in body["errors"][0]["message"]


@pytest.mark.parametrize("who", ["maintainer-1", "outsider-1"])
def test_they_are_for_admins(person: Person, who: str) -> None:
    expect_refusal(person(who).get(KEYS), 404, "Not Found")
    expect_refusal(person(who).post(KEYS, json=BODY), 404, "Not Found")
