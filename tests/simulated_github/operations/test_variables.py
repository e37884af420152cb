"""Variables. Source: GitHub's docs, REST page "GitHub Actions Variables"."""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    expect_ok,
    expect_refusal,
    put_environment,
)

PLACES = (
    f"{HTTPX}/actions/variables",
    f"{HTTPX}/environments/deploy/variables",
    "/orgs/encode/actions/variables",
)
ORGANIZATION = PLACES[2]


@pytest.fixture(autouse=True)
def an_environment(owner: httpx.Client) -> None:
    put_environment(owner)


def body(place: str, name: str = "index") -> dict[str, str]:
    return {"name": name, "value": "PyPI"} | (
        {"visibility": "all"} if place == ORGANIZATION else {}
    )


@pytest.mark.parametrize("place", PLACES)
def test_a_variable_is_made_read_changed_renamed_and_deleted(
    owner: httpx.Client, place: str
) -> None:
    assert owner.post(place, json=body(place)).status_code == 201
    assert expect_ok(owner.get(f"{place}/Index"))["value"] == "PyPI"

    assert (
        owner.patch(f"{place}/INDEX", json={"value": "TestPyPI", "name": "REPOSITORY"}).status_code
        == 204
    )
    listed = expect_ok(owner.get(place))
    assert [(v["name"], v["value"]) for v in listed["variables"]] == [("REPOSITORY", "TestPyPI")]

    assert owner.delete(f"{place}/REPOSITORY").status_code == 204
    expect_refusal(owner.get(f"{place}/REPOSITORY"), 404, "Not Found")


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_taken_once(owner: httpx.Client, place: str) -> None:
    """Source: public issue threads of the Terraform provider name the 409 and its sentence."""
    expect_ok(owner.post(place, json=body(place)))
    expect_ok(owner.post(place, json=body(place, "other")))

    expect_refusal(owner.post(place, json=body(place)), 409, "Variable already exists")
    expect_refusal(
        owner.patch(f"{place}/other", json={"name": "INDEX"}), 409, "Variable already exists"
    )


@pytest.mark.parametrize("name", ["GITHUB_INDEX", "1ST", "with space", "with-dash"])
def test_a_name_follows_the_rules_of_secrets(owner: httpx.Client, name: str) -> None:
    """Source: GitHub's docs, "Store information in variables", naming conventions."""
    expect_refusal(owner.post(PLACES[0], json=body(PLACES[0], name)), 422, "Secret names")


def test_an_organizations_variable_is_for_the_repositories_that_are_named(
    owner: httpx.Client,
) -> None:
    numbers = [
        expect_ok(owner.get(f"/repos/encode/{name}"))["id"] for name in ("httpx", "httpcore")
    ]
    sent = body(ORGANIZATION) | {"visibility": "selected"}
    expect_ok(owner.post(ORGANIZATION, json=sent | {"selected_repository_ids": numbers[:1]}))
    path = f"{ORGANIZATION}/INDEX/repositories"

    assert [
        v["name"]
        for v in expect_ok(owner.get(f"{HTTPX}/actions/organization-variables"))["variables"]
    ] == ["INDEX"]
    expect_ok(owner.put(f"{path}/{numbers[1]}"))
    expect_ok(owner.delete(f"{path}/{numbers[0]}"))
    assert [r["name"] for r in expect_ok(owner.get(path))["repositories"]] == ["httpcore"]
    expect_ok(owner.put(path, json={"selected_repository_ids": []}))
    assert expect_ok(owner.get(path))["total_count"] == 0
    assert expect_ok(owner.get(f"{HTTPX}/actions/organization-variables"))["variables"] == []


def test_repositories_are_named_only_where_they_are_selected(owner: httpx.Client) -> None:
    """Source: the page's 409, "Response when the visibility of the variable is not set to selected"."""
    expect_ok(owner.post(ORGANIZATION, json=body(ORGANIZATION)))

    expect_refusal(owner.put(f"{ORGANIZATION}/INDEX/repositories/1"), 409, "selected")


def test_they_are_for_collaborators_of_the_repository_and_owners_of_the_organization(
    person: Person,
) -> None:
    """Source: the page: "must have collaborator access to the repository to create, update, or read variables"."""
    writer = person("maintainer-1")
    outsider = person("outsider-1")

    expect_ok(writer.post(PLACES[0], json=body(PLACES[0])))
    expect_refusal(outsider.get(PLACES[0]), 403, "push access")
    expect_refusal(writer.get(ORGANIZATION), 403, "must be an admin")
