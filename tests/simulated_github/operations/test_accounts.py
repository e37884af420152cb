"""Users and Apps. Source: GitHub's docs, REST pages "Users" and "GitHub Apps"."""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import expect_ok, expect_refusal


def test_a_user_is_found_by_login_and_by_number(anyone: httpx.Client) -> None:
    user = expect_ok(anyone.get("/users/Maintainer-1"))

    assert user == expect_ok(anyone.get(f"/user/{user['id']}"))
    assert user["login"] == "maintainer-1"


def test_a_login_that_nobody_has_is_a_404(anyone: httpx.Client) -> None:
    expect_refusal(anyone.get("/users/nobody-at-all"), 404, "Not Found")
    expect_refusal(anyone.get("/user/1"), 404, "Not Found")


def test_nobody_has_keys(anyone: httpx.Client) -> None:
    """The Terraform provider's data source asks for both kinds of keys."""
    assert (
        []
        == expect_ok(anyone.get("/users/owner-1/keys"))
        == expect_ok(anyone.get("/users/owner-1/gpg_keys"))
    )


def test_an_installation_is_no_user(person: Person) -> None:
    expect_refusal(
        person("release-stack").get("/user"), 403, "Resource not accessible by integration"
    )


def test_an_app_shows_its_number_and_permissions(anyone: httpx.Client) -> None:
    app = expect_ok(anyone.get("/apps/release-stack"))

    assert (app["name"], app["permissions"]["workflows"]) == ("Release Stack", "write")
    assert isinstance(app["id"], int)


def test_an_installation_lists_the_repositories_of_its_organization(
    owner: httpx.Client, person: Person
) -> None:
    listed = expect_ok(person("release-stack").get("/installation/repositories"))

    assert 8 == listed["total_count"] == len(listed["repositories"])
    expect_refusal(
        owner.get("/installation/repositories"),
        403,
        "You must authenticate with an installation access token",
    )


def test_the_limit_can_be_asked_for(owner: httpx.Client) -> None:
    assert {"core", "search", "graphql"} == expect_ok(owner.get("/rate_limit"))["resources"].keys()
