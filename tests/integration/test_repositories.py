"""Repositories are added, changed and removed one by one."""

from typing import Any

from tests.integration.on_github import create_team, delete_repository, remove_entry
from tests.integration.rehearsed_stack import (
    RESOURCES_PER_REPOSITORY,
    RehearsedStack,
    token_of,
    writes,
)


def closed(environment: dict[str, Any]) -> dict[str, Any]:
    """Return an environment with its rules, but without a secret and a tag that may deploy."""
    return {**environment, "policies": [], "secrets": {}}


def test_one_line_plans_one_repository(applied: RehearsedStack) -> None:
    applied.repositories["httpcore"] = None
    applied.configure()

    plan = applied.plan()

    assert set(plan.values()) == {"create"}
    assert all(name.split("/")[0] == "httpcore" for name in plan)
    assert len(plan) == RESOURCES_PER_REPOSITORY + 2  # the two components that contain them


def test_a_changed_entry_plans_changes_to_its_repository(
    applied: RehearsedStack,
) -> None:
    applied.repositories["httpx"] = {"release-tags": "v*", "approvals": 2, "wait-minutes": 10}
    applied.configure()

    plan = applied.plan()

    assert plan == {
        "httpx/deploy/environment": "update",
        "httpx/deploy/tags": "update",
        "httpx/tags-created": "update",
        "httpx/tags-kept": "update",
        "httpx/publish.yml": "update",
        "httpx/review": "update",
    }


def test_a_removed_entry_removes_what_it_created(
    declared: RehearsedStack,
) -> None:
    before = declared.repository("httpx")
    declared.up()
    httpx = declared.repository("httpx")
    databases = declared.repository("databases")
    assert httpx["environments"]
    assert httpx["rulesets"]

    remove_entry(declared, "httpx")
    declared.up()

    after = declared.repository("httpx")
    for key in ("rulesets", "files", "collaborators", "secrets"):
        assert after[key] == before[key], key
    assert after["environments"] == {"deploy": closed(httpx["environments"]["deploy"])}
    assert "httpx" not in declared.organization()["teams"]["operations"]["repositories"]
    assert declared.repository("databases") == databases
    assert declared.plan() == {}


def test_a_deleted_repository_without_its_entry_blocks_up(
    applied: RehearsedStack,
) -> None:
    delete_repository(applied, "httpx")
    remove_entry(applied, "httpx")

    with applied.requests() as requests:
        refused = applied.up(check=False)

    assert refused.code != 0
    assert "which is deleted, or hidden from this token" in refused.output
    assert "scripts/forget httpx" in refused.output
    assert writes(requests) == []


def test_a_created_repository_outlives_its_entry(
    declared: RehearsedStack,
) -> None:
    declared.repositories["sansio"] = {"create": True}
    declared.configure()
    declared.set_tokens()

    declared.up()

    created = declared.repository("sansio")
    assert created["visibility"] == "public"
    assert created["environments"]["deploy"]["secrets"] == {"PYPI_TOKEN": token_of("sansio")}
    assert ".github/workflows/publish.yml" in created["files"]
    assert declared.plan() == {}

    remove_entry(declared, "sansio")
    declared.up()

    repository = declared.repository("sansio")
    assert repository["environments"] == {"deploy": closed(created["environments"]["deploy"])}
    assert repository["rulesets"] == {}
    assert ".github/workflows/publish.yml" not in repository["files"]


def test_an_entry_may_add_teams_and_secrets(declared: RehearsedStack) -> None:
    create_team(declared, "docs")
    declared.repositories["httpx"] = {
        "teams": {"docs": "triage"},
        "secrets": ["PYPI_TOKEN", "DOCS_KEY"],
    }
    declared.configure()
    declared.sandbox.set_secrets({"httpx.DOCS_KEY": "docs-key-value"})

    declared.up()

    assert declared.organization()["teams"]["docs"]["repositories"] == {"httpx": "triage"}
    assert set(declared.repository("httpx")["environments"]["deploy"]["secrets"]) == {
        "PYPI_TOKEN",
        "DOCS_KEY",
    }
    assert (
        "DOCS_KEY: ${{ secrets.DOCS_KEY }}"
        in declared.repository("httpx")["files"][".github/workflows/publish.yml"]
    )
    assert declared.plan() == {}
