"""Variables and the settings of GitHub Actions as the API shows them."""

from simulated_github.records.actions import ActionsSettings, Variable
from simulated_github.records.organizations import Organization
from simulated_github.records.repositories import Repository
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links


def repository_variable(found: Variable) -> Json:
    """A variable with its value."""
    return {
        "name": found.name,
        "value": found.value,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def organization_variable(links: Links, owner: Organization, found: Variable) -> Json:
    """An organization's variable: also who may use it."""
    shape = repository_variable(found) | {"visibility": found.visibility}
    if found.visibility != "selected":
        return shape
    api = links.api("orgs", owner.login, "actions", "variables", found.name, "repositories")
    return shape | {"selected_repositories_url": api}


def repository_permissions(links: Links, found: Repository) -> Json:
    """What a repository's Actions may be; which ones is said only where they run at all."""
    api = links.api(
        "repos", found.owner.login, found.name, "actions", "permissions", "selected-actions"
    )
    return {"enabled": found.actions.enabled} | (
        _allowed(found.actions, api) if found.actions.enabled else {}
    )


def organization_permissions(links: Links, found: Organization) -> Json:
    """What an organization's Actions may be, and in which repositories."""
    api = links.api("orgs", found.login, "actions", "permissions")
    settings = found.actions
    shape: Json = {"enabled_repositories": settings.enabled_repositories}
    if settings.enabled_repositories == "selected":
        shape["selected_repositories_url"] = f"{api}/repositories"
    return shape | _allowed(settings, f"{api}/selected-actions")


def _allowed(found: ActionsSettings, api: str) -> Json:
    shape = {
        "allowed_actions": found.allowed_actions,
        "sha_pinning_required": found.sha_pinning_required,
    }
    return shape | ({"selected_actions_url": api} if found.allowed_actions == "selected" else {})


def selected_actions(found: ActionsSettings) -> Json:
    """The actions that are allowed when only selected ones are."""
    return {
        "github_owned_allowed": found.github_owned_allowed,
        "verified_allowed": found.verified_allowed,
        "patterns_allowed": list(found.patterns),
    }


def workflow_permissions(found: ActionsSettings) -> Json:
    """What the workflow's own token may do."""
    return {
        "default_workflow_permissions": found.default_workflow_permissions,
        "can_approve_pull_request_reviews": found.can_approve_pull_request_reviews,
    }
