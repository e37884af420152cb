"""pypiserver is used without a trace in the rest of the program."""

import sys
from pathlib import Path

from commands.rehearsal.pypi_server import pypi_server


def test_the_importers_of_python_stay_as_they_are(tmp_path: Path) -> None:
    before = [*sys.meta_path]

    pypi_server(roots=[tmp_path], authenticate=[], password_file=".")

    assert sys.meta_path == before
