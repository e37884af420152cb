"""The ASGI application: reads a request, finds its operation, checks what it needs and sends the answer.

Plain ASGI, so that nothing stands between the server and the table of operations.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from simulated_github.actions import identity_tokens
from simulated_github.actions.identity_tokens import Issuer
from simulated_github.control import api as control
from simulated_github.control.faults import Fault, Faults
from simulated_github.errors import APIError, BadCredentials, BadRequest, NotFound
from simulated_github.git.http import service as git_http
from simulated_github.graphql import queries as graphql
from simulated_github.http import connections
from simulated_github.http.fields import check
from simulated_github.http.limits import Limits
from simulated_github.http.request import Request
from simulated_github.http.responses import Response
from simulated_github.http.routing import Operation, Router
from simulated_github.operations import OPERATIONS
from simulated_github.records.people import Token
from simulated_github.shapes.links import Links
from simulated_github.world.world import World

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Watcher = Callable[[World, str, str, int], None]

PREFIXES = ("/api/v3",)
GRAPHQL = ("/graphql", "/api/graphql")
CONTROL = "/_simulator/"
#: What may be asked however often.
FREE = "/rate_limit"


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request as the log keeps it: no token, no body, no query."""

    method: str
    path: str
    status: int


class Application:
    """A simulated GitHub as an ASGI application; ``load`` builds its world, now and at each reset."""

    world: World
    issuer: Issuer
    faults: Faults
    limits: Limits

    def __init__(self, load: Callable[[], World]) -> None:
        self._load = load
        self.router = Router(OPERATIONS)
        self.watchers: list[Watcher] = []
        self.requests: list[LoggedRequest] = []
        self.faults = Faults()
        self.limits = Limits()
        self.reset()

    def reset(self) -> None:
        """Back to the world as it was loaded, with an empty log, no faults and the usual limits."""
        self.world = self._load()
        self.issuer = Issuer()
        self.requests.clear()
        self.faults.clear()
        self.limits.reset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request over HTTP, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        content = await _read(receive)
        fault = self._fault(scope, content) if self.faults else None
        if fault is not None:
            await self._strike(fault, scope, content, receive, send)
            return
        answer = self._answer(scope, content)
        await _send(send, answer, with_body=scope["method"] != "HEAD")

    def _fault(self, scope: Scope, content: bytes) -> Fault | None:
        raw, prefix = _split(scope)
        path = raw[len(prefix) :]
        return (
            None
            if path.startswith(CONTROL)
            else self.faults.striking(scope["method"], path, content)
        )

    async def _strike(
        self, fault: Fault, scope: Scope, content: bytes, receive: Receive, send: Send
    ) -> None:
        if fault.delay:
            await connections.wait(scope, fault.delay)
        if fault.drop == "before":
            await connections.drop(scope, receive)
            return
        answer = self._answer(scope, content, fault.refusal())
        if fault.truncate:
            await _send_half(send, answer)
        if fault.truncate or fault.drop:
            await connections.drop(scope, receive)
        else:
            await _send(send, answer, with_body=scope["method"] != "HEAD")

    def _answer(self, scope: Scope, content: bytes, refusal: Response | None = None) -> Response:
        raw, prefix = _split(scope)
        path, method = raw[len(prefix) :], scope["method"]
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        origin = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"
        if path.startswith(CONTROL):
            return control.answer(self, method, path, content, origin)
        query, links = dict(parse_qsl(scope["query_string"].decode(), True)), Links(origin, prefix)
        request = Request(self.world, method, path, query, headers, links, limits=self.limits)
        if refusal is not None:
            answer = self._finished(request, None, refusal)
        elif path.endswith(git_http.ENDINGS) and git_http.is_git(method, path):
            answer = git_http.answer(request, content, self.limits)
        elif path.startswith(identity_tokens.PREFIX):
            answer = self.issuer.respond(request)
        else:
            answer = self._guarded(request, content)
        self._remember(request, raw, answer)
        return answer

    def _remember(self, request: Request, path: str, answer: Response) -> None:
        self.requests.append(LoggedRequest(request.method, path, answer.status))
        if request.method in ("GET", "HEAD") or (
            request.method == "POST" and path.endswith(git_http.READING)
        ):
            return
        self.world.clock.tick()
        for watch in self.watchers:
            watch(self.world, request.method, path, answer.status)

    def _guarded(self, request: Request, content: bytes) -> Response:
        operation: Operation | None = None
        try:
            request.token = self._token(request.headers.get("authorization"))
            if request.path != FREE:
                self.limits.count(request.who)
            if request.path in GRAPHQL:
                return self._finished(request, None, graphql.answer(request, _json(content)))
            operation = self._operation(request)
            return self._finished(request, operation, _run(operation, request, content))
        except APIError as error:
            return self._finished(
                request, operation, Response(error.status, error.body, error.headers)
            )

    def _operation(self, request: Request) -> Operation:
        found = self.router.find(request.method, request.path)
        if found is None:
            raise NotFound(
                f"The simulated GitHub does not serve {request.method} {request.path}. "
                "An operation is added to the table in simulated_github/operations/."
            )
        operation, request.params = found
        return operation

    def _token(self, header: str | None) -> Token | None:
        if not header:
            return None
        kind, _, value = header.partition(" ")
        token = (
            self.world.tokens.get(value.strip()) if kind.lower() in ("bearer", "token") else None
        )
        if token is None:
            raise BadCredentials
        self.limits.present(value.strip())
        return token

    def _finished(
        self, request: Request, operation: Operation | None, answer: Response
    ) -> Response:
        if request.method in ("GET", "HEAD") and answer.status == 200:
            answer = self._tagged(request, answer)
        headers = (
            answer.headers | self.limits.headers(request.who) | _granted(request.token, operation)
        )
        return Response(answer.status, answer.body, headers)

    def _tagged(self, request: Request, answer: Response) -> Response:
        """With its entity tag; a 304 where the sender has it, which costs nothing of a token's allowance."""
        content = json.dumps(answer.body, separators=(",", ":")).encode()
        headers = answer.headers | {"etag": f'W/"{hashlib.sha256(content).hexdigest()}"'}
        if headers["etag"] not in request.headers.get("if-none-match", ""):
            return Response(200, content, headers)
        if request.token is not None and request.path != FREE:
            self.limits.give_back(request.who)
        return Response(304, None, headers)


def _split(scope: Scope) -> tuple[str, str]:
    """The path as it was sent, and the prefix that it begins with."""
    raw = scope.get("raw_path", scope["path"].encode()).decode("ascii").partition("?")[0]
    return raw, next((prefix for prefix in PREFIXES if raw.startswith(f"{prefix}/")), "")


def _run(operation: Operation, request: Request, content: bytes) -> Response:
    operation.requires.check(request)
    if operation.body is not None:
        request.body = check(operation.body, _json(content))
    return operation.handler(request)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content.strip() else {}
    except ValueError:
        raise BadRequest("Problems parsing JSON") from None


def _granted(token: Token | None, operation: Operation | None) -> dict[str, str]:
    if token is None:
        return {}
    if token.installation is not None:
        needed = operation.requires.permission.replace(":", "=") if operation else ""
        return {"x-accepted-github-permissions": needed} if needed else {}
    accepted = ", ".join(operation.requires.scopes) if operation else ""
    return {"x-oauth-scopes": ", ".join(sorted(token.scopes)), "x-accepted-oauth-scopes": accepted}


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, answer: Response, *, with_body: bool) -> None:
    content = _content(answer)
    await send(_start(answer, len(content)))
    await send({"type": "http.response.body", "body": content if with_body else b""})


async def _send_half(send: Send, answer: Response) -> None:
    """The whole answer is announced, and half of it comes; of an answer without a body, nothing does."""
    content = _content(answer)
    if content:
        await send(_start(answer, len(content)))
        await send(
            {"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True}
        )


def _content(answer: Response) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    return b"" if answer.body is None else json.dumps(answer.body).encode()


def _start(answer: Response, length: int) -> MutableMapping[str, Any]:
    empty = answer.body is None
    headers = (
        {"content-type": "application/json; charset=utf-8"} | answer.headers
        if not empty
        else dict(answer.headers)
    )
    headers["x-github-media-type"] = "github.v3; format=json"
    if answer.status not in (204, 304):
        headers["content-length"] = str(length)
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": answer.status, "headers": encoded}


async def _lifespan(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] != "lifespan.shutdown":
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
