"""What the rules look at before `pulumi up` writes anything."""

from dataclasses import dataclass

from stacks.on_github import OnGitHub
from stacks.recorded import Recorded
from stacks.settings import Settings


@dataclass(frozen=True)
class Situation:
    """Everything that a rule may look at."""

    settings: Settings
    recorded: Recorded
    found: OnGitHub
