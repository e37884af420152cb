"""Tests of git refs.

Source: GitHub's docs, REST page "Git references".
"""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    create_tag,
    expect_ok,
    expect_refusal,
    get_head,
    write_file,
)

REFS = f"{HTTPX}/git/refs"


def test_create_read_and_delete_a_ref(owner: httpx.Client) -> None:
    ref = expect_ok(create_tag(owner, "1.0"))

    assert ref["ref"] == "refs/tags/1.0"
    assert ref["object"]["type"] == "commit"
    assert get_head(owner) == ref["object"]["sha"]
    assert ref == expect_ok(owner.get(f"{HTTPX}/git/ref/tags/1.0"))
    assert owner.delete(f"{REFS}/tags/1.0").status_code == 204
    expect_refusal(owner.get(f"{HTTPX}/git/ref/tags/1.0"), 404, "Not Found")
    expect_refusal(owner.delete(f"{REFS}/tags/1.0"), 422, "Reference does not exist")


def test_list_refs_by_prefix(owner: httpx.Client) -> None:
    for name in ("1.0", "1.1", "2.0"):
        expect_ok(create_tag(owner, name))

    assert [r["ref"] for r in expect_ok(owner.get(f"{HTTPX}/git/matching-refs/tags/1"))] == [
        "refs/tags/1.0",
        "refs/tags/1.1",
    ]
    assert expect_ok(owner.get(f"{HTTPX}/git/matching-refs/tags/3")) == []


def test_an_existing_ref_is_not_created_again(owner: httpx.Client) -> None:
    expect_ok(create_tag(owner, "1.0"))

    expect_refusal(create_tag(owner, "1.0"), 422, "Reference already exists")


@pytest.mark.parametrize(
    "name", ["1.0", "refs/1.0", "refs/tags/", "refs/tags/a b", "refs/tags/a..b", "refs/tags/a.lock"]
)
def test_a_ref_name_must_be_full_and_valid(owner: httpx.Client, name: str) -> None:
    expect_refusal(
        owner.post(REFS, json={"ref": name, "sha": get_head(owner)}), 422, "is not a valid ref name"
    )


def test_a_ref_needs_an_object(owner: httpx.Client) -> None:
    expect_refusal(create_tag(owner, "1.0", "0" * 40), 422, "Object does not exist")


def test_a_branch_moves_back_only_by_force(owner: httpx.Client) -> None:
    before = get_head(owner)
    expect_ok(write_file(owner, "a", "b"))
    after = get_head(owner)

    expect_refusal(
        owner.patch(f"{REFS}/heads/main", json={"sha": before}), 422, "Update is not a fast forward"
    )
    assert (
        before
        == expect_ok(owner.patch(f"{REFS}/heads/main", json={"sha": before, "force": True}))[
            "object"
        ]["sha"]
    )
    assert (
        after == expect_ok(owner.patch(f"{REFS}/heads/main", json={"sha": after}))["object"]["sha"]
    )
    expect_refusal(
        owner.patch(f"{REFS}/heads/nothing", json={"sha": after}), 422, "Reference does not exist"
    )


def test_the_default_branch_cannot_be_deleted(owner: httpx.Client) -> None:
    expect_refusal(owner.delete(f"{REFS}/heads/main"), 422, "Cannot delete the default branch")
    create_branch(owner, "next")
    expect_ok(owner.delete(f"{REFS}/heads/next"))


def test_a_user_without_write_access_gets_a_404(owner: httpx.Client, person: Person) -> None:
    sha = get_head(owner)

    expect_refusal(create_tag(person("outsider-1"), "1.0", sha), 404, "Not Found")
    expect_ok(create_tag(person("maintainer-1"), "1.0", sha))
    expect_refusal(person("outsider-1").delete(f"{REFS}/tags/1.0"), 404, "Not Found")


def test_an_empty_repository_refuses_new_refs(owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "new"}))

    body = {"ref": "refs/tags/1.0", "sha": "0" * 40}
    expect_refusal(
        owner.post("/repos/encode/new/git/refs", json=body), 409, "Git Repository is empty."
    )
