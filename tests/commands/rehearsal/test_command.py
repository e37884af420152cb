"""The command line of `scripts/rehearse`. Whole rehearsals are in `tests/integration`."""

import re
import shlex
import signal
from collections.abc import Iterator

import pytest

from commands import rehearse
from commands.rehearsal.report import Result
from commands.rehearsal.scenario import LAYOUT_NAMES
from commands.sandbox import PROJECT
from tests.commands.rehearsal.declarations import CONFIGURATION, configuration_with


@pytest.fixture
def stack_configuration(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """Use this configuration for every stack, and restore the signal handlers afterwards."""
    handlers = {number: signal.getsignal(number) for number in rehearse.END_SIGNALS}
    values = dict(CONFIGURATION)
    monkeypatch.setattr(rehearse, "read_stack_file", lambda _: values)
    yield values
    for number, handler in handlers.items():
        signal.signal(number, handler)


def result(*, passed: bool) -> Result:
    return Result(passed=passed, checks=3, refusals=1, seconds=1.0)


@pytest.mark.usefixtures("stack_configuration")
@pytest.mark.parametrize(
    ("arguments", "layouts"),
    [
        ([], ["scripts"]),
        (["httpx", "1.0", "--layout", "scripts-single"], ["scripts-single"]),
        (["--all-layouts"], ["scripts", "scripts-single", "trusted-publishing"]),
    ],
)
def test_one_layout_or_all_are_rehearsed(arguments: list[str], layouts: list[str]) -> None:
    scenarios = rehearse.choose_scenarios(rehearse.rehearsal_arguments(arguments))

    assert [scenario.layout for scenario in scenarios] == layouts


@pytest.mark.usefixtures("stack_configuration")
def test_the_stack_is_prod_unless_another_is_named() -> None:
    for arguments, stack in (([], "prod"), (["--stack", "dev"], "dev")):
        scenarios = rehearse.choose_scenarios(rehearse.rehearsal_arguments(arguments))
        assert [scenario.stack for scenario in scenarios] == [stack]


def test_a_problem_of_the_configuration_stops_the_start(
    stack_configuration: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    stack_configuration.update(configuration_with(nonsense=1))

    assert rehearse.main([]) == 2
    assert "nonsense" in capsys.readouterr().out


@pytest.mark.usefixtures("stack_configuration")
def test_a_missing_program_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert rehearse.main([]) == 2
    assert "no `pulumi` on PATH: run scripts/install" in capsys.readouterr().out


@pytest.mark.usefixtures("stack_configuration")
def test_an_interruption_ends_the_rehearsal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rehearse, "rehearse", lambda *_: signal.raise_signal(signal.SIGTERM))

    assert rehearse.main([]) == 130
    assert "Everything that was started has been ended" in capsys.readouterr().out
    handlers = {signal.getsignal(number) for number in rehearse.END_SIGNALS}
    assert handlers == {signal.SIG_IGN}


@pytest.mark.usefixtures("stack_configuration")
@pytest.mark.parametrize(("passed", "code"), [([True, True, True], 0), ([True, False, True], 1)])
def test_one_failed_rehearsal_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, passed: list[bool], code: int
) -> None:
    results = [result(passed=value) for value in passed]
    monkeypatch.setattr(rehearse, "rehearse", lambda *_: results.pop(0))

    assert rehearse.main(["--all-layouts"]) == code
    assert results == []


@pytest.mark.usefixtures("stack_configuration")
def test_the_output_ends_with_the_result(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rehearse, "rehearse", lambda *_: result(passed=True))

    rehearse.main([])

    output = capsys.readouterr().out
    assert "Not rehearsed: your scripts" in output
    assert output.splitlines()[-1].startswith("All checks passed (3 in 1 s")


PAGE = (PROJECT / "docs" / "rehearsing.md").read_text(encoding="utf-8")
SYNOPSIS, *EXAMPLES = re.findall(r"^    scripts/rehearse(.*)$", PAGE, flags=re.MULTILINE)


def test_the_documented_options_are_those_of_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        rehearse.rehearsal_arguments(["--help"])

    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert set(re.findall(r"--[a-z-]+", SYNOPSIS)) == options


@pytest.mark.usefixtures("stack_configuration")
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_documented_command_can_be_rehearsed(example: str) -> None:
    arguments = rehearse.rehearsal_arguments(shlex.split(example))

    scenarios = rehearse.choose_scenarios(arguments)

    assert len(scenarios) == (len(LAYOUT_NAMES) if arguments.all_layouts else 1)
    assert {scenario.stack for scenario in scenarios} == {"prod"}
