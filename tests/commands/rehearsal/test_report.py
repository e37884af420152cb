"""The report: each action with its outcome, short or with all details, 80 columns wide."""

from io import StringIO

import pytest
from rich.console import Console

from commands.rehearsal.report import WIDTH, Report, Result
from commands.rehearsal.scenario import choose_scenario
from commands.rehearsal.timeline import Phase, Redactor, Timeline
from tests.commands.rehearsal.declarations import configuration_of_httpx

PASSED = Result(passed=True, checks=20, refusals=8, seconds=12.2)
FAILED = Result(passed=False, checks=20, refusals=7, seconds=12.2)


class Screen:
    """A report, a timeline that it listens to, and the printed text."""

    def __init__(self, *, verbose: bool = False) -> None:
        self._console = Console(file=StringIO(), width=WIDTH, soft_wrap=True, record=True)
        self.report = Report(self._console, verbose=verbose)
        self.timeline = Timeline(Redactor(), self.report.print_entry)

    @property
    def lines(self) -> list[str]:
        return self._console.export_text(clear=False).splitlines()


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def verbose_screen() -> Screen:
    return Screen(verbose=True)


def test_an_entry_is_one_line_under_its_phase(screen: Screen) -> None:
    screen.timeline.add("pulumi", "applies the stack", "35 resources created")
    screen.timeline.phase = Phase.TAG
    screen.timeline.add("operator-1", "pushes the tag 1.0", "done", details="commit 0")

    assert screen.lines == [
        "Set up",
        "  ✔ pulumi applies the stack                         35 resources created",
        "Tag",
        "  ✔ operator-1 pushes the tag 1.0                    done",
    ]


def test_two_spaces_separate_a_long_action_from_its_outcome(screen: Screen) -> None:
    screen.timeline.add("a-user-with-a-long-login", "pushes to main without any review", "done")
    screen.timeline.add("operator-1", "approves their own tag's long deployment", "done")

    assert screen.lines[1:] == [
        "  ✔ a-user-with-a-long-login pushes to main without any review  done",
        "  ✔ operator-1 approves their own tag's long deployment  done",
    ]


def test_a_colon_separates_the_outcome_in_wrapped_lines(screen: Screen) -> None:
    action = "pushes to main without any review, with a token of another user"
    screen.timeline.add("operator-1", action, "done")

    assert screen.lines[1:] == [
        "  ✔ operator-1 pushes to main without any review, with a token of another user:",
        "    done",
    ]


def test_no_line_is_longer_than_80_columns(verbose_screen: Screen) -> None:
    verbose_screen.timeline.add("member", "word " * 30, "word " * 30, details="word " * 30)

    assert max(len(line) for line in verbose_screen.lines) <= WIDTH


def test_a_minor_entry_is_left_out_of_the_short_report(screen: Screen) -> None:
    screen.timeline.add("operator-1", "pushes a branch", "done", minor=True)

    assert screen.lines == []


def test_a_minor_failure_is_reported_with_its_details(screen: Screen) -> None:
    screen.timeline.add("git", "push", "no", details="! [remote]", passed=False, minor=True)

    assert screen.lines[1].split() == ["✘", "git", "push", "no"]
    assert screen.lines[2].strip() == "! [remote]"


def test_an_action_that_was_not_tried_has_its_reason(screen: Screen) -> None:
    screen.timeline.skip("maintainer-1", "pushes the tag 1.0", "maintainers may")

    assert screen.lines[1].split() == [
        "-",
        "maintainer-1",
        "pushes",
        "the",
        "tag",
        "1.0",
        "not",
        "tried",
    ]
    assert screen.lines[2].strip() == "maintainers may"


def test_the_verbose_report_has_all_entries_and_details(verbose_screen: Screen) -> None:
    verbose_screen.timeline.add("operator-1", "tags", "done", details="commit 0", minor=True)

    assert verbose_screen.lines[1].split() == ["0.0", "s", "✔", "operator-1", "tags", "done"]
    assert verbose_screen.lines[2].strip() == "commit 0"


def test_differences_from_the_declaration_come_first(screen: Screen) -> None:
    screen.report.print_scenario(choose_scenario(configuration_of_httpx({"wait-minutes": 5})))

    assert screen.lines == [
        "",
        "encode/httpx 0.2.0, layout scripts",
        "  the wait timer is left out",
    ]


def test_failures_are_printed_again(screen: Screen) -> None:
    screen.timeline.add("owner-1", "moves the tag", "succeeded", passed=False)

    result = screen.report.print_conclusion(screen.timeline, "")

    assert screen.lines[-1] == "FAILED: owner-1 moves the tag: succeeded"
    assert not result.passed


def test_the_reason_for_stopping_is_printed(screen: Screen) -> None:
    result = screen.report.print_conclusion(screen.timeline, "pulumi up failed")

    assert screen.lines == ["The rehearsal stopped: pulumi up failed"]
    assert not result.passed


def test_a_result_counts_what_was_tried(screen: Screen) -> None:
    screen.timeline.add("owner-1", "moves the tag", "refused, as expected")
    screen.timeline.add("owner-1", "pushes the tag", "done")
    screen.timeline.skip("maintainer-1", "pushes the tag", "maintainers may")

    result = screen.report.print_conclusion(screen.timeline, "")

    assert [result.passed, result.checks, result.refusals] == [True, 2, 1]


def test_the_end_says_what_was_not_rehearsed(screen: Screen) -> None:
    screen.report.print_results([PASSED, PASSED])

    assert screen.lines[1].startswith("Not rehearsed: your scripts")
    assert screen.lines[-1] == (
        "All checks passed (40 in 24 s, 16 of them refusals). Details: --verbose"
    )


def test_a_failed_rehearsal_does_not_end_with_success(screen: Screen) -> None:
    screen.report.print_results([PASSED, FAILED])

    assert screen.lines[-1] == "Not all checks passed."
