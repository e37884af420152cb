"""The table of layouts is true of the text that is written."""

from dataclasses import fields
from typing import get_args

import pytest

from publish_workflow.errors import PublishSettingsError
from publish_workflow.layouts import LAYOUTS, OPTIONS, Layout, LayoutName
from publish_workflow.publish import JOBS
from publish_workflow.settings import PublishSettings
from tests.publish_workflow.published import LAYOUTS as SETTINGS
from tests.publish_workflow.published import text, workflow
from tests.publish_workflow.test_publish import CHANGES

each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def test_the_names_are_the_same_wherever_there_are_some() -> None:
    assert list(LAYOUTS) == list(get_args(LayoutName)) == list(JOBS) == list(SETTINGS)


def test_every_option_is_a_setting() -> None:
    assert {field.name for field in fields(PublishSettings)} > OPTIONS


@each_layout
def test_an_option_of_the_layout_makes_a_difference_and_any_other_is_refused(
    layout: Layout,
) -> None:
    for option in OPTIONS:
        if option in layout.options:
            assert text(layout.name, **{option: CHANGES[option]}) != text(layout.name)
        else:
            with pytest.raises(PublishSettingsError, match=option.replace("_", "-")):
                text(layout.name, **{option: CHANGES[option]})


@each_layout
def test_the_scripts_are_those_that_run(layout: Layout) -> None:
    steps = [step for job in workflow(layout.name)["jobs"].values() for step in job["steps"]]
    running = dict.fromkeys(
        step["run"] for step in steps if step.get("run", "").startswith("scripts/")
    )

    assert tuple(running) == layout.scripts
