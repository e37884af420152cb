"""What an organization gives to the workflows of its repositories."""

from typing import Any

import httpx
import pytest

from stacks.organization_actions import (
    ActionsPolicy,
    OrganizationActions,
    SharedSecret,
    read_actions_policy,
    read_organization_actions,
)
from stacks.settings.problems import GitHubError
from tests.stacks.api_responses import StubbedGitHub

TOKENS = "/orgs/encode/actions/permissions/workflow"
SAFE = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}
POLICY = "/orgs/encode/actions/permissions"
EVERYTHING = {"enabled_repositories": "all", "allowed_actions": "all"}
FORBIDDEN = httpx.Response(403, json={"message": "Resource not accessible by integration"})


def secrets(*names: str, visibility: str = "all") -> dict[str, Any]:
    return {"secrets": [{"name": name, "visibility": visibility} for name in names]}


def read_actions(github: StubbedGitHub) -> OrganizationActions:
    with github.reader() as reader:
        return read_organization_actions(reader, "encode", frozenset({"PYPI_TOKEN"}))


def test_an_organization_without_secrets_costs_five_requests() -> None:
    github = StubbedGitHub(
        {
            f"/orgs/encode/{store}/secrets": secrets()
            for store in ("actions", "dependabot", "codespaces")
        }
    )
    github.pages = {**github.pages, TOKENS: SAFE, POLICY: EVERYTHING}

    assert read_actions(github) == OrganizationActions()
    assert len(github.requests) == 5


@pytest.mark.parametrize("store", ["actions", "dependabot", "codespaces"])
def test_only_secrets_of_the_given_names_are_read(store: str) -> None:
    actions = read_actions(
        StubbedGitHub(
            {f"/orgs/encode/{store}/secrets": secrets("CODECOV_TOKEN", "PYPI_TOKEN"), TOKENS: SAFE}
        )
    )

    assert actions.secrets == (SharedSecret(store, "PYPI_TOKEN", "all"),)


def test_the_selected_repositories_of_a_secret_are_read() -> None:
    pages = {
        "/orgs/encode/actions/secrets": secrets(
            "PYPI_TOKEN", "CODECOV_TOKEN", visibility="selected"
        ),
        "/orgs/encode/actions/secrets/PYPI_TOKEN/repositories": {
            "repositories": [{"name": "HTTPX"}]
        },
        TOKENS: SAFE,
    }
    github = StubbedGitHub(pages)

    [secret] = read_actions(github).secrets

    assert secret.repositories == {"httpx"}
    assert len(github.requests) == 6


@pytest.mark.parametrize(
    ("visibility", "private", "reaches"),
    [
        ("all", False, True),
        ("private", False, False),
        ("private", True, True),
        ("selected", False, False),
        ("new", False, True),
    ],
)
def test_the_repositories_that_a_secret_reaches(
    visibility: str, private: bool, reaches: bool
) -> None:
    secret = SharedSecret("actions", "PYPI_TOKEN", visibility, frozenset({"starlette"}))

    assert secret.reaches("httpx", private=private) is reaches
    assert secret.reaches("Starlette", private=private) is (reaches or visibility == "selected")


@pytest.mark.parametrize(("level", "writes"), [("read", False), ("write", True)])
@pytest.mark.parametrize("approves", [True, False])
def test_the_permissions_of_workflow_tokens(level: str, writes: bool, approves: bool) -> None:
    allowed = {"default_workflow_permissions": level, "can_approve_pull_request_reviews": approves}
    actions = read_actions(StubbedGitHub({TOKENS: allowed}))

    assert actions.tokens_write is writes
    assert actions.tokens_approve is approves


def test_unreadable_settings_are_not_an_error() -> None:
    actions = read_actions(
        StubbedGitHub({"/orgs/encode/dependabot/secrets": FORBIDDEN, TOKENS: FORBIDDEN})
    )

    assert actions == OrganizationActions(tokens_write=None, hidden=("dependabot",), policy=None)


@pytest.mark.parametrize(("repositories", "enabled"), [("all", True), ("none", False)])
def test_the_actions_of_an_organization(repositories: str, enabled: bool) -> None:
    policy = {"enabled_repositories": repositories, "allowed_actions": "local_only"}

    assert read_actions(StubbedGitHub({POLICY: policy})).policy == ActionsPolicy(
        enabled, "local_only"
    )


def test_the_selected_actions_of_a_repository() -> None:
    prefix = "/repos/encode/httpx"
    selected = {
        "github_owned_allowed": True,
        "verified_allowed": False,
        "patterns_allowed": ["pypa/*"],
    }
    pages = {
        f"{prefix}/actions/permissions": {"enabled": True, "allowed_actions": "selected"},
        f"{prefix}/actions/permissions/selected-actions": selected,
    }

    with StubbedGitHub(pages).reader() as reader:
        policy = read_actions_policy(reader, prefix)

    assert policy == ActionsPolicy(True, "selected", True, False, ("pypa/*",))


def test_selected_actions_that_cannot_be_read() -> None:
    page = {"enabled_repositories": "selected", "allowed_actions": "selected"}

    assert read_actions(StubbedGitHub({POLICY: page})).policy is None


def test_a_rate_limit_is_an_error() -> None:
    limited = httpx.Response(403, headers={"X-RateLimit-Remaining": "0"}, json={})

    with pytest.raises(GitHubError, match="could not be read"):
        read_actions(StubbedGitHub({"/orgs/encode/actions/secrets": limited}))


def test_secrets_are_read_over_all_pages() -> None:
    url = "http://127.0.0.1:8080/api/v3/orgs/encode/actions/secrets?page=2"
    first = httpx.Response(200, json=secrets("A"), headers={"Link": f'<{url}>; rel="next"'})
    pages = {
        "/orgs/encode/actions/secrets": first,
        "/orgs/encode/actions/secrets?page=2": secrets("PYPI_TOKEN"),
        TOKENS: SAFE,
    }

    assert [secret.name for secret in read_actions(StubbedGitHub(pages)).secrets] == ["PYPI_TOKEN"]


@pytest.mark.parametrize(
    ("pages", "enabled"),
    [
        ({f"{POLICY}/repositories": {"repositories": [{"id": 5}, {"id": 7}]}}, {5, 7}),
        ({f"{POLICY}/repositories": FORBIDDEN}, None),
    ],
    ids=["listed", "hidden"],
)
def test_the_repositories_in_which_workflows_run(
    pages: dict[str, Any], enabled: set[int] | None
) -> None:
    policy = {"enabled_repositories": "selected", "allowed_actions": "all"}

    actions = read_actions(StubbedGitHub({POLICY: policy, **pages}))

    assert actions.policy == ActionsPolicy(enabled=None)
    assert actions.enabled_repositories == (None if enabled is None else frozenset(enabled))
