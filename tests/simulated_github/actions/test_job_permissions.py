"""What a job's own token may do. Source: GitHub's docs, "Permissions for the GITHUB_TOKEN" and "Workflow syntax"."""

from typing import Any

import pytest

from simulated_github import World
from simulated_github.actions.job_tokens import TOKEN_PERMISSIONS, effective_permissions
from simulated_github.records.organizations import Organization
from simulated_github.records.repositories import Repository

READS_METADATA = {"metadata": "read"}


@pytest.fixture
def repository(world: World) -> Repository:
    found = world.repository("encode", "httpx")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("workflow", "job", "wanted"),
    [
        ({}, None, {}),
        ({"contents": "read"}, None, {"contents": "read"}),
        ({"contents": "write"}, {}, {}),
        ({}, {"contents": "read", "id-token": "write"}, {"contents": "read", "id-token": "write"}),
        ({"contents": "none", "issues": "write"}, None, {"issues": "write"}),
        ({"id-token": "read"}, None, {}),
        ("read-all", None, {scope: "read" for scope in TOKEN_PERMISSIONS if scope != "id-token"}),
        ("write-all", None, dict.fromkeys(TOKEN_PERMISSIONS, "write")),
        ({"administration": "write"}, None, {}),
        ("nonsense", None, {}),
    ],
)
def test_what_is_declared_counts_and_the_rest_is_none(
    repository: Repository, workflow: Any, job: Any, wanted: dict[str, str]
) -> None:
    assert READS_METADATA | wanted == effective_permissions(repository, workflow, job)


def test_by_default_little_is_read(repository: Repository) -> None:
    assert effective_permissions(repository, None, None) == READS_METADATA | {
        "contents": "read",
        "packages": "read",
    }


def test_a_permissive_setting_writes_but_mints_no_identity(repository: Repository) -> None:
    repository.actions.default_workflow_permissions = "write"
    assert isinstance(repository.owner, Organization)
    repository.owner.actions.default_workflow_permissions = "write"

    found = effective_permissions(repository, None, None)

    assert (found["contents"], "id-token" in found) == ("write", False)


def test_an_organization_that_reads_holds_its_repositories_back(repository: Repository) -> None:
    repository.actions.default_workflow_permissions = "write"

    assert effective_permissions(repository, None, None)["contents"] == "read"
