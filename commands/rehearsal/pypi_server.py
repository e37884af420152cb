"""`pypiserver`, imported so that it changes nothing for the rest of the program.

Its web framework imports a module that Python is about to drop, and puts a hook for its own extensions among the importers, at
which Python warns with every later import. Neither is needed.
"""

import sys
import warnings
from typing import Any


def pypi_server(**settings: Any) -> Any:
    """The index as a WSGI application; `settings` are those of `pypiserver.app`."""
    importers = [*sys.meta_path]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pypiserver  # type: ignore[import-untyped]

        application = pypiserver.app(**settings)
    sys.meta_path[:] = importers
    return application
