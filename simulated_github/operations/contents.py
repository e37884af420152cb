"""Files of a repository, one at a time; each write is a commit."""

import base64
import binascii
from typing import Any

from simulated_github.errors import Conflict, NotFound, ValidationFailed
from simulated_github.git.objects import Entry, PathError
from simulated_github.http.fields import PERSON, body, record, text
from simulated_github.http.request import Request, parse_signature
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, ok
from simulated_github.http.routing import Operation
from simulated_github.operations import pushes
from simulated_github.records.roles import Role
from simulated_github.shapes import contents, git_objects


def _get(request: Request) -> Response:
    repository = request.repository
    path = request.params["path"].strip("/")
    ref = request.query.get("ref") or repository.default_branch
    commit = repository.git.resolve(ref)
    if commit is None:
        if not repository.git.refs:
            raise NotFound("This repository is empty.")
        raise NotFound(f"No commit found for the ref {ref}")
    entry = repository.git.entry(commit, path)
    if entry is None:
        raise NotFound
    if entry.is_directory:
        return ok(
            [
                contents.content_entry(request.links, repository, e, ref)
                for e in repository.git.children(commit, path)
            ]
        )
    return ok(contents.content_file(request.links, repository, entry, ref))


def _put(request: Request) -> Response:
    path = request.params["path"].strip("/")
    fields = request.body
    try:
        data = base64.b64decode("".join(fields["content"].split()), validate=True)
    except binascii.Error:
        raise ValidationFailed("content is not valid Base64") from None
    current = _find_entry(request, path)
    if current is not None:
        _check_sha(current, fields.get("sha"), path)
    commit = _commit(request, {path: data}, fields.get("message") or f"Update {path}")
    respond = ok if current is not None else created
    return respond(_describe_write(request, path, commit))


def _delete(request: Request) -> Response:
    path = request.params["path"].strip("/")
    current = _find_entry(request, path)
    if current is None:
        raise NotFound
    _check_sha(current, request.body["sha"], path)
    commit = _commit(request, {path: None}, request.body["message"])
    return ok(
        {
            "content": None,
            "commit": git_objects.git_commit(request.links, request.repository, commit),
        }
    )


def _describe_write(request: Request, path: str, commit: str) -> dict[str, Any]:
    repository = request.repository
    entry = repository.git.entry(commit, path)
    content = (
        contents.content_entry(request.links, repository, entry, _target_branch(request))
        if entry
        else None
    )
    return {"content": content, "commit": git_objects.git_commit(request.links, repository, commit)}


def _target_branch(request: Request) -> str:
    branch: str = (
        request.body.get("branch")
        or request.query.get("branch")
        or request.repository.default_branch
    )
    return branch.removeprefix("refs/heads/")


def _find_entry(request: Request, path: str) -> Entry | None:
    repository = request.repository
    branch = _target_branch(request)
    head = repository.git.refs.get(f"refs/heads/{branch}")
    if head is None:
        if not repository.git.refs:
            return None
        raise NotFound(f"Branch {branch} not found")
    return repository.git.entry(head, path)


def _check_sha(current: Entry, sha: str | None, path: str) -> None:
    """Raise ValidationFailed or Conflict when the file to replace does not have this SHA.

    Source: GitHub's responses: 422 for an existing file without a SHA, 409 for another SHA.
    """
    if current.is_directory:
        raise ValidationFailed(f"{path} is a directory")
    if sha is None:
        raise ValidationFailed('Invalid request.\n\n"sha" wasn\'t supplied.')
    if sha != current.sha:
        raise Conflict(f"{path} does not match {sha}")


def _commit(request: Request, changes: dict[str, bytes | None], message: str) -> str:
    repository = request.repository
    ref = f"refs/heads/{_target_branch(request)}"
    head = repository.git.refs.get(ref)
    author = parse_signature(request, "author")
    committer = parse_signature(request, "committer") if "committer" in request.body else author
    try:
        commit = repository.git.commit((head,) if head else (), changes, message, author, committer)
    except PathError as error:
        raise ValidationFailed(f"path is invalid: {error}") from None
    pushes.move_ref(
        request.world,
        request.require_token(),
        repository,
        pushes.describe_change(repository, ref, commit),
        Conflict,
    )
    return commit


_PATH = "/repos/{owner}/{repo}/contents/{path...}"
_WRITE = OnRepository(Role.WRITE, "contents:write", hides=True)
_COMMON = {"branch": text(), "author": record(PERSON), "committer": record(PERSON)}


operations = [
    Operation("repos/get-content", "GET", _PATH, _get, OnRepository(Role.READ, "contents:read")),
    Operation(
        "repos/create-or-update-file-contents",
        "PUT",
        _PATH,
        _put,
        _WRITE,
        body(
            message=text(required=True),
            content=text(required=True),
            sha=text(nullable=True),
            **_COMMON,
        ),
    ),
    Operation(
        "repos/delete-file",
        "DELETE",
        _PATH,
        _delete,
        _WRITE,
        body(
            message=text(required=True),
            sha=text(required=True),
            content=text(nullable=True),
            **_COMMON,
        ),
    ),
]
