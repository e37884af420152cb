"""Every action that a publish workflow uses has a stand-in, which knows every input that it is given."""

from typing import Any, get_args

import pytest
import yaml

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.stand_in_actions import STAND_INS, stand_ins
from publish_workflow.layouts import LayoutName
from publish_workflow.publish import PublishSettings, publish_workflow

COMMIT = "0" * 40


def using(uses: str, **inputs: Any) -> dict[str, Any]:
    return {"steps": [{"run": "true"}, {"uses": uses, "with": inputs}]}


@pytest.mark.parametrize("layout", get_args(LayoutName))
def test_every_job_of_every_layout_can_be_played(layout: LayoutName) -> None:
    secrets = [] if layout == "trusted-publishing" else ["PYPI_TOKEN"]
    text = publish_workflow(
        PublishSettings("encode", "httpx", "*", "deploy", secrets, layout=layout)
    )

    for job in yaml.safe_load(text)["jobs"].values():
        assert all((directory / "action.yml").is_file() for directory in stand_ins(job).values())


def test_a_stand_in_is_found_by_the_action_whatever_its_commit() -> None:
    assert stand_ins(using(f"actions/checkout@{COMMIT}")) == {
        f"actions/checkout@{COMMIT}": STAND_INS["actions/checkout"]
    }


def test_an_action_that_is_not_pinned_is_refused() -> None:
    with pytest.raises(StoppedError, match="actions/checkout@v7 is not pinned to a full commit"):
        stand_ins(using("actions/checkout@v7"))


def test_an_action_without_a_stand_in_is_named() -> None:
    with pytest.raises(
        StoppedError, match="somebody/else has no stand-in; there are some for actions/checkout, "
    ):
        stand_ins(using(f"somebody/else@{COMMIT}"))


def test_an_input_is_never_passed_over() -> None:
    with pytest.raises(
        StoppedError, match="the stand-in for actions/checkout does not have the input submodules"
    ):
        stand_ins(using(f"actions/checkout@{COMMIT}", submodules="true"))


@pytest.mark.parametrize("action", STAND_INS)
def test_each_is_a_composite_action_of_shell_steps_without_expressions_in_them(action: str) -> None:
    document = yaml.safe_load((STAND_INS[action] / "action.yml").read_text())

    assert document["runs"]["using"] == "composite"
    for step in document["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
