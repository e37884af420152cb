"""A workflow of a repository: a file that keeps its number, whatever becomes of its text."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Workflow:
    """A workflow; ``state`` is ``active`` or ``disabled_manually``."""

    id: int
    path: str
    name: str
    created_at: str
    updated_at: str
    state: str = "active"
