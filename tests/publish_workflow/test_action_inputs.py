"""Every input is one that its action has. Actionlint cannot check pinned actions."""

import pytest

from publish_workflow.pins import read_pins
from tests.publish_workflow.covering import sample
from tests.publish_workflow.published import LAYOUTS, parse_workflow, step

# Source: `action.yml` of each release, without inputs that a publish workflow should never set.
INPUTS: dict[str, set[str]] = {
    "actions/checkout": {
        "repository",
        "ref",
        "persist-credentials",
        "path",
        "clean",
        "fetch-depth",
        "fetch-tags",
        "submodules",
    },
    "actions/setup-python": {
        "python-version",
        "python-version-file",
        "architecture",
        "check-latest",
        "allow-prereleases",
    },
    "actions/upload-artifact": {
        "name",
        "path",
        "if-no-files-found",
        "retention-days",
        "compression-level",
        "overwrite",
    },
    "actions/download-artifact": {"name", "artifact-ids", "path", "pattern", "merge-multiple"},
    "pypa/gh-action-pypi-publish": {
        "packages-dir",
        "verify-metadata",
        "skip-existing",
        "verbose",
        "print-hash",
        "attestations",
    },
}
REQUIRED: dict[str, set[str]] = {"actions/upload-artifact": {"path"}}
# The outputs that a workflow can read.
OUTPUTS = {"actions/upload-artifact": {"artifact-id", "artifact-url", "artifact-digest"}}


def test_every_pinned_action_is_in_the_table() -> None:
    assert set(INPUTS) == set(read_pins())


def test_actions_get_inputs_that_they_have() -> None:
    for content in sample().values():
        for job in parse_workflow(content)["jobs"].values():
            for data in job["steps"]:
                action = data.get("uses", "").partition("@")[0]
                inputs = set(data.get("with", {}))
                assert inputs <= INPUTS.get(action, set()), action
                assert inputs >= REQUIRED.get(action, set()), action


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "scripts-single"])
def test_the_build_job_reads_an_output_that_exists(layout: str) -> None:
    upload = step("build", "Upload", layout)
    outputs = parse_workflow(sample()[f"{layout}-0"])["jobs"]["build"]["outputs"]
    read = [value for value in outputs.values() if f"steps.{upload['id']}." in value]

    assert [
        value.removeprefix(f"${{{{ steps.{upload['id']}.outputs.").removesuffix(" }}")
        for value in read
    ] == ["artifact-id"]
    assert "artifact-id" in OUTPUTS[upload["uses"].partition("@")[0]]


def test_the_upload_action_gets_valid_values() -> None:
    assert step("build", "Upload")["with"]["if-no-files-found"] in {"warn", "error", "ignore"}
    assert int(step("build", "Upload")["with"]["retention-days"]) in range(1, 91)
