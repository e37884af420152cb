"""What the snapshot has of a repository, as the simulated GitHub shows it."""

from typing import Any

import pytest

from stacks.previous_state import PreviousState, RecordedRepository
from stacks.snapshot import (
    BypassActorOnGitHub,
    CollaboratorOnGitHub,
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
    Scripts,
    WorkflowOnGitHub,
)
from tests.simulated_github.helpers.api_calls import put_secret
from tests.stacks.snapshot.organization import FILES, Organization, create_organization

HTTPX = "/repos/encode/httpx"
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}
PROTECTED = {"protected_branches": True, "custom_branch_policies": False}


@pytest.fixture
def github() -> Organization:
    return create_organization("httpx", "httpcore")


def recorded(**ids: int) -> PreviousState:
    """Return a state that has recorded repositories with their ids."""
    entries = {name: RecordedRepository(name, number) for name, number in ids.items()}
    return PreviousState(repositories=dict(ids), entries=entries)


def test_a_new_repository(github: Organization) -> None:
    workflow = ".github/workflows/test.yml"

    assert github.snapshot().repositories == {
        "httpx": RepositoryOnGitHub(
            github.id_of("httpx"),
            "httpx",
            archived=False,
            private=False,
            head=github.send("GET", f"{HTTPX}/git/ref/heads/main")["object"]["sha"],
            scripts=Scripts({"build": True}),
            workflows={workflow: WorkflowOnGitHub(workflow, FILES[workflow])},
        )
    }


@pytest.mark.parametrize(
    ("change", "attributes"),
    [
        ({"archived": True}, {"archived": True}),
        ({"private": True}, {"private": True}),
        ({"allow_merge_commit": False}, {"merge_methods": {"squash", "rebase"}}),
        ({"allow_squash_merge": False}, {"merge_methods": {"merge", "rebase"}}),
        ({"allow_rebase_merge": False}, {"merge_methods": {"merge", "squash"}}),
    ],
)
def test_settings_of_a_repository(
    github: Organization, change: dict[str, Any], attributes: dict[str, Any]
) -> None:
    github.send("PATCH", HTTPX, change)

    repository = github.repository()

    assert {name: getattr(repository, name) for name in attributes} == attributes


def test_the_default_branch(github: Organization) -> None:
    commit = github.send("GET", f"{HTTPX}/git/ref/heads/main")["object"]["sha"]
    github.send("POST", f"{HTTPX}/git/refs", {"ref": "refs/heads/trunk", "sha": commit})
    github.send("PATCH", HTTPX, {"default_branch": "trunk"})

    assert github.repository().default_branch == "trunk"


def test_an_empty_repository_has_no_default_branch(github: Organization) -> None:
    github.send("POST", "/orgs/encode/repos", {"name": "empty"})

    repository = github.snapshot(repositories={"empty": None}).repositories["empty"]

    assert repository.default_branch is None
    assert repository.head == ""
    assert repository.workflows == {}
    assert repository.scripts == Scripts({})


def test_a_gate(github: Organization) -> None:
    team = github.send("POST", "/orgs/encode/teams", {"name": "operations", "privacy": "closed"})
    github.send("PUT", f"/orgs/encode/teams/operations/repos{HTTPX[6:]}", {"permission": "push"})
    owner = github.send("GET", "/users/owner-1")
    body = {
        "wait_timer": 5,
        "prevent_self_review": True,
        "can_admins_bypass": False,
        "reviewers": [{"type": "Team", "id": team["id"]}, {"type": "User", "id": owner["id"]}],
        "deployment_branch_policy": CUSTOM,
    }
    path = f"{HTTPX}/environments/deploy"
    github.send("PUT", path, body)
    policy = github.send(
        "POST", f"{path}/deployment-branch-policies", {"name": "v*", "type": "tag"}
    )

    assert github.repository().environments == {
        "deploy": EnvironmentOnGitHub(
            "deploy",
            reviewer_team_ids=frozenset({team["id"]}),
            reviewer_user_ids=frozenset({owner["id"]}),
            prevent_self_review=True,
            can_admins_bypass=False,
            wait_minutes=5,
            policy_kind="custom",
            policies=(DeploymentPolicyOnGitHub(policy["id"], "v*", "tag"),),
        )
    }


def test_environments_without_rules(github: Organization) -> None:
    """Their keys are lower case, and their names as GitHub has them."""
    github.send("PUT", f"{HTTPX}/environments/PyPI", {})
    github.send("PUT", f"{HTTPX}/environments/Deploy", {"deployment_branch_policy": PROTECTED})

    environments = github.repository().environments

    assert environments == {
        "pypi": EnvironmentOnGitHub("PyPI"),
        "deploy": EnvironmentOnGitHub("Deploy", policy_kind="protected", policies=()),
    }


def test_preflight_reads_the_secrets_of_further_environments(github: Organization) -> None:
    for name in ("deploy", "py/pi"):
        path = f"{HTTPX}/environments/{name.replace('/', '%2F')}"
        github.send("PUT", path, {})
        put_secret(github.client(), f"{path}/secrets", "PYPI_TOKEN", "x").raise_for_status()

    environments = github.repository(deep=True).environments

    assert environments["py/pi"].secrets == frozenset({"PYPI_TOKEN"})
    assert environments["deploy"].secrets is None
    assert github.repository().environments["py/pi"].secrets is None


def test_preflight_reads_states_of_workflows_and_allowed_actions(github: Organization) -> None:
    github.send("PUT", f"{HTTPX}/actions/workflows/test.yml/disable")
    github.send("PUT", f"{HTTPX}/actions/permissions", {"enabled": False})

    repository = github.repository(deep=True)

    assert repository.workflows[".github/workflows/test.yml"].state == "disabled_manually"
    assert repository.actions is not None
    assert repository.actions.enabled is False
    assert github.repository().actions is None


def test_collaborators_and_team_grants(github: Organization) -> None:
    team = github.send("POST", "/orgs/encode/teams", {"name": "docs"})
    github.send("PUT", f"/orgs/encode/teams/docs/repos{HTTPX[6:]}", {"permission": "maintain"})
    github.send("PUT", f"{HTTPX}/collaborators/maintainer-1", {"permission": "admin"})
    person = github.send("GET", "/users/maintainer-1")

    repository = github.repository()

    assert repository.collaborators == (
        CollaboratorOnGitHub("maintainer-1", person["id"], "admin"),
    )
    assert repository.team_permissions == {team["id"]: "maintain"}


def test_the_names_of_secrets(github: Organization) -> None:
    put_secret(github.client(), f"{HTTPX}/actions/secrets", "PYPI_TOKEN", "x").raise_for_status()

    assert github.repository().secrets == {"PYPI_TOKEN"}


# Rulesets


def ruleset(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Release tags",
        "target": "tag",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["refs/tags/v*"], "exclude": []}},
        "rules": [{"type": "creation"}],
        **changes,
    }


def test_a_ruleset_costs_no_request(github: Organization) -> None:
    actors = [
        {"actor_type": "OrganizationAdmin", "actor_id": 1, "bypass_mode": "always"},
        {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "pull_request"},
    ]
    parameters = {
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": True,
        "required_approving_review_count": 2,
        "required_review_thread_resolution": True,
    }
    created = github.send(
        "POST",
        f"{HTTPX}/rulesets",
        ruleset(
            target="branch",
            conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
            bypass_actors=actors,
            rules=[{"type": "pull_request", "parameters": parameters}, {"type": "deletion"}],
        ),
    )

    [seen] = github.repository().rulesets

    assert seen.id == created["id"]
    assert seen.target == "branch"
    assert seen.source_type == "Repository"
    assert seen.include == {"~DEFAULT_BRANCH"}
    assert seen.bypass_actors == frozenset(
        {
            BypassActorOnGitHub("OrganizationAdmin", None, "always"),
            BypassActorOnGitHub("RepositoryRole", 5, "pull_request"),
        }
    )
    assert seen.rules["deletion"] == {}
    assert seen.rules["pull_request"].items() >= parameters.items()
    assert not [path for path in github.paths if "rulesets" in path]


@pytest.mark.parametrize("kind", ["User", "DeployKey"])
def test_a_bypass_actor_that_graphql_does_not_show(github: Organization, kind: str) -> None:
    """A deploy key needs no further request; a user does, as older schemas have no field for it."""
    person = github.send("GET", "/users/maintainer-1")["id"] if kind == "User" else None
    actor = {"actor_type": kind, "actor_id": person, "bypass_mode": "always"}
    created = github.send("POST", f"{HTTPX}/rulesets", ruleset(bypass_actors=[actor]))

    [seen] = github.repository().rulesets

    assert seen.bypass_actors == frozenset({BypassActorOnGitHub(kind, person, "always")})
    read = [path for path in github.paths if "rulesets" in path]
    assert read == ([f"{HTTPX}/rulesets/{created['id']}"] if kind == "User" else [])


def test_a_ruleset_of_the_organization_is_read_once() -> None:
    github = create_organization("httpx", "httpcore", plan="enterprise")
    person = github.send("GET", "/users/maintainer-1")["id"]
    conditions = {
        "ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []},
        "repository_name": {"include": ["~ALL"], "exclude": []},
    }
    body = ruleset(
        target="branch",
        conditions=conditions,
        rules=[{"type": "non_fast_forward"}],
        bypass_actors=[{"actor_type": "User", "actor_id": person, "bypass_mode": "always"}],
    )
    github.send("POST", "/orgs/encode/rulesets", body)

    snapshot = github.snapshot(repositories={"httpx": None, "httpcore": None})

    for repository in snapshot.repositories.values():
        [seen] = repository.rulesets
        assert seen.source_type == "Organization"
        assert seen.bypass_actors == frozenset({BypassActorOnGitHub("User", person, "always")})
    assert len([path for path in github.paths if "rulesets" in path]) == 1


# Names and numbers


def test_a_renamed_repository_is_read_by_its_name_now(github: Organization) -> None:
    number = github.id_of("httpx")
    github.send("PATCH", HTTPX, {"name": "httpx2"})

    snapshot = github.snapshot(recorded(httpx=number))

    assert snapshot.redirects == {"httpx": "httpx2"}
    assert {name: item.id for name, item in snapshot.repositories.items()} == {"httpx2": number}
    assert snapshot.repository_with_id(number) is snapshot.repositories["httpx2"]


def test_a_name_that_another_repository_took(github: Organization) -> None:
    """The recorded number leads to the repository that had the name before."""
    old = github.id_of("httpx")
    new = github.id_of("httpcore")
    github.send("PATCH", HTTPX, {"name": "httpx-legacy"})
    github.send("PATCH", "/repos/encode/httpcore", {"name": "httpx"})

    snapshot = github.snapshot(recorded(httpx=old))

    assert {name: item.id for name, item in snapshot.repositories.items()} == {
        "httpx": new,
        "httpx-legacy": old,
    }
    assert snapshot.repositories["httpx-legacy"].scripts == Scripts({"build": True})


def test_a_repository_made_again_after_deletion(github: Organization) -> None:
    old = github.id_of("httpx")
    github.send("DELETE", HTTPX)
    new = github.send("POST", "/orgs/encode/repos", {"name": "httpx"})["id"]

    snapshot = github.snapshot(recorded(httpx=old))

    assert snapshot.repositories["httpx"].id == new
    assert snapshot.repository_with_id(old) is None
    assert f"/repositories/{old}" in github.paths


@pytest.mark.parametrize("replaced", [False, True])
def test_a_transferred_repository(github: Organization, replaced: bool) -> None:
    """With its name taken by another one, only the number leads to it."""
    number = github.id_of("httpx")
    github.send("POST", f"{HTTPX}/transfer", {"new_owner": "projects"})
    if replaced:
        github.send("POST", "/orgs/encode/repos", {"name": "httpx"})

    snapshot = github.snapshot(recorded(httpx=number))

    transferred = snapshot.transferred[number]
    assert (transferred.owner, transferred.name) == ("projects", "httpx")
    assert ("httpx" in snapshot.repositories) is replaced
    assert snapshot.repository_with_id(number) is transferred


def test_a_redirect_out_of_the_organization_is_not_a_repository(github: Organization) -> None:
    github.send("POST", f"{HTTPX}/transfer", {"new_owner": "projects"})

    snapshot = github.snapshot()

    assert snapshot.repositories == {}
    assert snapshot.transferred == {}


def test_a_recorded_repository_is_read_too(github: Organization) -> None:
    number = github.id_of("httpcore")

    assert set(github.snapshot(recorded(httpcore=number)).repositories) == {"httpx", "httpcore"}
    assert set(github.snapshot().repositories) == {"httpx"}


def test_names_that_differ_in_case_are_one_repository(github: Organization) -> None:
    snapshot = github.snapshot(recorded(HTTPX=github.id_of("httpx")))

    assert list(snapshot.repositories) == ["httpx"]
    assert len([path for path in github.paths if path.endswith("/environments")]) == 1


def test_a_missing_repository_costs_no_further_request(github: Organization) -> None:
    snapshot = github.snapshot(repositories={"httpx": None, "flask": {"create": True}})

    assert set(snapshot.repositories) == {"httpx"}
    assert not [path for path in github.paths if "flask" in path]
