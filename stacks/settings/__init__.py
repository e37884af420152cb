"""The settings of a stack: read once, checked whole, then plain frozen values.

No resources, no requests and no `Output`s here: everything in this package can be tested without an engine.
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
