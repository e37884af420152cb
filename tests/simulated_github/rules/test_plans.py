"""What a plan does not have. Source: GitHub's docs, "Managing environments for deployment" and "About rulesets"."""

import httpx
import pytest

from simulated_github import Application, World
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.acting import (
    HTTPX,
    done,
    environment,
    grant,
    make_team,
    put_secret,
    refused,
    ruleset,
    tag,
    use_workflow,
)

UPGRADE = "Upgrade to GitHub Pro or make this repository public"


@pytest.fixture
def gate(owner: httpx.Client) -> None:
    """A gate made while the repository is public."""
    team = make_team(owner, "operations", ["operator-1"])
    grant(owner, "operations", "maintain")
    environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    done(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "a-new-token"))
    done(owner.delete(f"{HTTPX}/actions/secrets/PYPI_TOKEN"))
    use_workflow(owner, "deploy")


def status_and_secrets(github: Application) -> tuple[str, int]:
    job = snapshot(github.world)["runs"][-1]["jobs"][0]
    return job["status"], len(job["secrets"])


@pytest.mark.usefixtures("gate")
@pytest.mark.parametrize(
    ("plan", "expected"),
    [("free", ("completed", 0)), ("team", ("completed", 1)), ("enterprise", ("waiting", 0))],
)
def test_what_a_private_repositorys_plan_lacks_is_ignored(
    github: Application, world: World, owner: httpx.Client, plan: str, expected: tuple[str, int]
) -> None:
    """On the free plan neither rules nor secrets of environments count, on Team no reviewers."""
    next(iter(world.organizations.values())).plan = plan
    done(owner.patch(HTTPX, json={"private": True}))
    done(tag(owner, "1.0"))

    assert status_and_secrets(github) == expected


@pytest.mark.parametrize("path", ["/rulesets", "/rules/branches/main"])
def test_rulesets_of_a_private_repository_on_a_free_plan_are_neither_shown_nor_enforced(
    owner: httpx.Client, person: Person, path: str
) -> None:
    """Source: public issue threads print the 403 for reads too."""
    number = ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])["id"]
    refused(tag(person("maintainer-1"), "1.0"), 422, "restricted")
    done(owner.patch(HTTPX, json={"private": True}))

    refused(owner.get(f"{HTTPX}{path}"), 403, UPGRADE)
    refused(owner.put(f"{HTTPX}/rulesets/{number}", json={"enforcement": "active"}), 403, UPGRADE)
    done(tag(person("maintainer-1"), "1.0"))


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
def test_restrictions_of_metadata_need_github_enterprise(
    world: World, owner: httpx.Client, plan: str, kind: str
) -> None:
    """Sources: GitHub's docs, "Available rules for rulesets"; basefoundry/base pull request 1801 for the 422."""
    next(iter(world.organizations.values())).plan = plan
    rule = {"type": kind, "parameters": {"operator": "starts_with", "pattern": "v"}}
    target = "tag" if kind == "tag_name_pattern" else "branch"
    body = {"name": "names", "target": target, "enforcement": "active", "rules": [rule]}

    answer = refused(owner.post(f"{HTTPX}/rulesets", json=body), 422, "Validation Failed")

    assert answer["errors"] == [f"Invalid rule '{kind}': "]
    next(iter(world.organizations.values())).plan = "enterprise"
    done(owner.post(f"{HTTPX}/rulesets", json=body))
