"""Which workflow files are replaced, and when their restoration is explained."""

from typing import Any

import pytest

from publish_workflow.publish import is_managed
from stacks.previous_state import PreviousState, RecordedRepository, RecordedResource
from stacks.publishing import workflow_text
from stacks.replaced_workflows import replaced_workflows, restore_warnings
from stacks.snapshot import RepositoryOnGitHub, Snapshot
from stacks.snapshot.model import WorkflowOnGitHub
from tests.stacks.preflight.situations import snapshot_with
from tests.stacks.settings.configurations import settings

WORKFLOW = ".github/workflows/publish.yml"
REPLACED = {"commit": "a1", "path": WORKFLOW}


def snapshot(text: str | None, head: str = "a1") -> Snapshot:
    """Return a GitHub whose httpx has a workflow with a text at the path of the stack."""
    repository = RepositoryOnGitHub(
        1,
        "httpx",
        archived=False,
        private=False,
        head=head,
        workflows={WORKFLOW: WorkflowOnGitHub(WORKFLOW, text)},
    )
    return snapshot_with(repositories={"httpx": repository})


@pytest.mark.parametrize("text", ["name: Publish\n", "", None])
def test_a_file_of_another_origin_is_replaced(text: str | None) -> None:
    declared = settings(repositories={"httpx": {"replace-workflow": True}})

    assert replaced_workflows(declared, snapshot(text)) == {"httpx": REPLACED}


@pytest.mark.parametrize(
    "options",
    [None, {"replace-workflow": True, "workflow": ".github/workflows/release.yml"}],
)
def test_no_other_file_is_replaced(options: dict[str, Any] | None) -> None:
    declared = settings(repositories={"httpx": options, "httpcore": {"replace-workflow": True}})

    assert replaced_workflows(declared, snapshot("name: Publish\n")) == {}


def test_a_workflow_of_a_stack_is_not_replaced() -> None:
    declared = settings(repositories={"httpx": {"replace-workflow": True}})
    text = workflow_text(declared, declared.repositories[0])

    assert is_managed(text)
    assert replaced_workflows(declared, snapshot(text)) == {}


def state(**attributes: Any) -> PreviousState:
    workflow = RecordedResource("u", "t", "httpx/publish.yml", inputs={"file": WORKFLOW})
    resources = {"publish.yml": workflow}
    entry = RecordedRepository("httpx", 1, **{"resources": resources, **attributes})
    return PreviousState(entries={"httpx": entry})


@pytest.mark.parametrize(
    ("repositories", "count"),
    [
        ({"httpcore": None}, 1),
        ({"httpx": {"retired": True}}, 1),
        ({"httpx": {"workflow": ".github/workflows/release.yml"}}, 1),
        ({"httpx2": {"formerly": "httpx", "retired": True}}, 1),
        ({"httpx": None}, 0),
        ({"httpx": {"archived": True}}, 0),
        ({"httpx2": {"formerly": "httpx"}}, 0),
    ],
)
def test_a_run_that_deletes_the_workflow_explains_it(
    repositories: dict[str, Any], count: int
) -> None:
    warnings = restore_warnings(
        settings(repositories=repositories), state(replaced_workflow=REPLACED)
    )

    assert len(warnings) == count
    assert all(f"git checkout a1 -- {WORKFLOW}" in warning for warning in warnings)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"replaced_workflow": REPLACED, "resources": {}},
        {"replaced_workflow": {**REPLACED, "path": ".github/workflows/old.yml"}},
    ],
)
def test_nothing_is_explained_without_a_replaced_file(attributes: dict[str, Any]) -> None:
    assert restore_warnings(settings(repositories={"httpcore": None}), state(**attributes)) == []
