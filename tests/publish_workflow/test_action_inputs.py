"""Every input is one that its action has: actionlint knows the actions by their tags, and so not where they are pinned."""

import pytest

from publish_workflow.pins import pins
from tests.publish_workflow.covering import sample
from tests.publish_workflow.published import LAYOUTS, parsed, step

# From the `action.yml` of each action's release, leaving out what no workflow of ours should ever set.
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
# The outputs that a later part of the workflow reads.
OUTPUTS = {"actions/upload-artifact": {"artifact-id", "artifact-url", "artifact-digest"}}


def test_every_pinned_action_is_in_the_table() -> None:
    assert set(INPUTS) == set(pins())


def test_no_workflow_gives_an_action_what_it_does_not_know() -> None:
    for content in sample().values():
        for job in parsed(content)["jobs"].values():
            for each in job["steps"]:
                action = each.get("uses", "").partition("@")[0]
                given = set(each.get("with", {}))
                assert given <= INPUTS.get(action, set()), (action, given)
                assert given >= REQUIRED.get(action, set()), (action, given)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "scripts-single"])
def test_what_is_read_of_an_action_is_one_of_its_outputs(layout: str) -> None:
    keep = step("build", "Keep", layout)
    outputs = parsed(sample()[f"{layout}-0"])["jobs"]["build"]["outputs"]
    read = [value for value in outputs.values() if f"steps.{keep['id']}." in value]

    assert [
        value.removeprefix(f"${{{{ steps.{keep['id']}.outputs.").removesuffix(" }}")
        for value in read
    ] == ["artifact-id"]
    assert "artifact-id" in OUTPUTS[keep["uses"].partition("@")[0]]


def test_what_is_sent_to_the_artifact_action_is_what_it_understands() -> None:
    assert step("build", "Keep")["with"]["if-no-files-found"] in {"warn", "error", "ignore"}
    assert 1 <= int(step("build", "Keep")["with"]["retention-days"]) <= 90
