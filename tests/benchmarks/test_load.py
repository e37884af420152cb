"""The load that the simulated GitHub is measured with is answered, all of it."""

import pytest

from benchmarks.load import KINDS, main


def test_every_kind_of_request_gets_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--requests", "20"]) == 0

    printed = capsys.readouterr().out
    assert [kind.title for kind in KINDS if kind.title not in printed] == []


def test_no_request_is_no_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--requests", "0"])

    assert "at least one" in capsys.readouterr().err
