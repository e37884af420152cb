"""Organizations. Source: GitHub's docs, REST page "Organizations"."""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import expect_ok, expect_refusal


def test_an_organization_is_found_by_name_and_by_number(anyone: httpx.Client) -> None:
    by_name = expect_ok(anyone.get("/orgs/Encode"))

    assert by_name == expect_ok(anyone.get(f"/organizations/{by_name['id']}"))
    assert by_name["type"] == "Organization"


def test_its_plan_is_for_its_owners(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """Source: "Get an organization": the plan is seen by owners."""
    assert expect_ok(owner.get("/orgs/encode"))["plan"]["name"] == "free"
    assert expect_ok(person("release-stack").get("/orgs/encode"))["plan"]["name"] == "free"
    assert "plan" not in expect_ok(person("operator-1").get("/orgs/encode"))
    assert "plan" not in expect_ok(anyone.get("/orgs/encode"))


def test_a_user_is_no_organization(owner: httpx.Client) -> None:
    """The Terraform provider tells one from the other by this 404."""
    expect_refusal(owner.get("/orgs/owner-1"), 404, "Not Found")


def test_an_organization_is_also_an_account(owner: httpx.Client) -> None:
    assert expect_ok(owner.get("/users/encode"))["type"] == "Organization"


def test_its_repositories_are_listed_with_what_one_may_do(person: Person) -> None:
    listed = expect_ok(person("operator-1").get("/orgs/encode/repos"))

    assert [listed[3]["name"], listed[3]["default_branch"]] == ["httpx", "main"]
    assert (listed[3]["permissions"]["push"], listed[3]["permissions"]["admin"]) == (True, False)
    assert len(listed) == 8


def test_private_repositories_are_listed_for_those_who_may_see_them(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    expect_ok(owner.patch("/repos/encode/httpx", json={"visibility": "private"}))

    assert len(expect_ok(person("operator-1").get("/orgs/encode/repos"))) == 8
    assert len(expect_ok(person("outsider-1").get("/orgs/encode/repos"))) == 7
    assert len(expect_ok(anyone.get("/orgs/encode/repos"))) == 7
    assert [
        r["name"] for r in expect_ok(owner.get("/orgs/encode/repos", params={"type": "private"}))
    ] == ["httpx"]


def test_its_apps_are_for_its_owners(owner: httpx.Client, person: Person) -> None:
    installed = expect_ok(owner.get("/orgs/encode/installations"))["installations"]

    assert [installation["app_slug"] for installation in installed] == ["release-stack"]
    expect_refusal(
        person("operator-1").get("/orgs/encode/installations"), 403, "You must be an admin"
    )
