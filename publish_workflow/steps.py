"""The steps of the jobs, each as lines of text."""

from collections.abc import Mapping, Sequence

from publish_workflow.pins import pinned
from publish_workflow.summaries import text_of
from publish_workflow.yaml_text import block, commented, indented, mapping, quoted, scalar

DIST = "dist/"
# A job that nobody approves fails after 30 days, and until then somebody may:
# https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/review-deployments
RETENTION_DAYS = 30

TOKEN = "PYPI_TOKEN"


def step(name: str, *lines: str) -> list[str]:
    return [f"- name: {name}", *indented(lines)]


def action(name: str, action: str, inputs: Mapping[str, str], *, identifier: str = "") -> list[str]:
    """A step that uses an action, its inputs ready to be written."""
    known_as = [f"id: {identifier}"] if identifier else []
    return step(name, *known_as, f"uses: {pinned(action)}", *mapping("with", inputs))


def script(name: str, command: str, environment: Mapping[str, str] | None = None) -> list[str]:
    """A step that runs one command of the repository."""
    return step(name, *mapping("env", environment or {}), f"run: {scalar(command)}")


def check_out(*, history: bool = False, pushes: bool = False) -> list[str]:
    """The tagged commit, without a credential in reach of what runs later, unless something there has to push."""
    depth = {
        "fetch-depth": commented(
            "0", "All of it, to see whether the commit is on the default branch."
        )
    }
    persist = {
        "persist-credentials": commented("true", "scripts/publish pushes the docs.")
        if pushes
        else "false"
    }
    return action("Check out the tag", "actions/checkout", (depth if history else {}) | persist)


def set_up_python(version: str) -> list[str]:
    return action("Set up Python", "actions/setup-python", {"python-version": quoted(version)})


def say_what_was_tagged() -> list[str]:
    return step(
        "Say what was tagged",
        "shell: bash",
        *mapping("env", {"DEFAULT_BRANCH": "${{ github.event.repository.default_branch }}"}),
        *block("run", text_of("tagged.sh")),
    )


def say_what_was_built() -> list[str]:
    return step(
        "Say what was built", "id: built", "shell: python", *block("run", text_of("built.py"))
    )


def stop_unless_named() -> list[str]:
    """Where no script of the repository compares the two, the workflow does."""
    return step(
        "Stop if the tag does not name the version that was built",
        "if: steps.built.outputs.named != 'true'",
        "run: exit 1",
    )


def keep_what_was_built() -> list[str]:
    retention = commented(str(RETENTION_DAYS), "As long as an approval may take.")
    inputs = {
        "name": "dist",
        "path": DIST,
        "if-no-files-found": "error",
        "retention-days": retention,
    }
    return action("Keep what was built", "actions/upload-artifact", inputs, identifier="artifact")


def download_what_was_built() -> list[str]:
    """By its number, which no other job can take; a content that differs from what was uploaded is an error of the action."""
    inputs = {"artifact-ids": "${{ needs.build.outputs.artifact-id }}", "path": DIST}
    return action("Download what was built", "actions/download-artifact", inputs)


def publish_as_trusted_publisher() -> list[str]:
    return action(
        "Publish to PyPI",
        "pypa/gh-action-pypi-publish",
        {"packages-dir": DIST, "attestations": "true", "print-hash": "true"},
    )


def secret_environment(secrets: Sequence[str]) -> dict[str, str]:
    """The environment of the publishing step: the token in twine's words, any other secret under its own name."""
    found: dict[str, str] = {}
    for name in sorted(secrets):
        if name == TOKEN:
            found |= {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": expression(name)}
        else:
            found[name] = expression(name)
    return found


def expression(secret: str) -> str:
    return f"${{{{ secrets.{secret} }}}}"
