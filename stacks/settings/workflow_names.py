"""The kinds of texts that end up in a workflow: each is one line, and none can be an expression.

Whoever writes them is trusted with every release. What is refused would undo, by accident, something that a layout promises.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from stacks.settings.names import Kind
from stacks.settings.problems import listed

Level = Literal["read", "write"]


@dataclass(frozen=True)
class Scope:
    """A permission: the levels that it has, and what a job with it, and whatever that job installs, can do."""

    cost: str
    levels: tuple[Level, ...] = ("read", "write")


SCOPES = {
    "actions": Scope(
        "`write` cancels, starts again and deletes workflow runs and their logs, starts what may be started by hand, "
        "and switches workflows off."
    ),
    "artifact-metadata": Scope("`write` records where artifacts are stored and deployed."),
    "attestations": Scope(
        "`write`, together with `id-token`, attests any file in the name of the repository."
    ),
    "checks": Scope("`write` reports any check as passed, also one that pull requests wait for."),
    "contents": Scope(
        "`read` is always given. `write` pushes commits and tags wherever no ruleset forbids it, and publishes or changes "
        "releases on GitHub, with their files."
    ),
    "deployments": Scope("`write` records deployments; it approves none."),
    "discussions": Scope("`write` changes and deletes discussions."),
    "id-token": Scope(
        "`write` asks for an identity token of this repository and environment. Whoever trusts it, a trusted publisher or a "
        "cloud, cannot tell the step that means to ask from a dependency that was installed beside it.",
        ("write",),
    ),
    "issues": Scope("`write` changes issues, and comments on them."),
    "models": Scope("`read` runs GitHub's models at the organization's expense.", ("read",)),
    "packages": Scope("`write` publishes and replaces packages and images in GitHub Packages."),
    "pages": Scope("`write` changes what GitHub Pages serves."),
    "pull-requests": Scope(
        "`write` changes pull requests, and approves them where the organization lets workflows do that."
    ),
    "security-events": Scope("`write` adds and dismisses the alerts of code scanning."),
    "statuses": Scope(
        "`write` reports any commit as passed, also where pull requests wait for it."
    ),
}

# https://docs.github.com/en/actions/reference/runners/github-hosted-runners: its Linux labels. Left out are `ubuntu-slim`,
# whose jobs end after 15 minutes, and the 26.04 ones, which actionlint does not know yet. The label of a larger runner is
# whatever the organization called it, and looks like that of a self-hosted one.
RUNNERS = ("ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-24.04-arm", "ubuntu-22.04-arm")
# https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#environment-secrets: on
# self-hosted runners nothing isolates them.
RUNNER = Kind(
    "a runner",
    "|".join(RUNNERS).replace(".", r"\."),
    f"a Linux runner that GitHub hosts: {', '.join(RUNNERS)}; on a self-hosted one, the secrets of an environment are not "
    "isolated from other jobs",
    "ubuntu-latest",
)
# https://github.com/actions/setup-python/blob/main/docs/advanced-usage.md#using-the-python-version-input. Without quotes, YAML
# takes 3.10 for the number 3.1.
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
# GitHub sets the first three itself: https://docs.github.com/en/actions/reference/workflows-and-actions/variables. The loader
# and the shells, Node (which runs the actions) and Python take code from the others, beside the token; which Python runs,
# `python-version` decides. Other PYTHON variables only change how it runs, and are welcome.
RESERVED_BEGINNINGS = ("GITHUB_", "RUNNER_", "ACTIONS_", "LD_")
OF_TWINE = ("TWINE_USERNAME", "TWINE_PASSWORD")
RESERVED_NAMES = (
    *OF_TWINE,
    *("PATH", "BASH_ENV", "ENV", "SHELLOPTS", "NODE_OPTIONS"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE"),
)
VARIABLE_NAME = Kind(
    "a variable's name",
    rf"(?!{'|'.join(RESERVED_BEGINNINGS)})(?!(?:{'|'.join(RESERVED_NAMES)})$)[A-Za-z_][A-Za-z0-9_]{{0,254}}",
    "a variable's name: letters, digits and underscores, but none that GitHub sets itself (GITHUB_, RUNNER_, ACTIONS_), that "
    "is for the token (TWINE_USERNAME, TWINE_PASSWORD), or that brings in code beside it (LD_, "
    f"{', '.join(RESERVED_NAMES[2:])})",
    "PYTHONUTF8",
)
VARIABLE_VALUE = Kind(
    "a variable's value",
    r"(?!.*\$\{\{)[ -~\u00a1-\u00ac\u00ae-\u024f]{0,1000}",
    "a text on one line of at most 1000 Latin characters, without an expression (`${{`)",
    "'1'",
)
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax: GitHub looks in no other directory, and in
# none below it.
WORKFLOW_PATH = Kind(
    "a workflow's path",
    r"\.github/workflows/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\.ya?ml",
    "a file in .github/workflows itself, with letters, digits, `.`, `-` and `_` in its name, that ends in .yml or .yaml: "
    "GitHub runs no other",
    ".github/workflows/publish.yml",
)
SCOPE = Kind(
    "a permission's name",
    "|".join(SCOPES),
    f"a permission of GITHUB_TOKEN: {listed(SCOPES, most=len(SCOPES))}",
    "packages",
)

Runner = Annotated[str, RUNNER]
PythonVersion = Annotated[str, PYTHON_VERSION]
Command = Annotated[str, COMMAND]
VariableName = Annotated[str, VARIABLE_NAME]
VariableValue = Annotated[str, VARIABLE_VALUE]
WorkflowPath = Annotated[str, WORKFLOW_PATH]
ScopeName = Annotated[str, SCOPE]
