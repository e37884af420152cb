"""The control plane under `/_simulator/`: state, log, faults, limits, tokens, runners, reset.

It is not part of GitHub. Its requests are neither logged nor counted, and need no token.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simulated_github.actions import job_lifecycle, runners
from simulated_github.control.faults import Fault
from simulated_github.control.simulation import Simulation
from simulated_github.control.snapshot import snapshot
from simulated_github.http.responses import Response


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request to the control plane; `origin` is the address that the client used."""

    simulation: Simulation
    document: Any
    origin: str


def respond(
    simulation: Simulation, method: str, path: str, content: bytes, origin: str
) -> Response:
    """Return the response of the control plane; a 422 with a message when the body is wrong."""
    handler = HANDLERS.get((method, path))
    if handler is None:
        return Response(404, {"message": f"The control plane does not serve {method} {path}."})
    try:
        document = json.loads(content) if content.strip() else {}
        return handler(ControlRequest(simulation, document, origin))
    except runners.BypassDeniedError as error:
        return Response(403, {"message": str(error)})
    except ValueError as error:
        return Response(422, {"message": str(error)})


def _get_state(request: ControlRequest) -> Response:
    """Return the whole state; clients of version 0.1 read the key `organisations`."""
    state = snapshot(request.simulation.world)
    return _json({**state, "organisations": state["organizations"]})


def _list_requests(request: ControlRequest) -> Response:
    return _json([asdict(entry) for entry in request.simulation.requests])


def _clear_requests(request: ControlRequest) -> Response:
    request.simulation.requests.clear()
    return Response(204)


def _reset(request: ControlRequest) -> Response:
    request.simulation.reset()
    return Response(204)


def _list_faults(request: ControlRequest) -> Response:
    return _json(request.simulation.faults.to_json())


def _add_fault(request: ControlRequest) -> Response:
    fault = Fault.read(request.document)
    request.simulation.faults.add(fault)
    return _json(fault.to_json(), 201)


def _clear_faults(request: ControlRequest) -> Response:
    request.simulation.faults.clear()
    return Response(204)


def _set_limit(request: ControlRequest) -> Response:
    numbers = _read_numbers(request.document, "requests", "seconds")
    request.simulation.limits.set(numbers["requests"], numbers["seconds"])
    return Response(204)


def _create_token(request: ControlRequest) -> Response:
    simulation = request.simulation
    document = request.document
    name = document.pop("name", None) if isinstance(document, dict) else None
    if not isinstance(name, str) or f"token-{name}" not in simulation.world.tokens:
        raise ValueError(
            f"name: {name!r} is not the login of a user or the slug of an app in this world"
        )
    requests = _read_numbers(document, "requests")["requests"] if document else None
    return _json({"token": simulation.create_token(name, requests)}, 201)


def _use_runners(request: ControlRequest) -> Response:
    request.simulation.world.has_runners = True
    return Response(204)


def _list_jobs(request: ControlRequest) -> Response:
    """List the jobs that a runner may take, after applying the time of the world's clock."""
    world = request.simulation.world
    job_lifecycle.apply_elapsed_time(world)
    return _json(runners.list_ready_jobs(world))


def _take_job(request: ControlRequest) -> Response:
    job_id = _read_numbers(request.document, "id")["id"]
    return _json(runners.take_job(request.simulation.world, request.origin, job_id))


def _finish_job(request: ControlRequest) -> Response:
    fields = _read_fields(
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
    fields = _read_fields(request.document, {"run_id": int, "actor": str})
    runners.start_waiting_jobs(request.simulation.world, fields["run_id"], fields["actor"])
    return Response(204)


def _read_fields(
    document: Any, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """Return the document when it has the required keys and no unknown ones.

    Raise ValueError otherwise, and when a value has the wrong type.
    """
    allowed = {**required, **(optional or {})}
    if not isinstance(document, dict) or not set(required) <= set(document) <= set(allowed):
        raise ValueError(_allowed_keys(required, optional or ()))
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, allowed[name]):
            raise ValueError(f"{name}: {value!r} is not {_NOUNS[allowed[name]]}")
    return document


_NOUNS: Mapping[type, str] = {int: "a whole number", str: "text", dict: "an object"}


def _read_numbers(document: Any, *names: str) -> dict[str, int]:
    if not isinstance(document, dict) or set(document) != set(names):
        raise ValueError(_allowed_keys(names, ()))
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name}: {value!r} is not a whole number from 1 on")
    return document


def _allowed_keys(required: Iterable[str], optional: Iterable[str]) -> str:
    keys = f"the body is an object with the keys {', '.join(required)}"
    return f"{keys}; optional: {', '.join(optional)}" if optional else f"{keys} and no others"


def _json(body: object, status: int = 200) -> Response:
    content = json.dumps(body).encode()
    return Response(status, content, {"content-type": "application/json"})


HANDLERS: Mapping[tuple[str, str], Callable[[ControlRequest], Response]] = {
    ("GET", "/_simulator/state"): _get_state,
    ("GET", "/_simulator/requests"): _list_requests,
    ("DELETE", "/_simulator/requests"): _clear_requests,
    ("POST", "/_simulator/reset"): _reset,
    ("GET", "/_simulator/faults"): _list_faults,
    ("POST", "/_simulator/faults"): _add_fault,
    ("DELETE", "/_simulator/faults"): _clear_faults,
    ("PUT", "/_simulator/limit"): _set_limit,
    ("POST", "/_simulator/tokens"): _create_token,
    ("POST", "/_simulator/runner"): _use_runners,
    ("GET", "/_simulator/jobs"): _list_jobs,
    ("POST", "/_simulator/jobs/take"): _take_job,
    ("POST", "/_simulator/jobs/finish"): _finish_job,
    ("POST", "/_simulator/bypass"): _bypass_environment,
}
