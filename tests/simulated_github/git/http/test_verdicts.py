"""Tests that a tag pushed by git and one created through the API have the same outcome."""

import base64
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from simulated_github import Application, create_app
from simulated_github.git.http.pkt_lines import FLUSH, line
from simulated_github.world.world_file import read
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok
from tests.simulated_github.helpers.checked_transport import connect

WORLD = read("encode")
ZERO_SHA = "0" * 40
#: A pack without objects, which git sends when GitHub already has them all.
NO_OBJECTS = bytes.fromhex("5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e")
PEOPLE = ("owner-1", "operator-1", "maintainer-1", "outsider-1", "release-stack")
ROLES = st.sampled_from([2, 4, 5]).map(
    lambda number: {"actor_type": "RepositoryRole", "actor_id": number}
)
ADMINS = st.just({"actor_type": "OrganizationAdmin", "actor_id": None})
ACTORS = st.one_of(ROLES, ADMINS).map(lambda actor: actor | {"bypass_mode": "always"})
RULESETS = st.builds(
    lambda rules, include, actors, enforcement: {
        "target": "tag",
        "enforcement": enforcement,
        "conditions": {"ref_name": {"include": [include], "exclude": []}},
        "bypass_actors": actors,
        "rules": [{"type": rule} for rule in rules],
    },
    st.lists(st.sampled_from(["creation", "update", "deletion"]), unique=True, min_size=1),
    st.sampled_from(["~ALL", "refs/tags/v*", "refs/tags/w*"]),
    st.lists(ACTORS, max_size=2, unique_by=str),
    st.sampled_from(["active", "active", "disabled"]),
)


def build_world(
    rulesets: list[dict[str, Any]], *, archived: bool, exists: bool
) -> tuple[Application, str]:
    """Return a world with these rulesets and optionally a tag, and the sha of its branch."""
    github = create_app(WORLD)
    owner = connect(github, {"authorization": "Bearer token-owner-1"})
    sha: str = expect_ok(owner.get(f"{HTTPX}/branches/main"))["commit"]["sha"]
    if exists:
        expect_ok(owner.post(f"{HTTPX}/git/refs", json={"ref": "refs/tags/v1", "sha": sha}))
    for number, body in enumerate(rulesets):
        expect_ok(owner.post(f"{HTTPX}/rulesets", json=body | {"name": str(number)}))
    expect_ok(owner.patch(HTTPX, json={"archived": archived}))
    return github, sha


def push_tag(github: Application, user: str, before: str, after: str) -> bool:
    basic = base64.b64encode(f"x:token-{user}".encode()).decode()
    content = line(f"{before} {after} refs/tags/v1\0report-status\n") + FLUSH
    content += NO_OBJECTS if after != ZERO_SHA else b""
    writer = connect(github, {"authorization": f"Basic {basic}"})
    response = writer.post("/encode/httpx.git/git-receive-pack", content=content)
    return b"ok refs/tags/v1" in response.content


def write_tag(github: Application, user: str, after: str) -> bool:
    writer = connect(github, {"authorization": f"Bearer token-{user}"})
    response: httpx.Response
    if after == ZERO_SHA:
        response = writer.delete(f"{HTTPX}/git/refs/tags/v1")
    else:
        response = writer.post(f"{HTTPX}/git/refs", json={"ref": "refs/tags/v1", "sha": after})
    return response.is_success


@given(st.sampled_from(PEOPLE), st.lists(RULESETS, max_size=2), st.booleans(), st.booleans())
@settings(max_examples=100, derandomize=True, deadline=None, database=None)
def test_git_and_the_api_agree(
    user: str, rulesets: list[dict[str, Any]], archived: bool, deletes: bool
) -> None:
    git_world, sha = build_world(rulesets, archived=archived, exists=deletes)
    api_world, _ = build_world(rulesets, archived=archived, exists=deletes)
    before = sha if deletes else ZERO_SHA
    after = ZERO_SHA if deletes else sha

    assert push_tag(git_world, user, before, after) is write_tag(api_world, user, after)


def test_both_outcomes_occur() -> None:
    """The comparison can fail: a writer can create a tag, an outsider cannot."""
    github, sha = build_world([], archived=False, exists=False)

    assert push_tag(github, "outsider-1", ZERO_SHA, sha) is False
    assert push_tag(github, "maintainer-1", ZERO_SHA, sha) is True
