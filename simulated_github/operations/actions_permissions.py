"""The settings of GitHub Actions in a repository and in an organization.

Source: GitHub's docs, REST page "GitHub Actions permissions": 409 when the organization's setting
forbids the change.
"""

from typing import Any

from simulated_github.errors import Conflict, NotFound
from simulated_github.http.fields import Integer, Text, body, flag, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnRepository, Requirement
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.actions import ActionsSettings
from simulated_github.records.roles import Role
from simulated_github.shapes import actions, repositories

_STRICTNESS = {"all": 0, "selected": 1, "local_only": 2}


def _find_settings(request: Request) -> ActionsSettings:
    owner = request.organization if request.names_organization else request.repository
    return owner.actions


def _owner_settings(request: Request) -> ActionsSettings:
    """Return the owner's settings, which a repository's own settings may only narrow."""
    organization = request.repository.organization
    return organization.actions if organization else ActionsSettings()


def _get(request: Request) -> Response:
    return ok(actions.repository_permissions(request.links, request.repository))


def _get_for_organization(request: Request) -> Response:
    return ok(actions.organization_permissions(request.links, request.organization))


def _set(request: Request) -> Response:
    fields = request.body
    owner_settings = _owner_settings(request)
    enables_actions = fields["enabled"] and not owner_settings.enables(request.repository.id)
    allows_more_actions = (
        _STRICTNESS[fields.get("allowed_actions", "local_only")]
        < _STRICTNESS[owner_settings.allowed_actions]
    )
    lifts_pinning = (
        owner_settings.sha_pinning_required and fields.get("sha_pinning_required") is False
    )
    if enables_actions or allows_more_actions or lifts_pinning:
        raise Conflict("This setting is prevented by the owning organization.")
    settings = request.repository.actions
    settings.enabled = fields["enabled"]
    _set_allowed_actions(settings, fields)
    return no_content()


def _set_for_organization(request: Request) -> Response:
    settings = request.organization.actions
    settings.enabled_repositories = request.body["enabled_repositories"]
    _set_allowed_actions(settings, request.body)
    return no_content()


def _set_allowed_actions(settings: ActionsSettings, fields: dict[str, Any]) -> None:
    settings.allowed_actions = fields.get("allowed_actions", settings.allowed_actions)
    settings.sha_pinning_required = fields.get(
        "sha_pinning_required", settings.sha_pinning_required
    )


def _require_selected_actions(request: Request) -> ActionsSettings:
    """Return the settings; raise Conflict unless only selected actions are allowed.

    Source: the API description of both operations.
    """
    settings = _find_settings(request)
    if settings.allowed_actions != "selected":
        raise Conflict("Selected actions are only available when allowed_actions is selected.")
    return settings


def _get_selected(request: Request) -> Response:
    return ok(actions.selected_actions(_require_selected_actions(request)))


def _set_selected(request: Request) -> Response:
    settings = _require_selected_actions(request)
    fields = request.body
    settings.github_owned_allowed = fields.get(
        "github_owned_allowed", settings.github_owned_allowed
    )
    settings.verified_allowed = fields.get("verified_allowed", settings.verified_allowed)
    settings.patterns = tuple(fields.get("patterns_allowed", settings.patterns))
    return no_content()


def _get_workflow(request: Request) -> Response:
    return ok(actions.workflow_permissions(_find_settings(request)))


def _set_workflow(request: Request) -> Response:
    settings = _find_settings(request)
    fields = request.body
    if not request.names_organization:
        owner_settings = _owner_settings(request)
        allows_writes = (
            fields.get("default_workflow_permissions") == "write"
            and owner_settings.default_workflow_permissions == "read"
        )
        allows_approvals = (
            fields.get("can_approve_pull_request_reviews")
            and not owner_settings.can_approve_pull_request_reviews
        )
        if allows_writes or allows_approvals:
            raise Conflict("This setting is prevented by the owning organization.")
    settings.default_workflow_permissions = fields.get(
        "default_workflow_permissions", settings.default_workflow_permissions
    )
    settings.can_approve_pull_request_reviews = fields.get(
        "can_approve_pull_request_reviews", settings.can_approve_pull_request_reviews
    )
    return no_content()


def _require_selected_repositories(request: Request) -> ActionsSettings:
    settings = request.organization.actions
    if settings.enabled_repositories != "selected":
        raise Conflict("enabled_repositories must be selected for this operation.")
    return settings


def _list_enabled(request: Request) -> Response:
    settings = _require_selected_repositories(request)
    return page(
        request,
        request.world.existing_repositories(settings.repositories),
        lambda r: repositories.minimal(request.links, r, Role.ADMIN),
        "repositories",
    )


def _set_enabled(request: Request) -> Response:
    _require_selected_repositories(request).repositories = tuple(
        request.body["selected_repository_ids"]
    )
    return no_content()


def _switch_repository(request: Request) -> Response:
    settings = _require_selected_repositories(request)
    repository_id = request.number("repository_id")
    if repository_id not in request.world.repositories:
        raise NotFound
    remaining = tuple(
        enabled_id for enabled_id in settings.repositories if enabled_id != repository_id
    )
    settings.repositories = (*remaining, repository_id) if request.method == "PUT" else remaining
    return no_content()


_ALLOWED_FIELDS = {
    "allowed_actions": text("all", "local_only", "selected"),
    "sha_pinning_required": flag(),
}
_SELECTED_FIELDS = body(
    github_owned_allowed=flag(), verified_allowed=flag(), patterns_allowed=list_of(Text())
)
_WORKFLOW_FIELDS = body(
    default_workflow_permissions=text("read", "write"), can_approve_pull_request_reviews=flag()
)


def _shared_operations(
    path: str, noun: str, read: Requirement, write: Requirement
) -> list[Operation]:
    selected_path = f"{path}/selected-actions"
    workflow_path = f"{path}/workflow"
    suffix = f"github-actions-default-workflow-permissions-{noun}"
    return [
        Operation(f"actions/get-allowed-actions-{noun}", "GET", selected_path, _get_selected, read),
        Operation(
            f"actions/set-allowed-actions-{noun}",
            "PUT",
            selected_path,
            _set_selected,
            write,
            _SELECTED_FIELDS,
        ),
        Operation(f"actions/get-{suffix}", "GET", workflow_path, _get_workflow, read),
        Operation(
            f"actions/set-{suffix}", "PUT", workflow_path, _set_workflow, write, _WORKFLOW_FIELDS
        ),
    ]


_REPOSITORY = "/repos/{owner}/{repo}/actions/permissions"
_ORGANIZATION = "/orgs/{org}/actions/permissions"
_READ = OnRepository(Role.ADMIN, "administration:read", ("repo",))
_WRITE = OnRepository(Role.ADMIN, "administration:write", ("repo",))
_OWNER_READ = OnOrganization("admin", "organization_administration:read", ("admin:org",))
_OWNER = OnOrganization("admin", "organization_administration:write", ("admin:org",))
_ENABLED = f"{_ORGANIZATION}/repositories"

operations = [
    Operation("actions/get-github-actions-permissions-repository", "GET", _REPOSITORY, _get, _READ),
    Operation(
        "actions/set-github-actions-permissions-repository",
        "PUT",
        _REPOSITORY,
        _set,
        _WRITE,
        body(enabled=flag(required=True), **_ALLOWED_FIELDS),
    ),
    *_shared_operations(_REPOSITORY, "repository", _READ, _WRITE),
    Operation(
        "actions/get-github-actions-permissions-organization",
        "GET",
        _ORGANIZATION,
        _get_for_organization,
        _OWNER_READ,
    ),
    Operation(
        "actions/set-github-actions-permissions-organization",
        "PUT",
        _ORGANIZATION,
        _set_for_organization,
        _OWNER,
        body(
            enabled_repositories=text("all", "none", "selected", required=True), **_ALLOWED_FIELDS
        ),
    ),
    *_shared_operations(_ORGANIZATION, "organization", _OWNER_READ, _OWNER),
    Operation(
        "actions/list-selected-repositories-enabled-github-actions-organization",
        "GET",
        _ENABLED,
        _list_enabled,
        _OWNER_READ,
    ),
    Operation(
        "actions/set-selected-repositories-enabled-github-actions-organization",
        "PUT",
        _ENABLED,
        _set_enabled,
        _OWNER,
        body(selected_repository_ids=list_of(Integer(), required=True)),
    ),
    Operation(
        "actions/enable-selected-repository-github-actions-organization",
        "PUT",
        f"{_ENABLED}/{{repository_id}}",
        _switch_repository,
        _OWNER,
    ),
    Operation(
        "actions/disable-selected-repository-github-actions-organization",
        "DELETE",
        f"{_ENABLED}/{{repository_id}}",
        _switch_repository,
        _OWNER,
    ),
]
