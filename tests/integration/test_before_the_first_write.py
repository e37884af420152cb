"""Problems that only GitHub can show block `pulumi up` before its first write."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from simulated_github import LoggedRequest
from tests.integration.on_github import create_team, send_request
from tests.integration.rehearsed_stack import Checkpoint, RehearsedStack, writes


def refused_up(stack: RehearsedStack, environment: Mapping[str, str] | None = None) -> str:
    """Return the output of an `up` that fails without a traceback and without a write."""
    with stack.requests() as requests:
        finished = stack.sandbox.pulumi(
            "up", "--yes", "--skip-preview", check=False, environment=environment
        )
    assert finished.code != 0, finished.output
    assert "Traceback" not in finished.output
    assert "nothing was changed" in finished.output
    assert writes(requests) == []
    return finished.output


def test_github_unreachable(declared: RehearsedStack) -> None:
    output = refused_up(declared, {"GITHUB_BASE_URL": "http://127.0.0.1:9/"})

    assert "github:baseUrl is http://127.0.0.1:9/" in output
    assert "check the network and the address" in output


def test_no_token(declared: RehearsedStack) -> None:
    output = refused_up(declared, {"GITHUB_TOKEN": ""})

    assert "GITHUB_TOKEN is missing" in output


def test_a_rejected_token_is_not_printed(declared: RehearsedStack) -> None:
    output = refused_up(declared, {"GITHUB_TOKEN": "ghp_thisIsNotATokenOfAnybody"})

    assert "it rejected this one (401)" in output
    assert "ghp_thisIsNot" not in output


def test_a_token_without_a_scope(declared: RehearsedStack) -> None:
    limit_scopes(declared, "repo", "admin:org")

    output = refused_up(declared)

    assert "GITHUB_TOKEN is without the scope workflow" in output


def limit_scopes(stack: RehearsedStack, *scopes: str) -> None:
    """Leave the stack's token only these scopes."""
    tokens = stack.github.world.tokens
    tokens["token-owner-1"] = replace(tokens["token-owner-1"], scopes=frozenset(scopes))


def test_a_token_of_a_user_who_is_not_an_owner(declared: RehearsedStack) -> None:
    output = refused_up(declared, {"GITHUB_TOKEN": "token-operator-1"})

    assert "the token of a user who does not own the organization" in output


def test_an_owner_that_is_a_user_account(declared: RehearsedStack) -> None:
    declared.configuration["github:owner"] = "maintainer-1"
    declared.configure()

    output = refused_up(declared)

    assert "github:owner is 'maintainer-1', the account of a user" in output


def test_every_unknown_name_is_reported_at_once(
    declared: RehearsedStack,
) -> None:
    declared.configuration["operations"]["members"].append("nobody-at-all")
    declared.repositories["httpx"] = {"teams": {"no-such-team": "read"}}
    declared.repositories["no-such-repository"] = None
    declared.configure()
    declared.set_tokens()

    output = refused_up(declared)

    assert "operations.members[2] is 'nobody-at-all'" in output
    assert "repositories.httpx.teams.no-such-team is 'no-such-team'" in output
    assert "repositories.no-such-repository is not a repository of the organization" in output
    assert "3 problems" in output


@pytest.fixture(scope="module")
def several_problems(checkpoint_declared: Checkpoint) -> str:
    """Return the output of an `up` that five problems block, which do not cause each other."""
    with RehearsedStack(checkpoint_declared) as stack:
        create_team(stack, "operations")
        stack.configuration["operations"]["members"].append("owner-1")
        send_request(stack, "PATCH", "/repos/encode/httpx", {"archived": True})
        send_request(stack, "PATCH", "/repos/encode/databases", {"private": True})
        create_team(stack, "hidden", privacy="secret")
        stack.repositories["starlette"] = {"reviewers": {"teams": ["hidden"]}}
        stack.configure()
        stack.set_tokens()
        return refused_up(stack)


def test_a_team_that_is_declared_but_exists_already(several_problems: str) -> None:
    assert "operations.name is 'operations'" in several_problems
    assert "a team with this name exists and is not managed by this stack" in several_problems


def test_an_owner_declared_as_a_member(several_problems: str) -> None:
    assert "move owner-1 to `operations.team-maintainers`" in several_problems


@pytest.mark.parametrize(
    "message",
    [
        "repositories.httpx is archived",
        "repositories.databases is private, on the free plan",
    ],
)
def test_a_repository_that_cannot_have_a_gate(several_problems: str, message: str) -> None:
    assert message in several_problems


def test_a_secret_team_as_reviewer(several_problems: str) -> None:
    assert "GitHub does not accept a secret team as a reviewer" in several_problems


def test_a_repository_without_a_gate_costs_two_requests(declared: RehearsedStack) -> None:
    counts: list[int] = []
    for names in ([], ["httpcore", "starlette", "uvicorn"]):
        declared.repositories.update(dict.fromkeys(names))
        declared.configure()
        declared.set_tokens()
        counts.append(len(requests_before_writing(declared)))

    assert counts[1] - counts[0] == 3 * 2


def requests_before_writing(stack: RehearsedStack) -> list[LoggedRequest]:
    """Return the requests of an `up` before its first write; a missing scope ends it there."""
    limit_scopes(stack, "repo", "admin:org")
    with stack.requests() as requests:
        stack.up(check=False)
    assert writes(requests) == []
    return requests


def test_undeclared_team_members_are_a_warning(applied: RehearsedStack) -> None:
    send_request(
        applied, "PUT", "/orgs/encode/teams/operations/memberships/maintainer-3", {"role": "member"}
    )
    send_request(
        applied, "PUT", "/orgs/encode/teams/operations/memberships/outsider-1", {"role": "member"}
    )

    output = applied.up().output

    assert (
        "2 users are in the team operations, or invited to it, but not declared: "
        "maintainer-3, outsider-1" in output
    )
    command = "gh api -X DELETE orgs/encode/teams/operations/memberships/$name"
    assert f"for name in maintainer-3 outsider-1; do {command}; done" in output
