"""The benchmark of the simulated GitHub."""

import pytest

from benchmarks.load import REQUEST_KINDS, main


def test_every_kind_of_request_has_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--requests", "20"]) == 0

    printed = capsys.readouterr().out
    assert [kind.title for kind in REQUEST_KINDS if kind.title not in printed] == []


def test_less_than_one_request_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--requests", "0"])

    assert "--requests is 0; allowed: 1 or more" in capsys.readouterr().err
