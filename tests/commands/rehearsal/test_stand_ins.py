"""The stand-ins for actions: one for every action of a publish workflow, with all its inputs."""

from typing import Any, get_args

import pytest
import yaml

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.runner import STAND_INS, stand_ins
from publish_workflow.layouts import LayoutName
from publish_workflow.publish import PublishSettings, publish_workflow

PIN = "0" * 40


def job_with_action(action: str, **inputs: Any) -> dict[str, Any]:
    return {"steps": [{"run": "true"}, {"uses": action, "with": inputs}]}


@pytest.mark.parametrize("layout", get_args(LayoutName))
def test_every_action_of_every_layout_has_a_stand_in(layout: LayoutName) -> None:
    secrets = [] if layout == "trusted-publishing" else ["PYPI_TOKEN"]
    text = publish_workflow(
        PublishSettings("encode", "httpx", "*", "deploy", secrets, layout=layout)
    )

    for job in yaml.safe_load(text)["jobs"].values():
        assert all((directory / "action.yml").is_file() for directory in stand_ins(job).values())


def test_an_action_has_a_stand_in_at_any_commit() -> None:
    action = f"actions/checkout@{PIN}"

    assert stand_ins(job_with_action(action)) == {action: STAND_INS["actions/checkout"]}


def test_an_action_that_is_not_pinned_is_refused() -> None:
    with pytest.raises(StoppedError, match="actions/checkout@v7 is not pinned to a full commit"):
        stand_ins(job_with_action("actions/checkout@v7"))


def test_an_action_without_a_stand_in_is_refused() -> None:
    message = "unknown/action has no stand-in; these have: actions/checkout, "

    with pytest.raises(StoppedError, match=message):
        stand_ins(job_with_action(f"unknown/action@{PIN}"))


def test_an_input_that_a_stand_in_lacks_is_refused() -> None:
    message = "the stand-in for actions/checkout does not have the input submodules"

    with pytest.raises(StoppedError, match=message):
        stand_ins(job_with_action(f"actions/checkout@{PIN}", submodules="true"))


@pytest.mark.parametrize("action", STAND_INS)
def test_a_stand_in_has_only_shell_steps(action: str) -> None:
    document = yaml.safe_load((STAND_INS[action] / "action.yml").read_text())

    assert document["runs"]["using"] == "composite"
    for step in document["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
