"""What has to work and what has to be refused is told, and what comes out otherwise is remembered."""

import pytest

from commands.rehearsal.errors import RefusedError, StoppedError
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.timeline import Timeline
from commands.rehearsal.tries import has_to_be_refused, has_to_work


def refusing() -> None:
    raise RefusedError("403 Not you")


@pytest.fixture
def timeline() -> Timeline:
    return Timeline(Hidden())


def test_a_refusal_that_has_to_come_is_told_in_its_words(timeline: Timeline) -> None:
    has_to_be_refused(timeline, "maintainer-1", "tags", refusing, "Not you")

    assert (timeline.rows[0].outcome, timeline.wrong) == ("refused: 403 Not you", [])


def test_a_refusal_that_does_not_come_is_wrong_and_ends_nothing(timeline: Timeline) -> None:
    has_to_be_refused(timeline, "maintainer-1", "tags", lambda: None, "Not you")

    assert [row.outcome for row in timeline.wrong] == ["went through, and has to be refused"]


def test_a_refusal_for_another_reason_is_wrong_because_it_may_hide_that_there_is_none(
    timeline: Timeline,
) -> None:
    has_to_be_refused(timeline, "maintainer-1", "tags", refusing, "protected ref")

    assert [row.outcome for row in timeline.wrong] == [
        "refused, and not for its reason: 403 Not you"
    ]


def test_what_has_to_work_is_told_when_it_does(timeline: Timeline) -> None:
    has_to_work(timeline, "operator-1", "tags", lambda: None)

    assert (timeline.rows[0].outcome, timeline.wrong) == ("done", [])


def test_what_has_to_work_and_is_refused_ends_the_rehearsal(timeline: Timeline) -> None:
    with pytest.raises(StoppedError, match="operator-1: tags: 403 Not you"):
        has_to_work(timeline, "operator-1", "tags", refusing)

    assert [row.outcome for row in timeline.wrong] == ["refused: 403 Not you"]
