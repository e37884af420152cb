"""Workflows: list, enable, disable and dispatch.

Sources: GitHub's docs, "Events that trigger workflows" (workflow_dispatch) and "Disabling and
enabling a workflow"; public issue threads for the messages (benc-uk/workflow-dispatch issues 46 and
65: GitHub lists a workflow once its file is on the default branch or has run, and starts the file
of the requested ref; convictional/trigger-workflow-and-wait issues 4, 25). Assumption: the messages
for disabled Actions, a missing input, and an input that is none of its options.
"""

import json
from typing import Any

from simulated_github.actions import workflow_files, workflow_runs
from simulated_github.actions.workflow_files import Document
from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.http.fields import Anything, Field, body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Handler, Operation
from simulated_github.operations import runs
from simulated_github.records.roles import Role
from simulated_github.records.runs import Workflow
from simulated_github.shapes import runs as shapes

MOST_INPUTS = 10


def _register_workflows(request: Request) -> list[Workflow]:
    """Register the workflows of the default branch; return them and those that ran, by id.

    A workflow gets its id here, when an operation first needs it, or when a push starts it.
    """
    repository = request.repository
    world = request.world
    head = repository.git.refs.get(repository.default_ref)
    documents = workflow_runs.workflows_at(repository, head) if head else {}
    for path, document in documents.items():
        workflow_runs.register_workflow(world, repository, path, document)
    return sorted(repository.workflows.values(), key=lambda workflow: workflow.id)


def _register_and_find_workflow(request: Request) -> Workflow:
    """Register the workflows and return the path's, by id or file name.

    Raise NotFound when there is none.
    """
    workflow_id = request.params["workflow_id"]
    for workflow in _register_workflows(request):
        if workflow_id in (str(workflow.id), workflow.path.rpartition("/")[2]):
            return workflow
    raise NotFound


def _list(request: Request) -> Response:
    return page(
        request,
        _register_workflows(request),
        lambda workflow: shapes.workflow_details(request.links, request.repository, workflow),
        "workflows",
    )


def _get(request: Request) -> Response:
    return ok(
        shapes.workflow_details(
            request.links, request.repository, _register_and_find_workflow(request)
        )
    )


def _list_runs(request: Request) -> Response:
    path = _register_and_find_workflow(request).path
    return runs.list_runs(
        request, [run for run in request.repository.runs.values() if run.path == path]
    )


def _switch(state: str) -> Handler:
    def switch(request: Request) -> Response:
        workflow = _register_and_find_workflow(request)
        workflow.state = state
        workflow.updated_at = request.world.clock.stamp()
        return no_content()

    return switch


def _dispatch(request: Request) -> Response:
    repository = request.repository
    workflow = _register_and_find_workflow(request)
    ref = _resolve_ref(request, request.body["ref"])
    commit = repository.git.peel(repository.git.refs[ref])
    entry = repository.git.entry(commit, workflow.path) if commit else None
    document = workflow_files.parse(entry.data) if entry and entry.data else None
    declarations = workflow_files.dispatch_inputs(document) if document else None
    if document is None or declarations is None or commit is None:
        raise ValidationFailed("Workflow does not have 'workflow_dispatch' trigger")
    if workflow.state != "active":
        raise ValidationFailed("Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    if not workflow_runs.actions_enabled(repository):
        raise ValidationFailed("Actions are disabled for this repository")
    inputs = _resolve_inputs(declarations, request.body.get("inputs") or {})
    workflow_runs.start_run(
        request.world,
        repository,
        workflow,
        document,
        "workflow_dispatch",
        ref,
        commit,
        request.user,
        inputs,
    )
    return no_content()


def _resolve_ref(request: Request, name: str) -> str:
    refs = request.repository.git.refs
    full_name = next(
        (ref for ref in (f"refs/heads/{name}", f"refs/tags/{name}", name) if ref in refs), None
    )
    if full_name is None:
        raise ValidationFailed(f"No ref found for: {name}")
    return full_name


def _resolve_inputs(declarations: dict[str, Document], values: dict[str, Any]) -> dict[str, str]:
    """Return the run's inputs: the values of the request, and defaults for the other inputs."""
    unexpected = sorted(set(values) - set(declarations))
    if unexpected:
        raise ValidationFailed(f"Unexpected inputs provided: {json.dumps(unexpected)}")
    if len(values) > MOST_INPUTS:
        raise ValidationFailed(f"No more than {MOST_INPUTS} inputs are allowed")
    inputs = {}
    for name, declaration in declarations.items():
        value = values.get(name, declaration.get("default"))
        if value is None and declaration.get("required"):
            raise ValidationFailed(f"Required input '{name}' not provided")
        options = declaration.get("options")
        if value is not None and isinstance(options, list) and value not in options:
            raise ValidationFailed(
                f"Provided value '{value}' for input '{name}' not in the list of allowed values"
            )
        inputs[name] = _input_text(value)
    return inputs


def _input_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


class _AnyObject(Anything):
    """A JSON object with values of any kind."""

    def problems(self, value: Any, path: str) -> list[str]:
        """Return a problem when the value is not an object."""
        if isinstance(value, dict):
            return []
        return [f"Invalid property {path}: `{value}` is not of type `object`."]


_PATH = "/repos/{owner}/{repo}/actions/workflows"
_WORKFLOW = f"{_PATH}/{{workflow_id}}"
_READ = OnRepository(Role.READ, "actions:read")
_WRITE = OnRepository(Role.WRITE, "actions:write", ("repo",))

operations = [
    Operation("actions/list-repo-workflows", "GET", _PATH, _list, _READ),
    Operation("actions/get-workflow", "GET", _WORKFLOW, _get, _READ),
    Operation("actions/list-workflow-runs", "GET", f"{_WORKFLOW}/runs", _list_runs, _READ),
    Operation("actions/enable-workflow", "PUT", f"{_WORKFLOW}/enable", _switch("active"), _WRITE),
    Operation(
        "actions/disable-workflow",
        "PUT",
        f"{_WORKFLOW}/disable",
        _switch("disabled_manually"),
        _WRITE,
    ),
    Operation(
        "actions/create-workflow-dispatch",
        "POST",
        f"{_WORKFLOW}/dispatches",
        _dispatch,
        _WRITE,
        body(ref=text(required=True), inputs=Field(_AnyObject())),
    ),
]
