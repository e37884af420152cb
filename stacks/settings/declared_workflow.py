"""The options of a repository's publish workflow, as they are written in the stack file."""

from typing import Annotated, Any

from pydantic import Field

from publish_workflow.layouts import LayoutName
from stacks.settings.model import StackFileModel
from stacks.settings.scopes import Level
from stacks.settings.workflow_names import (
    Command,
    PythonVersion,
    Runner,
    ScopeName,
    VariableName,
    VariableValue,
    WorkflowPath,
)


class DeclaredWorkflow(StackFileModel):
    """How a repository is published. What a layout does without, its repositories cannot set."""

    publish: Annotated[
        LayoutName | None,
        Field(
            description="The layout of the publish workflow: `scripts` (one job builds, another waits and publishes), "
            "`scripts-single` (one job waits, builds and publishes) or `trusted-publishing` (without a token: PyPI trusts the "
            "workflow)."
        ),
    ] = None
    workflow: Annotated[
        WorkflowPath | None,
        Field(
            description="The file of the workflow. A new path moves it: the old file goes before the new one comes."
        ),
    ] = None
    python_version: Annotated[
        PythonVersion | None, Field(description="The Python that builds and publishes.")
    ] = None
    runner: Annotated[Runner | None, Field(description="The machine that the jobs run on.")] = None
    timeout_minutes: Annotated[
        int | None,
        Field(
            ge=1,
            le=360,
            description="Minutes after which a job is ended; waiting for approval does not count.",
        ),
    ] = None
    environment_variables: Annotated[
        dict[VariableName, VariableValue] | None,
        Field(
            description="Variables of every job that runs the repository's scripts. They are public: what is secret belongs "
            "under `secrets`."
        ),
    ] = None
    publish_install: Annotated[
        Command | None,
        Field(
            description="What installs the uploader in the publishing job, next to the token. One hash-locked requirement is "
            "safer there than all that `scripts/install` brings."
        ),
    ] = None
    permissions: Annotated[
        dict[ScopeName, Level] | None,
        Field(
            description="What else the publishing job's `GITHUB_TOKEN` may do; [what each costs](#permissions) is below."
        ),
    ] = None
    deploys_docs: Annotated[
        bool | None,
        Field(
            description="Whether `scripts/publish` also pushes documentation, as `mkdocs gh-deploy` does. The job then keeps "
            "`contents: write` and git credentials from its first step to its last."
        ),
    ] = None


WORKFLOW_DEFAULTS: dict[str, Any] = {
    "publish": "scripts",
    "workflow": ".github/workflows/publish.yml",
    "python_version": "3.x",
    "runner": "ubuntu-latest",
    "timeout_minutes": 30,
    "environment_variables": {},
    "publish_install": "scripts/install",
    "permissions": {},
    "deploys_docs": False,
}
