"""The input of the checks before the first write, and phrases that several warnings share."""

from collections.abc import Sequence
from dataclasses import dataclass

from stacks.previous_state import PreviousState
from stacks.settings import RepositorySettings, Settings
from stacks.settings.problems import join_names
from stacks.snapshot import RepositoryOnGitHub, Snapshot, TeamOnGitHub


@dataclass(frozen=True)
class Situation:
    """The settings, the state of the stack, and GitHub as it is now."""

    settings: Settings
    previous_state: PreviousState
    snapshot: Snapshot

    @property
    def owner(self) -> str:
        return self.settings.owner

    @property
    def existing(self) -> list[tuple[RepositorySettings, RepositoryOnGitHub]]:
        """The declared repositories that exist on GitHub, with what GitHub has of each."""
        return [
            (repository, on_github)
            for repository in self.settings.repositories
            if (on_github := self.snapshot.repositories.get(repository.name.lower()))
        ]

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
        return command.format(names[0])
    return f"for name in {' '.join(names)}; do {command.format('$name')}; done"
