"""Tests of the router."""

import pytest

from simulated_github.http.request import Request
from simulated_github.http.responses import Response
from simulated_github.http.routing import Operation, Router


def respond(_: Request) -> Response:
    return Response(204)


def operation(name: str, path: str, method: str = "GET") -> Operation:
    return Operation(name, method, path, respond)


def find(router: Router, path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
    result = router.find(method, path)
    return (result[0].id, result[1]) if result else None


def test_named_parts_of_a_path_become_parameters() -> None:
    router = Router([operation("repos/get", "/repos/{owner}/{repo}")])

    assert find(router, "/repos/encode/httpx") == (
        "repos/get",
        {"owner": "encode", "repo": "httpx"},
    )
    assert find(router, "/repos/encode") is None
    assert find(router, "/repos/encode/httpx", "PUT") is None


def test_a_literal_part_wins_over_a_named_one() -> None:
    router = Router([operation("one", "/secrets/{name}"), operation("key", "/secrets/public-key")])

    assert find(router, "/secrets/public-key") == ("key", {})
    assert find(router, "/secrets/public") == ("one", {"name": "public"})


def test_an_escaped_slash_stays_inside_its_part() -> None:
    router = Router(
        [
            operation("environment", "/environments/{name}"),
            operation("secrets", "/environments/{name}/secrets"),
        ]
    )

    assert find(router, "/environments/deploy%2Fpypi/secrets") == (
        "secrets",
        {"name": "deploy/pypi"},
    )


def test_a_parameter_can_match_the_rest_of_a_path() -> None:
    router = Router(
        [operation("contents", "/contents/{path...}"), operation("raw", "/contents/{path}/raw")]
    )

    assert find(router, "/contents/scripts/in%20stall") == (
        "contents",
        {"path": "scripts/in stall"},
    )
    assert find(router, "/contents/") == ("contents", {"path": ""})
    assert find(router, "/contents/scripts/raw") == ("raw", {"path": "scripts"})


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/repositories/7/environments", {"repository_id": "7"}),
        ("/repos/encode/httpx/environments", {"owner": "encode", "repo": "httpx"}),
    ],
)
def test_a_repository_has_a_path_with_its_id(path: str, names: dict[str, str]) -> None:
    """Source: the Terraform provider's client requests `/repositories/ID/environments/...`."""
    router = Router([operation("environments", "/repos/{owner}/{repo}/environments")])

    assert find(router, path) == ("environments", names)


def test_a_team_has_a_path_with_its_id() -> None:
    """Source: the Terraform provider's client requests `/organizations/ORG/team/TEAM/...`."""
    router = Router([operation("members", "/orgs/{org}/teams/{team_slug}/members")])

    assert find(router, "/organizations/1/team/2/members") == (
        "members",
        {"org_id": "1", "team_id": "2"},
    )


def test_two_operations_with_the_same_path_are_an_error() -> None:
    with pytest.raises(ValueError, match="two operations for GET /user: one"):
        Router([operation("one", "/user"), operation("two", "/user")])
