"""Workflow files and secrets that a person changed on GitHub block `up`."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from stacks.preflight.gate import drifts
from stacks.snapshot import RepositoryOnGitHub, WorkflowOnGitHub
from tests.stacks.preflight.gates import (
    WORKFLOW,
    gate_situation,
    recorded_repository,
    repository_on_github,
    urn,
    with_environment,
)

REFRESH = f"pulumi refresh --yes --skip-preview --target '{urn('publish.yml')}'"


def with_workflows(workflows: Mapping[str, str | None]) -> RepositoryOnGitHub:
    files = {path: WorkflowOnGitHub(path, text) for path, text in workflows.items()}
    return replace(repository_on_github(), workflows=files)


@pytest.mark.parametrize("text", ["on: push", "", None])
def test_an_edited_workflow(text: str | None) -> None:
    """A text that GitHub does not show counts as edited."""
    [drift] = drifts(gate_situation(with_workflows({WORKFLOW: text})))

    assert drift.value == f"a repository whose '{WORKFLOW}' was edited on GitHub"
    assert drift.commands == [REFRESH]


def test_a_workflow_that_was_moved() -> None:
    [drift] = drifts(gate_situation(with_workflows({".github/workflows/release.yml": "on: push"})))

    assert drift.value == f"a repository whose '{WORKFLOW}' was deleted or moved on GitHub"
    assert drift.commands == [REFRESH]


def test_the_declared_text_written_by_hand_needs_the_refresh_too() -> None:
    """The provider updates the file by the recorded hash."""
    entry = {"python-version": "3.13"}
    by_hand = replace(repository_on_github(), workflows=repository_on_github(**entry).workflows)

    [drift] = drifts(gate_situation(by_hand, repositories={"httpx": entry}))

    assert drift.commands == [REFRESH]


def test_a_workflow_of_a_removed_entry_is_compared() -> None:
    edited = with_workflows({WORKFLOW: "on: push"})

    [drift] = drifts(gate_situation(edited, repositories={"other": {"create": True}}))

    assert drift.repository == "httpx"


def test_unseen_workflows_are_not_compared() -> None:
    hidden = replace(with_workflows({}), unseen=frozenset({"workflows"}))

    assert list(drifts(gate_situation(hidden))) == []


@pytest.mark.parametrize("entry", [{"httpx": {"secrets": []}}, {"httpx": None}])
def test_a_deleted_secret(entry: dict[str, dict[str, list[str]] | None]) -> None:
    """Without the refresh, its deletion would fail, or it would stay missing."""
    [drift] = [
        drift
        for drift in drifts(
            gate_situation(with_environment(secrets=frozenset()), repositories=entry)
        )
        if "secret" in drift.value
    ]

    assert drift.value == "a repository whose environment secret PYPI_TOKEN was deleted on GitHub"
    assert drift.lost == (urn("deploy/PYPI_TOKEN"),)


def test_unread_secrets_are_not_compared() -> None:
    assert list(drifts(gate_situation(with_environment(secrets=None)))) == []


def test_another_default_branch_is_a_problem_of_its_own() -> None:
    renamed = replace(with_workflows({}), default_branch="trunk")
    recorded = recorded_repository()
    workflow = replace(recorded.resources["publish.yml"], outputs={"branch": "main"})
    on_main = replace(recorded, resources={**recorded.resources, "publish.yml": workflow})

    assert list(drifts(gate_situation(renamed, on_main))) == []
