"""Reading the declared and recorded repositories: 25 at a time, then each one's lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from stacks.github_api import GitHubReader
from stacks.previous_state import PreviousState
from stacks.settings import Settings
from stacks.snapshot.model import RepositoryOnGitHub
from stacks.snapshot.queries import REPOSITORIES_IN_ONE_REQUEST, repositories_query
from stacks.snapshot.repository_fields import RepositoryFields, repository_from_graphql


@dataclass(frozen=True)
class Repositories:
    """The repositories behind the declared and recorded names and ids.

    Attributes:
        owned: Those that the organization owns now, by id.
        redirects: The name now by each name that GitHub redirects, both lower-case.
        transferred: Recorded ones of another account, by id.
    """

    owned: Mapping[int, RepositoryFields] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    transferred: Mapping[int, RepositoryOnGitHub] = field(default_factory=dict)


def find_repositories(
    reader: GitHubReader, settings: Settings, previous_state: PreviousState
) -> Repositories:
    """Find the repositories by name, and those of recorded ids behind no name by id.

    The second way tells apart a repository that was renamed after its former name was given away,
    a transferred and a deleted one.
    """
    owner = settings.owner.lower()
    names = read_by_name(reader, settings.owner, declared_and_recorded(settings, previous_state))
    recorded = recorded_ids(previous_state)
    lost = sorted(recorded - {fields.repository.id for fields in names.values()})
    documents = [
        document
        for document in reader.concurrently(lambda number: read_by_id(reader, number), lost)
        if document
    ]
    moved = [item["name"] for item in documents if item["owner"]["login"].lower() == owner]
    names |= read_by_name(reader, settings.owner, moved)
    identities = [identity(item) for item in documents if item["name"] not in moved]
    identities += [
        replace(fields.repository, owner=fields.owner)
        for fields in names.values()
        if fields.owner.lower() != owner
    ]
    owned = {name: fields for name, fields in names.items() if fields.owner.lower() == owner}
    return Repositories(
        owned={fields.repository.id: fields for fields in owned.values()},
        redirects={
            name: fields.repository.name.lower()
            for name, fields in owned.items()
            if fields.repository.name.lower() != name
        },
        transferred={
            repository.id: repository for repository in identities if repository.id in recorded
        },
    )


def declared_and_recorded(settings: Settings, previous_state: PreviousState) -> list[str]:
    """Return each name once, whatever its case: GitHub's names do not depend on it."""
    names = [repository.name for repository in settings.repositories]
    names += [*previous_state.repositories, *previous_state.entries]
    return list({name.lower(): name for name in reversed(names)}.values())[::-1]


def recorded_ids(previous_state: PreviousState) -> set[int]:
    ids = {*previous_state.repositories.values()}
    ids |= {entry.id for entry in previous_state.entries.values()}
    return {number for number in ids if number is not None}


def read_by_name(
    reader: GitHubReader, owner: str, names: Sequence[str]
) -> dict[str, RepositoryFields]:
    """Return the repositories behind names, which may be former ones, by the lower-case names."""
    repositories: dict[str, RepositoryFields] = {}
    for batch, result in reader.query_in_batches(
        names, REPOSITORIES_IN_ONE_REQUEST, lambda batch: repositories_query(owner, batch)
    ):
        errors = [error["path"] for error in result.errors if error.get("path")]
        for number, name in enumerate(batch):
            alias = f"n{number}"
            if fields := result.data.get(alias):
                paths = [path[1:] for path in errors if path[0] == alias]
                repositories[name.lower()] = repository_from_graphql(fields, paths)
    return repositories


def read_by_id(reader: GitHubReader, repository_id: int) -> dict[str, Any] | None:
    """Return the repository that has an id, or `None` where it is deleted or hidden.

    Assumption: GitHub serves `/repositories/{id}`, which its own links use, for every operation of
    a repository; its documentation does not list it.
    """
    response = reader.get_if_permitted(f"/repositories/{repository_id}")
    return response.json() if response else None


def identity(document: Mapping[str, Any]) -> RepositoryOnGitHub:
    """Return a repository of another account with nothing but what identifies it."""
    return RepositoryOnGitHub(
        id=document["id"],
        name=document["name"],
        archived=document["archived"],
        private=document["private"],
        owner=document["owner"]["login"],
        default_branch=document["default_branch"],
    )
