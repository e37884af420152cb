"""What a token cannot read, and what GitHub does not finish."""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import httpx
import pytest

from stacks.settings.problems import GitHubError
from stacks.snapshot import RepositoryOnGitHub
from tests.stacks.snapshot.organization import Organization, create_organization
from tests.stacks.snapshot.test_requests import gated, names

HTTPX = "/repos/encode/httpx"
ATTRIBUTES = {attribute.name for attribute in fields(RepositoryOnGitHub)} | {"policies"}
RESPONSES = {
    "forbidden": httpx.Response(403, json={"message": "Resource not accessible by integration"}),
    "hidden": httpx.Response(404, json={"message": "Not Found"}),
}


@pytest.fixture
def github() -> Organization:
    return gated(1)


def respond_to(
    path: str, response: httpx.Response
) -> Callable[[httpx.Request], httpx.Response | None]:
    """Return an interception of the requests to one path."""

    def intercept(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.removeprefix("/api/v3") != path:
            return None
        return httpx.Response(
            response.status_code, content=response.content, headers=response.headers
        )

    return intercept


def change_data(
    change: Callable[[dict[str, Any]], list[dict[str, Any]]], github: Organization
) -> Callable[[httpx.Request], httpx.Response | None]:
    """Return an interception that changes the repositories in GraphQL data.

    `change` changes the fields of one repository and returns the errors.
    """

    def intercept(request: httpx.Request) -> httpx.Response | None:
        if b"...repository" not in request.read():
            return None
        with github.client() as client:
            document = client.post(
                "http://127.0.0.1:8080/api/graphql", content=request.content
            ).json()
        document["errors"] = change(document["data"]["n0"])
        return httpx.Response(200, json=document)

    return intercept


# Parts of a repository


@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("environments", "environments"),
        ("environments/deploy/deployment-branch-policies", "policies"),
        ("actions/secrets", "secrets"),
        ("actions/workflows", "workflows"),
        ("actions/permissions", "actions"),
    ],
)
def test_a_list_that_the_token_cannot_read(
    github: Organization, path: str, part: str, response: httpx.Response
) -> None:
    snapshot = github.snapshot(
        deep=True,
        repositories={"r0": None},
        intercept=respond_to(f"/repos/encode/r0/{path}", response),
    )

    repository = snapshot.repositories["r0"]
    assert repository.unseen == {part}
    assert repository.unseen <= ATTRIBUTES


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("defaultBranchRef", {"default_branch", "protected"}),
        ("rulesets", {"rulesets"}),
        ("collaborators", {"collaborators"}),
        ("workflows", {"workflows"}),
        ("scripts", {"scripts"}),
    ],
)
def test_a_field_that_the_token_cannot_read(
    github: Organization, key: str, parts: set[str]
) -> None:
    def hide(repository: dict[str, Any]) -> list[dict[str, Any]]:
        repository[key] = None
        return [{"type": "FORBIDDEN", "path": ["n0", key], "message": "no"}]

    snapshot = github.snapshot(repositories={"r0": None}, intercept=change_data(hide, github))

    assert snapshot.repositories["r0"].unseen == parts
    assert parts <= ATTRIBUTES


def test_an_unseen_protection_is_not_a_missing_one(github: Organization) -> None:
    def hide(_: dict[str, Any]) -> list[dict[str, Any]]:
        path = ["n0", "defaultBranchRef", "branchProtectionRule"]
        return [{"type": "FORBIDDEN", "path": path, "message": "no"}]

    snapshot = github.snapshot(repositories={"r0": None}, intercept=change_data(hide, github))

    assert snapshot.repositories["r0"].protected is None
    assert snapshot.repositories["r0"].default_branch == "main"


def test_an_app_with_few_permissions(github: Organization) -> None:
    """The environments of a public repository are public."""
    snapshot = github.snapshot(
        token="token-blind-app",
        repositories={"r0": None},
        applied_by={"app": "blind-app", "id": 5},
    )

    assert snapshot.repositories["r0"].unseen == {
        "head",
        "protected",
        "scripts",
        "secrets",
        "workflows",
    }
    assert snapshot.unseen == ("the Actions policy of encode",)


def test_an_organization_that_shows_little(github: Organization) -> None:
    """Only its owners see the plan and the base permission."""
    little = httpx.Response(200, json={"login": "encode"})

    snapshot = github.snapshot(intercept=respond_to("/orgs/encode", little))

    assert (snapshot.plan, snapshot.base_permission, snapshot.scopes) == (None, None, None)
    assert snapshot.unseen == ("the plan of encode", "the base permission of encode")


def test_bypass_actors_that_nobody_shows_are_unknown() -> None:
    """A member without write access sees the ruleset, and not who may bypass it."""
    github = create_organization()
    body = {"name": "Tags", "target": "tag", "enforcement": "active", "rules": []}
    github.send("POST", f"{HTTPX}/rulesets", body)

    [ruleset] = github.repository(token="token-of-a-member").rulesets

    assert ruleset.bypass_actors is None
    assert github.repository().rulesets[0].bypass_actors == frozenset()


@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
def test_a_hidden_ruleset_stays_hidden(response: httpx.Response) -> None:
    github = create_organization()
    body = {"name": "Tags", "target": "tag", "enforcement": "active", "rules": []}
    number = github.send("POST", f"{HTTPX}/rulesets", body)["id"]

    def hide(repository: dict[str, Any]) -> list[dict[str, Any]]:
        repository["rulesets"]["nodes"][0]["bypassActors"] = None
        return []

    in_graphql = change_data(hide, github)
    in_rest = respond_to(f"{HTTPX}/rulesets/{number}", response)
    repository = github.repository(
        intercept=lambda request: in_graphql(request) or in_rest(request)
    )

    assert repository.rulesets[0].bypass_actors is None
    assert repository.unseen == {"rulesets"}


# What GitHub does not finish


def test_a_repository_that_vanishes_while_it_is_read(github: Organization) -> None:
    def delete(request: httpx.Request) -> None:
        if request.url.path.endswith("/r0/environments"):
            github.send("DELETE", "/repos/encode/r0")

    with pytest.raises(GitHubError) as error:
        github.snapshot(repositories={"r0": None}, intercept=delete)

    [problem] = error.value.problems
    assert problem.path == "encode/r0"
    assert problem.value == "deleted while this run was reading it"


def test_a_repository_that_is_renamed_while_it_is_read(github: Organization) -> None:
    """GitHub redirects the requests that follow."""

    def rename(request: httpx.Request) -> None:
        if request.url.path.endswith("/r0/environments"):
            github.send("PATCH", "/repos/encode/r0", {"name": "r9"})

    repository = github.snapshot(repositories={"r0": None}, intercept=rename).repositories["r0"]

    assert repository.unseen == frozenset()
    assert set(repository.environments) == {"deploy"}


def refuse_more_than(most: int, response: httpx.Response) -> tuple[list[int], Any]:
    """Return an interception of queries for more repositories, and the list of their sizes."""
    sizes: list[int] = []

    def intercept(request: httpx.Request) -> httpx.Response | None:
        if b"...repository" not in request.read():
            return None
        sizes.append(json.loads(request.content)["query"].count(": repository("))
        if sizes[-1] <= most:
            return None
        return httpx.Response(response.status_code, content=response.content)

    return sizes, intercept


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(502, text="<html>"),
        httpx.Response(504, text=""),
        httpx.Response(
            200,
            json={
                "data": {"n0": None},
                "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["n0", "rulesets"]}],
            },
        ),
        httpx.Response(200, json={"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED"}]}),
        httpx.Response(
            200,
            json={"data": None, "errors": [{"message": "Something went wrong. Timeout?"}]},
        ),
    ],
    ids=["502", "504", "resources", "nodes", "timeout"],
)
def test_a_query_that_is_not_finished_is_halved(response: httpx.Response) -> None:
    github = create_organization(*names(10))
    sizes, intercept = refuse_more_than(3, response)

    snapshot = github.snapshot(repositories=dict.fromkeys(names(10)), intercept=intercept)

    assert set(snapshot.repositories) == set(names(10))
    assert sizes == [10, 5, 2, 3, 5, 2, 3]
    assert github.waits == []


def test_a_query_that_takes_too_long_is_halved() -> None:
    github = create_organization(*names(2))

    def stall(request: httpx.Request) -> None:
        if request.read().count(b": repository(") > 1:
            raise httpx.ReadTimeout("no response")

    snapshot = github.snapshot(repositories=dict.fromkeys(names(2)), intercept=stall)

    assert set(snapshot.repositories) == set(names(2))


def test_one_repository_is_tried_three_times() -> None:
    github = create_organization()
    sizes, intercept = refuse_more_than(0, httpx.Response(502, text=""))

    with pytest.raises(GitHubError, match="could not be read"):
        github.snapshot(intercept=intercept)

    assert sizes == [1, 1, 1]
    assert github.waits == [1.0, 3.0]


def test_a_rate_limit_in_the_middle_is_one_error() -> None:
    github = create_organization(*names(30))
    count = 0

    def limit(_: httpx.Request) -> httpx.Response | None:
        nonlocal count
        count += 1
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1700000000"}
        return httpx.Response(403, json={}, headers=headers) if count > 30 else None

    with pytest.raises(GitHubError) as error:
        github.snapshot(repositories=dict.fromkeys(names(30)), intercept=limit)

    [problem] = error.value.problems
    assert problem.value == "refused by GitHub's rate limit"
    assert count < 30 + 30


def test_a_refused_query_is_not_halved() -> None:
    github = create_organization(*names(4))
    limited = httpx.Response(200, json={"data": None, "errors": [{"type": "RATE_LIMITED"}]})
    sizes, intercept = refuse_more_than(0, limited)

    with pytest.raises(GitHubError, match="RATE_LIMITED"):
        github.snapshot(repositories=dict.fromkeys(names(4)), intercept=intercept)

    assert sizes == [4]


def test_a_token_that_cannot_read_teams() -> None:
    github = create_organization()

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if b"...team" not in request.read():
            return None
        errors = [{"type": "INSUFFICIENT_SCOPES", "path": ["organization", "teams"]}]
        return httpx.Response(200, json={"errors": errors})

    with pytest.raises(GitHubError) as error:
        github.snapshot(intercept=refuse)

    [problem] = error.value.problems
    assert problem.path == "GITHUB_TOKEN"
    assert problem.value == "refused by GitHub's GraphQL API (INSUFFICIENT_SCOPES)"


def test_more_lists_than_one_page() -> None:
    """REST reads the rest of the collaborators and of the rulesets."""
    github = create_organization()
    for number in range(52):
        body = {"name": f"Tags {number}", "target": "tag", "enforcement": "active", "rules": []}
        github.send("POST", f"{HTTPX}/rulesets", body)
    github.send("PUT", f"{HTTPX}/collaborators/maintainer-1", {"permission": "push"})

    def cut_off(repository: dict[str, Any]) -> list[dict[str, Any]]:
        repository["collaborators"] = {"edges": [], "pageInfo": {"hasNextPage": True}}
        return []

    repository = github.repository(intercept=change_data(cut_off, github))

    assert len(repository.rulesets) == 52
    assert len([path for path in github.paths if "/rulesets" in path]) == 1 + 2
    assert [(person.login, person.permission) for person in repository.collaborators] == [
        ("maintainer-1", "write")
    ]
    assert repository.unseen == frozenset()


@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
def test_rulesets_that_cannot_be_listed(github: Organization, response: httpx.Response) -> None:
    def cut_off(repository: dict[str, Any]) -> list[dict[str, Any]]:
        repository["rulesets"]["nodes"] = [None]
        return []

    in_graphql = change_data(cut_off, github)
    in_rest = respond_to("/repos/encode/r0/rulesets", response)
    snapshot = github.snapshot(
        repositories={"r0": None},
        intercept=lambda request: in_graphql(request) or in_rest(request),
    )

    assert snapshot.repositories["r0"].unseen == {"rulesets"}
