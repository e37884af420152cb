"""Tests of users and Apps.

Source: GitHub's docs, REST pages "Users" and "GitHub Apps".
"""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import expect_ok, expect_refusal


def test_get_a_user_by_login_and_by_id(anyone: httpx.Client) -> None:
    user = expect_ok(anyone.get("/users/Maintainer-1"))

    assert user == expect_ok(anyone.get(f"/user/{user['id']}"))
    assert user["login"] == "maintainer-1"


def test_an_unknown_user_is_a_404(anyone: httpx.Client) -> None:
    expect_refusal(anyone.get("/users/unknown-user"), 404, "Not Found")
    expect_refusal(anyone.get("/user/1"), 404, "Not Found")


def test_users_have_no_keys(anyone: httpx.Client) -> None:
    """Both lists exist, because the Terraform provider's data source reads them."""
    assert expect_ok(anyone.get("/users/owner-1/keys")) == []
    assert expect_ok(anyone.get("/users/owner-1/gpg_keys")) == []


def test_an_installation_is_not_a_user(person: Person) -> None:
    expect_refusal(
        person("release-stack").get("/user"), 403, "Resource not accessible by integration"
    )


def test_an_app_shows_its_id_and_permissions(anyone: httpx.Client) -> None:
    app = expect_ok(anyone.get("/apps/release-stack"))

    assert app["name"] == "Release Stack"
    assert app["permissions"]["workflows"] == "write"
    assert isinstance(app["id"], int)


def test_an_installation_lists_its_organizations_repositories(
    owner: httpx.Client, person: Person
) -> None:
    page = expect_ok(person("release-stack").get("/installation/repositories"))

    assert page["total_count"] == 8
    assert len(page["repositories"]) == 8
    expect_refusal(
        owner.get("/installation/repositories"),
        403,
        "You must authenticate with an installation access token",
    )


def test_get_the_rate_limit(owner: httpx.Client) -> None:
    assert {"core", "search", "graphql"} == expect_ok(owner.get("/rate_limit"))["resources"].keys()
