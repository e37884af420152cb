"""Tests of variables.

Source: GitHub's docs, REST page "GitHub Actions Variables".
"""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    expect_ok,
    expect_refusal,
    put_environment,
)

PATHS = (
    f"{HTTPX}/actions/variables",
    f"{HTTPX}/environments/deploy/variables",
    "/orgs/encode/actions/variables",
)
ORGANIZATION = PATHS[2]


@pytest.fixture(autouse=True)
def deploy_environment(owner: httpx.Client) -> None:
    put_environment(owner)


def build_body(place: str, name: str = "index") -> dict[str, str]:
    return {"name": name, "value": "PyPI"} | (
        {"visibility": "all"} if place == ORGANIZATION else {}
    )


@pytest.mark.parametrize("place", PATHS)
def test_create_read_update_rename_and_delete_a_variable(owner: httpx.Client, place: str) -> None:
    assert owner.post(place, json=build_body(place)).status_code == 201
    assert expect_ok(owner.get(f"{place}/Index"))["value"] == "PyPI"

    assert (
        owner.patch(f"{place}/INDEX", json={"value": "TestPyPI", "name": "REPOSITORY"}).status_code
        == 204
    )
    page = expect_ok(owner.get(place))
    assert [(v["name"], v["value"]) for v in page["variables"]] == [("REPOSITORY", "TestPyPI")]

    assert owner.delete(f"{place}/REPOSITORY").status_code == 204
    expect_refusal(owner.get(f"{place}/REPOSITORY"), 404, "Not Found")


@pytest.mark.parametrize("place", PATHS)
def test_a_name_must_be_unique(owner: httpx.Client, place: str) -> None:
    """Source: public issue threads of the Terraform provider, for the 409 and its message."""
    expect_ok(owner.post(place, json=build_body(place)))
    expect_ok(owner.post(place, json=build_body(place, "other")))

    expect_refusal(owner.post(place, json=build_body(place)), 409, "Variable already exists")
    expect_refusal(
        owner.patch(f"{place}/other", json={"name": "INDEX"}), 409, "Variable already exists"
    )


@pytest.mark.parametrize("name", ["GITHUB_INDEX", "1ST", "with space", "with-dash"])
def test_a_name_follows_the_rules_of_secrets(owner: httpx.Client, name: str) -> None:
    """Source: GitHub's docs, "Store information in variables", naming conventions."""
    expect_refusal(owner.post(PATHS[0], json=build_body(PATHS[0], name)), 422, "Secret names")


def test_share_a_variable_with_selected_repositories(
    owner: httpx.Client,
) -> None:
    repository_ids = [
        expect_ok(owner.get(f"/repos/encode/{name}"))["id"] for name in ("httpx", "httpcore")
    ]
    fields = build_body(ORGANIZATION) | {"visibility": "selected"}
    expect_ok(
        owner.post(ORGANIZATION, json=fields | {"selected_repository_ids": repository_ids[:1]})
    )
    path = f"{ORGANIZATION}/INDEX/repositories"

    assert [
        v["name"]
        for v in expect_ok(owner.get(f"{HTTPX}/actions/organization-variables"))["variables"]
    ] == ["INDEX"]
    expect_ok(owner.put(f"{path}/{repository_ids[1]}"))
    expect_ok(owner.delete(f"{path}/{repository_ids[0]}"))
    assert [r["name"] for r in expect_ok(owner.get(path))["repositories"]] == ["httpcore"]
    expect_ok(owner.put(path, json={"selected_repository_ids": []}))
    assert expect_ok(owner.get(path))["total_count"] == 0
    assert expect_ok(owner.get(f"{HTTPX}/actions/organization-variables"))["variables"] == []


def test_repositories_need_the_visibility_selected(owner: httpx.Client) -> None:
    """Source: the page: 409 "when the visibility of the variable is not set to selected"."""
    expect_ok(owner.post(ORGANIZATION, json=build_body(ORGANIZATION)))

    expect_refusal(owner.put(f"{ORGANIZATION}/INDEX/repositories/1"), 409, "selected")


def test_only_collaborators_and_owners_manage_variables(
    person: Person,
) -> None:
    """Source: the page: collaborators create, update and read a repository's variables."""
    writer = person("maintainer-1")
    outsider = person("outsider-1")

    expect_ok(writer.post(PATHS[0], json=build_body(PATHS[0])))
    expect_refusal(outsider.get(PATHS[0]), 403, "push access")
    expect_refusal(writer.get(ORGANIZATION), 403, "must be an admin")
