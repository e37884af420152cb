"""What an organization gives to the workflows of its repositories: what is asked, and what an answer means."""

from typing import Any

import httpx
import pytest

from stacks.organization_actions import OrganizationActions, SharedSecret, read_organization_actions
from stacks.settings.problems import GitHubError
from tests.stacks.answers import Answers

TOKENS = "/orgs/encode/actions/permissions/workflow"
SAFE = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}
FORBIDDEN = httpx.Response(403, json={"message": "Resource not accessible by integration"})


def secrets(*names: str, visibility: str = "all") -> dict[str, Any]:
    return {"secrets": [{"name": name, "visibility": visibility} for name in names]}


def read(answers: Answers) -> OrganizationActions:
    with answers.reader() as reader:
        return read_organization_actions(reader, "encode", frozenset({"PYPI_TOKEN"}))


def test_where_nothing_is_open_it_costs_four_requests() -> None:
    answers = Answers(
        {
            f"/orgs/encode/{store}/secrets": secrets()
            for store in ("actions", "dependabot", "codespaces")
        }
    )
    answers.pages = {**answers.pages, TOKENS: SAFE}

    assert read(answers) == OrganizationActions()
    assert len(answers.asked) == 4


@pytest.mark.parametrize("store", ["actions", "dependabot", "codespaces"])
def test_a_secret_is_found_in_each_store_and_others_are_nobodys_business(store: str) -> None:
    found = read(
        Answers(
            {f"/orgs/encode/{store}/secrets": secrets("CODECOV_TOKEN", "PYPI_TOKEN"), TOKENS: SAFE}
        )
    )

    assert found.secrets == (SharedSecret(store, "PYPI_TOKEN", "all"),)


def test_the_repositories_of_a_secret_are_looked_up_where_some_were_selected() -> None:
    pages = {
        "/orgs/encode/actions/secrets": secrets(
            "PYPI_TOKEN", "CODECOV_TOKEN", visibility="selected"
        ),
        "/orgs/encode/actions/secrets/PYPI_TOKEN/repositories": {
            "repositories": [{"name": "HTTPX"}]
        },
        TOKENS: SAFE,
    }
    answers = Answers(pages)

    [secret] = read(answers).secrets

    assert secret.repositories == {"httpx"}
    assert len(answers.asked) == 5


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
def test_whom_a_secret_reaches(visibility: str, private: bool, reaches: bool) -> None:
    secret = SharedSecret("actions", "PYPI_TOKEN", visibility, frozenset({"starlette"}))

    assert secret.reaches("httpx", private=private) is reaches
    assert secret.reaches("Starlette", private=private) is (reaches or visibility == "selected")


@pytest.mark.parametrize(("level", "writes"), [("read", False), ("write", True)])
@pytest.mark.parametrize("approves", [True, False])
def test_what_tokens_may_do(level: str, writes: bool, approves: bool) -> None:
    allowed = {"default_workflow_permissions": level, "can_approve_pull_request_reviews": approves}
    found = read(Answers({TOKENS: allowed}))

    assert (found.tokens_write, found.tokens_approve) == (writes, approves)


def test_what_the_token_does_not_see_stands_in_no_way() -> None:
    found = read(Answers({"/orgs/encode/dependabot/secrets": FORBIDDEN, TOKENS: FORBIDDEN}))

    assert found == OrganizationActions(tokens_write=None, unseen=("dependabot",))


def test_a_rate_limit_is_no_answer() -> None:
    limited = httpx.Response(403, headers={"X-RateLimit-Remaining": "0"}, json={})

    with pytest.raises(GitHubError, match="asked before"):
        read(Answers({"/orgs/encode/actions/secrets": limited}))


def test_secrets_are_read_over_all_pages() -> None:
    url = "http://127.0.0.1:8080/api/v3/orgs/encode/actions/secrets?page=2"
    first = httpx.Response(200, json=secrets("A"), headers={"Link": f'<{url}>; rel="next"'})
    pages = {
        "/orgs/encode/actions/secrets": first,
        "/orgs/encode/actions/secrets?page=2": secrets("PYPI_TOKEN"),
        TOKENS: SAFE,
    }

    assert [secret.name for secret in read(Answers(pages)).secrets] == ["PYPI_TOKEN"]
