"""An archived repository keeps its entry, and nothing in it changes."""

import json
from typing import Any

from tests.integration.on_github import create_team, remove_entry, send_request
from tests.integration.rehearsed_stack import OWNER, RehearsedStack, token_of, writes


def set_archived(stack: RehearsedStack, *, archived: bool) -> None:
    send_request(stack, "PATCH", f"/repos/{OWNER}/httpx", {"archived": archived})


def archive(stack: RehearsedStack) -> None:
    """Archive httpx on GitHub and in the stack file, and check that `up` only records it."""
    set_archived(stack, archived=True)
    stack.sandbox.pulumi("config", "set", "--path", "repositories.httpx.archived", "true")
    stack.sandbox.read_configuration()
    with stack.requests() as requests:
        stack.up()
    assert writes(requests) == []


def exported(stack: RehearsedStack) -> dict[str, dict[str, Any]]:
    """Return the resources of the state by name."""
    deployment = json.loads(stack.sandbox.pulumi("stack", "export").output)["deployment"]
    return {resource["urn"].rsplit("::", 1)[-1]: resource for resource in deployment["resources"]}


def test_an_archived_entry_is_recorded_without_a_write(applied: RehearsedStack) -> None:
    before = exported(applied)

    archive(applied)

    after = exported(applied)
    assert applied.plan() == {}
    assert after.keys() == before.keys()
    assert after["httpx"]["outputs"]["archived"] is True
    assert token_of("httpx") not in json.dumps(after)
    for name in after:
        if name.startswith("httpx/") and name != "httpx/deploy":
            assert after[name]["retainOnDelete"] is True, name
            assert after[name]["inputs"].keys() == before[name]["inputs"].keys(), name
            assert after[name]["outputs"].keys() == before[name]["outputs"].keys(), name


def test_no_option_changes_an_archived_repository(applied: RehearsedStack) -> None:
    create_team(applied, "docs")
    archive(applied)
    applied.configuration["defaults"] = {
        "release-tags": "v*",
        "teams": {"docs": "triage"},
        "secrets": ["OTHER"],
        "workflow": ".github/workflows/release.yml",
        "approvals": 2,
    }
    applied.repositories["httpx"] = {"archived": True, "tag-creators": "operations"}
    del applied.configuration["secrets"]
    applied.configure()
    applied.sandbox.set_secrets({"databases.OTHER": "value"})
    before = applied.repository("httpx")

    plan = applied.plan()
    applied.up()

    assert {name.split("/")[0] for name in plan} == {"databases"}
    assert applied.repository("httpx") == before


def test_an_archived_entry_that_goes_sends_no_request(applied: RehearsedStack) -> None:
    archive(applied)
    remove_entry(applied, "httpx")

    plan = applied.plan()
    with applied.requests() as requests:
        applied.sandbox.pulumi("destroy", "--yes", "--skip-preview")

    assert set(plan.values()) == {"delete"}
    assert [request for request in writes(requests) if "httpx" in request] == []
    assert applied.repository("httpx")["environments"]["deploy"]["policies"] != []


def test_an_unarchived_repository_is_as_before(applied: RehearsedStack) -> None:
    before = applied.repository("httpx")
    recorded = exported(applied)
    archive(applied)
    set_archived(applied, archived=False)
    applied.sandbox.pulumi("config", "rm", "--path", "repositories.httpx.archived")
    applied.sandbox.read_configuration()

    assert applied.plan() == {}
    with applied.requests() as requests:
        applied.up()

    assert writes(requests) == []
    assert applied.repository("httpx") == before
    after = exported(applied)
    assert after["httpx/publish.yml"].get("retainOnDelete") is not True
    assert after["httpx/deploy/environment"]["retainOnDelete"] is True
    assert {name: after[name].get("inputs") for name in after if "PYPI" not in name} == {
        name: recorded[name].get("inputs") for name in recorded if "PYPI" not in name
    }

    applied.repositories["httpx"] = {"release-tags": "v*"}
    applied.configure()
    applied.up()

    assert applied.repository("httpx")["environments"]["deploy"]["policies"][0]["name"] == "v*"
    assert applied.plan() == {}


def test_a_gate_stays_closed_after_everything_is_destroyed(applied: RehearsedStack) -> None:
    """The team is its required reviewer, and has no member any more."""
    archive(applied)
    applied.sandbox.pulumi("destroy", "--yes", "--skip-preview")
    set_archived(applied, archived=False)

    world = applied.github.world
    organization = world.organization(OWNER)
    repository = world.repository(OWNER, "httpx")
    assert organization
    assert repository
    team = organization.team("operations")
    environment = repository.find_environment("deploy")
    assert team
    assert environment
    assert [reviewer.id for reviewer in environment.reviewers] == [team.id]
    assert team.members == {}
