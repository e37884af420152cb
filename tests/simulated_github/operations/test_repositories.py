"""Tests of repositories.

Source: GitHub's docs, REST page "Repositories".
"""

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


def test_get_a_repository_by_name_and_by_id(owner: httpx.Client) -> None:
    repository = expect_ok(owner.get("/repos/Encode/HTTPX"))

    assert repository == expect_ok(owner.get(f"/repositories/{repository['id']}"))
    assert repository["full_name"] == "encode/httpx"


def test_only_users_with_write_access_see_merge_settings(
    person: Person, anyone: httpx.Client
) -> None:
    """Source: "Get a repository": merge settings need write access to contents."""
    assert "allow_merge_commit" in expect_ok(person("maintainer-1").get(HTTPX))
    assert "allow_merge_commit" not in expect_ok(person("outsider-1").get(HTTPX))
    assert "allow_merge_commit" not in expect_ok(anyone.get(HTTPX))


def test_only_admins_see_security_settings(owner: httpx.Client, person: Person) -> None:
    assert "security_and_analysis" in expect_ok(owner.get(HTTPX))
    assert "security_and_analysis" not in expect_ok(person("maintainer-1").get(HTTPX))


def test_a_renamed_repository_redirects_from_its_former_name(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Following redirects": 301, and 307 to repeat the method and body."""
    repository_id = expect_ok(owner.patch(HTTPX, json={"name": "httpx2"}))["id"]

    reading = owner.get(f"/api/v3{HTTPX}/environments?per_page=1")
    writing = owner.put(f"{HTTPX}/environments/deploy", json={})

    assert reading.status_code == 301
    assert writing.status_code == 307
    assert (
        f"http://github.test/api/v3/repositories/{repository_id}/environments?per_page=1"
        == reading.headers["location"]
    )
    assert expect_ok(owner.get(HTTPX, follow_redirects=True))["name"] == "httpx2"
    expect_ok(owner.put(f"{HTTPX}/environments/deploy", json={}, follow_redirects=True))
    assert (
        "deploy"
        in expect_ok(owner.get("/repos/encode/httpx2/environments"))["environments"][0]["name"]
    )


def test_a_reused_former_name_no_longer_redirects(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"name": "httpx2"}))
    repository = expect_ok(owner.post("/orgs/encode/repos", json={"name": "httpx"}))

    assert repository["id"] == expect_ok(owner.get(HTTPX))["id"]


def test_a_name_must_be_unique(owner: httpx.Client) -> None:
    for response in (
        owner.post("/orgs/encode/repos", json={"name": "HTTPX"}),
        owner.patch(HTTPX, json={"name": "uvicorn"}),
    ):
        body = expect_refusal(response, 422, "Repository creation failed.")
        assert body["errors"][0]["message"] == "name already exists on this account"


def test_invalid_characters_of_a_name_become_a_hyphen(owner: httpx.Client) -> None:
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


def test_an_update_changes_only_the_named_settings(owner: httpx.Client) -> None:
    before = expect_ok(owner.get(HTTPX))
    after = expect_ok(owner.patch(HTTPX, json={"has_wiki": False, "description": "An HTTP client"}))

    changed = {key for key in before if before[key] != after[key]}
    assert changed - {"updated_at", "pushed_at"} == {"has_wiki", "description"}


def test_an_unknown_setting_is_refused(owner: httpx.Client) -> None:
    expect_refusal(
        owner.patch(HTTPX, json={"has_wikis": False}), 422, '"has_wikis" is not a permitted key.'
    )


def test_the_default_branch_must_exist(owner: httpx.Client) -> None:
    expect_refusal(owner.patch(HTTPX, json={"default_branch": "next"}), 422, "Validation Failed")
    create_branch(owner, "next")

    assert (
        expect_ok(owner.patch(HTTPX, json={"default_branch": "next"}))["default_branch"] == "next"
    )


def test_only_enterprises_have_internal_repositories(owner: httpx.Client) -> None:
    expect_refusal(
        owner.patch(HTTPX, json={"visibility": "internal"}),
        422,
        "Only organizations associated with an enterprise",
    )


def test_an_archived_repository_is_read_only_until_unarchived(owner: httpx.Client) -> None:
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


def test_a_private_repository_is_hidden_from_users_without_role(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    expect_refusal(anyone.get(HTTPX), 404, "Not Found")
    expect_refusal(person("outsider-1").get(f"{HTTPX}/commits"), 404, "Not Found")
    expect_ok(person("maintainer-11").get(HTTPX))


def test_deleting_a_repository_deletes_its_contents(owner: httpx.Client) -> None:
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


def test_replace_all_topics(owner: httpx.Client) -> None:
    expect_ok(owner.put(f"{HTTPX}/topics", json={"names": ["HTTP", "client"]}))

    assert expect_ok(owner.get(HTTPX))["topics"] == ["http", "client"]
    assert expect_ok(owner.get(f"{HTTPX}/topics"))["names"] == ["http", "client"]
    expect_refusal(
        owner.put(f"{HTTPX}/topics", json={"names": ["no spaces"]}), 422, "Topics must start"
    )


def test_vulnerability_alerts_are_off_by_default(owner: httpx.Client) -> None:
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


def test_a_repository_allows_a_merge_method(owner: httpx.Client) -> None:
    methods = ("allow_merge_commit", "allow_squash_merge", "allow_rebase_merge")
    for body in (dict.fromkeys(methods[1:], False), dict.fromkeys(methods[:1], True)):
        expect_ok(owner.patch(HTTPX, json=body))

    response = owner.patch(HTTPX, json={"allow_merge_commit": False, "has_wiki": False})

    [error] = expect_refusal(response, 422, "Validation Failed")["errors"]
    assert error["message"] == (
        "Sorry, you need to allow at least one merge strategy. (no_merge_method)"
    )
    assert expect_ok(owner.get(HTTPX))["has_wiki"] is True
    new = {"name": "new", **dict.fromkeys(methods, False)}
    expect_refusal(owner.post("/orgs/encode/repos", json=new), 422, "Validation Failed")
    assert owner.get("/repos/encode/new").status_code == 404
