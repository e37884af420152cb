"""Every option of a repository, declared once: its key, type, default, description and layouts.

The stack file's models, the settings, `docs/configuration.md` and the JSON Schema are made from
these declarations. To add an option, declare it here, use it, and test it.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import Field, model_validator
from pydantic.config import JsonDict

from publish_workflow.layouts import LAYOUTS, LayoutName, Level
from stacks.settings.model import StackFileModel
from stacks.settings.names import Login, SecretName, Slug, TagPattern
from stacks.settings.workflow_names import (
    Command,
    PythonVersion,
    Runner,
    ScopeName,
    VariableName,
    VariableValue,
    WorkflowPath,
)

Permission = Literal["read", "triage", "write", "maintain"]
TagCreators = Literal["maintain", "maintainers", "operations"]
WITH_TOKEN: tuple[LayoutName, ...] = ("scripts", "scripts-single")


def option(
    default: Any, description: str, *, layouts: tuple[LayoutName, ...] = (), **arguments: Any
) -> Any:
    """Declare an option.

    `layouts` are the layouts that have the option, by default all of them. `arguments` are
    further arguments of pydantic's `Field`, such as the limits `ge` and `le`.
    """
    extra: JsonDict = {"layouts": list(layouts or get_args(LayoutName))}
    return Field(default, description=description, json_schema_extra=extra, **arguments)


class Reviewers(StackFileModel):
    """The people and teams that can approve a deployment in addition to the operations team."""

    users: list[Login] = Field([], description="Logins of people.")
    teams: list[Slug] = Field(
        [], description="Slugs of existing teams, or the slug of the maintainers team."
    )


class Options(StackFileModel):
    """The options of a repository: first the approval gate, then the publish workflow."""

    release_tags: TagPattern = option(
        "*",
        "The pattern of the tags that are releases. It starts the workflow, and both the "
        "environment's tag policy and the tag rulesets use it.",
    )
    tag_creators: TagCreators = option(
        "maintain",
        "Who can create release tags: `maintain` (every user with the maintain or admin role), "
        "`maintainers` (the members of both teams) or `operations` (the operations team alone).",
    )
    approvals: int = option(
        1, "The number of approvals that a pull request needs before it can be merged.", ge=1, le=10
    )
    wait_minutes: int = option(
        0,
        "The wait timer of the environment in minutes, up to 30 days. It runs from the start of "
        "the deployment, approved or not.",
        ge=0,
        le=43200,
    )
    reviewers: Reviewers = option(
        Reviewers(),
        "People and existing teams that can approve a deployment in addition to the operations "
        "team. GitHub allows six reviewers, including the operations team.",
    )
    teams: dict[Slug, Permission] = option(
        {},
        "Existing teams that get access in addition to the two teams, each with its permission. "
        "`admin` is not allowed, because an admin of a repository can remove its approval gate.",
    )
    maintainers_permission: Literal["read", "triage", "write"] = option(
        "write", "The permission of the maintainers team."
    )
    secret_names: list[SecretName] = option(
        ["PYPI_TOKEN"],
        "The names of the secrets of the `deploy` environment. Their values are under the key "
        "`secrets` of the stack file. `scripts/publish` gets each of them as a variable of its "
        "name, and `PYPI_TOKEN` as twine's password.",
        layouts=WITH_TOKEN,
        alias="secrets",
    )
    layout: LayoutName = option(
        "scripts",
        "The layout of the publish workflow: `scripts` (one job builds, a second job waits for "
        "approval and publishes), `scripts-single` (one job waits, builds and publishes) or "
        "`trusted-publishing` (no token: PyPI trusts the workflow).",
        alias="publish",
    )
    workflow: WorkflowPath = option(
        ".github/workflows/publish.yml",
        "The path of the workflow file. A new path moves the file: the old file is deleted before "
        "the new one is created.",
    )
    replace_workflow: bool = option(
        False,
        "Whether to replace a workflow file at this path that this stack did not write. Otherwise "
        "such a file is an error. Once the file is replaced, the option has no effect.",
    )
    python_version: PythonVersion = option(
        "3.x", "The version of Python that builds and publishes."
    )
    runner: Runner = option("ubuntu-latest", "The runner of the jobs.")
    timeout_minutes: int = option(
        30,
        "The timeout of each job in minutes. Time spent waiting for approval does not count.",
        ge=1,
        le=360,
    )
    environment_variables: dict[VariableName, VariableValue] = option(
        {},
        "Variables of every job that runs the repository's scripts. They are public: use `secrets` "
        "for everything else.",
    )
    publish_install: Command = option(
        "scripts/install",
        "The command that installs the uploader in the publishing job, which has the token. One "
        "hash-locked requirement is safer there than everything that `scripts/install` installs.",
        layouts=("scripts",),
    )
    permissions: dict[ScopeName, Level] = option(
        {},
        "Additional permissions of the `GITHUB_TOKEN` of the publishing job. See "
        "[Permissions](#permissions) for the risk of each.",
        layouts=WITH_TOKEN,
    )
    deploys_docs: bool = option(
        False,
        "Whether `scripts/publish` also pushes documentation, as `mkdocs gh-deploy` does. The job "
        "then keeps `contents: write` and git credentials from its first step to its last.",
        layouts=("scripts-single",),
    )

    @model_validator(mode="before")
    @classmethod
    def drop_empty_options(cls, value: Any) -> Any:
        """Treat an option without a value as left out."""
        if not isinstance(value, Mapping):
            return value
        keys = {field.alias for field in cls.model_fields.values()}
        return {key: value[key] for key in value if value[key] is not None or key not in keys}

    def declared_options(self) -> dict[str, Any]:
        """Return the options that the stack file sets here, by field."""
        return {name: getattr(self, name) for name in OPTIONS if name in self.model_fields_set}


OPTIONS = tuple(Options.model_fields)
DEFAULTS: dict[str, Any] = {
    name: field.get_default() for name, field in Options.model_fields.items()
}


def layouts_with(name: str) -> list[LayoutName]:
    """Return the layouts that have an option."""
    extra = Options.model_fields[name].json_schema_extra
    layouts: Any = extra["layouts"] if isinstance(extra, dict) else []
    return list(layouts)


# The values of options in a layout that does not have them: the defaults, and no secret names.
UNAVAILABLE_VALUES: dict[str, Any] = {
    name: [] if name == "secret_names" else DEFAULTS[name]
    for name in OPTIONS
    if len(layouts_with(name)) < len(LAYOUTS)
}


def is_unavailable(layout: str, name: str) -> bool:
    """Return whether a layout does not have an option."""
    return layout not in layouts_with(name)
