"""The settings of a stack: read from the stack file, checked, then frozen plain values.

There are no resources, requests or `Output`s here: all of it can be tested without an engine.
"""

from stacks.settings.problems import Problem, SettingsError
from stacks.settings.resolved import RepositorySettings, Secret, Settings, Team

__all__ = [
    "Problem",
    "RepositorySettings",
    "Secret",
    "Settings",
    "SettingsError",
    "Team",
]
