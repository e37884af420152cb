"""Tests of organizations.

Source: GitHub's docs, REST page "Organizations".
"""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import expect_ok, expect_refusal


def test_get_an_organization_by_login_and_by_id(anyone: httpx.Client) -> None:
    by_name = expect_ok(anyone.get("/orgs/Encode"))

    assert by_name == expect_ok(anyone.get(f"/organizations/{by_name['id']}"))
    assert by_name["type"] == "Organization"


def test_only_owners_see_the_plan(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """Source: the page "Get an organization"."""
    assert expect_ok(owner.get("/orgs/encode"))["plan"]["name"] == "free"
    assert expect_ok(person("release-stack").get("/orgs/encode"))["plan"]["name"] == "free"
    assert "plan" not in expect_ok(person("operator-1").get("/orgs/encode"))
    assert "plan" not in expect_ok(anyone.get("/orgs/encode"))


def test_a_user_is_not_an_organization(owner: httpx.Client) -> None:
    """The Terraform provider distinguishes organizations from users by this 404."""
    expect_refusal(owner.get("/orgs/owner-1"), 404, "Not Found")


def test_an_organization_is_also_an_account(owner: httpx.Client) -> None:
    assert expect_ok(owner.get("/users/encode"))["type"] == "Organization"


def test_list_repositories_with_the_callers_permissions(person: Person) -> None:
    repositories = expect_ok(person("operator-1").get("/orgs/encode/repos"))

    assert [repositories[3]["name"], repositories[3]["default_branch"]] == ["httpx", "main"]
    assert repositories[3]["permissions"]["push"] is True
    assert repositories[3]["permissions"]["admin"] is False
    assert len(repositories) == 8


def test_only_members_list_private_repositories(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    expect_ok(owner.patch("/repos/encode/httpx", json={"visibility": "private"}))

    assert len(expect_ok(person("operator-1").get("/orgs/encode/repos"))) == 8
    assert len(expect_ok(person("outsider-1").get("/orgs/encode/repos"))) == 7
    assert len(expect_ok(anyone.get("/orgs/encode/repos"))) == 7
    assert [
        r["name"] for r in expect_ok(owner.get("/orgs/encode/repos", params={"type": "private"}))
    ] == ["httpx"]


def test_only_owners_list_apps(owner: httpx.Client, person: Person) -> None:
    installed = expect_ok(owner.get("/orgs/encode/installations"))["installations"]

    assert [installation["app_slug"] for installation in installed] == ["release-stack"]
    expect_refusal(
        person("operator-1").get("/orgs/encode/installations"), 403, "You must be an admin"
    )
