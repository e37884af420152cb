"""What the rules look at before `pulumi up` writes anything."""

from dataclasses import dataclass

from stacks.previous_state import PreviousState
from stacks.settings import Settings
from stacks.snapshot import Snapshot


@dataclass(frozen=True)
class Situation:
    """Everything that a rule may look at."""

    settings: Settings
    previous_state: PreviousState
    snapshot: Snapshot
