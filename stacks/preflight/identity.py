"""Rules on the repository behind a name: the recorded number decides, not the name.

A name on GitHub moves on: a repository is renamed, and another one takes its name. Its number
stays. So `up` neither writes to a repository of another number nor takes anything from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components.deploy_environment import DEPLOY
from stacks.outputs import form_text
from stacks.preflight.situation import Situation
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display
from stacks.snapshot import RepositoryOnGitHub

# The permission that a workflow needs to publish as a trusted publisher.
IDENTITY_TOKEN = "id-token: write"
HIDDEN = "deleted, or hidden from this token"


@dataclass(frozen=True)
class Identity:
    """A recorded repository, and where GitHub has it now.

    Attributes:
        key: The key under which the state has it.
        id: Its recorded number.
        current: The repository of that number; `None` where it is deleted or hidden.
        transferred: Whether another account owns it now.
        namesake: The repository of the organization that has the key as its name now.
    """

    key: str
    id: int
    current: RepositoryOnGitHub | None
    transferred: bool
    namesake: RepositoryOnGitHub | None

    @property
    def is_renamed(self) -> bool:
        return not self.transferred and self.current is not None and self.current.name != self.key

    @property
    def name_is_reused(self) -> bool:
        return self.namesake is not None and self.namesake.id != self.id


def identities(situation: Situation) -> list[Identity]:
    """Return every repository whose number is recorded."""
    snapshot = situation.snapshot
    return [
        Identity(
            key,
            repository_id,
            snapshot.repository_with_id(repository_id),
            repository_id in snapshot.transferred,
            snapshot.repositories.get(key.lower()),
        )
        for key, repository_id in situation.previous_state.repositories.items()
        if repository_id is not None
    ]


def check_lost_repositories(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where a recorded repository was transferred, deleted, or made again."""
    for identity in identities(situation):
        if identity.transferred or identity.current is None:
            yield lost_repository(situation, identity)


def lost_repository(situation: Situation, identity: Identity) -> Problem:
    key = identity.key
    place = path(("repositories", key))
    forget = f"scripts/forget {key}"
    if identity.transferred and identity.current:
        value = f"transferred, and called {identity.current.owner}/{identity.current.name} now"
    else:
        value = f"number {identity.id} in the state, which is {HIDDEN}"
    if identity.namesake and identity.name_is_reused:
        value += f"; number {identity.namesake.id} has the name now"
        remedy = f"{forget}; then `pulumi up` sets up the repository that has the name now"
    elif key in declared_keys(situation):
        remedy = f"{forget}; then remove the entry: pulumi config rm --path '{place}'"
    else:
        remedy = forget
    return Problem(
        place,
        value,
        "the repository that the stack has set up",
        remedy + publisher_note(situation, key),
    )


def declared_keys(situation: Situation) -> dict[str, str]:
    """Return the name of each declared entry by its name and its former name."""
    names = [repository.name for repository in situation.settings.repositories]
    former_names = {
        repository.formerly: repository.name
        for repository in situation.settings.repositories
        if repository.formerly
    }
    return former_names | {name: name for name in names}


def publisher_note(situation: Situation, key: str) -> str:
    """Return what to remove on PyPI when the stack lets go of an entry, or nothing."""
    forms = [form_text(publisher) for publisher in recorded_publishers(situation, key)]
    if not forms:
        return ""
    return f"; and remove on PyPI, before everything else, the trusted publisher {'; '.join(forms)}"


def recorded_publishers(situation: Situation, key: str) -> Sequence[Mapping[str, str]]:
    """Return every trusted publisher that an entry ever was.

    States of the first versions do not record them. Their workflow shows what PyPI trusts.
    """
    entry = situation.previous_state.entries.get(key)
    if entry is None or entry.trusted_publishers:
        return entry.trusted_publishers if entry else ()
    workflow = entry.resources.get("publish.yml")
    if workflow is None or IDENTITY_TOKEN not in str(workflow.inputs.get("content")):
        return ()
    return (
        {
            "owner": situation.owner,
            "repositoryName": key,
            "workflowName": str(workflow.inputs.get("file")).rsplit("/", 1)[-1],
            "environmentName": DEPLOY,
        },
    )


def check_renamed_repositories(situation: Situation) -> Iterator[Problem]:
    """Require that every key is the name that its repository has on GitHub now.

    Where the old name or the new one belongs to another repository, too, `formerly` is not enough:
    the engine would match the wrong resources, and the grants of the other repository would be
    revoked. Then the state is renamed first, all names at once.
    """
    renamed = [identity for identity in identities(situation) if identity.is_renamed]
    recorded = {key.lower() for key in situation.previous_state.repositories}
    tangled: dict[str, str] = {}
    for identity in renamed:
        if identity.current is None:
            continue
        name = identity.current.name
        if identity.name_is_reused or (name.lower() in recorded - {identity.key.lower()}):
            tangled[identity.key] = name
        else:
            yield from simple_rename(situation, identity.key, name)
    if tangled:
        yield tangled_renames(situation, dict(sorted(tangled.items())))


def simple_rename(situation: Situation, key: str, name: str) -> Iterator[Problem]:
    """Yield the problem of a repository whose old name no other repository has."""
    declared = {repository.name: repository for repository in situation.settings.repositories}
    place = path(("repositories", name))
    if name in declared and declared[name].formerly != key:
        yield Problem(
            place,
            f"the repository that the state calls {key}",
            f"`formerly: {key}`, which keeps its environment, secrets, workflow and rulesets",
            f"pulumi config set --path '{place}.formerly' {key}",
        )
    elif name not in declared and key in declared_keys(situation):
        yield Problem(
            path(("repositories", declared_keys(situation)[key])),
            f"called {name} on GitHub now",
            "the name that the repository has on GitHub",
            f"rename the key to {name}, also under `secrets`, and add `formerly: {key}` to the "
            "entry",
        )


def tangled_renames(situation: Situation, names: Mapping[str, str]) -> Problem:
    """Return the one problem of repositories that exchanged names, or whose names were reused."""
    moves = [f"{key} is called {name} on GitHub now" for key, name in names.items()]
    pairs = " ".join(f"{key}={name}" for key, name in names.items())
    declared = declared_keys(situation)
    keys = [f"{key} to {name}" for key, name in names.items() if key in declared]
    remedy = f"scripts/rename {pairs}"
    if keys:
        remedy += (
            f"; then let the keys of the stack file follow where they do not yet, also under "
            f"`secrets`, all without `formerly`: {', '.join(keys)}"
        )
    return Problem(
        "repositories",
        "; ".join(moves),
        "keys that name the same repositories as in the state, by their numbers",
        remedy,
    )


def check_early_renames(situation: Situation) -> Iterator[Problem]:
    """Require that no key changes while GitHub and the state still have the old name.

    The provider would look for the new name; in another spelling, it would find the gate that it
    has to create.
    """
    declared = situation.settings.repositories
    unrecorded = {
        repository.name.lower(): repository
        for repository in declared
        if situation.recorded_key(repository) is None
    }
    recorded = {situation.recorded_key(repository): repository for repository in declared}
    for identity in identities(situation):
        if identity.current is None or identity.transferred or identity.is_renamed:
            continue
        key = identity.key
        repository = recorded.get(key) or unrecorded.get(key.lower())
        if repository is None or repository.name == key:
            continue
        namesake = situation.snapshot.repositories.get(repository.name.lower(), identity.current)
        if namesake.id == identity.id:
            page = f"repos/{situation.owner}/{key}"
            yield Problem(
                path(("repositories", repository.name)),
                f"the repository that GitHub and the state call {key}",
                "the name that the repository has on GitHub",
                f"rename the key to {key}, also under `secrets`, without `formerly`; or rename "
                f"the repository first: gh api -X PATCH {page} -f name={repository.name} --silent",
            )


def check_former_names(situation: Situation) -> Iterator[Problem]:
    """Require that `formerly` names the same repository, by its number."""
    recorded = situation.previous_state.repositories
    for repository in situation.settings.repositories:
        on_github = situation.snapshot.repositories.get(repository.name.lower())
        recorded_id = recorded.get(repository.formerly or "")
        if on_github and recorded_id and on_github.id != recorded_id:
            old = repository.formerly
            place = path(("repositories", repository.name, "formerly"))
            remedy = f"pulumi config rm --path '{place}'"
            if old not in [entry.name for entry in situation.settings.repositories]:
                remedy += f"; `pulumi up` then removes what the stack created for {old}"
            yield Problem(
                place,
                display(old),
                f"an earlier name of this repository; {old} is another repository",
                remedy,
            )
