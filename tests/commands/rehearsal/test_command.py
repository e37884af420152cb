"""The command: what it takes, how it ends, and what it says. Whole rehearsals are in `tests/integration/test_rehearsal.py`."""

import signal
from collections.abc import Iterator
from io import StringIO

import pytest
from rich.console import Console

from commands import rehearse
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.timeline import Timeline
from tests.commands.rehearsal.declarations import USUAL, declared


@pytest.fixture
def declaration(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """What `Pulumi.prod.yaml` says. The handlers of signals are put back afterwards."""
    handlers = {request: signal.getsignal(request) for request in rehearse.REQUESTS_TO_END}
    said = dict(USUAL)
    monkeypatch.setattr(rehearse, "read_stack_file", lambda: said)
    yield said
    for request, handler in handlers.items():
        signal.signal(request, handler)


def console() -> Console:
    return Console(width=200, record=True, file=StringIO())


@pytest.mark.usefixtures("declaration")
def test_a_layout_is_the_declared_one_the_one_that_was_asked_for_or_every_one() -> None:
    def layouts(*given: str) -> list[str]:
        return [plan.layout for plan in rehearse.plans(rehearse.arguments(given))]

    assert layouts() == ["scripts"]
    assert layouts("httpx", "1.0", "--layout", "scripts-single") == ["scripts-single"]
    assert layouts("--all-layouts") == ["scripts", "scripts-single", "trusted-publishing"]


def test_a_declaration_that_cannot_be_used_ends_it_before_anything_is_started(
    declaration: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    declaration.update(declared(nonsense=1))

    assert rehearse.main([]) == 2
    assert "nonsense" in capsys.readouterr().out


@pytest.mark.usefixtures("declaration")
def test_a_program_that_is_missing_ends_it_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert rehearse.main([]) == 2
    assert "no `pulumi` on PATH: run scripts/install" in capsys.readouterr().out


@pytest.mark.usefixtures("declaration")
def test_an_interrupted_one_says_that_everything_has_been_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rehearse, "rehearse", lambda *_: signal.raise_signal(signal.SIGTERM))

    assert rehearse.main([]) == 130
    assert "everything that was started has been ended" in capsys.readouterr().out
    assert {signal.getsignal(request) for request in rehearse.REQUESTS_TO_END} == {signal.SIG_IGN}


@pytest.mark.usefixtures("declaration")
@pytest.mark.parametrize(("came_out", "code"), [([True, True, True], 0), ([True, False, True], 1)])
def test_the_exit_code_is_that_of_the_worst(
    monkeypatch: pytest.MonkeyPatch, came_out: list[bool], code: int
) -> None:
    left = iter(came_out)
    monkeypatch.setattr(rehearse, "rehearse", lambda *_: next(left))

    assert rehearse.main(["--all-layouts"]) == code
    assert list(left) == []


def test_it_says_what_came_out_wrong() -> None:
    timeline, shown = Timeline(Hidden()), console()
    timeline.add("maintainer-1", "moves the tag", "went through, and has to be refused", good=False)

    assert not rehearse.conclude(timeline, "", shown)
    assert (
        shown.export_text()
        == "WRONG: maintainer-1: moves the tag: went through, and has to be refused\n"
    )


def test_it_says_why_it_stopped() -> None:
    shown = console()

    assert not rehearse.conclude(Timeline(Hidden()), "pulumi up failed", shown)
    assert shown.export_text() == "The rehearsal stopped: pulumi up failed\n"


def test_it_says_that_everything_came_out_as_it_has_to() -> None:
    shown = console()

    assert rehearse.conclude(Timeline(Hidden()), "", shown)
    assert shown.export_text().startswith("Everything came out as it has to, in ")
