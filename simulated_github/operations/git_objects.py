"""Git objects: blobs, trees, commits and annotated tags."""

import base64
import binascii
from typing import Any

from dulwich.objects import Blob, Commit, ObjectID, Tag, Tree

from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.git.objects import EXECUTABLE_MODE, FILE_MODE, PathError
from simulated_github.http.fields import PERSON, Record, Text, body, list_of, record, text
from simulated_github.http.request import Request, parse_signature
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, ok
from simulated_github.http.routing import Operation
from simulated_github.operations import pushes
from simulated_github.records.roles import Role
from simulated_github.shapes import git_objects


def _get_commit(request: Request) -> Response:
    repository = request.repository
    sha = request.params["sha"]
    if not isinstance(repository.git.find(sha), Commit):
        raise NotFound
    return ok(git_objects.git_commit(request.links, repository, sha))


def _create_commit(request: Request) -> Response:
    store = request.repository.git
    fields = request.body
    if not isinstance(store.find(fields["tree"]), Tree):
        raise ValidationFailed("Tree SHA does not exist")
    parents = tuple(fields.get("parents", ()))
    if any(not isinstance(store.find(parent), Commit) for parent in parents):
        raise ValidationFailed("Parent SHA does not exist or is not a commit object")
    author = parse_signature(request, "author")
    committer = parse_signature(request, "committer") if "committer" in fields else author
    sha = store.commit_tree(parents, fields["tree"], fields["message"], author, committer)
    return created(git_objects.git_commit(request.links, request.repository, sha))


def _get_tree(request: Request) -> Response:
    repository = request.repository
    name = request.params["sha"]
    commit = repository.git.resolve(name)
    sha = repository.git.tree_sha(commit) if commit else name
    if not isinstance(repository.git.find(sha), Tree):
        raise NotFound
    return ok(
        git_objects.tree(request.links, repository, sha, recursive="recursive" in request.query)
    )


def _create_tree(request: Request) -> Response:
    """Create a tree; 404 for a workflow file when the token lacks the `workflow` scope.

    Source: octokit/rest.js issue 368.
    """
    store = request.repository.git
    fields = request.body
    pushes.check_workflow_paths(request.require_token(), (item["path"] for item in fields["tree"]))
    base = fields.get("base_tree")
    if base is not None:
        base = store.tree_sha(base) if isinstance(store.find(base), Commit) else base
        if not isinstance(store.find(base), Tree):
            raise NotFound
    changes = [_tree_entry(request, item) for item in fields["tree"]]
    try:
        sha = store.change_entries(base, changes)
    except PathError as error:
        raise ValidationFailed(f"tree.path is invalid: {error}") from None
    return created(git_objects.tree(request.links, request.repository, sha, recursive=False))


def _tree_entry(request: Request, item: dict[str, Any]) -> tuple[str, int | None, str | None]:
    store = request.repository.git
    if "content" in item:
        return item["path"], _mode(item), store.add(Blob.from_string(item["content"].encode()))
    if item.get("sha") is None:
        return item["path"], None, None
    if store.find(item["sha"]) is None:
        raise ValidationFailed(f"tree.sha {item['sha']} is not a valid object")
    return item["path"], _mode(item), item["sha"]


def _mode(item: dict[str, Any]) -> int:
    return {"100755": EXECUTABLE_MODE, "040000": 0o40000, "120000": 0o120000}.get(
        item.get("mode", ""), FILE_MODE
    )


def _get_blob(request: Request) -> Response:
    repository = request.repository
    sha = request.params["sha"]
    blob = repository.git.find(sha)
    if not isinstance(blob, Blob):
        raise NotFound
    return ok(git_objects.blob(request.links, repository, sha, blob.data))


def _create_blob(request: Request) -> Response:
    content = request.body["content"].encode()
    if request.body.get("encoding") == "base64":
        try:
            content = base64.b64decode(content)
        except binascii.Error:
            raise ValidationFailed("content is not valid Base64") from None
    sha = request.repository.git.add(Blob.from_string(content))
    return created(git_objects.blob_address(request.links, request.repository, sha))


def _get_tag(request: Request) -> Response:
    repository = request.repository
    sha = request.params["sha"]
    tag = repository.git.find(sha)
    if not isinstance(tag, Tag):
        raise NotFound
    return ok(git_objects.git_tag(request.links, repository, sha, tag))


def _create_tag(request: Request) -> Response:
    store = request.repository.git
    fields = request.body
    target = store.find(fields["object"])
    if target is None or target.type_name.decode() != fields["type"]:
        raise ValidationFailed("Could not verify object")
    tagger = parse_signature(request, "tagger")
    tag = Tag()
    tag.name = fields["tag"].encode()
    tag.message = fields["message"].encode()
    tag.object = (type(target), ObjectID(fields["object"].encode()))
    tag.tagger = tagger.line
    tag.tag_time = tagger.seconds
    tag.tag_timezone = 0
    return created(git_objects.git_tag(request.links, request.repository, store.add(tag), tag))


_PATH = "/repos/{owner}/{repo}/git"
_READ = OnRepository(Role.READ, "contents:read")
_WRITE = OnRepository(Role.WRITE, "contents:write", hides=True)
_TREE_ENTRY = Record(
    {
        "path": text(required=True),
        "mode": text("100644", "100755", "040000", "160000", "120000"),
        "type": text("blob", "tree", "commit"),
        "sha": text(nullable=True),
        "content": text(),
    }
)
_COMMIT = body(
    message=text(required=True),
    tree=text(required=True),
    parents=list_of(Text()),
    author=record(PERSON),
    committer=record(PERSON),
)
_TAG = body(
    tag=text(required=True),
    message=text(required=True),
    object=text(required=True),
    type=text("commit", "tree", "blob", required=True),
    tagger=record(PERSON),
)

operations = [
    Operation("git/get-commit", "GET", f"{_PATH}/commits/{{sha}}", _get_commit, _READ),
    Operation("git/create-commit", "POST", f"{_PATH}/commits", _create_commit, _WRITE, _COMMIT),
    Operation("git/get-tree", "GET", f"{_PATH}/trees/{{sha...}}", _get_tree, _READ),
    Operation(
        "git/create-tree",
        "POST",
        f"{_PATH}/trees",
        _create_tree,
        _WRITE,
        body(tree=list_of(_TREE_ENTRY, required=True), base_tree=text(nullable=True)),
    ),
    Operation("git/get-blob", "GET", f"{_PATH}/blobs/{{sha}}", _get_blob, _READ),
    Operation(
        "git/create-blob",
        "POST",
        f"{_PATH}/blobs",
        _create_blob,
        _WRITE,
        body(content=text(required=True), encoding=text("utf-8", "base64")),
    ),
    Operation("git/get-tag", "GET", f"{_PATH}/tags/{{sha}}", _get_tag, _READ),
    Operation("git/create-tag", "POST", f"{_PATH}/tags", _create_tag, _WRITE, _TAG),
]
