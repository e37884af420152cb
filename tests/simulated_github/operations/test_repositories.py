"""Repositories. Source: GitHub's docs, REST page "Repositories"."""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    expect_ok,
    expect_refusal,
    put_environment,
    put_secret,
    write_file,
)


def test_a_repository_is_found_by_name_and_by_number(owner: httpx.Client) -> None:
    found = expect_ok(owner.get("/repos/Encode/HTTPX"))

    assert found == expect_ok(owner.get(f"/repositories/{found['id']}"))
    assert found["full_name"] == "encode/httpx"


def test_merge_settings_are_for_those_who_may_write(person: Person, anyone: httpx.Client) -> None:
    """Source: "Get a repository": merge-related settings need write access to contents."""
    assert "allow_merge_commit" in expect_ok(person("maintainer-1").get(HTTPX))
    assert "allow_merge_commit" not in expect_ok(person("outsider-1").get(HTTPX))
    assert "allow_merge_commit" not in expect_ok(anyone.get(HTTPX))


def test_the_security_block_is_for_admins(owner: httpx.Client, person: Person) -> None:
    assert "security_and_analysis" in expect_ok(owner.get(HTTPX))
    assert "security_and_analysis" not in expect_ok(person("maintainer-1").get(HTTPX))


def test_a_renamed_repository_redirects_from_its_former_name(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Following redirects": 301, and 307 where method and body are to be repeated."""
    number = expect_ok(owner.patch(HTTPX, json={"name": "httpx2"}))["id"]

    reading = owner.get(f"/api/v3{HTTPX}/environments?per_page=1")
    writing = owner.put(f"{HTTPX}/environments/deploy", json={})

    assert (reading.status_code, writing.status_code) == (301, 307)
    assert (
        f"http://github.test/api/v3/repositories/{number}/environments?per_page=1"
        == reading.headers["location"]
    )
    assert expect_ok(owner.get(HTTPX, follow_redirects=True))["name"] == "httpx2"
    expect_ok(owner.put(f"{HTTPX}/environments/deploy", json={}, follow_redirects=True))
    assert (
        "deploy"
        in expect_ok(owner.get("/repos/encode/httpx2/environments"))["environments"][0]["name"]
    )


def test_a_former_name_that_is_taken_again_no_longer_redirects(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"name": "httpx2"}))
    made = expect_ok(owner.post("/orgs/encode/repos", json={"name": "httpx"}))

    assert made["id"] == expect_ok(owner.get(HTTPX))["id"]


def test_a_name_is_taken_once(owner: httpx.Client) -> None:
    for answer in (
        owner.post("/orgs/encode/repos", json={"name": "HTTPX"}),
        owner.patch(HTTPX, json={"name": "uvicorn"}),
    ):
        body = expect_refusal(answer, 422, "Repository creation failed.")
        assert body["errors"][0]["message"] == "name already exists on this account"


def test_whatever_a_name_cannot_have_becomes_a_hyphen(owner: httpx.Client) -> None:
    assert expect_ok(owner.post("/orgs/encode/repos", json={"name": "a / b"}))["name"] == "a-b"


def test_a_new_repository_is_empty_or_has_a_first_commit(owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "empty"}))
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "started", "auto_init": True}))

    expect_refusal(owner.get("/repos/encode/empty/commits"), 409, "Git Repository is empty.")
    expect_refusal(
        owner.get("/repos/encode/empty/contents/README.md"), 404, "This repository is empty."
    )
    assert [
        c["commit"]["message"] for c in expect_ok(owner.get("/repos/encode/started/commits"))
    ] == ["Initial commit"]


def test_settings_are_changed_one_by_one(owner: httpx.Client) -> None:
    before = expect_ok(owner.get(HTTPX))
    after = expect_ok(owner.patch(HTTPX, json={"has_wiki": False, "description": "An HTTP client"}))

    changed = {key for key in before if before[key] != after[key]}
    assert (
        {"has_wiki", "description", "updated_at", "pushed_at"}
        >= changed
        >= {"has_wiki", "description"}
    )


def test_an_unknown_setting_is_refused(owner: httpx.Client) -> None:
    expect_refusal(
        owner.patch(HTTPX, json={"has_wikis": False}), 422, '"has_wikis" is not a permitted key.'
    )


def test_the_default_branch_must_be_there(owner: httpx.Client) -> None:
    expect_refusal(owner.patch(HTTPX, json={"default_branch": "next"}), 422, "Validation Failed")
    create_branch(owner, "next")

    assert (
        expect_ok(owner.patch(HTTPX, json={"default_branch": "next"}))["default_branch"] == "next"
    )


def test_internal_repositories_are_for_enterprises(owner: httpx.Client) -> None:
    expect_refusal(
        owner.patch(HTTPX, json={"visibility": "internal"}),
        422,
        "Only organizations associated with an enterprise",
    )


def test_an_archived_repository_is_read_only_until_it_is_taken_back(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"archived": True}))

    expect_refusal(write_file(owner, "a", "b"), 403, "Repository was archived so is read-only.")
    expect_refusal(
        owner.put(f"{HTTPX}/environments/deploy", json={}),
        403,
        "Repository was archived so is read-only.",
    )
    expect_refusal(
        owner.patch(HTTPX, json={"description": "x"}),
        403,
        "Repository was archived so is read-only.",
    )
    expect_ok(owner.get(f"{HTTPX}/commits"))
    expect_ok(owner.patch(HTTPX, json={"archived": False}))
    expect_ok(write_file(owner, "a", "b"))


def test_a_private_repository_is_hidden_from_those_without_a_role(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    expect_refusal(anyone.get(HTTPX), 404, "Not Found")
    expect_refusal(person("outsider-1").get(f"{HTTPX}/commits"), 404, "Not Found")
    expect_ok(person("maintainer-11").get(HTTPX))


def test_a_deleted_repository_is_gone_with_all_that_hung_on_it(owner: httpx.Client) -> None:
    put_environment(owner)
    expect_ok(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "x"))

    expect_ok(owner.delete(HTTPX))

    expect_refusal(owner.get(HTTPX), 404, "Not Found")
    expect_refusal(owner.get(f"{HTTPX}/environments/deploy"), 404, "Not Found")


@pytest.mark.parametrize("login", ["maintainer-1", "outsider-1"])
def test_only_admins_change_or_delete_a_repository(person: Person, login: str) -> None:
    expect_refusal(
        person(login).patch(HTTPX, json={"name": "x"}), 403, "Must have admin rights to Repository."
    )
    expect_refusal(person(login).delete(HTTPX), 403, "Must have admin rights to Repository.")


def test_topics_are_replaced_as_a_whole(owner: httpx.Client) -> None:
    expect_ok(owner.put(f"{HTTPX}/topics", json={"names": ["HTTP", "client"]}))

    assert (
        ["http", "client"]
        == expect_ok(owner.get(HTTPX))["topics"]
        == expect_ok(owner.get(f"{HTTPX}/topics"))["names"]
    )
    expect_refusal(
        owner.put(f"{HTTPX}/topics", json={"names": ["no spaces"]}), 422, "Topics must start"
    )


def test_alerts_are_off_until_they_are_switched_on(owner: httpx.Client) -> None:
    path = f"{HTTPX}/vulnerability-alerts"

    assert [
        owner.request(method, path).status_code for method in ("GET", "PUT", "GET", "DELETE", "GET")
    ] == [
        404,
        204,
        204,
        204,
        404,
    ]
