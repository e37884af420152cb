"""What GitHub Actions may do in a repository and in an organization.

Source: GitHub's docs, REST page "GitHub Actions permissions": 409 where the organization's setting stands in the way.
"""

from typing import Any

from simulated_github.errors import Conflict, NotFound
from simulated_github.http.fields import Integer, Text, body, flag, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnRepository, Requirement
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.actions import ActionsSettings
from simulated_github.records.organizations import Organization
from simulated_github.records.roles import Role
from simulated_github.shapes import actions, repositories

_STRICTER = {"all": 0, "selected": 1, "local_only": 2}


def _settings(request: Request) -> ActionsSettings:
    owner = request.organization if "org" in request.params or "org_id" in request.params else None
    return owner.actions if owner else request.repository.actions


def _above(request: Request) -> ActionsSettings:
    """The settings that a repository's may not go beyond."""
    owner = request.repository.owner
    return owner.actions if isinstance(owner, Organization) else ActionsSettings()


def _get(request: Request) -> Response:
    return ok(actions.repository_permissions(request.links, request.repository))


def _get_of_organization(request: Request) -> Response:
    return ok(actions.organization_permissions(request.links, request.organization))


def _set(request: Request) -> Response:
    sent, above = request.body, _above(request)
    closed = above.enabled_repositories == "none" or (
        above.enabled_repositories == "selected" and request.repository.id not in above.repositories
    )
    wider = _STRICTER[sent.get("allowed_actions", "local_only")] < _STRICTER[above.allowed_actions]
    unpinned = above.sha_pinning_required and sent.get("sha_pinning_required") is False
    if (closed and sent["enabled"]) or wider or unpinned:
        raise Conflict("This setting is prevented by the owning organization.")
    found = request.repository.actions
    found.enabled = sent["enabled"]
    _allow(found, sent)
    return no_content()


def _set_of_organization(request: Request) -> Response:
    found = request.organization.actions
    found.enabled_repositories = request.body["enabled_repositories"]
    _allow(found, request.body)
    return no_content()


def _allow(found: ActionsSettings, sent: dict[str, Any]) -> None:
    found.allowed_actions = sent.get("allowed_actions", found.allowed_actions)
    found.sha_pinning_required = sent.get("sha_pinning_required", found.sha_pinning_required)


def _selecting(request: Request) -> ActionsSettings:
    """409 unless only selected actions are allowed. Source: the API description of both operations."""
    found = _settings(request)
    if found.allowed_actions != "selected":
        raise Conflict("Selected actions are only available when allowed_actions is selected.")
    return found


def _get_selected(request: Request) -> Response:
    return ok(actions.selected_actions(_selecting(request)))


def _set_selected(request: Request) -> Response:
    found, sent = _selecting(request), request.body
    found.github_owned_allowed = sent.get("github_owned_allowed", found.github_owned_allowed)
    found.verified_allowed = sent.get("verified_allowed", found.verified_allowed)
    found.patterns = tuple(sent.get("patterns_allowed", found.patterns))
    return no_content()


def _get_workflow(request: Request) -> Response:
    return ok(actions.workflow_permissions(_settings(request)))


def _set_workflow(request: Request) -> Response:
    found, sent = _settings(request), request.body
    if "repo" in request.params or "repository_id" in request.params:
        above = _above(request)
        writes = (
            sent.get("default_workflow_permissions") == "write"
            and above.default_workflow_permissions == "read"
        )
        approves = (
            sent.get("can_approve_pull_request_reviews")
            and not above.can_approve_pull_request_reviews
        )
        if writes or approves:
            raise Conflict("This setting is prevented by the owning organization.")
    found.default_workflow_permissions = sent.get(
        "default_workflow_permissions", found.default_workflow_permissions
    )
    approves_now = sent.get(
        "can_approve_pull_request_reviews", found.can_approve_pull_request_reviews
    )
    found.can_approve_pull_request_reviews = approves_now
    return no_content()


def _enabled(request: Request) -> ActionsSettings:
    found = request.organization.actions
    if found.enabled_repositories != "selected":
        raise Conflict("enabled_repositories must be selected for this operation.")
    return found


def _list_enabled(request: Request) -> Response:
    known = request.world.repositories
    found = [known[number] for number in _enabled(request).repositories if number in known]
    return page(
        request, found, lambda r: repositories.minimal(request.links, r, Role.ADMIN), "repositories"
    )


def _set_enabled(request: Request) -> Response:
    _enabled(request).repositories = tuple(request.body["selected_repository_ids"])
    return no_content()


def _switch(request: Request) -> Response:
    found, number = _enabled(request), request.number("repository_id")
    if number not in request.world.repositories:
        raise NotFound
    others = tuple(other for other in found.repositories if other != number)
    found.repositories = (*others, number) if request.method == "PUT" else others
    return no_content()


_ALLOWED = {
    "allowed_actions": text("all", "local_only", "selected"),
    "sha_pinning_required": flag(),
}
_SELECTED = body(
    github_owned_allowed=flag(), verified_allowed=flag(), patterns_allowed=list_of(Text())
)
_WORKFLOW = body(
    default_workflow_permissions=text("read", "write"), can_approve_pull_request_reviews=flag()
)


def _shared(path: str, noun: str, read: Requirement, write: Requirement) -> list[Operation]:
    selected = f"{path}/selected-actions"
    workflow, named = f"{path}/workflow", f"github-actions-default-workflow-permissions-{noun}"
    return [
        Operation(f"actions/get-allowed-actions-{noun}", "GET", selected, _get_selected, read),
        Operation(
            f"actions/set-allowed-actions-{noun}", "PUT", selected, _set_selected, write, _SELECTED
        ),
        Operation(f"actions/get-{named}", "GET", workflow, _get_workflow, read),
        Operation(f"actions/set-{named}", "PUT", workflow, _set_workflow, write, _WORKFLOW),
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
        body(enabled=flag(required=True), **_ALLOWED),
    ),
    *_shared(_REPOSITORY, "repository", _READ, _WRITE),
    Operation(
        "actions/get-github-actions-permissions-organization",
        "GET",
        _ORGANIZATION,
        _get_of_organization,
        _OWNER_READ,
    ),
    Operation(
        "actions/set-github-actions-permissions-organization",
        "PUT",
        _ORGANIZATION,
        _set_of_organization,
        _OWNER,
        body(enabled_repositories=text("all", "none", "selected", required=True), **_ALLOWED),
    ),
    *_shared(_ORGANIZATION, "organization", _OWNER_READ, _OWNER),
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
        _switch,
        _OWNER,
    ),
    Operation(
        "actions/disable-selected-repository-github-actions-organization",
        "DELETE",
        f"{_ENABLED}/{{repository_id}}",
        _switch,
        _OWNER,
    ),
]
