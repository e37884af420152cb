"""A secret as a simulated GitHub keeps it: opened, to be seen only through the control plane."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Secret:
    """A secret's name and value; ``visibility`` and ``repositories`` are an organization secret's."""

    name: str
    value: str
    created_at: str
    updated_at: str
    visibility: str = "all"
    repositories: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Secret({self.name!r})"
