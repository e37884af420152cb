"""Variables of repositories, environments and organizations."""

from typing import Any

from simulated_github.errors import Conflict, NotFound
from simulated_github.http.fields import Field, Integer, body, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, OnRepository, Requirement
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.repository_secrets import normalize_name
from simulated_github.operations.selected_repositories import (
    repository_selection_operations,
)
from simulated_github.records.actions import Variable
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.shapes import actions


def _locate_variables(request: Request) -> dict[str, Variable]:
    if "environment_name" in request.params:
        return request.environment.variables
    if request.names_organization:
        return request.organization.variables
    return request.repository.variables


def _shape(request: Request, variable: Variable) -> dict[str, Any]:
    if request.names_organization:
        return actions.organization_variable(request.links, request.organization, variable)
    return actions.repository_variable(variable)


def find_variable(request: Request) -> Variable:
    """Return the path's variable, ignoring case; raise NotFound when there is none."""
    variable = _locate_variables(request).get(request.params["name"].upper())
    if variable is None:
        raise NotFound
    return variable


def _list(request: Request) -> Response:
    variables = sorted(_locate_variables(request).values(), key=lambda variable: variable.name)
    return page(request, variables, lambda variable: _shape(request, variable), "variables")


def _get(request: Request) -> Response:
    return ok(_shape(request, find_variable(request)))


def _create(request: Request) -> Response:
    """Create a variable; raise Conflict when one with this name exists.

    Source: the Terraform provider's tests and public issues ("Variable already exists").
    """
    fields = request.body
    variables = _locate_variables(request)
    now = request.world.clock.stamp()
    name = normalize_name(fields["name"])
    if name in variables:
        raise Conflict("Already exists - Variable already exists")
    repository_ids = tuple(fields.get("selected_repository_ids", ()))
    variables[name] = Variable(
        name, fields["value"], now, now, fields.get("visibility", "all"), repository_ids
    )
    return created({})


def _update(request: Request) -> Response:
    fields = request.body
    variables = _locate_variables(request)
    variable = find_variable(request)
    name = normalize_name(fields.get("name", variable.name))
    if name != variable.name and name in variables:
        raise Conflict("Already exists - Variable already exists")
    del variables[variable.name]
    variable.name = name
    variable.value = fields.get("value", variable.value)
    variable.visibility = fields.get("visibility", variable.visibility)
    variable.repositories = tuple(fields.get("selected_repository_ids", variable.repositories))
    variable.updated_at = request.world.clock.stamp()
    variables[name] = variable
    return no_content()


def _delete(request: Request) -> Response:
    del _locate_variables(request)[find_variable(request).name]
    return no_content()


def _list_for_repository(request: Request) -> Response:
    repository = request.repository
    organization = repository.organization
    shared = access.filter_shared(organization.variables, repository) if organization else {}
    return page(
        request,
        [variable for _, variable in sorted(shared.items())],
        actions.repository_variable,
        "variables",
    )


def _variable_operations(
    path: str, noun: str, read: Requirement, write: Requirement, extra_fields: dict[str, Field]
) -> list[Operation]:
    variable_path = f"{path}/{{name}}"
    return [
        Operation(f"actions/list-{noun}-variables", "GET", path, _list, read),
        Operation(
            f"actions/create-{noun}-variable",
            "POST",
            path,
            _create,
            write,
            body(
                name=text(required=True),
                value=text(required=True),
                **_required_fields(extra_fields),
            ),
        ),
        Operation(f"actions/get-{noun}-variable", "GET", variable_path, _get, read),
        Operation(
            f"actions/update-{noun}-variable",
            "PATCH",
            variable_path,
            _update,
            write,
            body(name=text(), value=text(), **extra_fields),
        ),
        Operation(f"actions/delete-{noun}-variable", "DELETE", variable_path, _delete, write),
    ]


def _required_fields(extra_fields: dict[str, Field]) -> dict[str, Field]:
    """Require the visibility of a new organization variable."""
    return extra_fields | (
        {"visibility": text(*_VISIBILITIES, required=True)} if extra_fields else {}
    )


_VISIBILITIES = ("all", "private", "selected")
_PATH = "/repos/{owner}/{repo}"
_ORGANIZATION = "/orgs/{org}/actions/variables"
_READ_REPOSITORY = OnRepository(Role.WRITE, "actions_variables:read", ("repo",))
_READ_OWNER = OnOrganization("admin", "organization_actions_variables:read", ("admin:org",))
_WRITE_OWNER = OnOrganization("admin", "organization_actions_variables:write", ("admin:org",))

operations = [
    *_variable_operations(
        f"{_PATH}/environments/{{environment_name}}/variables",
        "environment",
        OnRepository(Role.WRITE, "environments:read", ("repo",)),
        # Source: GitHub's docs, "Store information in variables": environments need admin access
        OnRepository(Role.ADMIN, "environments:write", ("repo",)),
        {},
    ),
    *_variable_operations(
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
        _list_for_repository,
        _READ_REPOSITORY,
    ),
    *_variable_operations(
        _ORGANIZATION,
        "org",
        _READ_OWNER,
        _WRITE_OWNER,
        {"visibility": text(*_VISIBILITIES), "selected_repository_ids": list_of(Integer())},
    ),
    *repository_selection_operations(
        "variable",
        f"{_ORGANIZATION}/{{name}}/repositories",
        find_variable,
        _READ_OWNER,
        _WRITE_OWNER,
    ),
]
