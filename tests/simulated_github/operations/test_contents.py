"""Files. Source: GitHub's docs, REST page "Repository contents"."""

import base64

import httpx
import pytest

from tests.simulated_github.conftest import Person, client
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    encode_base64,
    expect_ok,
    expect_refusal,
    get_file_sha,
    write_file,
)

README = f"{HTTPX}/contents/README.md"
WORKFLOW = ".github/workflows/new.yml"


def test_a_file_comes_in_base64(anyone: httpx.Client) -> None:
    found = expect_ok(anyone.get(README))

    assert base64.b64decode(found["content"]).decode() == "# httpx\n\nA Python package.\n"
    assert (found["encoding"], found["type"], found["size"]) == ("base64", "file", 27)


def test_its_url_ends_in_the_ref(anyone: httpx.Client) -> None:
    """The Terraform provider reads the ref from it and crashes without."""
    branched = expect_ok(anyone.get("/repos/encode/databases/contents/README.md"))
    commit = expect_ok(anyone.get(f"{HTTPX}/commits"))[0]["sha"]

    assert branched["url"].endswith("/repos/encode/databases/contents/README.md?ref=master")
    assert expect_ok(anyone.get(README, params={"ref": commit}))["url"].endswith(f"?ref={commit}")


def test_a_directory_is_listed(anyone: httpx.Client) -> None:
    listed = expect_ok(anyone.get(f"{HTTPX}/contents/scripts"))

    assert {"scripts/install", "scripts/build", "scripts/publish", "scripts/test"} == {
        entry["path"] for entry in listed
    }
    assert {"dir"} == {
        e["type"]
        for e in expect_ok(anyone.get(f"{HTTPX}/contents/"))
        if e["name"] in ("scripts", ".github")
    }


@pytest.mark.parametrize("path", ["nothing", "scripts/nothing", "README.md/nothing"])
def test_what_is_not_there_is_a_404(anyone: httpx.Client, path: str) -> None:
    expect_refusal(anyone.get(f"{HTTPX}/contents/{path}"), 404, "Not Found")


def test_a_ref_that_is_not_there_is_a_404(anyone: httpx.Client) -> None:
    expect_refusal(
        anyone.get(README, params={"ref": "nothing"}), 404, "No commit found for the ref nothing"
    )


def test_a_new_file_is_a_commit(owner: httpx.Client) -> None:
    answer = write_file(owner, "docs/new.md", "New.\n")
    made = expect_ok(answer)
    commit = expect_ok(owner.get(f"{HTTPX}/commits/{made['commit']['sha']}"))

    assert answer.status_code == 201
    assert made["content"]["path"] == "docs/new.md"
    assert (commit["commit"]["message"], [f["filename"] for f in commit["files"]]) == (
        "Write docs/new.md",
        ["docs/new.md"],
    )
    assert commit["commit"]["author"]["name"] == "Owner 1"


def test_author_and_committer_can_be_named(owner: httpx.Client) -> None:
    who = {"name": "Release", "email": "release@users.example", "date": "2026-02-01T00:00:00Z"}
    made = expect_ok(write_file(owner, "a", "b", author=who, committer=who))

    assert who == made["commit"]["author"] == made["commit"]["committer"]
    expect_refusal(
        write_file(owner, "b", "c", author=who | {"date": "yesterday"}),
        422,
        "yesterday is not a valid date-time",
    )


def test_a_file_that_is_there_is_replaced_by_its_sha_alone(owner: httpx.Client) -> None:
    """Source: "Create or update file contents": ``sha`` is required for an update."""
    expect_refusal(write_file(owner, "README.md", "x"), 422, '"sha" wasn\'t supplied.')
    expect_refusal(
        write_file(owner, "README.md", "x", sha="0" * 40),
        409,
        "README.md does not match " + "0" * 40,
    )

    assert (
        write_file(owner, "README.md", "x", sha=get_file_sha(owner, "README.md")).status_code == 200
    )


def test_a_file_is_deleted_by_its_sha(owner: httpx.Client) -> None:
    body = {"message": "Delete", "sha": get_file_sha(owner, "README.md")}

    expect_refusal(
        owner.request("DELETE", README, json=body | {"sha": "0" * 40}), 409, "does not match"
    )
    assert expect_ok(owner.request("DELETE", README, json=body))["content"] is None
    expect_refusal(owner.request("DELETE", README, json=body), 404, "Not Found")


def test_another_branch_is_written_to_when_it_is_named(owner: httpx.Client) -> None:
    create_branch(owner, "next")
    expect_ok(write_file(owner, "a", "b", branch="next"))

    assert owner.get(f"{HTTPX}/contents/a", params={"ref": "next"}).status_code == 200
    assert owner.get(f"{HTTPX}/contents/a").status_code == 404
    expect_refusal(write_file(owner, "a", "b", branch="nothing"), 404, "Branch nothing not found")


def test_an_empty_repository_gets_its_first_commit(owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "new"}))

    made = expect_ok(
        owner.put(
            "/repos/encode/new/contents/a", json={"message": "First", "content": encode_base64("b")}
        )
    )

    assert made["commit"]["parents"] == []
    assert [found["name"] for found in expect_ok(owner.get("/repos/encode/new/branches"))] == [
        "main"
    ]


@pytest.mark.parametrize("path", ["a/../b", "a//b", ".git/config", "README.md/a", "scripts"])
def test_a_path_that_no_file_can_have_is_refused(owner: httpx.Client, path: str) -> None:
    answer = owner.put(
        f"http://github.test{HTTPX}/contents/{path.replace('..', '%2e%2e')}",
        json={"message": "x", "content": "eA=="},
    )

    assert answer.status_code == 422


def test_content_must_be_base64(owner: httpx.Client) -> None:
    expect_refusal(
        owner.put(f"{HTTPX}/contents/a", json={"message": "x", "content": "%%%"}),
        422,
        "not valid Base64",
    )


def test_whoever_may_not_write_is_told_that_nothing_is_there(
    person: Person, anyone: httpx.Client
) -> None:
    expect_refusal(write_file(person("outsider-1"), "a", "b"), 404, "Not Found")
    expect_refusal(write_file(anyone, "a", "b"), 401, "Requires authentication")
    expect_ok(write_file(person("maintainer-1"), "a", "b"))


def test_a_workflow_file_wants_the_workflow_scope(limited: httpx.Client) -> None:
    """Source: octokit/octokit.rb issue 1184: a 404 for a classic token without the scope."""
    expect_ok(write_file(limited, "a", "b"))
    expect_refusal(write_file(limited, WORKFLOW, "on: push"), 404, "Not Found")


def test_a_workflow_file_wants_the_workflows_permission(apps: Person) -> None:
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
def limited() -> httpx.Client:
    """A maintainer with a token that has the scope ``repo`` alone."""
    return _small_world("limited")


@pytest.fixture
def apps() -> Person:
    return _small_world


def _small_world(name: str) -> httpx.Client:
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
    return client(create_app(parse(world)), {"authorization": f"Bearer token-{name}"})
