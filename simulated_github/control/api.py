"""The control plane under `/_simulator/`: state, log, faults, limits, people, runners, reset.

It is not part of GitHub. Its requests are neither logged nor counted, and need no token.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from urllib.parse import unquote

from simulated_github.actions import job_lifecycle, runners
from simulated_github.control import people
from simulated_github.control.faults import Fault
from simulated_github.control.requests import (
    ControlRequest,
    UnknownNameError,
    read_fields,
    read_numbers,
    to_json,
)
from simulated_github.control.simulation import Simulation
from simulated_github.control.snapshot import snapshot
from simulated_github.http.responses import Response


def respond(
    simulation: Simulation, method: str, path: str, content: bytes, origin: str
) -> Response:
    """Return the response of the control plane.

    It is a 422 with a message when the body is wrong, a 404 when the path is unknown or names an
    unknown object.
    """
    match = _find_handler(method, path)
    if match is None:
        return Response(404, {"message": f"The control plane does not serve {method} {path}."})
    handler, params = match
    try:
        document = json.loads(content) if content.strip() else {}
        return handler(ControlRequest(simulation, document, origin, params))
    except UnknownNameError as error:
        return Response(404, {"message": str(error)})
    except runners.BypassDeniedError as error:
        return Response(403, {"message": str(error)})
    except ValueError as error:
        return Response(422, {"message": str(error)})


def _find_handler(method: str, path: str) -> tuple["Handler", dict[str, str]] | None:
    """Return the handler of a request and the named parts of its path, or None."""
    parts = path.split("/")
    for (handled_method, template), handler in HANDLERS.items():
        names = template.split("/")
        if method != handled_method or len(parts) != len(names):
            continue
        pairs = list(zip(names, parts, strict=True))
        if all(name == part or (name[:1] == "{" and part) for name, part in pairs):
            return handler, {name[1:-1]: unquote(part) for name, part in pairs if name[:1] == "{"}
    return None


def _get_state(request: ControlRequest) -> Response:
    """Return the whole state; clients of version 0.1 read the key `organisations`."""
    state = snapshot(request.simulation.world)
    return to_json({**state, "organisations": state["organizations"]})


def _list_requests(request: ControlRequest) -> Response:
    return to_json([asdict(entry) for entry in request.simulation.requests])


def _clear_requests(request: ControlRequest) -> Response:
    request.simulation.requests.clear()
    return Response(204)


def _reset(request: ControlRequest) -> Response:
    request.simulation.reset()
    return Response(204)


def _list_faults(request: ControlRequest) -> Response:
    return to_json(request.simulation.faults.to_json())


def _add_fault(request: ControlRequest) -> Response:
    fault = Fault.read(request.document)
    request.simulation.faults.add(fault)
    return to_json(fault.to_json(), 201)


def _clear_faults(request: ControlRequest) -> Response:
    request.simulation.faults.clear()
    return Response(204)


def _set_limit(request: ControlRequest) -> Response:
    numbers = read_numbers(request.document, "requests", "seconds")
    request.simulation.limits.set(numbers["requests"], numbers["seconds"])
    return Response(204)


def _create_token(request: ControlRequest) -> Response:
    simulation = request.simulation
    document = request.document
    name = document.pop("name", None) if isinstance(document, dict) else None
    if not isinstance(name, str) or simulation.world.first_token(name) is None:
        raise ValueError(
            f"name: {name!r} is not the login of a user or the slug of an app in this world"
        )
    requests = read_numbers(document, "requests")["requests"] if document else None
    return to_json({"token": simulation.create_token(name, requests)}, 201)


def _use_runners(request: ControlRequest) -> Response:
    request.simulation.world.has_runners = True
    return Response(204)


def _list_jobs(request: ControlRequest) -> Response:
    """List the jobs that a runner may take, after applying the time of the world's clock."""
    world = request.simulation.world
    job_lifecycle.apply_elapsed_time(world)
    return to_json(runners.list_ready_jobs(world))


def _take_job(request: ControlRequest) -> Response:
    job_id = read_numbers(request.document, "id")["id"]
    return to_json(runners.take_job(request.simulation.world, request.origin, job_id))


def _finish_job(request: ControlRequest) -> Response:
    fields = read_fields(
        request.document, {"id": int, "conclusion": str}, {"outputs": dict, "summary": str}
    )
    outputs = {name: str(value) for name, value in fields.get("outputs", {}).items()}
    runners.finish_job(
        request.simulation.world,
        fields["id"],
        fields["conclusion"],
        outputs,
        fields.get("summary", ""),
    )
    return Response(204)


def _bypass_environment(request: ControlRequest) -> Response:
    fields = read_fields(request.document, {"run_id": int, "actor": str})
    runners.start_waiting_jobs(request.simulation.world, fields["run_id"], fields["actor"])
    return Response(204)


Handler = Callable[[ControlRequest], Response]
HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "/_simulator/state"): _get_state,
    ("GET", "/_simulator/requests"): _list_requests,
    ("DELETE", "/_simulator/requests"): _clear_requests,
    ("POST", "/_simulator/reset"): _reset,
    ("GET", "/_simulator/faults"): _list_faults,
    ("POST", "/_simulator/faults"): _add_fault,
    ("DELETE", "/_simulator/faults"): _clear_faults,
    ("PUT", "/_simulator/limit"): _set_limit,
    ("POST", "/_simulator/tokens"): _create_token,
    ("GET", "/_simulator/people"): people.list_people,
    ("POST", "/_simulator/people"): people.join,
    ("GET", "/_simulator/people/{login}"): people.get,
    ("PATCH", "/_simulator/people/{login}"): people.rename,
    ("DELETE", "/_simulator/people/{login}"): people.delete,
    ("POST", "/_simulator/people/{login}/accept"): people.accept_invitations,
    ("DELETE", "/_simulator/people/{login}/organizations/{org}"): people.leave_organization,
    ("POST", "/_simulator/runner"): _use_runners,
    ("GET", "/_simulator/jobs"): _list_jobs,
    ("POST", "/_simulator/jobs/take"): _take_job,
    ("POST", "/_simulator/jobs/finish"): _finish_job,
    ("POST", "/_simulator/bypass"): _bypass_environment,
}
