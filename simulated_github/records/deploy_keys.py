"""A deploy key: an SSH key that opens one repository."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeployKey:
    """A key; ``adder_id`` is who put it there."""

    id: int
    title: str
    key: str
    read_only: bool
    created_at: str
    adder_id: int
