"""Tests of creating git objects.

Source: GitHub's docs, REST pages "Git blobs", "trees", "commits" and "tags".
"""

import base64
from typing import Any

import httpx

from simulated_github.server import create_app
from simulated_github.world.world_file import parse
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_tag,
    expect_ok,
    expect_refusal,
    get_head,
)
from tests.simulated_github.helpers.checked_transport import connect

GIT = f"{HTTPX}/git"


def get_tree_sha(owner: httpx.Client) -> str:
    sha: str = expect_ok(owner.get(f"{GIT}/commits/{get_head(owner)}"))["tree"]["sha"]
    return sha


def create_tree(
    owner: httpx.Client, *entries: dict[str, Any], base: str | None = None
) -> httpx.Response:
    return owner.post(
        f"{GIT}/trees", json={"tree": list(entries), "base_tree": base or get_tree_sha(owner)}
    )


def test_create_a_commit_from_blob_and_tree(owner: httpx.Client) -> None:
    blob = expect_ok(
        owner.post(
            f"{GIT}/blobs", json={"content": base64.b64encode(b"hi").decode(), "encoding": "base64"}
        )
    )
    entry = {"path": "docs/hi", "mode": "100755", "type": "blob", "sha": blob["sha"]}
    tree = expect_ok(
        create_tree(owner, entry, {"path": "a", "mode": "100644", "type": "blob", "content": "b"})
    )
    body = {"message": "By hand", "tree": tree["sha"], "parents": [get_head(owner)]}
    commit = expect_ok(owner.post(f"{GIT}/commits", json=body))

    expect_ok(owner.patch(f"{GIT}/refs/heads/main", json={"sha": commit["sha"]}))

    changed = expect_ok(owner.get(f"{HTTPX}/commits/{commit['sha']}"))["files"]
    assert [file["filename"] for file in changed] == ["a", "docs/hi"]
    assert base64.b64decode(expect_ok(owner.get(f"{GIT}/blobs/{blob['sha']}"))["content"]) == b"hi"


def test_list_a_tree_flat_or_recursively(owner: httpx.Client) -> None:
    flat = expect_ok(owner.get(f"{GIT}/trees/main"))
    deep = expect_ok(owner.get(f"{GIT}/trees/main", params={"recursive": "1"}))

    assert flat["sha"] == get_tree_sha(owner)
    assert {"scripts": "tree", "README.md": "blob"}.items() <= {
        e["path"]: e["type"] for e in flat["tree"]
    }.items()
    assert "scripts/install" in {entry["path"] for entry in deep["tree"]}


def test_an_entry_without_sha_deletes_the_file(owner: httpx.Client) -> None:
    tree = expect_ok(create_tree(owner, {"path": "README.md", "sha": None}))

    assert "README.md" not in {entry["path"] for entry in tree["tree"]}
    expect_refusal(create_tree(owner, {"path": "nothing", "sha": None}), 422, "does not exist")


def test_unknown_objects_are_refused(owner: httpx.Client) -> None:
    nothing = "0" * 40

    expect_refusal(create_tree(owner, {"path": "a", "sha": nothing}), 422, "is not a valid object")
    expect_refusal(create_tree(owner, base=nothing), 404, "Not Found")
    expect_refusal(
        owner.post(f"{GIT}/commits", json={"message": "x", "tree": nothing}),
        422,
        "Tree SHA does not exist",
    )
    body = {"message": "x", "tree": get_tree_sha(owner), "parents": [nothing]}
    expect_refusal(owner.post(f"{GIT}/commits", json=body), 422, "Parent SHA does not exist")
    body = {"tag": "1.0", "message": "x", "object": nothing, "type": "commit"}
    expect_refusal(owner.post(f"{GIT}/tags", json=body), 422, "Could not verify object")
    for kind in ("blobs", "trees", "commits", "tags"):
        expect_refusal(owner.get(f"{GIT}/{kind}/{nothing}"), 404, "Not Found")


def test_an_annotated_tag_resolves_to_its_commit(owner: httpx.Client) -> None:
    body = {"tag": "1.0", "message": "One", "object": get_head(owner), "type": "commit"}
    tag_object = expect_ok(owner.post(f"{GIT}/tags", json=body))

    assert expect_ok(create_tag(owner, "1.0", tag_object["sha"]))["object"]["type"] == "tag"
    assert get_head(owner) == expect_ok(owner.get(f"{HTTPX}/commits/1.0"))["sha"]
    tag = expect_ok(owner.get(f"{GIT}/tags/{tag_object['sha']}"))
    assert tag["tag"] == "1.0"
    assert tag["message"] == "One"
    assert tag["tagger"]["name"] == "Owner 1"
    assert tag == tag_object


def test_a_branch_points_only_to_commits(owner: httpx.Client) -> None:
    body = {"ref": "refs/heads/next", "sha": get_tree_sha(owner)}

    expect_refusal(owner.post(f"{GIT}/refs", json=body), 422, "Object is not a commit")


def test_a_tree_with_a_workflow_file_needs_the_workflow_scope() -> None:
    """Source: octokit/rest.js issue 368: a 404 without it."""
    world = {
        "users": ["owner-1"],
        "file-sets": {"some": {"README.md": "x"}},
        "organizations": {
            "encode": {"owners": ["owner-1"], "repositories": {"httpx": {"files": "some"}}}
        },
        "tokens": {"token-limited": {"user": "owner-1", "scopes": ["repo"]}},
    }
    limited = connect(create_app(parse(world)), {"authorization": "Bearer token-limited"})

    expect_refusal(
        create_tree(limited, {"path": ".github/workflows/x.yml", "content": "on: push"}),
        404,
        "Not Found",
    )
    expect_ok(create_tree(limited, {"path": ".github/x.yml", "content": "on: push"}))
