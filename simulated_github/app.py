"""The ASGI application: reads a request, finds its operation, checks what it needs and sends the answer.

Plain ASGI, so that nothing stands between the server and the table of operations.
"""

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from simulated_github import control, graphql
from simulated_github.answers import Answer
from simulated_github.errors import BadCredentials, BadRequest, GitHubError, NotFound
from simulated_github.fields import check
from simulated_github.operations import OPERATIONS
from simulated_github.records.people import Token
from simulated_github.request import Request
from simulated_github.routing import Operation, Router
from simulated_github.shapes.links import Links
from simulated_github.world import World

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Watcher = Callable[[World, str, str, int], None]

PREFIXES = ("/api/v3",)
GRAPHQL = ("/graphql", "/api/graphql")
RATE_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as the log keeps it: no token, no body, no query."""

    method: str
    path: str
    status: int


class Application:
    """A simulated GitHub as an ASGI application; ``load`` builds its world, now and at each reset."""

    def __init__(self, load: Callable[[], World]) -> None:
        self._load = load
        self.router = Router(OPERATIONS)
        self.watchers: list[Watcher] = []
        self.requests: list[Logged] = []
        self.reset()

    def reset(self) -> None:
        """Back to the world as it was loaded, with an empty log."""
        self.world = self._load()
        self.requests.clear()
        self.used: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request over HTTP, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        content = await _read(receive)
        answer = self._answer(scope, content)
        await _send(send, answer, with_body=scope["method"] != "HEAD")

    def _answer(self, scope: Scope, content: bytes) -> Answer:
        raw = scope.get("raw_path", scope["path"].encode()).decode("ascii").partition("?")[0]
        prefix = next((p for p in PREFIXES if raw.startswith(f"{p}/")), "")
        path, method = raw[len(prefix) :], scope["method"]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"
        if path.startswith("/_simulator/"):
            return control.answer(self, method, path)
        request = Request(
            self.world, method, path, dict(parse_qsl(scope["query_string"].decode(), True)), headers, Links(origin, prefix)
        )
        answer = self._guarded(request, content)
        self._remember(request, raw, answer)
        return answer

    def _remember(self, request: Request, path: str, answer: Answer) -> None:
        self.requests.append(Logged(request.method, path, answer.status))
        if request.method in ("GET", "HEAD"):
            return
        self.world.clock.tick()
        for watch in self.watchers:
            watch(self.world, request.method, path, answer.status)

    def _guarded(self, request: Request, content: bytes) -> Answer:
        operation: Operation | None = None
        try:
            request.token = self._token(request.headers.get("authorization"))
            if request.path in GRAPHQL:
                return self._finished(request, None, graphql.answer(request, _json(content)))
            operation = self._operation(request)
            return self._finished(request, operation, _run(operation, request, content))
        except GitHubError as error:
            return self._finished(request, operation, Answer(error.status, error.body, error.headers))

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
        token = self.world.tokens.get(value.strip()) if kind.lower() in ("bearer", "token") else None
        if token is None:
            raise BadCredentials
        return token

    def _finished(self, request: Request, operation: Operation | None, answer: Answer) -> Answer:
        headers = answer.headers | self._limits(request) | _granted(request.token, operation)
        if request.method not in ("GET", "HEAD") or answer.status != 200:
            return Answer(answer.status, answer.body, headers)
        content = json.dumps(answer.body, separators=(",", ":")).encode()
        headers["etag"] = f'W/"{hashlib.sha256(content).hexdigest()}"'
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Answer(304, None, headers)
        return Answer(200, content, headers)

    def _limits(self, request: Request) -> dict[str, str]:
        """Source: GitHub's docs, "Rate limits for the REST API"; a 304 counts here as any answer does."""
        who = request.token.user.login if request.token else ""
        self.used[who] = used = self.used.get(who, 0) + 1
        return {
            "x-ratelimit-limit": str(RATE_LIMIT),
            "x-ratelimit-remaining": str(RATE_LIMIT - used),
            "x-ratelimit-used": str(used),
            "x-ratelimit-reset": str(int(time.time()) // 3600 * 3600 + 3600),
            "x-ratelimit-resource": "core",
        }


def _run(operation: Operation, request: Request, content: bytes) -> Answer:
    operation.needs.check(request)
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
        needed = operation.needs.permission.replace(":", "=") if operation else ""
        return {"x-accepted-github-permissions": needed} if needed else {}
    accepted = ", ".join(operation.needs.scopes) if operation else ""
    return {"x-oauth-scopes": ", ".join(sorted(token.scopes)), "x-accepted-oauth-scopes": accepted}


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, answer: Answer, *, with_body: bool) -> None:
    empty = answer.body is None
    content = answer.body if isinstance(answer.body, bytes) else b"" if empty else json.dumps(answer.body).encode()
    headers = {"content-type": "application/json; charset=utf-8"} | answer.headers if not empty else dict(answer.headers)
    headers["x-github-media-type"] = "github.v3; format=json"
    if answer.status not in (204, 304):
        headers["content-length"] = str(len(content))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": content if with_body else b""})


async def _lifespan(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] != "lifespan.shutdown":
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
