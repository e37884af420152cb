"""The table of layouts agrees with the text of the workflows."""

from typing import get_args

import pytest

from publish_workflow.layouts import LAYOUTS, Layout, LayoutName
from publish_workflow.publish import JOBS
from tests.publish_workflow.covering import options_of
from tests.publish_workflow.published import LAYOUTS as SETTINGS
from tests.publish_workflow.published import text, workflow
from tests.publish_workflow.test_publish import CHANGES

each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def test_every_table_has_the_same_layouts() -> None:
    assert list(get_args(LayoutName)) == list(LAYOUTS)
    assert list(JOBS) == list(LAYOUTS)
    assert list(SETTINGS) == list(LAYOUTS)


@each_layout
def test_every_option_of_a_layout_changes_its_text(layout: Layout) -> None:
    for option in options_of(layout.name):
        assert text(layout.name, **{option: CHANGES[option]}) != text(layout.name)


@each_layout
def test_the_scripts_of_a_layout_are_the_ones_that_run(layout: Layout) -> None:
    steps = [step for job in workflow(layout.name)["jobs"].values() for step in job["steps"]]
    commands = dict.fromkeys(
        step["run"] for step in steps if step.get("run", "").startswith("scripts/")
    )

    assert tuple(commands) == layout.scripts
