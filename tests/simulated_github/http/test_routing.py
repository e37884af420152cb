"""The way from a path to an operation."""

import pytest

from simulated_github.http.request import Request
from simulated_github.http.responses import Response
from simulated_github.http.routing import Operation, Router


def answer(_: Request) -> Response:
    return Response(204)


def operation(name: str, path: str, method: str = "GET") -> Operation:
    return Operation(name, method, path, answer)


def found(router: Router, path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
    result = router.find(method, path)
    return (result[0].id, result[1]) if result else None


def test_named_parts_of_a_path_are_handed_on() -> None:
    router = Router([operation("repos/get", "/repos/{owner}/{repo}")])

    assert found(router, "/repos/encode/httpx") == (
        "repos/get",
        {"owner": "encode", "repo": "httpx"},
    )
    assert found(router, "/repos/encode") is None
    assert found(router, "/repos/encode/httpx", "PUT") is None


def test_a_literal_part_wins_over_a_named_one() -> None:
    router = Router([operation("one", "/secrets/{name}"), operation("key", "/secrets/public-key")])

    assert found(router, "/secrets/public-key") == ("key", {})
    assert found(router, "/secrets/public") == ("one", {"name": "public"})


def test_an_escaped_slash_stays_inside_its_part() -> None:
    router = Router(
        [
            operation("environment", "/environments/{name}"),
            operation("secrets", "/environments/{name}/secrets"),
        ]
    )

    assert found(router, "/environments/deploy%2Fpypi/secrets") == (
        "secrets",
        {"name": "deploy/pypi"},
    )


def test_the_rest_of_a_path_can_be_one_part() -> None:
    router = Router(
        [operation("contents", "/contents/{path...}"), operation("raw", "/contents/{path}/raw")]
    )

    assert found(router, "/contents/scripts/in%20stall") == (
        "contents",
        {"path": "scripts/in stall"},
    )
    assert found(router, "/contents/") == ("contents", {"path": ""})
    assert found(router, "/contents/scripts/raw") == ("raw", {"path": "scripts"})


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/repositories/7/environments", {"repository_id": "7"}),
        ("/repos/encode/httpx/environments", {"owner": "encode", "repo": "httpx"}),
    ],
)
def test_a_repository_is_also_found_by_its_number(path: str, names: dict[str, str]) -> None:
    """Source: the Terraform provider's client asks for ``/repositories/ID/environments/...``."""
    router = Router([operation("environments", "/repos/{owner}/{repo}/environments")])

    assert ("environments", names) == found(router, path)


def test_a_team_is_also_found_by_its_number() -> None:
    """Source: the Terraform provider's client asks for ``/organizations/ORG/team/TEAM/...``."""
    router = Router([operation("members", "/orgs/{org}/teams/{team_slug}/members")])

    assert found(router, "/organizations/1/team/2/members") == (
        "members",
        {"org_id": "1", "team_id": "2"},
    )


def test_two_operations_in_one_place_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two operations for GET /user: one"):
        Router([operation("one", "/user"), operation("two", "/user")])
