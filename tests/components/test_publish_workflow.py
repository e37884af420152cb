"""The workflow file on the default branch."""

import pulumi
import pulumi_github as github

from components.publish_workflow import PublishWorkflow
from tests.components.declaring import Plan, declare

PATH = ".github/workflows/publish.yml"


def declared(content: str = "name: Publish\n", path: str = PATH) -> Plan:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        before = github.TeamRepository("before", team_id="1", repository="httpx")
        PublishWorkflow(
            "httpx/publish.yml",
            repository="httpx",
            path=path,
            content=content,
            depends_on=[before],
            parent=parent,
        )

    return declare(program)


def test_it_is_the_file_that_is_declared() -> None:
    assert declared().the("RepositoryFile")["file"] == PATH


def test_another_file_has_the_same_name_here_and_the_old_one_goes_before_it_comes() -> None:
    moved = declared(path=".github/workflows/release.yml").the("RepositoryFile")

    assert (moved.name, moved["file"]) == (
        declared().the("RepositoryFile").name,
        ".github/workflows/release.yml",
    )
    assert moved.delete_before_replace


def test_one_that_is_there_already_is_overwritten() -> None:
    assert declared().the("RepositoryFile")["overwriteOnCreate"] is True


def test_it_goes_to_the_default_branch_whatever_its_name() -> None:
    assert "branch" not in declared().the("RepositoryFile").inputs


def test_the_text_is_committed_as_it_is() -> None:
    workflow = declared("on: push\n# ü\n").the("RepositoryFile")

    assert workflow["content"] == "on: push\n# ü\n"
    assert workflow["commitMessage"] == "Publish workflow, as declared by the release stack"


def test_nothing_in_it_is_secret() -> None:
    assert declared().the("RepositoryFile").secrets == frozenset()


def test_it_comes_after_what_it_depends_on_and_below_its_parent() -> None:
    workflow = declared().the("RepositoryFile")

    assert workflow.after == {"before"}
    assert workflow.parent == "parent"
