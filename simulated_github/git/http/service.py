"""Which requests are git's, who sends them, and what they are told when they may not.

Sources: git's documentation, "gitprotocol-http"; GitHub's docs, "About authentication to GitHub" (a token in place of the
password, any user name); the sentences are those that git prints after ``remote:`` for GitHub, by public issue threads.
"""

import base64
import binascii
import gzip
import re
import zlib
from io import BytesIO

from simulated_github.git.http.advertisement import RECEIVE, UPLOAD, advertisement
from simulated_github.git.http.pkt_lines import ProtocolError
from simulated_github.git.http.receive_pack import receive
from simulated_github.git.http.upload_pack import upload
from simulated_github.http.limits import Limits
from simulated_github.http.request import Request
from simulated_github.http.responses import Response
from simulated_github.records.people import Token
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access

#: What the path of each of git's requests ends in; whatever else ends so is not git's unless the whole path is like it.
ENDINGS = ("/info/refs", f"/{UPLOAD}", f"/{RECEIVE}")
READING = f"/{UPLOAD}"
_PATH = re.compile(
    r"/(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/(?P<what>info/refs|git-upload-pack|git-receive-pack)\Z"
)
_LARGEST = 256 * 2**20  # bytes of a body after it was inflated
_TEXT = {"content-type": "text/plain; charset=utf-8"}
_NO_CACHE = {
    "cache-control": "no-cache, max-age=0, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
}
WRONG_TOKEN = (
    "Invalid username or token. Password authentication is not supported for Git operations."
)


class GitRefusedError(Exception):
    """A request of git that is refused: a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def is_git(method: str, path: str) -> bool:
    """Whether a request is git's: for the refs, or to one of the two services."""
    found = _PATH.match(path)
    return found is not None and method == ("GET" if found["what"] == "info/refs" else "POST")


def answer(request: Request, content: bytes, limits: Limits) -> Response:
    """What a request of git is answered; it is refused in plain text, which git shows."""
    found = _PATH.match(request.path)
    if found is None:
        return _text(404, "Not Found")
    service = request.query.get("service", "") if found["what"] == "info/refs" else found["what"]
    try:
        request.token = _token(request, limits)
        if service not in (UPLOAD, RECEIVE):
            raise GitRefusedError(403, "Please upgrade your git client.")
        repository = _repository(request, found["owner"], found["name"])
        if repository.full_name.lower() != f"{found['owner']}/{found['name']}".lower():
            return _moved(request, repository, found["what"])
        _check(request, repository, service)
        return _served(
            request, repository, service, None if found["what"] == "info/refs" else content
        )
    except GitRefusedError as error:
        return _text(error.status, error.sentence)
    except ProtocolError as error:
        return _text(400, f"This is not the git protocol: {error}.")


def _text(status: int, sentence: str) -> Response:
    challenge = {"www-authenticate": 'Basic realm="GitHub"'} if status == 401 else {}
    return Response(status, f"{sentence}\n".encode(), _TEXT | challenge)


def _token(request: Request, limits: Limits) -> Token | None:
    """The token that is sent as a password, or as the user name beside ``x-oauth-basic``; 401 for a wrong one."""
    header = request.headers.get("authorization")
    if not header:
        return None
    kind, _, value = header.partition(" ")
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise GitRefusedError(401, WRONG_TOKEN) from None
    text = name if password in ("", "x-oauth-basic") else password
    found = request.world.tokens.get(text) if kind.lower() == "basic" else None
    if found is None or not limits.is_good(text):
        raise GitRefusedError(401, WRONG_TOKEN)
    return found


def _repository(request: Request, owner: str, name: str) -> Repository:
    """The repository, also by a former name. What may not be seen is not there, and asks for a token first."""
    found = request.world.repository(owner, name) or request.world.moved(owner, name)
    if found is not None and request.role_on(found) >= Role.READ:
        return found
    if request.token is None:
        raise GitRefusedError(401, "Authentication is required.")
    raise GitRefusedError(404, "Repository not found.")


def _moved(request: Request, repository: Repository, what: str) -> Response:
    query = f"?service={request.query['service']}" if "service" in request.query else ""
    url = (
        request.links.html(repository.owner.login, f"{repository.name}.git", *what.split("/"))
        + query
    )
    return Response(301, b"", {"location": url} | _TEXT)


def _check(request: Request, repository: Repository, service: str) -> None:
    """Reading what is public needs nothing; pushing needs a role, and a token that carries it."""
    token = request.token
    if service == UPLOAD:
        if repository.private and token is not None and not _carries(token, "contents:read"):
            raise GitRefusedError(403, "Write access to repository not granted.")
        return
    if token is None:
        raise GitRefusedError(401, "Authentication is required.")
    if request.role_on(repository) < Role.WRITE or not _carries(token, "contents:write"):
        raise GitRefusedError(
            403, f"Permission to {repository.full_name}.git denied to {token.user.login}."
        )
    if repository.archived:
        raise GitRefusedError(403, "This repository was archived so it is read-only.")


def _carries(token: Token, permission: str) -> bool:
    if token.installation is not None:
        return access.has_permission(token.installation, permission)
    return bool(access.token_scopes(token) & {"repo", "public_repo"})


def _served(
    request: Request, repository: Repository, service: str, content: bytes | None
) -> Response:
    """The refs, where no content comes, or what the service answers to it."""
    if content is None:
        body, kind = advertisement(repository, service), "advertisement"
    else:
        sent, kind = _inflated(request, content), "result"
        body = (
            upload(repository.git, sent)
            if service == UPLOAD
            else receive(request, repository, sent)
        )
    return Response(200, body, {"content-type": f"application/x-{service}-{kind}"} | _NO_CACHE)


def _inflated(request: Request, content: bytes) -> bytes:
    if request.headers.get("content-encoding") not in ("gzip", "x-gzip"):
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as file:
            found = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise ProtocolError("the body is not gzip") from None
    if len(found) > _LARGEST:
        raise GitRefusedError(413, "The push is too large.")
    return found
