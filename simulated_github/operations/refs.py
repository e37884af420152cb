"""Git refs: branches and tags."""

from simulated_github.errors import Conflict, NotFound, ValidationFailed
from simulated_github.git.objects import is_ref_name
from simulated_github.http.fields import body, flag, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations import pushes
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.shapes import git_objects

_NAMESPACES = ("refs/heads/", "refs/tags/")


def _find_ref(request: Request) -> str:
    """Return the full name of the path's ref, which may omit `refs/`; raise NotFound."""
    name = "refs/" + request.params["ref"].removeprefix("refs/")
    if name not in request.repository.git.refs:
        raise NotFound
    return name


def _get(request: Request) -> Response:
    return ok(git_objects.git_ref(request.links, request.repository, _find_ref(request)))


def _list_matching(request: Request) -> Response:
    repository = request.repository
    start = "refs/" + request.params["ref"].removeprefix("refs/")
    if not repository.git.refs:
        raise Conflict("Git Repository is empty.")
    matching = sorted(name for name in repository.git.refs if name.startswith(start))
    return page(
        request, matching, lambda name: git_objects.git_ref(request.links, repository, name)
    )


def _create(request: Request) -> Response:
    repository = request.repository
    name = request.body["ref"]
    sha = request.body["sha"]
    if not repository.git.refs:
        raise Conflict("Git Repository is empty.")
    if not name.startswith(_NAMESPACES) or not is_ref_name(name):
        raise ValidationFailed(f"{name} is not a valid ref name.")
    if name in repository.git.refs:
        raise ValidationFailed("Reference already exists")
    _move(request, name, _check_object(repository, name, sha))
    return created(git_objects.git_ref(request.links, repository, name))


def _check_object(repository: Repository, name: str, sha: str) -> str:
    git_object = repository.git.find(sha)
    if git_object is None:
        raise ValidationFailed("Object does not exist")
    if name.startswith("refs/heads/") and git_object.type_name != b"commit":
        raise ValidationFailed("Object is not a commit")
    return sha


def _move(request: Request, name: str, sha: str | None) -> None:
    change = pushes.describe_change(request.repository, name, sha)
    pushes.move_ref(request.world, request.require_token(), request.repository, change)


def _require_ref(request: Request) -> str:
    try:
        return _find_ref(request)
    except NotFound:
        raise ValidationFailed("Reference does not exist") from None


def _update(request: Request) -> Response:
    repository = request.repository
    name = _require_ref(request)
    sha = _check_object(repository, name, request.body["sha"])
    if pushes.describe_change(repository, name, sha).forced and not request.body.get("force"):
        raise ValidationFailed("Update is not a fast forward")
    _move(request, name, sha)
    return ok(git_objects.git_ref(request.links, repository, name))


def _delete(request: Request) -> Response:
    name = _require_ref(request)
    if name == request.repository.default_ref:
        raise ValidationFailed("Cannot delete the default branch")
    _move(request, name, None)
    return no_content()


_PATH = "/repos/{owner}/{repo}/git"
_READ = OnRepository(Role.READ, "contents:read")
_WRITE = OnRepository(Role.WRITE, "contents:write", hides=True)

operations = [
    Operation("git/get-ref", "GET", f"{_PATH}/ref/{{ref...}}", _get, _READ),
    Operation(
        "git/list-matching-refs", "GET", f"{_PATH}/matching-refs/{{ref...}}", _list_matching, _READ
    ),
    Operation(
        "git/create-ref",
        "POST",
        f"{_PATH}/refs",
        _create,
        _WRITE,
        body(ref=text(required=True), sha=text(required=True)),
    ),
    Operation(
        "git/update-ref",
        "PATCH",
        f"{_PATH}/refs/{{ref...}}",
        _update,
        _WRITE,
        body(sha=text(required=True), force=flag()),
    ),
    Operation("git/delete-ref", "DELETE", f"{_PATH}/refs/{{ref...}}", _delete, _WRITE),
]
