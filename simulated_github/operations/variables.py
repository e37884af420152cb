"""Variables of repositories, environments and organizations: like secrets, but readable."""

from typing import Any

from simulated_github.errors import Conflict, NotFound
from simulated_github.http.fields import Field, Integer, body, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnRepository, Requirement
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.repository_secrets import checked_name
from simulated_github.operations.selected_repositories import chosen_operations, is_shared
from simulated_github.records.actions import Variable
from simulated_github.records.organizations import Organization
from simulated_github.records.roles import Role
from simulated_github.shapes import actions


def _place(request: Request) -> dict[str, Variable]:
    if "environment_name" in request.params:
        return request.environment.variables
    if "org" in request.params or "org_id" in request.params:
        return request.organization.variables
    return request.repository.variables


def _shape(request: Request, found: Variable) -> dict[str, Any]:
    if "org" in request.params or "org_id" in request.params:
        return actions.organization_variable(request.links, request.organization, found)
    return actions.repository_variable(found)


def find(request: Request) -> Variable:
    """The variable of the path; case does not matter."""
    found = _place(request).get(request.params["name"].upper())
    if found is None:
        raise NotFound
    return found


def _list(request: Request) -> Response:
    found = sorted(_place(request).values(), key=lambda variable: variable.name)
    return page(request, found, lambda one: _shape(request, one), "variables")


def _get(request: Request) -> Response:
    return ok(_shape(request, find(request)))


def _create(request: Request) -> Response:
    """Source of the 409: the Terraform provider's tests and public issues ("Variable already exists")."""
    sent, place, now = request.body, _place(request), request.world.clock.stamp()
    name = checked_name(sent["name"])
    if name in place:
        raise Conflict("Already exists - Variable already exists")
    chosen = tuple(sent.get("selected_repository_ids", ()))
    place[name] = Variable(name, sent["value"], now, now, sent.get("visibility", "all"), chosen)
    return created({})


def _update(request: Request) -> Response:
    sent, place, found = request.body, _place(request), find(request)
    name = checked_name(sent.get("name", found.name))
    if name != found.name and name in place:
        raise Conflict("Already exists - Variable already exists")
    del place[found.name]
    found.name, found.value = name, sent.get("value", found.value)
    found.visibility = sent.get("visibility", found.visibility)
    found.repositories = tuple(sent.get("selected_repository_ids", found.repositories))
    found.updated_at = request.world.clock.stamp()
    place[name] = found
    return no_content()


def _delete(request: Request) -> Response:
    del _place(request)[find(request).name]
    return no_content()


def _of_organization(request: Request) -> Response:
    owner, repository = request.repository.owner, request.repository
    kept = owner.variables.values() if isinstance(owner, Organization) else ()
    found = [v for v in kept if is_shared(v.visibility, v.repositories, repository)]
    return page(
        request, sorted(found, key=lambda v: v.name), actions.repository_variable, "variables"
    )


def _table(
    path: str, noun: str, read: Requirement, write: Requirement, more: dict[str, Field]
) -> list[Operation]:
    one = f"{path}/{{name}}"
    return [
        Operation(f"actions/list-{noun}-variables", "GET", path, _list, read),
        Operation(
            f"actions/create-{noun}-variable",
            "POST",
            path,
            _create,
            write,
            body(name=text(required=True), value=text(required=True), **_needed(more)),
        ),
        Operation(f"actions/get-{noun}-variable", "GET", one, _get, read),
        Operation(
            f"actions/update-{noun}-variable",
            "PATCH",
            one,
            _update,
            write,
            body(name=text(), value=text(), **more),
        ),
        Operation(f"actions/delete-{noun}-variable", "DELETE", one, _delete, write),
    ]


def _needed(more: dict[str, Field]) -> dict[str, Field]:
    """A new variable of an organization must say who may use it."""
    return more | ({"visibility": text(*_VISIBILITIES, required=True)} if more else {})


_VISIBILITIES = ("all", "private", "selected")
_PATH = "/repos/{owner}/{repo}"
_ORGANIZATION = "/orgs/{org}/actions/variables"
_READ_REPOSITORY = OnRepository(Role.WRITE, "actions_variables:read", ("repo",))
_READ_OWNER = OnOrganization("admin", "organization_actions_variables:read", ("admin:org",))
_WRITE_OWNER = OnOrganization("admin", "organization_actions_variables:write", ("admin:org",))

operations = [
    *_table(
        f"{_PATH}/environments/{{environment_name}}/variables",
        "environment",
        OnRepository(Role.WRITE, "environments:read", ("repo",)),
        # Source: GitHub's docs, "Store information in variables": for an environment, admin access
        OnRepository(Role.ADMIN, "environments:write", ("repo",)),
        {},
    ),
    *_table(
        f"{_PATH}/actions/variables",
        "repo",
        _READ_REPOSITORY,
        OnRepository(Role.WRITE, "actions_variables:write", ("repo",)),
        {},
    ),
    Operation(
        "actions/list-repo-organization-variables",
        "GET",
        f"{_PATH}/actions/organization-variables",
        _of_organization,
        _READ_REPOSITORY,
    ),
    *_table(
        _ORGANIZATION,
        "org",
        _READ_OWNER,
        _WRITE_OWNER,
        {"visibility": text(*_VISIBILITIES), "selected_repository_ids": list_of(Integer())},
    ),
    *chosen_operations(
        "variable", f"{_ORGANIZATION}/{{name}}/repositories", find, _READ_OWNER, _WRITE_OWNER
    ),
]
