"""Rows of a timeline: one line each, without secrets, the wrong ones apart."""

from io import StringIO

from rich.console import Console

from commands.rehearsal.hidden import Hidden
from commands.rehearsal.timeline import LONGEST, Row, Timeline


def hiding(*values: str) -> Hidden:
    hidden = Hidden()
    for value in values:
        hidden.add(value)
    return hidden


def shown(timeline: Timeline) -> str:
    console = Console(file=StringIO(), width=200, record=True)
    console.print(timeline.table("A release"))
    return console.export_text()


def test_no_row_holds_a_secret() -> None:
    timeline = Timeline(hiding("s3cret"))

    timeline.add("act", "runs with s3cret", "says s3cret")

    assert (timeline.rows[0].what, timeline.rows[0].outcome) == ("runs with ***", "says ***")


def test_a_row_is_one_line_of_bearable_length() -> None:
    timeline = Timeline(Hidden())

    timeline.add("act", "runs", "two\n  lines " + "x" * 500)

    assert timeline.rows[0].outcome.startswith("two lines xxx")
    assert len(timeline.rows[0].outcome) == LONGEST


def test_a_secret_at_the_cut_leaves_no_part_of_itself() -> None:
    timeline = Timeline(hiding("s3cret"))

    timeline.add("act", "runs", "x" * (LONGEST - 5) + "s3cret")

    assert "s3" not in timeline.rows[0].outcome


def test_what_came_out_wrong_is_known_and_marked() -> None:
    timeline = Timeline(Hidden())
    timeline.add("operator-1", "tags", "done")
    timeline.add("maintainer-1", "tags", "went through", good=False)

    assert [row.who for row in timeline.wrong] == ["maintainer-1"]
    assert "WRONG: went through" in shown(timeline)


def test_seconds_count_from_the_beginning_and_never_back() -> None:
    timeline = Timeline(Hidden())
    for number in range(3):
        timeline.add("act", f"step {number}", "done")

    seconds = [row.seconds for row in timeline.rows]
    assert seconds == sorted(seconds)
    assert seconds[0] >= 0


def test_whoever_listens_is_told_each_row() -> None:
    heard: list[Row] = []
    timeline = Timeline(Hidden(), heard.append)

    timeline.add("act", "runs", "done")

    assert heard == timeline.rows


def test_words_that_look_like_markup_are_shown_as_they_are() -> None:
    timeline = Timeline(Hidden())

    timeline.add("git", "push", "! [remote rejected]")

    assert "! [remote rejected]" in shown(timeline)
