"""Tests of reading and writing files.

Source: GitHub's docs, REST page "Repository contents".
"""

import base64

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    encode_base64,
    expect_ok,
    expect_refusal,
    get_file_sha,
    write_file,
)
from tests.simulated_github.helpers.checked_transport import connect

README = f"{HTTPX}/contents/README.md"
WORKFLOW = ".github/workflows/new.yml"


def test_file_content_is_base64(anyone: httpx.Client) -> None:
    file = expect_ok(anyone.get(README))

    assert base64.b64decode(file["content"]).decode() == "# httpx\n\nA Python package.\n"
    assert file["encoding"] == "base64"
    assert file["type"] == "file"
    assert file["size"] == 27


def test_the_url_of_a_file_ends_with_its_ref(anyone: httpx.Client) -> None:
    """The Terraform provider reads the ref from the URL and crashes without it."""
    file = expect_ok(anyone.get("/repos/encode/databases/contents/README.md"))
    commit = expect_ok(anyone.get(f"{HTTPX}/commits"))[0]["sha"]

    assert file["url"].endswith("/repos/encode/databases/contents/README.md?ref=master")
    assert expect_ok(anyone.get(README, params={"ref": commit}))["url"].endswith(f"?ref={commit}")


def test_a_directory_is_listed(anyone: httpx.Client) -> None:
    entries = expect_ok(anyone.get(f"{HTTPX}/contents/scripts"))

    assert {"scripts/install", "scripts/build", "scripts/publish", "scripts/test"} == {
        entry["path"] for entry in entries
    }
    assert {"dir"} == {
        e["type"]
        for e in expect_ok(anyone.get(f"{HTTPX}/contents/"))
        if e["name"] in ("scripts", ".github")
    }


@pytest.mark.parametrize("path", ["nothing", "scripts/nothing", "README.md/nothing"])
def test_an_unknown_path_is_a_404(anyone: httpx.Client, path: str) -> None:
    expect_refusal(anyone.get(f"{HTTPX}/contents/{path}"), 404, "Not Found")


def test_an_unknown_ref_is_a_404(anyone: httpx.Client) -> None:
    expect_refusal(
        anyone.get(README, params={"ref": "nothing"}), 404, "No commit found for the ref nothing"
    )


def test_creating_a_file_creates_a_commit(owner: httpx.Client) -> None:
    response = write_file(owner, "docs/new.md", "New.\n")
    written = expect_ok(response)
    commit = expect_ok(owner.get(f"{HTTPX}/commits/{written['commit']['sha']}"))

    assert response.status_code == 201
    assert written["content"]["path"] == "docs/new.md"
    assert commit["commit"]["message"] == "Write docs/new.md"
    assert [f["filename"] for f in commit["files"]] == ["docs/new.md"]
    assert commit["commit"]["author"]["name"] == "Owner 1"


def test_set_author_and_committer(owner: httpx.Client) -> None:
    author = {"name": "Release", "email": "release@users.example", "date": "2026-02-01T00:00:00Z"}
    written = expect_ok(write_file(owner, "a", "b", author=author, committer=author))

    assert written["commit"]["author"] == author
    assert written["commit"]["committer"] == author
    expect_refusal(
        write_file(owner, "b", "c", author=author | {"date": "yesterday"}),
        422,
        "yesterday is not a valid date-time",
    )


def test_replacing_a_file_needs_its_sha(owner: httpx.Client) -> None:
    """Source: "Create or update file contents": `sha` is required for an update."""
    expect_refusal(write_file(owner, "README.md", "x"), 422, '"sha" wasn\'t supplied.')
    expect_refusal(
        write_file(owner, "README.md", "x", sha="0" * 40),
        409,
        "README.md does not match " + "0" * 40,
    )

    assert (
        write_file(owner, "README.md", "x", sha=get_file_sha(owner, "README.md")).status_code == 200
    )


def test_deleting_a_file_needs_its_sha(owner: httpx.Client) -> None:
    body = {"message": "Delete", "sha": get_file_sha(owner, "README.md")}

    expect_refusal(
        owner.request("DELETE", README, json=body | {"sha": "0" * 40}), 409, "does not match"
    )
    assert expect_ok(owner.request("DELETE", README, json=body))["content"] is None
    expect_refusal(owner.request("DELETE", README, json=body), 404, "Not Found")


def test_write_to_another_branch(owner: httpx.Client) -> None:
    create_branch(owner, "next")
    expect_ok(write_file(owner, "a", "b", branch="next"))

    assert owner.get(f"{HTTPX}/contents/a", params={"ref": "next"}).status_code == 200
    assert owner.get(f"{HTTPX}/contents/a").status_code == 404
    expect_refusal(write_file(owner, "a", "b", branch="nothing"), 404, "Branch nothing not found")


def test_an_empty_repository_gets_its_first_commit(owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "new"}))

    written = expect_ok(
        owner.put(
            "/repos/encode/new/contents/a", json={"message": "First", "content": encode_base64("b")}
        )
    )

    assert written["commit"]["parents"] == []
    assert [branch["name"] for branch in expect_ok(owner.get("/repos/encode/new/branches"))] == [
        "main"
    ]


@pytest.mark.parametrize("path", ["a/../b", "a//b", ".git/config", "README.md/a", "scripts"])
def test_an_invalid_path_is_refused(owner: httpx.Client, path: str) -> None:
    response = owner.put(
        f"http://github.test{HTTPX}/contents/{path.replace('..', '%2e%2e')}",
        json={"message": "x", "content": "eA=="},
    )

    assert response.status_code == 422


def test_content_must_be_base64(owner: httpx.Client) -> None:
    expect_refusal(
        owner.put(f"{HTTPX}/contents/a", json={"message": "x", "content": "%%%"}),
        422,
        "not valid Base64",
    )


def test_a_user_without_write_access_gets_a_404(person: Person, anyone: httpx.Client) -> None:
    expect_refusal(write_file(person("outsider-1"), "a", "b"), 404, "Not Found")
    expect_refusal(write_file(anyone, "a", "b"), 401, "Requires authentication")
    expect_ok(write_file(person("maintainer-1"), "a", "b"))


def test_a_workflow_file_needs_the_workflow_scope(token_with_repo_scope: httpx.Client) -> None:
    """Source: octokit/octokit.rb issue 1184: a 404 for a classic token without the scope."""
    expect_ok(write_file(token_with_repo_scope, "a", "b"))
    expect_refusal(write_file(token_with_repo_scope, WORKFLOW, "on: push"), 404, "Not Found")


def test_a_workflow_file_needs_the_workflows_permission(apps: Person) -> None:
    """Source: GitHub's docs, "Permissions required for GitHub Apps"."""
    expect_ok(write_file(apps("with-workflows"), WORKFLOW, "on: push"))
    expect_ok(write_file(apps("without-workflows"), "a", "b"))
    expect_refusal(
        write_file(apps("without-workflows"), f"{WORKFLOW}x", "on: push"),
        403,
        "Resource not accessible by integration",
    )
    expect_refusal(
        write_file(apps("reading"), "c", "d"), 403, "Resource not accessible by integration"
    )


@pytest.fixture
def token_with_repo_scope() -> httpx.Client:
    """Return a client whose token has only the scope `repo`."""
    return create_small_world("limited")


@pytest.fixture
def apps() -> Person:
    return create_small_world


def create_small_world(name: str) -> httpx.Client:
    """Return a client of a world with one repository, with the token of this name."""
    from simulated_github.server import create_app
    from simulated_github.world.world_file import parse

    world = {
        "users": ["owner-1"],
        "file-sets": {"some": {"README.md": "x"}},
        "organizations": {
            "encode": {"owners": ["owner-1"], "repositories": {"httpx": {"files": "some"}}}
        },
        "tokens": {"token-limited": {"user": "owner-1", "scopes": ["repo"]}},
        "apps": {
            "with-workflows": {
                "installed-in": "encode",
                "permissions": {"contents": "write", "workflows": "write"},
            },
            "without-workflows": {"installed-in": "encode", "permissions": {"contents": "write"}},
            "reading": {
                "installed-in": "encode",
                "permissions": {"contents": "read", "workflows": "write"},
            },
        },
    }
    return connect(create_app(parse(world)), {"authorization": f"Bearer token-{name}"})
