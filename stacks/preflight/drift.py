"""Drift: what GitHub has differs from what the last `up` recorded, and `up` would not see it.

A preview compares the stack file with the state. So an object that a person changed or deleted on
GitHub stays as it is, or the next change of it fails halfway.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stacks.gate import refresh_command
from stacks.preflight.situation import Situation
from stacks.previous_state import SECRET, RecordedRepository, RecordedResource
from stacks.settings import RepositorySettings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display
from stacks.snapshot import RepositoryOnGitHub

ENVIRONMENT = "deploy/environment"
POLICY = "deploy/tags"
WORKFLOW = "publish.yml"


@dataclass(frozen=True)
class Drift:
    """A difference between GitHub and the gate of a repository, with what repairs it.

    Attributes:
        repository: The key of the repository in the stack file or in the state.
        value: The difference, in words that follow the key and `is`.
        allowed: What is allowed instead.
        requests: Commands that change GitHub, in their order.
        lost: The URNs of recorded objects that GitHub no longer has.
    """

    repository: str
    value: str
    allowed: str
    requests: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def commands(self) -> list[str]:
        """Return every command that repairs the difference, in order."""
        return [*self.requests, *([refresh_command(self.lost)] if self.lost else [])]

    @property
    def problem(self) -> Problem:
        """Return the problem that blocks `pulumi up`."""
        place = path(("repositories", self.repository))
        return Problem(place, self.value, self.allowed, " && ".join(self.commands))


@dataclass(frozen=True)
class RecordedPair:
    """A recorded repository and what GitHub has of it.

    Attributes:
        settings: Its entry in the stack file; `None` where the entry was removed.
    """

    settings: RepositorySettings | None
    recorded: RecordedRepository
    on_github: RepositoryOnGitHub

    @property
    def key(self) -> str:
        """Return the key for messages."""
        return self.settings.name if self.settings else self.recorded.key

    def resource(self, place: str) -> RecordedResource | None:
        """Return the recorded resource at a place in the component."""
        return self.recorded.resources.get(place)

    @property
    def secrets(self) -> dict[str, RecordedResource]:
        """Return the recorded environment secrets by name."""
        return {
            str(resource.inputs.get("secretName", place)): resource
            for place, resource in self.recorded.resources.items()
            if resource.type == SECRET
        }


def recorded_pairs(situation: Situation) -> Iterator[RecordedPair]:
    """Yield each recorded repository that can be compared, by its number.

    Archived repositories are left out: GitHub refuses every change there. So are those that were
    deleted, transferred or created again, which are problems of their own.
    """
    declared = {repository.name: repository for repository in situation.settings.repositories}
    declared |= {
        repository.formerly: repository
        for repository in declared.copy().values()
        if repository.formerly and repository.formerly not in declared
    }
    current = situation.snapshot.repositories
    for key, recorded in situation.previous_state.entries.items():
        settings = declared.get(key)
        name = settings.name if settings else key
        on_github = current.get(name.lower())
        if recorded.id is not None and (on_github is None or on_github.id != recorded.id):
            matches = [item for item in current.values() if item.id == recorded.id]
            on_github = matches[0] if matches else None
        frozen = settings is not None and settings.archived
        if on_github is not None and not on_github.archived and not frozen:
            yield RecordedPair(settings, recorded, on_github)


def workflow_drift(situation: Situation) -> Iterator[Drift]:
    """Yield each workflow file that a person edited, moved or deleted on GitHub.

    The provider updates and deletes the file by its recorded hash, and GitHub answers 409 to
    another one. A refresh records the file as it is; `up` then restores it.
    """
    for pair in recorded_pairs(situation):
        resource = pair.resource(WORKFLOW)
        if resource is None or is_elsewhere(pair, resource):
            continue
        file = str(resource.inputs["file"])
        on_github = pair.on_github.workflows.get(file)
        if on_github is not None and on_github.text == resource.inputs.get("content"):
            continue
        change = "edited on GitHub" if on_github else "deleted or moved on GitHub"
        yield Drift(
            pair.key,
            f"a repository whose {display(file)} was {change}",
            "the workflow file as the last `pulumi up` wrote it; the refresh records what GitHub "
            "has, and the next `pulumi up` restores the file",
            lost=(resource.urn,),
        )


def is_elsewhere(pair: RecordedPair, resource: RecordedResource) -> bool:
    """Return whether a recorded file cannot be compared with the default branch.

    It is unseen, recorded by its id alone, or on the branch that was the default one before.
    """
    branch = resource.outputs.get("branch") or pair.on_github.default_branch
    return (
        "workflows" in pair.on_github.unseen
        or "file" not in resource.inputs
        or branch != pair.on_github.default_branch
    )


def secret_drift(situation: Situation) -> Iterator[Drift]:
    """Yield recorded environment secrets that GitHub no longer has.

    GitHub answers 404 to their deletion, and a release fails without one. `up` reads them only
    where it deletes one, and `scripts/preflight --state` reads all of them.
    """
    for pair in recorded_pairs(situation):
        environment = pair.on_github.environments.get("deploy")
        if environment is None or environment.secrets is None:
            continue
        lost = {
            name: resource
            for name, resource in pair.secrets.items()
            if name not in environment.secrets
        }
        if lost:
            names = ", ".join(sorted(lost))
            yield Drift(
                pair.key,
                f"a repository whose environment secret {names} was deleted on GitHub",
                "every recorded secret; after the refresh, `pulumi up` stores what is declared",
                lost=tuple(lost[name].urn for name in sorted(lost)),
            )
