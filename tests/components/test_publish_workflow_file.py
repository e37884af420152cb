"""The workflow file on the default branch."""

import pulumi
import pulumi_github as github
from pulumi import ResourceOptions

from components.publish_workflow_file import publish_workflow_file
from tests.components.registrations import Registration, declare

PATH = ".github/workflows/publish.yml"


def workflow_file(content: str = "name: Publish\n", path: str = PATH) -> Registration:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        access = github.TeamRepository("access", team_id="1", repository="httpx")
        publish_workflow_file(
            "httpx/publish.yml",
            repository="httpx",
            path=path,
            content=content,
            opts=ResourceOptions(parent=parent, depends_on=[access]),
        )

    return declare(program).only("RepositoryFile")


def test_the_file_has_the_declared_path() -> None:
    assert workflow_file()["file"] == PATH


def test_a_new_path_keeps_the_resource_name() -> None:
    moved = workflow_file(path=".github/workflows/release.yml")

    assert moved.name == workflow_file().name
    assert moved["file"] == ".github/workflows/release.yml"


def test_the_old_file_is_deleted_before_the_new_one_is_created() -> None:
    assert workflow_file().delete_before_replace


def test_an_existing_file_is_overwritten() -> None:
    assert workflow_file()["overwriteOnCreate"] is True


def test_the_file_is_on_the_default_branch() -> None:
    assert "branch" not in workflow_file().inputs


def test_the_text_is_committed_unchanged() -> None:
    workflow = workflow_file("on: push\n# ü\n")

    assert workflow["content"] == "on: push\n# ü\n"
    assert workflow["commitMessage"] == "Publish workflow, as declared by the release stack"


def test_no_input_of_the_file_is_secret() -> None:
    assert workflow_file().secrets == frozenset()


def test_the_file_takes_the_options_of_its_caller() -> None:
    workflow = workflow_file()

    assert workflow.dependencies == {"access"}
    assert workflow.parent == "parent"
