"""What an organization itself gives to the workflows of its repositories: its secrets, and what their tokens may do.

None of it is declared by the stack, and all of it leads past a gate. It takes four requests, and one more for each secret of a
wanted name that is shared with chosen repositories.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stacks.github_api import GitHubReader

# Where an organization keeps secrets, by the word in their path and behind `gh secret --app`, and what reads them there:
# https://docs.github.com/en/rest/actions/secrets, https://docs.github.com/en/rest/dependabot/secrets and
# https://docs.github.com/en/rest/codespaces/organization-secrets.
STORES = {
    "actions": "any workflow",
    "dependabot": "any workflow that Dependabot starts",
    "codespaces": "everybody with a codespace",
}


@dataclass(frozen=True)
class SharedSecret:
    """A secret of the organization.

    Attributes:
        visibility: Which repositories it is shared with: `all`, `private` or `selected`.
        repositories: The lower-case names of those that were selected.
    """

    store: str
    name: str
    visibility: str
    repositories: frozenset[str] = frozenset()

    def reaches(self, repository: str, *, private: bool) -> bool:
        chosen = repository.lower() in self.repositories
        return {"all": True, "private": private, "selected": chosen}.get(self.visibility, True)


@dataclass(frozen=True)
class OrganizationActions:
    """What was found.

    Attributes:
        secrets: Secrets of the wanted names.
        tokens_write: Whether a workflow's own token may write where its file says nothing about it; nothing where that is not
            shown.
        tokens_approve: Whether it may approve pull requests.
        unseen: The stores that the token may not look into.
    """

    secrets: tuple[SharedSecret, ...] = ()
    tokens_write: bool | None = False
    tokens_approve: bool = False
    unseen: tuple[str, ...] = ()


def read_organization_actions(
    reader: GitHubReader, owner: str, wanted: frozenset[str]
) -> OrganizationActions:
    """Asks GitHub. What the token may not see stands in no way: it is said."""
    found = {
        store: reader.shown_items(f"/orgs/{owner}/{store}/secrets", "secrets") for store in STORES
    }
    names = {
        store: [(each["name"], each["visibility"]) for each in items or ()]
        for store, items in found.items()
    }
    answer = reader.shown(f"/orgs/{owner}/actions/permissions/workflow")
    tokens = answer.json() if answer else {}
    return OrganizationActions(
        secrets=tuple(
            secret
            for store in STORES
            for secret in shared(reader, owner, store, wanted, names[store])
        ),
        tokens_write=tokens["default_workflow_permissions"] == "write" if tokens else None,
        tokens_approve=tokens.get("can_approve_pull_request_reviews") is True,
        unseen=tuple(store for store, items in found.items() if items is None),
    )


def shared(
    reader: GitHubReader,
    owner: str,
    store: str,
    wanted: frozenset[str],
    names: list[tuple[str, str]],
) -> Iterator[SharedSecret]:
    for name, visibility in names:
        if name in wanted:
            path = f"/orgs/{owner}/{store}/secrets/{name}/repositories"
            chosen = reader.items(path, "repositories") if visibility == "selected" else ()
            yield SharedSecret(
                store, name, visibility, frozenset(str(each["name"]).lower() for each in chosen)
            )
