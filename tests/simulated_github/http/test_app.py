"""The application: tokens, prefixes, errors, and the headers that come with every answer."""

import httpx
import pytest

from simulated_github import Application, World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal
from tests.simulated_github.helpers.checked_transport import connect


@pytest.mark.parametrize("scheme", ["Bearer", "token", "bearer"])
def test_a_token_is_taken_in_both_of_githubs_spellings(github: Application, scheme: str) -> None:
    asking = connect(github, {"authorization": f"{scheme} token-owner-1"})

    assert expect_ok(asking.get("/user"))["login"] == "owner-1"


def test_a_wrong_token_is_a_401_even_where_none_is_needed(github: Application) -> None:
    """Source: GitHub's docs, "Troubleshooting the REST API"."""
    asking = connect(github, {"authorization": "Bearer token-of-nobody"})

    body = expect_refusal(asking.get(HTTPX), 401, "Bad credentials")

    assert {"message", "documentation_url", "status"} == body.keys()


def test_without_a_token_public_things_are_read_and_nothing_is_written(
    anyone: httpx.Client,
) -> None:
    assert "permissions" not in expect_ok(anyone.get(HTTPX))
    expect_refusal(anyone.patch(HTTPX, json={"description": "x"}), 401, "Requires authentication")
    expect_refusal(anyone.get("/user"), 401, "Requires authentication")


def test_the_same_operations_are_under_the_prefix_of_an_enterprise_server(
    owner: httpx.Client,
) -> None:
    plain, prefixed = expect_ok(owner.get(HTTPX)), expect_ok(owner.get(f"/api/v3{HTTPX}"))

    assert plain["id"] == prefixed["id"]
    assert f"http://github.test{HTTPX}" == plain["url"]
    assert f"http://github.test/api/v3{HTTPX}" == prefixed["url"]


def test_an_unknown_route_says_that_the_simulator_does_not_serve_it(owner: httpx.Client) -> None:
    body = expect_refusal(
        owner.post(f"{HTTPX}/pages"),
        404,
        "The simulated GitHub does not serve POST /repos/encode/httpx/pages",
    )

    assert "simulated_github/operations" in body["message"]


def test_a_thing_that_is_not_there_is_githubs_own_404(owner: httpx.Client) -> None:
    expect_refusal(owner.get("/repos/encode/nothing"), 404, "Not Found")


def test_what_is_not_json_is_a_400(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Troubleshooting the REST API", invalid requests."""
    expect_refusal(owner.post("/orgs/encode/teams", content=b"{"), 400, "Problems parsing JSON")
    expect_refusal(
        owner.post("/orgs/encode/teams", content=b"[]"), 400, "Body should be a JSON object"
    )


def test_an_answer_that_is_known_already_is_a_304_without_a_body(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Best practices for using the REST API", conditional requests."""
    first = owner.get(HTTPX)
    again = owner.get(HTTPX, headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_change_makes_an_answer_new(owner: httpx.Client) -> None:
    before = owner.get(HTTPX).headers["etag"]
    expect_ok(owner.patch(HTTPX, json={"description": "An HTTP client"}))

    assert owner.get(HTTPX, headers={"if-none-match": before}).status_code == 200


def test_every_answer_says_how_much_of_the_limit_is_left(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Rate limits for the REST API"."""
    first, second = owner.get("/user"), owner.get("/user")

    assert (
        int(first.headers["x-ratelimit-remaining"]) - int(second.headers["x-ratelimit-remaining"])
        == 1
    )
    assert first.headers["x-ratelimit-resource"] == "core"


def test_a_classic_token_is_told_its_scopes_and_those_that_would_do(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Scopes for OAuth apps"."""
    answer = owner.get("/orgs/encode/teams")

    assert answer.headers["x-oauth-scopes"] == "admin:org, delete_repo, repo, workflow"
    assert answer.headers["x-accepted-oauth-scopes"] == "read:org"


def test_an_app_is_told_the_permission_that_is_needed(person: Person) -> None:
    """Source: GitHub's docs, "Troubleshooting the REST API", insufficient permissions."""
    answer = person("release-stack").get("/orgs/encode/teams")

    assert answer.headers["x-accepted-github-permissions"] == "members=read"
    assert "x-oauth-scopes" not in answer.headers


def test_head_answers_like_get_without_a_body(owner: httpx.Client) -> None:
    answer = owner.head(HTTPX)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == owner.get(HTTPX).headers["etag"]


def test_lists_come_in_pages_with_links_to_the_others(owner: httpx.Client) -> None:
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


def test_a_page_holds_thirty_and_never_more_than_a_hundred(owner: httpx.Client) -> None:
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


def test_the_log_holds_method_path_and_status_and_nothing_else(
    github: Application, owner: httpx.Client
) -> None:
    owner.get("/orgs/encode/teams?per_page=5")
    owner.post("/orgs/encode/teams", json={"name": "operations"})

    assert [(logged.method, logged.path, logged.status) for logged in github.requests] == [
        ("GET", "/orgs/encode/teams", 200),
        ("POST", "/orgs/encode/teams", 201),
    ]


def test_two_worlds_of_one_file_answer_alike(owner: httpx.Client) -> None:
    from simulated_github import create_app

    other = connect(create_app("encode"), {"authorization": "Bearer token-owner-1"})

    for path in (HTTPX, f"{HTTPX}/commits", f"{HTTPX}/actions/secrets/public-key"):
        assert expect_ok(owner.get(path)) == expect_ok(other.get(path))
