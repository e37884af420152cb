"""Actions are pinned to commits, and say of which version."""

import re
from pathlib import Path

import pytest

from publish_workflow import pins as module
from publish_workflow.errors import PinsError
from publish_workflow.pins import FILE, PLACE, Pin, parse, pinned, pins
from tests.publish_workflow.published import LAYOUTS, text, workflow

SHA = "a" * 40
SOUND = f"actions/checkout:\n  version: v1.2.3\n  commit: {SHA}\n"


@pytest.mark.parametrize("pin", pins().values(), ids=pins())
def test_a_pin_is_a_commit_of_a_released_version(pin: Pin) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", pin.commit)
    assert re.fullmatch(r"v\d+\.\d+\.\d+", pin.version)
    assert re.fullmatch(r"[a-z-]+/[a-z-]+", pin.action)


def test_a_pin_is_written_with_its_version_behind_it() -> None:
    assert str(Pin("actions/checkout", "v1.2.3", SHA)) == f"actions/checkout@{SHA} # v1.2.3"


def test_the_workflows_use_every_pin_and_nothing_else() -> None:
    jobs = [job for layout in LAYOUTS for job in workflow(layout)["jobs"].values()]
    used = {step["uses"] for job in jobs for step in job["steps"] if "uses" in step}

    assert used == {f"{pin.action}@{pin.commit}" for pin in pins().values()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_version_stands_behind_every_commit(layout: str) -> None:
    lines = [line.strip() for line in text(layout).splitlines() if "uses:" in line]

    assert lines
    assert set(lines) <= {f"uses: {pin}" for pin in pins().values()}


def test_commits_differ() -> None:
    assert len({pin.commit for pin in pins().values()}) == len(pins())


def test_the_place_in_messages_is_where_the_file_is() -> None:
    assert Path(*FILE.parts[-2:]).as_posix() == PLACE


def test_an_action_without_a_pin_is_one_clear_error() -> None:
    with pytest.raises(PinsError) as caught:
        pinned("actions/cache")

    [problem] = caught.value.problems
    assert problem.path == "publish_workflow/action-pins.yaml"
    assert problem.value == "without 'actions/cache'"
    assert "actions/checkout" in problem.allowed
    assert problem.remedy == "add actions/cache to it"


def test_no_workflow_is_written_with_an_action_that_is_not_pinned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "pins", lambda: {"actions/checkout": pins()["actions/checkout"]})

    with pytest.raises(PinsError, match="actions/setup-python"):
        text()


def test_a_sound_file_is_read() -> None:
    assert parse(SOUND) == {"actions/checkout": Pin("actions/checkout", "v1.2.3", SHA)}


@pytest.mark.parametrize(
    ("content", "place", "value"),
    [
        (SOUND.replace(SHA, "v1"), f"{PLACE}: actions/checkout.commit", "'v1'"),
        (SOUND.replace(SHA, SHA[:-1]), f"{PLACE}: actions/checkout.commit", repr(SHA[:-1])),
        (SOUND.replace(SHA, SHA.upper()), f"{PLACE}: actions/checkout.commit", repr(SHA.upper())),
        (SOUND.replace(SHA, "1" * 40), f"{PLACE}: actions/checkout.commit", "1" * 40),
        (SOUND.replace("v1.2.3", "v1"), f"{PLACE}: actions/checkout.version", "'v1'"),
        (SOUND.replace("v1.2.3", "main"), f"{PLACE}: actions/checkout.version", "'main'"),
        (SOUND.replace("v1.2.3", "1.2"), f"{PLACE}: actions/checkout.version", "1.2"),
        (SOUND + "  branch: main\n", f"{PLACE}: actions/checkout", "{'version': 'v1.2.3'"),
        ("actions/checkout: v7\n", f"{PLACE}: actions/checkout", "'v7'"),
        ("checkout:\n  version: v1.2.3\n", PLACE, "with the action 'checkout'"),
        ("7:\n  version: v1.2.3\n", PLACE, "with the action 7"),
        ("", PLACE, "None"),
        ("- actions/checkout\n", PLACE, "['actions/checkout']"),
        ("a: [\n", PLACE, ""),
        (SOUND + SOUND, PLACE, "with 'actions/checkout' 2 times"),
    ],
)
def test_a_file_that_is_not_sound_is_an_error_with_place_value_what_is_allowed_and_remedy(
    content: str, place: str, value: str
) -> None:
    with pytest.raises(PinsError) as caught:
        parse(content)

    [problem] = caught.value.problems
    assert problem.path == place
    assert problem.value.startswith(value)
    assert problem.allowed
    assert problem.remedy


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(PinsError) as caught:
        parse(SOUND.replace("v1.2.3", "v1").replace(SHA, "main") + "actions/cache:\n")

    assert [problem.path for problem in caught.value.problems] == [
        f"{PLACE}: actions/checkout.version",
        f"{PLACE}: actions/checkout.commit",
        f"{PLACE}: actions/cache",
    ]
    assert str(caught.value).startswith(
        "The actions of the publish workflow are not pinned: 3 problems, nothing was changed\n"
    )
