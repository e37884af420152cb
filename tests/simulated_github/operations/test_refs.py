"""Git refs. Source: GitHub's docs, REST page "Git references"."""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.acting import HTTPX, branch, done, head, refused, tag, write

REFS = f"{HTTPX}/git/refs"


def test_a_ref_is_made_read_and_deleted(owner: httpx.Client) -> None:
    made = done(tag(owner, "1.0"))

    assert ("refs/tags/1.0", "commit", head(owner)) == (
        made["ref"],
        made["object"]["type"],
        made["object"]["sha"],
    )
    assert made == done(owner.get(f"{HTTPX}/git/ref/tags/1.0"))
    assert owner.delete(f"{REFS}/tags/1.0").status_code == 204
    refused(owner.get(f"{HTTPX}/git/ref/tags/1.0"), 404, "Not Found")
    refused(owner.delete(f"{REFS}/tags/1.0"), 422, "Reference does not exist")


def test_refs_are_found_by_their_beginning(owner: httpx.Client) -> None:
    for name in ("1.0", "1.1", "2.0"):
        done(tag(owner, name))

    assert [r["ref"] for r in done(owner.get(f"{HTTPX}/git/matching-refs/tags/1"))] == [
        "refs/tags/1.0",
        "refs/tags/1.1",
    ]
    assert done(owner.get(f"{HTTPX}/git/matching-refs/tags/3")) == []


def test_a_ref_is_made_once(owner: httpx.Client) -> None:
    done(tag(owner, "1.0"))

    refused(tag(owner, "1.0"), 422, "Reference already exists")


@pytest.mark.parametrize(
    "name", ["1.0", "refs/1.0", "refs/tags/", "refs/tags/a b", "refs/tags/a..b", "refs/tags/a.lock"]
)
def test_a_name_must_be_a_whole_and_right_one(owner: httpx.Client, name: str) -> None:
    refused(
        owner.post(REFS, json={"ref": name, "sha": head(owner)}), 422, "is not a valid ref name"
    )


def test_a_ref_needs_an_object(owner: httpx.Client) -> None:
    refused(tag(owner, "1.0", "0" * 40), 422, "Object does not exist")


def test_a_branch_goes_forward_and_back_only_by_force(owner: httpx.Client) -> None:
    before = head(owner)
    done(write(owner, "a", "b"))
    after = head(owner)

    refused(
        owner.patch(f"{REFS}/heads/main", json={"sha": before}), 422, "Update is not a fast forward"
    )
    assert (
        before
        == done(owner.patch(f"{REFS}/heads/main", json={"sha": before, "force": True}))["object"][
            "sha"
        ]
    )
    assert after == done(owner.patch(f"{REFS}/heads/main", json={"sha": after}))["object"]["sha"]
    refused(
        owner.patch(f"{REFS}/heads/nothing", json={"sha": after}), 422, "Reference does not exist"
    )


def test_the_default_branch_stays(owner: httpx.Client) -> None:
    refused(owner.delete(f"{REFS}/heads/main"), 422, "Cannot delete the default branch")
    branch(owner, "next")
    done(owner.delete(f"{REFS}/heads/next"))


def test_whoever_may_not_write_is_told_that_nothing_is_there(
    owner: httpx.Client, person: Person
) -> None:
    sha = head(owner)

    refused(tag(person("outsider-1"), "1.0", sha), 404, "Not Found")
    done(tag(person("maintainer-1"), "1.0", sha))
    refused(person("outsider-1").delete(f"{REFS}/tags/1.0"), 404, "Not Found")


def test_an_empty_repository_has_no_refs_to_make(owner: httpx.Client) -> None:
    done(owner.post("/orgs/encode/repos", json={"name": "new"}))

    body = {"ref": "refs/tags/1.0", "sha": "0" * 40}
    refused(owner.post("/repos/encode/new/git/refs", json=body), 409, "Git Repository is empty.")
