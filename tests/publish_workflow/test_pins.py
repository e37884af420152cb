"""Actions are pinned to commits, with the version in a comment."""

import re
from pathlib import Path

import pytest

from publish_workflow import pins as module
from publish_workflow.errors import PinsError
from publish_workflow.pins import FILE, PLACE, Pin, parse_pins, read_pin, read_pins
from tests.publish_workflow.published import LAYOUTS, text, workflow

SHA = "a" * 40
VALID = f"actions/checkout:\n  version: v1.2.3\n  commit: {SHA}\n"


@pytest.mark.parametrize("pin", read_pins().values(), ids=read_pins())
def test_a_pin_is_a_commit_of_a_released_version(pin: Pin) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", pin.commit)
    assert re.fullmatch(r"v\d+\.\d+\.\d+", pin.version)
    assert re.fullmatch(r"[a-z-]+/[a-z-]+", pin.action)


def test_the_text_of_a_pin_ends_in_its_version() -> None:
    assert str(Pin("actions/checkout", "v1.2.3", SHA)) == f"actions/checkout@{SHA} # v1.2.3"


def test_the_workflows_use_exactly_the_pins() -> None:
    jobs = [job for layout in LAYOUTS for job in workflow(layout)["jobs"].values()]
    used = {step["uses"] for job in jobs for step in job["steps"] if "uses" in step}

    assert used == {f"{pin.action}@{pin.commit}" for pin in read_pins().values()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_version_follows_every_commit(layout: str) -> None:
    lines = [line.strip() for line in text(layout).splitlines() if "uses:" in line]

    assert lines
    assert set(lines) <= {f"uses: {pin}" for pin in read_pins().values()}


def test_each_pin_has_its_own_commit() -> None:
    assert len({pin.commit for pin in read_pins().values()}) == len(read_pins())


def test_messages_have_the_path_of_the_file() -> None:
    assert Path(*FILE.parts[-2:]).as_posix() == PLACE


def test_an_action_without_a_pin_is_an_error() -> None:
    with pytest.raises(PinsError) as caught:
        read_pin("actions/cache")

    [problem] = caught.value.problems
    assert problem.path == "publish_workflow/action-pins.yaml"
    assert problem.value == "without 'actions/cache'"
    assert "actions/checkout" in problem.allowed
    assert problem.remedy == "add actions/cache to it"


def test_a_workflow_needs_a_pin_for_each_action(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        module, "read_pins", lambda: {"actions/checkout": read_pins()["actions/checkout"]}
    )

    with pytest.raises(PinsError, match="actions/setup-python"):
        text()


def test_a_valid_file_is_read() -> None:
    assert parse_pins(VALID) == {"actions/checkout": Pin("actions/checkout", "v1.2.3", SHA)}


@pytest.mark.parametrize(
    ("content", "place", "value"),
    [
        (VALID.replace(SHA, "v1"), f"{PLACE}: actions/checkout.commit", "'v1'"),
        (VALID.replace(SHA, SHA[:-1]), f"{PLACE}: actions/checkout.commit", repr(SHA[:-1])),
        (VALID.replace(SHA, SHA.upper()), f"{PLACE}: actions/checkout.commit", repr(SHA.upper())),
        (VALID.replace(SHA, "1" * 40), f"{PLACE}: actions/checkout.commit", "1" * 40),
        (VALID.replace("v1.2.3", "v1"), f"{PLACE}: actions/checkout.version", "'v1'"),
        (VALID.replace("v1.2.3", "main"), f"{PLACE}: actions/checkout.version", "'main'"),
        (VALID.replace("v1.2.3", "1.2"), f"{PLACE}: actions/checkout.version", "1.2"),
        (VALID + "  branch: main\n", f"{PLACE}: actions/checkout", "{'version': 'v1.2.3'"),
        ("actions/checkout: v7\n", f"{PLACE}: actions/checkout", "'v7'"),
        ("checkout:\n  version: v1.2.3\n", PLACE, "with the action 'checkout'"),
        ("7:\n  version: v1.2.3\n", PLACE, "with the action 7"),
        ("", PLACE, "None"),
        ("- actions/checkout\n", PLACE, "['actions/checkout']"),
        ("a: [\n", PLACE, ""),
        (VALID + VALID, PLACE, "with 'actions/checkout' 2 times"),
    ],
)
def test_an_invalid_file_is_an_error(content: str, place: str, value: str) -> None:
    with pytest.raises(PinsError) as caught:
        parse_pins(content)

    [problem] = caught.value.problems
    assert problem.path == place
    assert problem.value.startswith(value)
    assert problem.allowed
    assert problem.remedy


def test_all_problems_are_listed_at_once() -> None:
    with pytest.raises(PinsError) as caught:
        parse_pins(VALID.replace("v1.2.3", "v1").replace(SHA, "main") + "actions/cache:\n")

    assert [problem.path for problem in caught.value.problems] == [
        f"{PLACE}: actions/checkout.version",
        f"{PLACE}: actions/checkout.commit",
        f"{PLACE}: actions/cache",
    ]
    assert str(caught.value).startswith(
        "The actions of the publish workflow are not pinned: 3 problems, nothing was changed\n"
    )
