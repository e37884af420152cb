"""Tests of the application: tokens, prefixes, errors, and the headers of every response."""

import httpx
import pytest

from simulated_github import Application, World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal
from tests.simulated_github.helpers.checked_transport import connect


@pytest.mark.parametrize("scheme", ["Bearer", "token", "bearer"])
def test_a_token_has_the_scheme_bearer_or_token(github: Application, scheme: str) -> None:
    user = connect(github, {"authorization": f"{scheme} token-owner-1"})

    assert expect_ok(user.get("/user"))["login"] == "owner-1"


def test_a_wrong_token_is_a_401_even_on_public_paths(github: Application) -> None:
    """Source: GitHub's docs, "Troubleshooting the REST API"."""
    user = connect(github, {"authorization": "Bearer token-of-nobody"})

    body = expect_refusal(user.get(HTTPX), 401, "Bad credentials")

    assert {"message", "documentation_url", "status"} == body.keys()


def test_without_a_token_only_public_reads_are_allowed(
    anyone: httpx.Client,
) -> None:
    assert "permissions" not in expect_ok(anyone.get(HTTPX))
    expect_refusal(anyone.patch(HTTPX, json={"description": "x"}), 401, "Requires authentication")
    expect_refusal(anyone.get("/user"), 401, "Requires authentication")


def test_operations_are_also_under_the_enterprise_prefix(
    owner: httpx.Client,
) -> None:
    plain = expect_ok(owner.get(HTTPX))
    prefixed = expect_ok(owner.get(f"/api/v3{HTTPX}"))

    assert plain["id"] == prefixed["id"]
    assert f"http://github.test{HTTPX}" == plain["url"]
    assert f"http://github.test/api/v3{HTTPX}" == prefixed["url"]


def test_an_unknown_route_is_a_404_that_says_so(owner: httpx.Client) -> None:
    body = expect_refusal(
        owner.post(f"{HTTPX}/pages"),
        404,
        "The simulated GitHub does not serve POST /repos/encode/httpx/pages",
    )

    assert "simulated_github/operations" in body["message"]


def test_a_missing_object_is_githubs_404(owner: httpx.Client) -> None:
    expect_refusal(owner.get("/repos/encode/nothing"), 404, "Not Found")


def test_a_body_that_is_not_a_json_object_is_a_400(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Troubleshooting the REST API", invalid requests."""
    expect_refusal(owner.post("/orgs/encode/teams", content=b"{"), 400, "Problems parsing JSON")
    expect_refusal(
        owner.post("/orgs/encode/teams", content=b"[]"), 400, "Body should be a JSON object"
    )


def test_a_matching_entity_tag_is_a_304_without_a_body(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Best practices for using the REST API", conditional requests."""
    first = owner.get(HTTPX)
    again = owner.get(HTTPX, headers={"if-none-match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_a_change_invalidates_the_entity_tag(owner: httpx.Client) -> None:
    before = owner.get(HTTPX).headers["etag"]
    expect_ok(owner.patch(HTTPX, json={"description": "An HTTP client"}))

    assert owner.get(HTTPX, headers={"if-none-match": before}).status_code == 200


def test_every_response_has_the_remaining_rate_limit(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Rate limits for the REST API"."""
    first = owner.get("/user")
    second = owner.get("/user")

    assert (
        int(first.headers["x-ratelimit-remaining"]) - int(second.headers["x-ratelimit-remaining"])
        == 1
    )
    assert first.headers["x-ratelimit-resource"] == "core"


def test_headers_list_a_classic_tokens_scopes(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Scopes for OAuth apps"."""
    response = owner.get("/orgs/encode/teams")

    assert response.headers["x-oauth-scopes"] == "admin:org, delete_repo, repo, workflow"
    assert response.headers["x-accepted-oauth-scopes"] == "read:org"


def test_a_header_names_the_permission_that_an_app_needs(person: Person) -> None:
    """Source: GitHub's docs, "Troubleshooting the REST API", insufficient permissions."""
    response = person("release-stack").get("/orgs/encode/teams")

    assert response.headers["x-accepted-github-permissions"] == "members=read"
    assert "x-oauth-scopes" not in response.headers


def test_head_is_like_get_without_a_body(owner: httpx.Client) -> None:
    response = owner.head(HTTPX)

    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["etag"] == owner.get(HTTPX).headers["etag"]


def test_lists_have_pages_with_links(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Using pagination in the REST API"."""
    first = owner.get("/orgs/encode/members", params={"per_page": 5})
    last = owner.get(first.links["last"]["url"])

    assert len(expect_ok(first)) == 5
    assert {"next", "last"} == first.links.keys()
    assert {"prev", "first"} == last.links.keys()
    assert (
        sum(
            len(expect_ok(owner.get("/orgs/encode/members", params={"per_page": 5, "page": n})))
            for n in (1, 2, 3)
        )
        == 14
    )


def test_a_page_has_30_items_by_default_and_at_most_100(owner: httpx.Client) -> None:
    for number in range(101):
        expect_ok(owner.post("/orgs/encode/teams", json={"name": f"team {number}"}))

    assert len(expect_ok(owner.get("/orgs/encode/teams"))) == 30
    assert len(expect_ok(owner.get("/orgs/encode/teams", params={"per_page": 500}))) == 100


def test_watchers_see_the_world_after_every_write(github: Application, owner: httpx.Client) -> None:
    seen: list[tuple[str, str, int, int]] = []

    def watch(world: World, method: str, path: str, status: int) -> None:
        seen.append((method, path, status, sum(len(o.teams) for o in world.organizations.values())))

    github.watchers.append(watch)
    owner.get("/orgs/encode/teams")
    owner.post("/api/v3/orgs/encode/teams", json={"name": "operations"})
    owner.post("/orgs/encode/teams", json={"name": "operations"})

    assert seen == [
        ("POST", "/api/v3/orgs/encode/teams", 201, 1),
        ("POST", "/orgs/encode/teams", 422, 1),
    ]


def test_the_log_has_method_path_and_status_only(github: Application, owner: httpx.Client) -> None:
    owner.get("/orgs/encode/teams?per_page=5")
    owner.post("/orgs/encode/teams", json={"name": "operations"})

    assert [(request.method, request.path, request.status) for request in github.requests] == [
        ("GET", "/orgs/encode/teams", 200),
        ("POST", "/orgs/encode/teams", 201),
    ]


def test_two_worlds_of_one_file_are_equal(owner: httpx.Client) -> None:
    from simulated_github import create_app

    second_owner = connect(create_app("encode"), {"authorization": "Bearer token-owner-1"})

    for path in (HTTPX, f"{HTTPX}/commits", f"{HTTPX}/actions/secrets/public-key"):
        assert expect_ok(owner.get(path)) == expect_ok(second_owner.get(path))
