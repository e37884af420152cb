"""Organizations. Source: GitHub's docs, REST page "Organizations"."""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.acting import done, refused


def test_an_organization_is_found_by_name_and_by_number(anyone: httpx.Client) -> None:
    by_name = done(anyone.get("/orgs/Encode"))

    assert by_name == done(anyone.get(f"/organizations/{by_name['id']}"))
    assert by_name["type"] == "Organization"


def test_its_plan_is_for_its_owners(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """Source: "Get an organization": the plan is seen by owners."""
    assert done(owner.get("/orgs/encode"))["plan"]["name"] == "free"
    assert done(person("release-stack").get("/orgs/encode"))["plan"]["name"] == "free"
    assert "plan" not in done(person("operator-1").get("/orgs/encode"))
    assert "plan" not in done(anyone.get("/orgs/encode"))


def test_a_user_is_no_organization(owner: httpx.Client) -> None:
    """The Terraform provider tells one from the other by this 404."""
    refused(owner.get("/orgs/owner-1"), 404, "Not Found")


def test_an_organization_is_also_an_account(owner: httpx.Client) -> None:
    assert done(owner.get("/users/encode"))["type"] == "Organization"


def test_its_repositories_are_listed_with_what_one_may_do(person: Person) -> None:
    listed = done(person("operator-1").get("/orgs/encode/repos"))

    assert [listed[3]["name"], listed[3]["default_branch"]] == ["httpx", "main"]
    assert (listed[3]["permissions"]["push"], listed[3]["permissions"]["admin"]) == (True, False)
    assert len(listed) == 8


def test_private_repositories_are_listed_for_those_who_may_see_them(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    done(owner.patch("/repos/encode/httpx", json={"visibility": "private"}))

    assert len(done(person("operator-1").get("/orgs/encode/repos"))) == 8
    assert len(done(person("outsider-1").get("/orgs/encode/repos"))) == 7
    assert len(done(anyone.get("/orgs/encode/repos"))) == 7
    assert [
        r["name"] for r in done(owner.get("/orgs/encode/repos", params={"type": "private"}))
    ] == ["httpx"]


def test_its_apps_are_for_its_owners(owner: httpx.Client, person: Person) -> None:
    installed = done(owner.get("/orgs/encode/installations"))["installations"]

    assert [installation["app_slug"] for installation in installed] == ["release-stack"]
    refused(person("operator-1").get("/orgs/encode/installations"), 403, "You must be an admin")
