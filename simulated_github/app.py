"""The ASGI application: it routes a request to an operation, checks it, and sends the response.

It uses no web framework: the table of operations is the only routing.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from simulated_github.actions import identity_tokens
from simulated_github.control import api as control
from simulated_github.control.faults import Fault, Faults
from simulated_github.control.simulation import LoggedRequest, Simulation, Watcher
from simulated_github.errors import APIError, BadCredentials, BadRequest, NotFound
from simulated_github.git.http import service as git_http
from simulated_github.graphql import service as graphql
from simulated_github.http import asgi
from simulated_github.http.asgi import Receive, Scope, Send
from simulated_github.http.fields import check
from simulated_github.http.limits import Limits
from simulated_github.http.request import Request
from simulated_github.http.responses import Response
from simulated_github.http.routing import Operation, Router
from simulated_github.operations import OPERATIONS
from simulated_github.records.accounts import Token
from simulated_github.shapes.links import Links
from simulated_github.world.world import World

API_PREFIXES = ("/api/v3",)
CONTROL_PREFIX = "/_simulator/"
#: The path of the operation that does not count against the rate limit.
UNCOUNTED_PATH = "/rate_limit"


class Application:
    """A simulated GitHub as an ASGI application.

    `load` builds the world, at the start and at each reset.
    """

    def __init__(self, load: Callable[[], World]) -> None:
        self.router = Router(OPERATIONS)
        self.simulation = Simulation(load)

    @property
    def world(self) -> World:
        """The live world; a reset replaces it."""
        return self.simulation.world

    @property
    def requests(self) -> list[LoggedRequest]:
        """The log of requests, oldest first."""
        return self.simulation.requests

    @property
    def watchers(self) -> list[Watcher]:
        """Functions called after every request that may have changed the world."""
        return self.simulation.watchers

    @property
    def faults(self) -> Faults:
        """The active faults."""
        return self.simulation.faults

    @property
    def limits(self) -> Limits:
        """The rate limit and the expiry of tokens."""
        return self.simulation.limits

    def reset(self) -> None:
        """Restore the world as loaded, empty the log, clear the faults and lift the limits."""
        self.simulation.reset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an HTTP request, or acknowledge the start and stop of the server."""
        if scope["type"] == "lifespan":
            await asgi.run_lifespan(receive, send)
            return
        content = await asgi.read_body(receive)
        fault = self._find_fault(scope, content) if self.faults else None
        if fault is not None:
            await self._apply_fault(fault, scope, content, receive, send)
            return
        response = self._respond(scope, content)
        await asgi.send_response(send, response, with_body=scope["method"] != "HEAD")

    def _find_fault(self, scope: Scope, content: bytes) -> Fault | None:
        raw_path, prefix = _split_path(scope)
        path = raw_path[len(prefix) :]
        if path.startswith(CONTROL_PREFIX):
            return None
        return self.faults.strike(scope["method"], path, content)

    async def _apply_fault(
        self, fault: Fault, scope: Scope, content: bytes, receive: Receive, send: Send
    ) -> None:
        if fault.delay:
            await asgi.wait(scope, fault.delay)
        if fault.drop == "before":
            await asgi.drop(scope, receive)
            return
        raw_path, prefix = _split_path(scope)
        path = raw_path[len(prefix) :]
        response = fault.change(content, self._respond(scope, content, fault.refusal(path)))
        if fault.truncate:
            await asgi.send_half(send, response)
        if fault.truncate or fault.drop:
            await asgi.drop(scope, receive)
        else:
            await asgi.send_response(send, response, with_body=scope["method"] != "HEAD")

    def _respond(self, scope: Scope, content: bytes, refusal: Response | None = None) -> Response:
        raw_path, prefix = _split_path(scope)
        path = raw_path[len(prefix) :]
        method = scope["method"]
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        origin = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"
        if path.startswith(CONTROL_PREFIX):
            return control.respond(self.simulation, method, path, content, origin)
        query = dict(parse_qsl(scope["query_string"].decode(), True))
        links = Links(origin, prefix)
        request = Request(self.world, method, path, query, headers, links, limits=self.limits)
        if refusal is not None:
            response = self._finish(request, None, refusal)
        elif path.endswith(git_http.ENDINGS) and git_http.is_git(method, path):
            response = git_http.respond(request, content, self.limits)
        elif path.startswith(identity_tokens.PREFIX):
            response = self.simulation.issuer.respond(request)
        else:
            response = self._respond_to_api(request, content)
        self.simulation.log(method, raw_path, response.status)
        return response

    def _respond_to_api(self, request: Request, content: bytes) -> Response:
        operation: Operation | None = None
        try:
            request.token = self._find_token(request.headers.get("authorization"))
            if request.path != UNCOUNTED_PATH:
                self.limits.count(request.login)
            if request.path in graphql.PATHS:
                response = graphql.respond(request, _parse_json(content))
                return self._finish(request, None, response)
            operation = self._find_operation(request)
            return self._finish(request, operation, _run(operation, request, content))
        except APIError as error:
            response = Response(error.status, error.body, error.headers)
            return self._finish(request, operation, response)

    def _find_operation(self, request: Request) -> Operation:
        match = self.router.find(request.method, request.path)
        if match is None:
            raise NotFound(
                f"The simulated GitHub does not serve {request.method} {request.path}. "
                "An operation is added to the table in simulated_github/operations/."
            )
        operation, request.params = match
        return operation

    def _find_token(self, header: str | None) -> Token | None:
        if not header:
            return None
        kind, _, text = header.partition(" ")
        token = self.world.tokens.get(text.strip()) if kind.lower() in ("bearer", "token") else None
        if token is None:
            raise BadCredentials
        self.limits.use_token(text.strip())
        return token

    def _finish(
        self, request: Request, operation: Operation | None, response: Response
    ) -> Response:
        """Add the headers of the rate limit and of the scopes and, for a read, the entity tag."""
        if request.method in ("GET", "HEAD") and response.status == 200:
            response = self._add_entity_tag(request, response)
        headers = self.limits.headers(request.login) | _scope_headers(request.token, operation)
        return Response(response.status, response.body, response.headers | headers)

    def _add_entity_tag(self, request: Request, response: Response) -> Response:
        """Add the entity tag; return a 304, free for a token, when the client already has it."""
        content = json.dumps(response.body, separators=(",", ":")).encode()
        headers = response.headers | {"etag": f'W/"{hashlib.sha256(content).hexdigest()}"'}
        if headers["etag"] not in request.headers.get("if-none-match", ""):
            return Response(200, content, headers)
        if request.token is not None and request.path != UNCOUNTED_PATH:
            self.limits.refund(request.login)
        return Response(304, None, headers)


def _split_path(scope: Scope) -> tuple[str, str]:
    """Return the path, still escaped, and its prefix, if any."""
    raw_path = scope.get("raw_path", scope["path"].encode()).decode("ascii").partition("?")[0]
    return raw_path, next(
        (prefix for prefix in API_PREFIXES if raw_path.startswith(f"{prefix}/")), ""
    )


def _run(operation: Operation, request: Request, content: bytes) -> Response:
    operation.requires.check(request)
    if operation.body is not None:
        request.body = check(operation.body, _parse_json(content))
    return operation.handler(request)


def _parse_json(content: bytes) -> Any:
    try:
        return json.loads(content) if content.strip() else {}
    except ValueError:
        raise BadRequest("Problems parsing JSON") from None


def _scope_headers(token: Token | None, operation: Operation | None) -> dict[str, str]:
    """Return GitHub's headers that list a token's scopes and those that the operation accepts."""
    if token is None:
        return {}
    if token.installation is not None:
        permission = operation.requires.permission.replace(":", "=") if operation else ""
        return {"x-accepted-github-permissions": permission} if permission else {}
    accepted_scopes = ", ".join(operation.requires.scopes) if operation else ""
    return {
        "x-oauth-scopes": ", ".join(sorted(token.scopes)),
        "x-accepted-oauth-scopes": accepted_scopes,
    }
