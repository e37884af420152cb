"""Tests of renaming branches.

Source: GitHub's docs, "Renaming a branch" and REST page "Rename a branch".
"""

from typing import Any

import httpx
import pytest

from simulated_github import World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    create_branch,
    create_ruleset,
    expect_ok,
    expect_refusal,
    get_head,
    open_pull_request,
    put_environment,
)


def rename(client: httpx.Client, former_name: str, name: str) -> httpx.Response:
    return client.post(f"{HTTPX}/branches/{former_name}/rename", json={"new_name": name})


def list_branches(client: httpx.Client) -> list[str]:
    return [branch["name"] for branch in expect_ok(client.get(f"{HTTPX}/branches"))]


def test_the_default_branch_can_be_renamed(owner: httpx.Client) -> None:
    head = get_head(owner)

    response = rename(owner, "main", "trunk")

    assert response.status_code == 201
    assert response.json()["name"] == "trunk"
    assert expect_ok(owner.get(HTTPX))["default_branch"] == "trunk"
    assert list_branches(owner) == ["trunk"]
    assert get_head(owner, branch="trunk") == head


def test_the_former_name_redirects_until_it_is_used(owner: httpx.Client) -> None:
    """Source: GitHub's API description of "Get a branch": 301."""
    number = expect_ok(owner.get(HTTPX))["id"]
    expect_ok(rename(owner, "main", "trunk"))
    expect_ok(rename(owner, "trunk", "stable"))

    redirect = owner.get(f"{HTTPX}/branches/main")

    assert redirect.status_code == 301
    assert redirect.headers["location"].endswith(f"/repositories/{number}/branches/stable")
    expect_ok(owner.get(redirect.headers["location"]))
    body = {"ref": "refs/heads/main", "sha": get_head(owner, branch="stable")}
    expect_ok(owner.post(f"{HTTPX}/git/refs", json=body))
    assert expect_ok(owner.get(f"{HTTPX}/branches/main"))["name"] == "main"


def test_a_branch_may_get_its_former_name_back(owner: httpx.Client) -> None:
    expect_ok(rename(owner, "main", "trunk"))
    expect_ok(rename(owner, "trunk", "main"))

    assert list_branches(owner) == ["main"]
    assert owner.get(f"{HTTPX}/branches/trunk").status_code == 301
    expect_refusal(owner.get(f"{HTTPX}/branches/other"), 404, "Branch not found")


def test_pull_requests_follow_the_base_and_close_with_the_head(owner: httpx.Client) -> None:
    first = open_pull_request(owner, "first")
    second = open_pull_request(owner, "second")
    expect_ok(rename(owner, "main", "trunk"))
    expect_ok(rename(owner, "second", "third"))

    pull = expect_ok(owner.get(f"{HTTPX}/pulls/{first}"))
    assert pull["base"]["ref"] == "trunk"
    assert pull["state"] == "open"
    assert expect_ok(owner.get(f"{HTTPX}/pulls/{second}"))["state"] == "closed"


def test_only_the_default_branch_of_rulesets_follows(owner: httpx.Client) -> None:
    """A ruleset that names the branch literally keeps its former name.

    Source: a published probe of 2026: `rules/branches/NEW` is empty for such a ruleset.
    """
    rule = [{"type": "non_fast_forward"}]
    create_ruleset(owner, rule, include=["refs/heads/main"], name="literal")
    create_ruleset(owner, [{"type": "deletion"}], name="default")

    expect_ok(rename(owner, "main", "trunk"))

    rules = expect_ok(owner.get(f"{HTTPX}/rules/branches/trunk"))
    assert [rule["type"] for rule in rules] == ["deletion"]


def test_deployment_policies_do_not_follow(owner: httpx.Client) -> None:
    """Assumption: a pattern is not changed."""
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    policies = f"{HTTPX}/environments/deploy/deployment-branch-policies"
    expect_ok(owner.post(policies, json={"name": "main"}))

    expect_ok(rename(owner, "main", "trunk"))

    assert [p["name"] for p in expect_ok(owner.get(policies))["branch_policies"]] == ["main"]


@pytest.mark.parametrize("branch", ["main", "kept"])
def test_only_admins_rename_a_protected_branch(
    owner: httpx.Client, person: Person, branch: str
) -> None:
    """Writers rename other branches."""
    create_branch(owner, "kept")
    create_branch(owner, "free")
    create_ruleset(owner, [{"type": "deletion"}], include=["refs/heads/kept"])

    expect_refusal(rename(person("maintainer-1"), branch, "x"), 403, "admin rights")
    expect_ok(rename(person("maintainer-1"), "free", "x"))
    expect_ok(rename(owner, branch, "y"))


def test_a_creation_rule_applies_to_the_new_name(owner: httpx.Client, person: Person) -> None:
    """Assumption: no branch gets a name by a rename that it could not be created with."""
    create_branch(owner, "free")
    create_ruleset(owner, [{"type": "creation"}], include=["refs/heads/release/*"])

    expect_refusal(rename(person("maintainer-1"), "free", "release/1"), 422, "creations")
    assert list_branches(owner) == ["free", "main"]


@pytest.mark.parametrize(
    ("branch", "name", "status"),
    [("unknown", "x", 404), ("main", "free", 422), ("main", "a..b", 422), ("main", "", 422)],
)
def test_an_invalid_rename_is_refused(
    owner: httpx.Client, branch: str, name: str, status: int
) -> None:
    create_branch(owner, "free")

    assert rename(owner, branch, name).status_code == status
    assert list_branches(owner) == ["free", "main"]


@pytest.mark.parametrize("enforcement", ["active", "disabled"])
def test_an_organization_ruleset_keeps_branches(
    world: World, owner: httpx.Client, person: Person, enforcement: str
) -> None:
    """An admin of the repository can neither rename branches nor change the default branch.

    Source: GitHub's docs, "Renaming a branch", on organizational rulesets.
    """
    next(iter(world.organizations.values())).plan = "team"
    body: dict[str, Any] = {
        "name": "Branches",
        "enforcement": enforcement,
        "target": "branch",
        "conditions": {
            "repository_name": {"include": ["~ALL"], "exclude": []},
            "ref_name": {"include": ["refs/heads/stable"], "exclude": []},
        },
        "rules": [{"type": "deletion"}],
    }
    expect_ok(owner.post("/orgs/encode/rulesets", json=body))
    create_branch(owner, "free")
    expect_ok(owner.put(f"{HTTPX}/collaborators/operator-2", json={"permission": "admin"}))
    admin = person("operator-2")
    renamed = rename(admin, "free", "other")
    changed = admin.patch(HTTPX, json={"default_branch": "main" if renamed.is_success else "free"})

    if enforcement == "active":
        expect_refusal(renamed, 403, "Branches cannot be renamed")
        expect_refusal(changed, 403, "the default branch cannot change")
        expect_ok(rename(owner, "free", "other"))
    else:
        expect_ok(renamed)
        expect_ok(admin.patch(HTTPX, json={"default_branch": "other"}))


def test_a_classic_protection_follows(owner: httpx.Client, person: Person) -> None:
    """Source: GitHub's docs, "Renaming a branch": branch protection policies are updated."""
    body: dict[str, Any] = {
        "required_status_checks": None,
        "enforce_admins": None,
        "required_pull_request_reviews": None,
        "restrictions": None,
        "lock_branch": True,
    }
    create_branch(owner, "side")
    expect_ok(owner.put(f"{HTTPX}/branches/side/protection", json=body))

    expect_refusal(rename(person("maintainer-1"), "side", "edge"), 403, "Must have admin rights")
    assert expect_ok(rename(owner, "side", "edge"))["protected"] is True
    protection = expect_ok(owner.get(f"{HTTPX}/branches/edge/protection"))
    assert protection["lock_branch"]["enabled"] is True
    create_branch(owner, "side")
    assert expect_ok(owner.get(f"{HTTPX}/branches/side"))["protected"] is False
