"""Secrets, variables and the settings of GitHub Actions as GitHub's API shows them."""

from simulated_github.records.accounts import Organization
from simulated_github.records.actions import ActionsSettings, Secret, Variable
from simulated_github.records.repositories import Repository
from simulated_github.shapes.links import Json, Links


def secret_summary(secret: Secret) -> Json:
    """Return the name and the times of a secret, never its value."""
    return {"name": secret.name, "created_at": secret.created_at, "updated_at": secret.updated_at}


def repository_variable(variable: Variable) -> Json:
    """Return a variable with its value."""
    return {
        "name": variable.name,
        "value": variable.value,
        "created_at": variable.created_at,
        "updated_at": variable.updated_at,
    }


def organization_variable(links: Links, owner: Organization, variable: Variable) -> Json:
    """Return an organization's variable, with its value and its visibility."""
    shape = repository_variable(variable) | {"visibility": variable.visibility}
    if variable.visibility != "selected":
        return shape
    api = links.api("orgs", owner.login, "actions", "variables", variable.name, "repositories")
    return shape | {"selected_repositories_url": api}


def repository_permissions(links: Links, repository: Repository) -> Json:
    """Return a repository's settings; the allowed actions only where Actions are enabled."""
    api = links.repository(repository, "actions", "permissions", "selected-actions")
    return {"enabled": repository.actions.enabled} | (
        _allowed_actions(repository.actions, api) if repository.actions.enabled else {}
    )


def organization_permissions(links: Links, organization: Organization) -> Json:
    """Return an organization's settings: the enabled repositories and the allowed actions."""
    api = links.api("orgs", organization.login, "actions", "permissions")
    settings = organization.actions
    shape: Json = {"enabled_repositories": settings.enabled_repositories}
    if settings.enabled_repositories == "selected":
        shape["selected_repositories_url"] = f"{api}/repositories"
    return shape | _allowed_actions(settings, f"{api}/selected-actions")


def _allowed_actions(settings: ActionsSettings, api: str) -> Json:
    shape = {
        "allowed_actions": settings.allowed_actions,
        "sha_pinning_required": settings.sha_pinning_required,
    }
    return shape | ({"selected_actions_url": api} if settings.allowed_actions == "selected" else {})


def selected_actions(settings: ActionsSettings) -> Json:
    """Return the actions that an `allowed_actions` of `selected` allows."""
    return {
        "github_owned_allowed": settings.github_owned_allowed,
        "verified_allowed": settings.verified_allowed,
        "patterns_allowed": list(settings.patterns),
    }


def workflow_permissions(settings: ActionsSettings) -> Json:
    """Return the default permissions of job tokens."""
    return {
        "default_workflow_permissions": settings.default_workflow_permissions,
        "can_approve_pull_request_reviews": settings.can_approve_pull_request_reviews,
    }
