"""A simulated GitHub for tests: an ASGI service with GitHub's operations and rules.

`SimulatedGitHub` serves a world for the duration of a `with` block; `create_app` returns the
ASGI application alone.
"""

from simulated_github.app import Application
from simulated_github.control.simulation import LoggedRequest
from simulated_github.in_process import InProcess
from simulated_github.server import SimulatedGitHub, create_app
from simulated_github.world.world import World
from simulated_github.world.world_file import WorldError

__all__ = [
    "Application",
    "InProcess",
    "LoggedRequest",
    "SimulatedGitHub",
    "World",
    "WorldError",
    "create_app",
]
