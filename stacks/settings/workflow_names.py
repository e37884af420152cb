"""The kinds of values in a workflow file: each is one line, and none can be an expression.

Users who write them are trusted with every release. The values that are refused would break a
promise of a layout by accident.
"""

from dataclasses import dataclass
from typing import Annotated

from publish_workflow.layouts import Level
from stacks.settings.names import Kind
from stacks.settings.problems import join_names


@dataclass(frozen=True)
class Scope:
    """A permission: its levels, and what a job with it can do, including all that it installs."""

    cost: str
    levels: tuple[Level, ...] = ("read", "write")


# The permissions of the `GITHUB_TOKEN` of a job.
# Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
# Deliberately absent: `vulnerability-alerts`, which actionlint does not accept yet.
SCOPES = {
    "actions": Scope(
        "`write` cancels, reruns and deletes workflow runs and their logs, starts workflows that "
        "users can start, and disables workflows."
    ),
    "artifact-metadata": Scope("`write` records where artifacts are stored and deployed."),
    "attestations": Scope(
        "`write`, together with `id-token`, attests any file in the name of the repository."
    ),
    "checks": Scope("`write` marks any check as passed, including required checks."),
    "contents": Scope(
        "`read` is always granted. `write` pushes commits and tags that no ruleset blocks, and "
        "creates and changes GitHub releases and their files."
    ),
    "deployments": Scope("`write` records deployments. It approves none."),
    "discussions": Scope("`write` changes and deletes discussions."),
    "id-token": Scope(
        "`write` requests an identity token of this repository and environment. A trusted "
        "publisher or a cloud that trusts it cannot tell the step that requests it from a "
        "dependency that was installed in the same job.",
        ("write",),
    ),
    "issues": Scope("`write` changes issues and comments on them."),
    "models": Scope("`read` runs GitHub Models at the organization's expense.", ("read",)),
    "packages": Scope("`write` publishes and replaces packages and images in GitHub Packages."),
    "pages": Scope("`write` changes the GitHub Pages site."),
    "pull-requests": Scope(
        "`write` changes pull requests, and approves them if the organization allows that."
    ),
    "security-events": Scope("`write` adds and dismisses code scanning alerts."),
    "statuses": Scope("`write` marks any commit as passed, including required statuses."),
}

# GitHub's Linux labels. Deliberately absent: `ubuntu-slim`, whose jobs end after 15 minutes, the
# 26.04 labels, which actionlint does not accept yet, and larger runners, whose labels the
# organization chooses, so that they look like those of self-hosted runners.
# Source: https://docs.github.com/en/actions/reference/runners/github-hosted-runners
RUNNERS = ("ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-24.04-arm", "ubuntu-22.04-arm")
# Self-hosted runners do not isolate the secrets of an environment.
# Source: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#environment-secrets
RUNNER = Kind(
    "a runner",
    "|".join(RUNNERS).replace(".", r"\."),
    f"a Linux runner that GitHub hosts: {', '.join(RUNNERS)}; a self-hosted runner does not "
    "isolate the secrets of an environment from other jobs",
    "ubuntu-latest",
)
# Without quotes, YAML reads 3.10 as the number 3.1.
# Source: https://github.com/actions/setup-python/blob/main/docs/advanced-usage.md#using-the-python-version-input
PYTHON_VERSION = Kind(
    "a Python version",
    r"3\.(?:x|[0-9]{1,2}(?:\.[0-9]{1,2})?)",
    "a version of Python in quotes: '3.x' for the newest, or one such as '3.13' or '3.13.1'",
    "'3.13'",
)
COMMAND = Kind(
    "a command",
    r"(?!.*\$\{\{)(?=.{1,500}$)[!-~](?:[ -~]*[!-~])?",
    "a shell command on one line, in plain characters and without an expression (`${{`)",
    "'pip install --require-hashes -r requirements/publish.txt'",
)
# GitHub sets the first three itself. The loader and the shells, Node (which runs the actions) and
# Python load code from the others, in the job that has the token; `python-version` selects Python.
# Other PYTHON variables only change how Python runs, and are allowed.
# Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
RESERVED_BEGINNINGS = ("GITHUB_", "RUNNER_", "ACTIONS_", "LD_")
TWINE_VARIABLES = ("TWINE_USERNAME", "TWINE_PASSWORD")
RESERVED_NAMES = (
    *TWINE_VARIABLES,
    *("PATH", "BASH_ENV", "ENV", "SHELLOPTS", "NODE_OPTIONS"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE"),
)
VARIABLE_NAME = Kind(
    "a variable's name",
    rf"(?!{'|'.join(RESERVED_BEGINNINGS)})(?!(?:{'|'.join(RESERVED_NAMES)})$)"
    r"[A-Za-z_][A-Za-z0-9_]{0,254}",
    "a variable's name: letters, digits and underscores, but none that GitHub sets itself "
    "(GITHUB_, RUNNER_, ACTIONS_), that is for the token (TWINE_USERNAME, TWINE_PASSWORD), or that "
    f"loads code (LD_, {', '.join(RESERVED_NAMES[2:])})",
    "PYTHONUTF8",
)
VARIABLE_VALUE = Kind(
    "a variable's value",
    r"(?!.*\$\{\{)[ -~\u00a1-\u00ac\u00ae-\u024f]{0,1000}",
    "text on one line of at most 1000 Latin characters, without an expression (`${{`)",
    "'1'",
)
# GitHub reads no other directory, and none below it.
# Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
WORKFLOW_PATH = Kind(
    "a workflow's path",
    r"\.github/workflows/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\.ya?ml",
    "a file in .github/workflows itself, with letters, digits, `.`, `-` and `_` in its name, that "
    "ends in .yml or .yaml: GitHub runs no other files",
    ".github/workflows/publish.yml",
)
SCOPE = Kind(
    "a permission's name",
    "|".join(SCOPES),
    f"a permission of GITHUB_TOKEN: {join_names(SCOPES, most=len(SCOPES))}",
    "packages",
)

Runner = Annotated[str, RUNNER]
PythonVersion = Annotated[str, PYTHON_VERSION]
Command = Annotated[str, COMMAND]
VariableName = Annotated[str, VARIABLE_NAME]
VariableValue = Annotated[str, VARIABLE_VALUE]
WorkflowPath = Annotated[str, WORKFLOW_PATH]
ScopeName = Annotated[str, SCOPE]
