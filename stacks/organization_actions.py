"""Secrets and permissions that an organization gives to the workflows of its repositories.

The stack declares none of them, and they can bypass the approval gates. Reading them takes four
requests, and one more for each secret that is shared with selected repositories.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stacks.github_api import GitHubReader

# Where an organization keeps secrets, as in the path of the API and in `gh secret --app`, and what
# reads them. Source: https://docs.github.com/en/rest/actions/secrets,
# https://docs.github.com/en/rest/dependabot/secrets and
# https://docs.github.com/en/rest/codespaces/organization-secrets
STORES = {
    "actions": "any workflow",
    "dependabot": "any workflow that Dependabot starts",
    "codespaces": "every user with a codespace",
}


@dataclass(frozen=True)
class SharedSecret:
    """A secret of the organization.

    Attributes:
        store: A key of `STORES`.
        visibility: The repositories that share it: `all`, `private` or `selected`.
        repositories: The lower-case names of the selected ones.
    """

    store: str
    name: str
    visibility: str
    repositories: frozenset[str] = frozenset()

    def reaches(self, repository: str, *, private: bool) -> bool:
        selected = repository.lower() in self.repositories
        return {"all": True, "private": private, "selected": selected}.get(self.visibility, True)


@dataclass(frozen=True)
class ActionsPolicy:
    """The actions that may run in a repository, or in all repositories of an organization.

    Source: https://docs.github.com/en/rest/actions/permissions

    Attributes:
        enabled: Whether workflows run at all. Of an organization, `None` stands for selected
            repositories.
        allowed: `all`, `local_only` (those of the same owner) or `selected`.
        github_owned: Whether GitHub's own actions are among the selected ones.
        verified: Whether those of verified creators are.
        patterns: The patterns of other selected actions, such as `pypa/*`.
    """

    enabled: bool | None = True
    allowed: str = "all"
    github_owned: bool = False
    verified: bool = False
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganizationActions:
    """The settings for workflows of an organization.

    Attributes:
        secrets: The secrets of the given names.
        tokens_write: Whether a workflow's token has write access by default; `None` where the
            token of the stack cannot read that.
        tokens_approve: Whether workflows can approve pull requests.
        hidden: The stores that the token of the stack cannot list.
        policy: The actions that may run; `None` where the token of the stack cannot read that.
        enabled_repositories: The ids of the repositories in which workflows run, where the policy
            selects repositories; `None` where it does not, or they cannot be read.
    """

    secrets: tuple[SharedSecret, ...] = ()
    tokens_write: bool | None = False
    tokens_approve: bool = False
    hidden: tuple[str, ...] = ()
    policy: ActionsPolicy | None = ActionsPolicy()
    enabled_repositories: frozenset[int] | None = None


def read_organization_actions(
    reader: GitHubReader, owner: str, names: frozenset[str]
) -> OrganizationActions:
    """Query GitHub for the secrets of these names and the permissions of workflow tokens.

    Anything the token cannot read becomes a warning, not an error.
    """
    stores = {
        store: reader.items_if_permitted(f"/orgs/{owner}/{store}/secrets", "secrets")
        for store in STORES
    }
    response = reader.get_if_permitted(f"/orgs/{owner}/actions/permissions/workflow")
    permissions = response.json() if response else {}
    policy = read_actions_policy(reader, f"/orgs/{owner}")
    return OrganizationActions(
        secrets=tuple(
            shared_secret(reader, owner, store, item["name"], item["visibility"])
            for store, items in stores.items()
            for item in items or ()
            if item["name"] in names
        ),
        tokens_write=(
            permissions["default_workflow_permissions"] == "write" if permissions else None
        ),
        tokens_approve=permissions.get("can_approve_pull_request_reviews") is True,
        hidden=tuple(store for store, items in stores.items() if items is None),
        policy=policy,
        enabled_repositories=(
            read_enabled_repositories(reader, owner) if policy and policy.enabled is None else None
        ),
    )


def read_enabled_repositories(reader: GitHubReader, owner: str) -> frozenset[int] | None:
    items = reader.items_if_visible(
        f"/orgs/{owner}/actions/permissions/repositories", "repositories"
    )
    return None if items is None else frozenset(item["id"] for item in items)


def read_actions_policy(reader: GitHubReader, prefix: str) -> ActionsPolicy | None:
    """Return the policy of an organization or a repository by the first part of its path.

    Return `None` where the token may not read it. It takes one request, and a second one where
    only selected actions are allowed.
    """
    response = reader.get_if_permitted(f"{prefix}/actions/permissions")
    if response is None:
        return None
    document = response.json()
    enabled = document.get("enabled", document.get("enabled_repositories"))
    allowed = document.get("allowed_actions", "all")
    chosen = (
        reader.get_if_permitted(f"{prefix}/actions/permissions/selected-actions")
        if allowed == "selected"
        else None
    )
    if allowed == "selected" and chosen is None:
        return None
    selected = chosen.json() if chosen else {}
    return ActionsPolicy(
        enabled={"all": True, "none": False, "selected": None}.get(enabled, enabled),
        allowed=allowed,
        github_owned=selected.get("github_owned_allowed") is True,
        verified=selected.get("verified_allowed") is True,
        patterns=tuple(selected.get("patterns_allowed", ())),
    )


def shared_secret(
    reader: GitHubReader, owner: str, store: str, name: str, visibility: str
) -> SharedSecret:
    """Return one secret, with the repositories that were selected for it."""
    return SharedSecret(
        store,
        name,
        visibility,
        frozenset(selected_repositories(reader, owner, store, name, visibility)),
    )


def selected_repositories(
    reader: GitHubReader, owner: str, store: str, name: str, visibility: str
) -> Iterator[str]:
    if visibility == "selected":
        path = f"/orgs/{owner}/{store}/secrets/{name}/repositories"
        yield from (str(item["name"]).lower() for item in reader.items(path, "repositories"))
