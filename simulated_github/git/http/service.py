"""Git's requests over HTTP: authentication, permissions, refusals, and the list of refs.

Sources: git's documentation, "gitprotocol-http"; GitHub's docs, "About authentication to GitHub" (a
token in place of the password, any user name); the messages are those that git prints after
`remote:` for GitHub, from public issue threads.
"""

import base64
import binascii
import gzip
import re
import zlib
from io import BytesIO

from simulated_github.errors import BadCredentials
from simulated_github.git.http.pkt_lines import FLUSH, ProtocolError, line
from simulated_github.git.http.receive_pack import receive
from simulated_github.git.http.upload_pack import upload
from simulated_github.git.objects import ZERO_SHA
from simulated_github.http.limits import Limits
from simulated_github.http.request import Request
from simulated_github.http.responses import Response
from simulated_github.records.accounts import Token
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access

UPLOAD = "git-upload-pack"
RECEIVE = "git-receive-pack"
#: The ends of the paths of git's requests, for a quick test before `is_git`.
ENDINGS = ("/info/refs", f"/{UPLOAD}", f"/{RECEIVE}")
_PATH = re.compile(
    r"/(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?"
    r"/(?P<endpoint>info/refs|git-upload-pack|git-receive-pack)\Z"
)
_MAXIMUM_BODY = 256 * 2**20  # bytes, after decompression
_TEXT = {"content-type": "text/plain; charset=utf-8"}
_NO_CACHE = {
    "cache-control": "no-cache, max-age=0, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
}
_AGENT = "agent=simulated-github"
_CAPABILITIES = {
    UPLOAD: (
        "multi_ack_detailed thin-pack side-band-64k ofs-delta shallow no-progress include-tag "
        "allow-tip-sha1-in-want allow-reachable-sha1-in-want"
    ),
    RECEIVE: "report-status delete-refs side-band-64k quiet atomic ofs-delta",
}
WRONG_TOKEN = (
    "Invalid username or token. Password authentication is not supported for Git operations."
)


class GitRefusedError(Exception):
    """A refused request: a status and a message for git to print."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def is_git(method: str, path: str) -> bool:
    """Return whether a request is git's: for the refs, or to one of the two services."""
    match = _PATH.match(path)
    return match is not None and method == ("GET" if match["endpoint"] == "info/refs" else "POST")


def is_fetch(method: str, path: str) -> bool:
    """Return whether a request is a fetch: a POST that changes nothing."""
    return method == "POST" and path.endswith(f"/{UPLOAD}")


def respond(request: Request, content: bytes, limits: Limits) -> Response:
    """Return the response to git's request; a refusal is plain text, which git prints."""
    match = _PATH.match(request.path)
    if match is None:
        return _text(404, "Not Found")
    is_listing = match["endpoint"] == "info/refs"
    service = request.query.get("service", "") if is_listing else match["endpoint"]
    try:
        request.token = _find_token(request, limits)
        if service not in (UPLOAD, RECEIVE):
            raise GitRefusedError(403, "Please upgrade your git client.")
        repository = _find_repository(request, match["owner"], match["name"])
        if repository.full_name.lower() != f"{match['owner']}/{match['name']}".lower():
            return _redirect(request, repository, match["endpoint"])
        _check(request, repository, service)
        return _serve(request, repository, service, None if is_listing else content)
    except GitRefusedError as error:
        return _text(error.status, error.message)
    except ProtocolError as error:
        return _text(400, f"This is not the git protocol: {error}.")


def _text(status: int, message: str) -> Response:
    challenge = {"www-authenticate": 'Basic realm="GitHub"'} if status == 401 else {}
    return Response(status, f"{message}\n".encode(), _TEXT | challenge)


def _find_token(request: Request, limits: Limits) -> Token | None:
    """Return the token in the password, or in the user name with the password `x-oauth-basic`.

    Raise GitRefusedError for an unknown or expired one.
    """
    header = request.headers.get("authorization")
    if not header:
        return None
    kind, _, value = header.partition(" ")
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise GitRefusedError(401, WRONG_TOKEN) from None
    text = name if password in ("", "x-oauth-basic") else password
    token = request.world.tokens.get(text) if kind.lower() == "basic" else None
    if token is None:
        raise GitRefusedError(401, WRONG_TOKEN)
    try:
        limits.use_token(text)
    except BadCredentials:
        raise GitRefusedError(401, WRONG_TOKEN) from None
    return token


def _find_repository(request: Request, owner: str, name: str) -> Repository:
    """Return the repository of a present or former name.

    Raise GitRefusedError when the token may not see it: without a token a 401, otherwise a 404.
    """
    repository = request.world.repository(owner, name) or request.world.redirect_target(owner, name)
    if repository is not None and request.role_on(repository) >= Role.READ:
        return repository
    if request.token is None:
        raise GitRefusedError(401, "Authentication is required.")
    raise GitRefusedError(404, "Repository not found.")


def _redirect(request: Request, repository: Repository, endpoint: str) -> Response:
    query = f"?service={request.query['service']}" if "service" in request.query else ""
    path = (repository.owner.login, f"{repository.name}.git", *endpoint.split("/"))
    return Response(301, b"", {"location": request.links.html(*path) + query} | _TEXT)


def _check(request: Request, repository: Repository, service: str) -> None:
    """Check the user's role and the token's scope or permission."""
    token = request.token
    if service == UPLOAD:
        if repository.private and token is not None and not _allows(token, "contents:read"):
            raise GitRefusedError(403, "Write access to repository not granted.")
        return
    if token is None:
        raise GitRefusedError(401, "Authentication is required.")
    if request.role_on(repository) < Role.WRITE or not _allows(token, "contents:write"):
        raise GitRefusedError(
            403, f"Permission to {repository.full_name}.git denied to {token.user.login}."
        )
    if repository.archived:
        raise GitRefusedError(403, "This repository was archived so it is read-only.")


def _allows(token: Token, permission: str) -> bool:
    return access.token_allows(token, permission, ("repo", "public_repo"))


def _serve(
    request: Request, repository: Repository, service: str, content: bytes | None
) -> Response:
    """Return the refs when there is no content, otherwise the response of the service."""
    if content is None:
        kind = "advertisement"
        body = _advertise(repository, service)
    else:
        kind = "result"
        data = _decompress(request, content)
        is_fetching = service == UPLOAD
        body = upload(repository.git, data) if is_fetching else receive(request, repository, data)
    return Response(200, body, {"content-type": f"application/x-{service}-{kind}"} | _NO_CACHE)


def _advertise(repository: Repository, service: str) -> bytes:
    """Return the response to `info/refs`: the refs and the server's capabilities."""
    refs = _advertised_refs(repository, service) or [(ZERO_SHA, "capabilities^{}")]
    (sha, name), *remaining = refs
    first = line(f"{sha} {name}\0{_server_capabilities(repository, service)}\n")
    lines = [first, *(line(f"{sha} {name}\n") for sha, name in remaining)]
    return line(f"# service={service}\n") + FLUSH + b"".join(lines) + FLUSH


def _server_capabilities(repository: Repository, service: str) -> str:
    head = (
        f" symref=HEAD:{repository.default_ref}"
        if service == UPLOAD and _has_head(repository)
        else ""
    )
    return f"{_CAPABILITIES[service]} object-format=sha1{head} {_AGENT}"


def _has_head(repository: Repository) -> bool:
    return repository.default_ref in repository.git.refs


def _advertised_refs(repository: Repository, service: str) -> list[tuple[str, str]]:
    """Return the sha and name of every ref; for a fetch, also HEAD and the commits of tags."""
    git = repository.git
    refs: list[tuple[str, str]] = []
    if service == UPLOAD and _has_head(repository):
        refs.append((git.refs[repository.default_ref], "HEAD"))
    for name, sha in sorted(git.refs.items()):
        refs.append((sha, name))
        commit = git.peel(sha)
        if service == UPLOAD and commit is not None and commit != sha:
            refs.append((commit, f"{name}^{{}}"))
    return refs


def _decompress(request: Request, content: bytes) -> bytes:
    if request.headers.get("content-encoding") not in ("gzip", "x-gzip"):
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as file:
            data = file.read(_MAXIMUM_BODY + 1)
    except (OSError, EOFError, zlib.error):
        raise ProtocolError("the body is not gzip") from None
    if len(data) > _MAXIMUM_BODY:
        raise GitRefusedError(413, "The push is too large.")
    return data
