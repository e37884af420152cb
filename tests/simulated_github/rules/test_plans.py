"""What a plan lacks.

Sources: GitHub's docs, "Managing environments for deployment" and "About rulesets".
"""

import httpx
import pytest

from simulated_github import Application, World
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_ruleset,
    create_tag,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
    put_environment,
    put_secret,
    write_publish_workflow,
)

UPGRADE = "Upgrade to GitHub Pro or make this repository public"


@pytest.fixture
def gate(owner: httpx.Client) -> None:
    """Protect an environment while the repository is public."""
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    expect_ok(
        put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "a-new-token")
    )
    expect_ok(owner.delete(f"{HTTPX}/actions/secrets/PYPI_TOKEN"))
    write_publish_workflow(owner, "deploy")


def status_and_secrets(github: Application) -> tuple[str, int]:
    job = snapshot(github.world)["runs"][-1]["jobs"][0]
    return job["status"], len(job["secrets"])


@pytest.mark.usefixtures("gate")
@pytest.mark.parametrize(
    ("plan", "expected"),
    [("free", ("completed", 0)), ("team", ("completed", 1)), ("enterprise", ("waiting", 0))],
)
def test_rules_and_secrets_that_the_plan_lacks_are_ignored(
    github: Application, world: World, owner: httpx.Client, plan: str, expected: tuple[str, int]
) -> None:
    """The free plan has neither rules nor secrets of environments; Team has no reviewers."""
    next(iter(world.organizations.values())).plan = plan
    expect_ok(owner.patch(HTTPX, json={"private": True}))
    expect_ok(create_tag(owner, "1.0"))

    assert status_and_secrets(github) == expected


@pytest.mark.parametrize("path", ["/rulesets", "/rules/branches/main"])
def test_a_free_plan_has_no_rulesets_for_private_repositories(
    owner: httpx.Client, person: Person, path: str
) -> None:
    """Source: public issue threads print the 403 for reads too."""
    number = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])["id"]
    expect_refusal(create_tag(person("maintainer-1"), "1.0"), 422, "restricted")
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    expect_refusal(owner.get(f"{HTTPX}{path}"), 403, UPGRADE)
    expect_refusal(
        owner.put(f"{HTTPX}/rulesets/{number}", json={"enforcement": "active"}), 403, UPGRADE
    )
    expect_ok(create_tag(person("maintainer-1"), "1.0"))


@pytest.mark.parametrize(
    "kind",
    [
        "tag_name_pattern",
        "branch_name_pattern",
        "commit_message_pattern",
        "commit_author_email_pattern",
        "committer_email_pattern",
    ],
)
@pytest.mark.parametrize("plan", ["free", "team"])
def test_metadata_restrictions_need_github_enterprise(
    world: World, owner: httpx.Client, plan: str, kind: str
) -> None:
    """Sources: GitHub's docs, "Available rules for rulesets"; basefoundry/base pull 1801."""
    next(iter(world.organizations.values())).plan = plan
    rule = {"type": kind, "parameters": {"operator": "starts_with", "pattern": "v"}}
    target = "tag" if kind == "tag_name_pattern" else "branch"
    body = {"name": "names", "target": target, "enforcement": "active", "rules": [rule]}

    refusal = expect_refusal(owner.post(f"{HTTPX}/rulesets", json=body), 422, "Validation Failed")

    assert refusal["errors"] == [f"Invalid rule '{kind}': "]
    next(iter(world.organizations.values())).plan = "enterprise"
    expect_ok(owner.post(f"{HTTPX}/rulesets", json=body))
