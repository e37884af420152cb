"""A pytest plugin: the fixture `simulated_github`, a new simulated GitHub for each test.

The installed distribution registers the plugin. A mark chooses the world::

    @pytest.mark.simulated_github(world="empty")
    def test_something(simulated_github: SimulatedGitHub) -> None: ...
"""

from collections.abc import Iterator

import pytest

from simulated_github.server import SimulatedGitHub

MARK = "simulated_github"


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line(
        "markers", f"{MARK}(world): the world of the fixture of this name; `encode` by default"
    )


@pytest.fixture
def simulated_github(request: pytest.FixtureRequest) -> Iterator[SimulatedGitHub]:
    """Serve the world of the test's mark on a free port; `url` and `world` are its attributes.

    Raise WorldError when the world is invalid, and TypeError for an unknown argument of the mark.
    """
    mark = request.node.get_closest_marker(MARK)
    arguments = mark.kwargs if mark else {}
    with SimulatedGitHub(**arguments) as github:
        yield github
