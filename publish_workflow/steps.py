"""The steps of the jobs, each as lines of text."""

from collections.abc import Mapping, Sequence

from publish_workflow.pins import read_pin
from publish_workflow.summaries import read_script
from publish_workflow.yaml_text import add_comment, block, indent, mapping, quote, scalar

DIST = "dist/"
# A job without an approval fails after 30 days, and an approver can approve until then. Source:
# https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/review-deployments
RETENTION_DAYS = 30

PYPI_TOKEN = "PYPI_TOKEN"


def step(name: str, *lines: str) -> list[str]:
    return [f"- name: {name}", *indent(lines)]


def action(name: str, action: str, inputs: Mapping[str, str], *, step_id: str = "") -> list[str]:
    """Return a step that uses an action; `inputs` are YAML text."""
    id_line = [f"id: {step_id}"] if step_id else []
    return step(name, *id_line, f"uses: {read_pin(action)}", *mapping("with", inputs))


def script(name: str, command: str, variables: Mapping[str, str] | None = None) -> list[str]:
    """Return a step that runs one command of the repository."""
    return step(name, *mapping("env", variables or {}), f"run: {scalar(command)}")


def check_out(*, history: bool = False, pushes: bool = False) -> list[str]:
    """Return the checkout of the tagged commit.

    Args:
        history: Whether to fetch all commits.
        pushes: Whether a later step pushes. Only then is a credential left in the work tree.
    """
    full_history = add_comment(
        "0", "Full history, to check whether the commit is on the default branch."
    )
    depth = {"fetch-depth": full_history} if history else {}
    persist = add_comment("true", "scripts/publish pushes the docs.") if pushes else "false"
    return action("Check out the tag", "actions/checkout", depth | {"persist-credentials": persist})


def set_up_python(version: str) -> list[str]:
    return action("Set up Python", "actions/setup-python", {"python-version": quote(version)})


def summarize_tag() -> list[str]:
    return step(
        "Summarize the tag",
        "shell: bash",
        *mapping("env", {"DEFAULT_BRANCH": "${{ github.event.repository.default_branch }}"}),
        *block("run", read_script("tag_summary.sh")),
    )


def summarize_build() -> list[str]:
    return step(
        "Summarize the build",
        "id: built",
        "shell: python",
        *block("run", read_script("build_summary.py")),
    )


def fail_unless_tag_names_version() -> list[str]:
    """Return the comparison of tag and version, for a layout without `scripts/publish`."""
    return step(
        "Fail if the tag does not name the built version",
        "if: steps.built.outputs.named != 'true'",
        "run: exit 1",
    )


def upload_build() -> list[str]:
    inputs = {
        "name": "dist",
        "path": DIST,
        "if-no-files-found": "error",
        "retention-days": add_comment(str(RETENTION_DAYS), "An approval can take this long."),
    }
    return action("Upload the build", "actions/upload-artifact", inputs, step_id="artifact")


def download_build() -> list[str]:
    """Return the download of the build job's artifact.

    It names the artifact by its id, which no other job can take. The action fails when the content
    differs from the uploaded one.
    """
    inputs = {"artifact-ids": "${{ needs.build.outputs.artifact-id }}", "path": DIST}
    return action("Download the build", "actions/download-artifact", inputs)


def publish_without_token() -> list[str]:
    return action(
        "Publish to PyPI",
        "pypa/gh-action-pypi-publish",
        {"packages-dir": DIST, "attestations": "true", "print-hash": "true"},
    )


def secret_variables(secrets: Sequence[str]) -> dict[str, str]:
    """Return the variables of the publishing step.

    The token has the names that twine reads; any other secret has its own name.
    """
    variables: dict[str, str] = {}
    for name in sorted(secrets):
        if name == PYPI_TOKEN:
            variables["TWINE_USERNAME"] = "__token__"
            variables["TWINE_PASSWORD"] = secret_expression(name)
        else:
            variables[name] = secret_expression(name)
    return variables


def secret_expression(name: str) -> str:
    return f"${{{{ secrets.{name} }}}}"
