"""The lists of one repository: environments, policies, secrets, and what GraphQL leaves out."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from components.deploy_environment import DEPLOY
from stacks.github_api import UNREADABLE, GitHubReader
from stacks.organization_actions import ActionsPolicy, OrganizationActions, read_actions_policy
from stacks.settings.problems import GitHubError, Problem
from stacks.snapshot.environments import environment_from_rest, policies_from_rest
from stacks.snapshot.model import (
    CollaboratorOnGitHub,
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
    WorkflowOnGitHub,
)
from stacks.snapshot.repository_fields import RepositoryFields


@dataclass(frozen=True)
class RepositoryLists:
    """The lists of one repository, read by their paths.

    A list that the token cannot read is `None`. Raise `GitHubError` when the repository is deleted
    in the meantime: GitHub responds 404 for both.
    """

    reader: GitHubReader
    owner: str
    repository: RepositoryOnGitHub

    @property
    def path(self) -> str:
        return f"/repos/{self.owner}/{self.repository.name}"

    def items(self, path: str, key: str | None = None) -> list[dict[str, Any]] | None:
        """Return every item of a list below the repository's path."""
        items = self.reader.items_if_visible(f"{self.path}/{path}", key)
        if items is None:
            self.require_repository()
        return items

    def get(self, path: str) -> dict[str, Any] | None:
        """Return a document below the repository's path."""
        response = self.reader.get_if_permitted(f"{self.path}/{path}")
        if response is None:
            self.require_repository()
            return None
        document: dict[str, Any] = response.json()
        return document

    def require_repository(self) -> None:
        if self.reader.get(f"/repositories/{self.repository.id}") is None:
            raise GitHubError(UNREADABLE, [vanished(self.owner, self.repository)])


def vanished(owner: str, repository: RepositoryOnGitHub) -> Problem:
    return Problem(
        f"{owner}/{repository.name}",
        "deleted while this run was reading it",
        "a repository that stays",
        "run `pulumi up` again",
    )


def complete_repository(
    reader: GitHubReader,
    owner: str,
    fields: RepositoryFields,
    deep: OrganizationActions | None = None,
    *,
    gate_secrets: bool = False,
) -> RepositoryOnGitHub:
    """Return a repository with its lists: two or three requests, five or more with `deep`.

    With `gate_secrets`, read the names of the secrets of the gate, too.

    With `deep`, the settings of its organization, read the states of its workflows, its Actions
    policy and the secrets of further environments as well.
    """
    lists = RepositoryLists(reader, owner, fields.repository)
    unseen = set(fields.repository.unseen)
    environments = read_environments(lists, unseen, deep=deep is not None)
    if gate_secrets and (gate := environments.get(DEPLOY)):
        environments[DEPLOY] = with_secrets(lists, gate)
    secrets = lists.items("actions/secrets", "secrets")
    if secrets is None:
        unseen.add("secrets")
    repository = replace(
        fields.repository,
        environments=environments,
        secrets=frozenset(item["name"] for item in secrets or ()),
        collaborators=(
            read_collaborators(lists, unseen)
            if "collaborators" in fields.cut_off
            else fields.repository.collaborators
        ),
    )
    if deep is not None:
        repository = replace(
            repository,
            workflows=read_workflow_states(lists, unseen),
            actions=read_actions(lists, deep.policy, unseen),
        )
    return replace(repository, unseen=frozenset(unseen))


def read_environments(
    lists: RepositoryLists, unseen: set[str], *, deep: bool
) -> dict[str, EnvironmentOnGitHub]:
    """Return the environments by lower-case name, with the policies of `deploy`."""
    items = lists.items("environments", "environments")
    if items is None:
        unseen.add("environments")
    environments = {item["name"].lower(): environment_from_rest(item) for item in items or ()}
    for key, environment in environments.items():
        path = f"environments/{quote(environment.name, safe='')}"
        if key == DEPLOY:
            environments[key] = with_policies(lists, path, environment, unseen)
        elif deep:
            environments[key] = with_secrets(lists, environment)
    return environments


def with_secrets(lists: RepositoryLists, environment: EnvironmentOnGitHub) -> EnvironmentOnGitHub:
    """Return an environment with the names of its secrets."""
    path = f"environments/{quote(environment.name, safe='')}/secrets"
    secrets = lists.items(path, "secrets")
    names = None if secrets is None else frozenset(item["name"] for item in secrets)
    return replace(environment, secrets=names)


def with_policies(
    lists: RepositoryLists, path: str, environment: EnvironmentOnGitHub, unseen: set[str]
) -> EnvironmentOnGitHub:
    """Return an environment with its policies.

    They are read for every kind: a request that turns custom policies on brings older ones back.
    """
    items = lists.items(f"{path}/deployment-branch-policies", "branch_policies")
    if items is None and environment.policy_kind == "custom":
        unseen.add("policies")
        return environment
    return replace(environment, policies=policies_from_rest(items or ()))


def read_collaborators(
    lists: RepositoryLists, unseen: set[str]
) -> tuple[CollaboratorOnGitHub, ...]:
    """Return more than a hundred collaborators.

    Source: the schema `collaborator` of GitHub's REST API.
    """
    items = lists.items("collaborators?affiliation=direct")
    if items is None:
        unseen.add("collaborators")
    return tuple(
        CollaboratorOnGitHub(item["login"], item["id"], item["role_name"]) for item in items or ()
    )


def read_workflow_states(lists: RepositoryLists, unseen: set[str]) -> dict[str, WorkflowOnGitHub]:
    """Return the workflow files with their states; one that never was active has no state."""
    items = lists.items("actions/workflows", "workflows")
    if items is None:
        unseen.add("workflows")
    states = {item["path"]: item["state"] for item in items or ()}
    return {
        path: replace(workflow, state=states.get(path))
        for path, workflow in lists.repository.workflows.items()
    }


def read_actions(
    lists: RepositoryLists, organization: ActionsPolicy | None, unseen: set[str]
) -> ActionsPolicy | None:
    """Return the Actions policy; where the organization selects actions, it selects the same.

    Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository
    (a repository cannot change what its organization's policy decides).
    """
    document = lists.get("actions/permissions")
    if document is None:
        unseen.add("actions")
        return None
    allowed = document.get("allowed_actions", "all")
    if allowed != "selected":
        return ActionsPolicy(document["enabled"], allowed)
    if organization and organization.allowed == "selected":
        return replace(organization, enabled=document["enabled"])
    return read_actions_policy(lists.reader, lists.path)
