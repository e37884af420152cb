"""Actions are pinned to commits, and say of which version."""

import re

import pytest

from tests.workflows.published import steps, text
from workflows.pins import Pin, pins


@pytest.mark.parametrize("pin", pins().values(), ids=pins())
def test_a_pin_is_a_commit_of_a_released_version(pin: Pin) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", pin.commit)
    assert re.fullmatch(r"v\d+\.\d+\.\d+", pin.version)
    assert re.fullmatch(r"[a-z-]+/[a-z-]+", pin.action)


def test_a_pin_is_written_with_its_version_behind_it() -> None:
    pin = Pin("actions/checkout", "v1.2.3", "a" * 40)

    assert str(pin) == f"actions/checkout@{'a' * 40} # v1.2.3"


def test_every_action_of_the_workflow_is_pinned() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]

    assert used == [f"{pin.action}@{pin.commit}" for pin in pins().values()]


def test_the_version_stands_behind_every_commit() -> None:
    lines = [line.strip() for line in text().splitlines() if "uses:" in line]

    assert lines == [f"uses: {pin}" for pin in pins().values()]


def test_commits_differ() -> None:
    assert len({pin.commit for pin in pins().values()}) == len(pins())
