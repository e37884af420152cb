"""The input of the checks before the first write, and phrases that several warnings share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from stacks.previous_state import PreviousState, RecordedRepository
from stacks.settings import RepositorySettings, Settings
from stacks.settings.problems import join_names
from stacks.snapshot import RepositoryOnGitHub, Snapshot, TeamOnGitHub


@dataclass(frozen=True)
class Situation:
    """The settings, the state of the stack, and GitHub as it is now.

    Attributes:
        today: The day on which `accept` is read.
        deep: Whether the snapshot has what only `scripts/preflight` reads.
    """

    settings: Settings
    previous_state: PreviousState
    snapshot: Snapshot
    today: date = field(default_factory=date.today)
    deep: bool = False

    @property
    def owner(self) -> str:
        return self.settings.owner

    @property
    def existing(self) -> list[tuple[RepositorySettings, RepositoryOnGitHub]]:
        """The declared repositories that exist on GitHub, with what GitHub has of each.

        A repository whose number is not the recorded one is left out: the rules on identity report
        it, and no other rule compares it.
        """
        return [
            (repository, on_github)
            for repository in self.settings.repositories
            if (on_github := self.snapshot.repositories.get(repository.name.lower()))
            and self.is_recorded(repository, on_github)
        ]

    def is_recorded(self, repository: RepositorySettings, on_github: RepositoryOnGitHub) -> bool:
        """Return whether the number on GitHub is the recorded one, or none is recorded."""
        key = self.recorded_key(repository)
        recorded = self.previous_state.repositories
        if key is not None and recorded[key] is not None:
            return recorded[key] == on_github.id
        return on_github.id not in recorded.values()

    def recorded_key(self, repository: RepositorySettings) -> str | None:
        """Return the key under which the state has an entry: its name, or its former name."""
        names = (repository.name, repository.formerly)
        return next((name for name in names if name in self.previous_state.repositories), None)

    def recorded_entry(self, repository: RepositorySettings) -> RecordedRepository | None:
        """Return what the state has of a declared repository."""
        return self.previous_state.entries.get(self.recorded_key(repository) or "")

    def managed_team(self, role: str) -> TeamOnGitHub | None:
        """Return the team that this stack manages in a role, by its id; its name may differ."""
        team_id = self.previous_state.teams.get(role)
        return next((team for team in self.snapshot.teams.values() if team.id == team_id), None)


def summarize_names(names: Sequence[str], singular: str, plural: str) -> str:
    """Return `httpx lacks it` for one name, `2 repositories lack it: httpcore, httpx` for more.

    `singular` follows the name, and `plural` the number.
    """
    if len(names) == 1:
        return f"{names[0]} {singular}"
    return f"{len(names)} {plural}: {join_names(names)}"


def shell_loop(names: Sequence[str], command: str) -> str:
    """Return one shell command that runs `command` for every name, in place of its `{}`."""
    if len(names) == 1:
        return command.replace("{}", names[0])
    loop = command.replace("{}", "$name")
    return f"for name in {' '.join(names)}; do {loop}; done"
