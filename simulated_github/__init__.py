"""A GitHub to try things on: an ASGI service with GitHub's rules, not only its routes.

It imports nothing from the rest of the project. ``SimulatedGitHub`` serves a world while a ``with`` block lasts,
``create_app`` gives the ASGI application alone.
"""

from simulated_github.app import Application, LoggedRequest
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
