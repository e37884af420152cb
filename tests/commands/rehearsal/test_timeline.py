"""A timeline: one line for each action, without secrets, and the failures."""

import pytest

from commands.rehearsal.errors import ActionRefusedError, ExpectedRefusal, StoppedError
from commands.rehearsal.timeline import LONGEST_TEXT, Redactor, Timeline, TimelineEntry

NOT_YOU = ExpectedRefusal("Not you")


@pytest.fixture
def timeline() -> Timeline:
    return Timeline(Redactor())


def redactor_with(*values: str) -> Redactor:
    redactor = Redactor()
    for value in values:
        redactor.add(value)
    return redactor


def refuse() -> None:
    raise ActionRefusedError("403 Not you")


def test_a_secret_is_masked_wherever_it_is() -> None:
    assert redactor_with("s3cret").redact("s3cret and as3cretb") == "*** and a***b"


def test_a_secret_that_holds_another_is_masked_as_a_whole() -> None:
    assert redactor_with("abc", "abc-def").redact("it is abc-def") == "it is ***"


def test_an_empty_secret_masks_nothing() -> None:
    redactor = Redactor()

    assert redactor.add("s3cret") == "s3cret"
    assert redactor.add("") == ""
    assert redactor.redact("plain") == "plain"


def test_the_repr_of_a_redactor_shows_no_secret() -> None:
    assert repr(redactor_with("s3cret")) == "Redactor(1 values)"


def test_no_entry_holds_a_secret() -> None:
    timeline = Timeline(redactor_with("s3cret"))

    timeline.add("act", "runs with s3cret", "prints s3cret", details="s3cret!")

    entry = timeline.entries[0]
    assert [entry.action, entry.outcome, entry.details] == ["runs with ***", "prints ***", "***!"]


def test_each_text_is_one_line_of_bounded_length(timeline: Timeline) -> None:
    timeline.add("act", "runs", "two\n  lines " + "x" * 500)

    assert timeline.entries[0].outcome.startswith("two lines xxx")
    assert len(timeline.entries[0].outcome) == LONGEST_TEXT


def test_a_shortened_text_holds_no_part_of_a_secret() -> None:
    timeline = Timeline(redactor_with("s3cret"))

    timeline.add("act", "runs", "x" * (LONGEST_TEXT - 5) + "s3cret")

    assert "s3" not in timeline.entries[0].outcome


def test_seconds_count_from_the_beginning(timeline: Timeline) -> None:
    for number in range(3):
        timeline.add("act", f"step {number}", "done")

    seconds = [entry.seconds for entry in timeline.entries]
    assert seconds == sorted(seconds)
    assert seconds[0] >= 0


def test_a_listener_gets_each_entry() -> None:
    entries: list[TimelineEntry] = []
    timeline = Timeline(Redactor(), entries.append)

    timeline.add("act", "runs", "done")

    assert entries == timeline.entries


def test_an_untried_action_is_not_a_failure(timeline: Timeline) -> None:
    timeline.skip("maintainer-1", "tags", "as declared")

    assert timeline.failures == []
    assert timeline.entries[0].passed is None


def test_an_expected_refusal_passes_with_its_message(timeline: Timeline) -> None:
    timeline.expect_refusal("maintainer-1", "tags", refuse, NOT_YOU)

    assert timeline.failures == []
    assert timeline.entries[0].outcome == "refused, as expected"
    assert timeline.entries[0].details == "403 Not you"


def test_a_refusal_with_an_unclear_message_is_explained(timeline: Timeline) -> None:
    refusal = ExpectedRefusal("Not you", "only reviewers may")

    timeline.expect_refusal("maintainer-1", "approves", refuse, refusal)

    assert timeline.entries[0].details == "403 Not you (only reviewers may)"


def test_a_missing_refusal_fails_and_goes_on(timeline: Timeline) -> None:
    timeline.expect_refusal("maintainer-1", "tags", lambda: None, NOT_YOU)

    outcomes = [entry.outcome for entry in timeline.failures]
    assert outcomes == ["succeeded, but must be refused"]


def test_a_refusal_for_another_reason_fails(timeline: Timeline) -> None:
    timeline.expect_refusal("maintainer-1", "tags", refuse, ExpectedRefusal("protected ref"))

    failures = [(entry.outcome, entry.details) for entry in timeline.failures]
    assert failures == [("refused for another reason", "403 Not you")]


def test_a_success_passes(timeline: Timeline) -> None:
    timeline.expect_success("operator-1", "tags", lambda: None)

    assert timeline.failures == []
    assert timeline.entries[0].outcome == "done"


def test_a_missing_success_stops_the_rehearsal(timeline: Timeline) -> None:
    with pytest.raises(StoppedError, match="operator-1 tags: 403 Not you"):
        timeline.expect_success("operator-1", "tags", refuse)

    failures = [(entry.outcome, entry.details) for entry in timeline.failures]
    assert failures == [("refused", "403 Not you")]
