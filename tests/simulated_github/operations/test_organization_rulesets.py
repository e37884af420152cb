"""Tests of an organization's rulesets.

Source: GitHub's docs, REST page "Rules" of organizations, and "About rulesets".
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from simulated_github import World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_ruleset,
    create_tag,
    expect_ok,
    expect_refusal,
    get_file_sha,
    get_head,
    open_pull_request,
    write_file,
)

RULESETS = "/orgs/encode/rulesets"
NAMES = {"include": ["http*"], "exclude": ["httpcore"]}
BODY: dict[str, Any] = {
    "name": "Tags stay",
    "target": "tag",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}, "repository_name": NAMES},
    "bypass_actors": [
        {"actor_type": "OrganizationAdmin", "actor_id": None, "bypass_mode": "always"}
    ],
    "rules": [{"type": "creation"}],
}


@pytest.fixture(autouse=True)
def paid_plan(world: World) -> None:
    next(iter(world.organizations.values())).plan = "team"


def create_organization_ruleset(owner: httpx.Client, **changes: Any) -> dict[str, Any]:
    ruleset: dict[str, Any] = expect_ok(owner.post(RULESETS, json=BODY | changes))
    return ruleset


def test_a_response_shows_what_was_set(owner: httpx.Client) -> None:
    ruleset = create_organization_ruleset(owner)

    assert ruleset["source_type"] == "Organization"
    assert ruleset["source"] == "encode"
    assert ruleset["conditions"]["repository_name"] == NAMES | {"protected": False}
    assert ruleset == expect_ok(owner.get(f"{RULESETS}/{ruleset['id']}"))
    assert [ruleset["id"]] == [listed["id"] for listed in expect_ok(owner.get(RULESETS))]


def test_a_ruleset_applies_to_the_named_repositories_only(
    owner: httpx.Client, person: Person
) -> None:
    create_organization_ruleset(owner)
    writer = person("maintainer-1")
    core = "/repos/encode/httpcore"
    sha = expect_ok(writer.get(f"{core}/branches/main"))["commit"]["sha"]

    expect_refusal(create_tag(writer, "1.0"), 422, "creations being restricted")
    expect_ok(writer.post(f"{core}/git/refs", json={"ref": "refs/tags/1.0", "sha": sha}))
    expect_ok(create_tag(owner, "1.0"))


def test_name_repositories_by_id(owner: httpx.Client, person: Person) -> None:
    repository_id = expect_ok(owner.get("/repos/encode/httpcore"))["id"]
    conditions = {
        "ref_name": BODY["conditions"]["ref_name"],
        "repository_id": {"repository_ids": [repository_id]},
    }
    create_organization_ruleset(owner, conditions=conditions)

    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    assert len(expect_ok(owner.get("/repos/encode/httpcore/rulesets"))) == 1


def test_a_repository_lists_inherited_rulesets_by_default(owner: httpx.Client) -> None:
    """Source: the page "Get all repository rulesets", `includes_parents`."""
    inherited = create_organization_ruleset(owner)
    own = create_ruleset(owner, [{"type": "deletion"}])

    all_rulesets = expect_ok(owner.get(f"{HTTPX}/rulesets"))
    assert {(ruleset["id"], ruleset["source_type"]) for ruleset in all_rulesets} == {
        (inherited["id"], "Organization"),
        (own["id"], "Repository"),
    }
    own_only = expect_ok(owner.get(f"{HTTPX}/rulesets", params={"includes_parents": "false"}))
    assert [own["id"]] == [ruleset["id"] for ruleset in own_only]
    assert expect_ok(owner.get(f"{HTTPX}/rulesets/{inherited['id']}"))["source"] == "encode"


def test_repository_admins_do_not_see_inherited_bypass_actors(
    owner: httpx.Client, person: Person
) -> None:
    """Source: the page "Get a repository ruleset": shown only with write access to the ruleset."""
    inherited = create_organization_ruleset(owner)
    expect_ok(owner.put(f"{HTTPX}/collaborators/maintainer-1", json={"permission": "admin"}))

    assert "bypass_actors" in expect_ok(owner.get(f"{HTTPX}/rulesets/{inherited['id']}"))
    assert "bypass_actors" not in expect_ok(
        person("maintainer-1").get(f"{HTTPX}/rulesets/{inherited['id']}")
    )


def test_repository_admins_cannot_change_inherited_rulesets(owner: httpx.Client) -> None:
    """Assumption: the response is a 404."""
    path = f"{HTTPX}/rulesets/{create_organization_ruleset(owner)['id']}"

    expect_refusal(owner.put(path, json={"enforcement": "disabled"}), 404, "Not Found")
    expect_refusal(owner.delete(path), 404, "Not Found")


def test_branch_rules_name_their_source(owner: httpx.Client) -> None:
    create_organization_ruleset(owner, target="branch", rules=[{"type": "deletion"}])

    assert [
        (rule["ruleset_source_type"], rule["ruleset_source"])
        for rule in expect_ok(owner.get(f"{HTTPX}/rules/branches/main"))
    ] == [("Organization", "encode")]


def test_name_patterns_follow_a_rename_and_ids_stay(owner: httpx.Client, person: Person) -> None:
    number = expect_ok(owner.get(HTTPX))["id"]
    ref_name = BODY["conditions"]["ref_name"]
    by_id = {"ref_name": ref_name, "repository_id": {"repository_ids": [number]}}
    create_organization_ruleset(owner)
    create_organization_ruleset(owner, name="By id", conditions=by_id, rules=[{"type": "update"}])
    expect_ok(owner.patch(HTTPX, json={"name": "client"}))

    listed = expect_ok(owner.get("/repos/encode/client/rulesets"))
    assert [ruleset["name"] for ruleset in listed] == ["By id"]
    expect_ok(owner.patch("/repos/encode/client", json={"name": "httpx"}))
    expect_refusal(create_tag(person("maintainer-1"), "1.0"), 422, "creations being restricted")


def test_a_new_repository_of_the_name_is_targeted_by_name(owner: httpx.Client) -> None:
    number = expect_ok(owner.get(HTTPX))["id"]
    ref_name = BODY["conditions"]["ref_name"]
    by_id = {"ref_name": ref_name, "repository_id": {"repository_ids": [number]}}
    create_organization_ruleset(owner)
    create_organization_ruleset(owner, name="By id", conditions=by_id)
    expect_ok(owner.delete(HTTPX))
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "httpx"}))

    listed = expect_ok(owner.get(f"{HTTPX}/rulesets"))
    assert [ruleset["name"] for ruleset in listed] == ["Tags stay"]


@pytest.mark.parametrize("has_bypass", [True, False])
def test_a_ruleset_may_prevent_renaming(owner: httpx.Client, has_bypass: bool) -> None:
    """Source: GitHub's API description, `repository_name.protected`."""
    conditions = BODY["conditions"] | {"repository_name": NAMES | {"protected": True}}
    actors = BODY["bypass_actors"] if has_bypass else []
    create_organization_ruleset(owner, conditions=conditions, bypass_actors=actors)

    renamed = owner.patch(HTTPX, json={"name": "HTTPX"})

    if has_bypass:
        expect_ok(renamed)
    else:
        expect_refusal(renamed, 403, "Renaming the repository is prevented: Tags stay.")
        expect_ok(owner.patch(HTTPX, json={"name": "httpx", "description": "x"}))
    expect_ok(owner.patch("/repos/encode/httpcore", json={"name": "core"}))


def _change_tag(writer: httpx.Client) -> httpx.Response:
    sha = get_head(writer)
    return writer.patch(f"{HTTPX}/git/refs/tags/old", json={"sha": sha, "force": True})


def _merge(writer: httpx.Client) -> httpx.Response:
    return writer.put(f"{HTTPX}/pulls/1/merge", json={})


@pytest.mark.parametrize(
    ("target", "rule", "change"),
    [
        ("tag", "creation", lambda writer: create_tag(writer, "new")),
        ("tag", "deletion", lambda writer: writer.delete(f"{HTTPX}/git/refs/tags/old")),
        ("tag", "update", _change_tag),
        ("branch", "update", _merge),
        ("branch", "update", lambda writer: write_file(writer, "a.md", "x")),
        (
            "branch",
            "update",
            lambda writer: write_file(
                writer, "README.md", "x", sha=get_file_sha(writer, "README.md")
            ),
        ),
        (
            "branch",
            "creation",
            lambda writer: writer.post(
                f"{HTTPX}/git/refs", json={"ref": "refs/heads/new", "sha": get_head(writer)}
            ),
        ),
        ("branch", "deletion", lambda writer: writer.delete(f"{HTTPX}/git/refs/heads/change")),
    ],
)
@pytest.mark.parametrize("bypass", ["neither", "repository", "organization", "both"])
def test_both_layers_bind_on_every_path(
    owner: httpx.Client,
    person: Person,
    target: str,
    rule: str,
    change: Callable[[httpx.Client], httpx.Response],
    bypass: str,
) -> None:
    """A user who bypasses one layer is still bound by the other.

    Source: GitHub's docs, "About rulesets": rules of all rulesets are aggregated.
    """
    writer = person("maintainer-1")
    expect_ok(create_tag(owner, "old"))
    open_pull_request(writer)
    actors = [{"actor_type": "RepositoryRole", "actor_id": 4, "bypass_mode": "always"}]
    rules = [{"type": rule}]
    create_ruleset(
        owner,
        rules,
        target=target,
        include=["~ALL"],
        bypass=actors if bypass in ("repository", "both") else [],
    )
    create_organization_ruleset(
        owner,
        target=target,
        rules=rules,
        bypass_actors=actors if bypass in ("organization", "both") else [],
    )

    response = change(writer)

    assert response.is_success is (bypass == "both"), response.text


def test_evaluate_and_disabled_do_nothing(owner: httpx.Client, person: Person) -> None:
    ruleset = create_organization_ruleset(owner, enforcement="evaluate")
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    changed = expect_ok(
        owner.put(f"{RULESETS}/{ruleset['id']}", json={"enforcement": "disabled", "name": "Off"})
    )
    expect_ok(create_tag(person("maintainer-1"), "1.1"))

    assert changed["name"] == "Off"
    assert changed["rules"] == ruleset["rules"]
    assert changed["conditions"] == ruleset["conditions"]


def test_a_deleted_ruleset_no_longer_applies(owner: httpx.Client, person: Person) -> None:
    ruleset = create_organization_ruleset(owner)
    expect_ok(owner.delete(f"{RULESETS}/{ruleset['id']}"))

    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    expect_refusal(owner.get(f"{RULESETS}/{ruleset['id']}"), 404, "Not Found")


def test_a_ruleset_needs_a_unique_name_and_repositories(owner: httpx.Client) -> None:
    """Assumption: conditions without repositories are refused."""
    create_organization_ruleset(owner)

    assert expect_refusal(owner.post(RULESETS, json=BODY), 422, "Validation Failed")["errors"] == [
        "Name must be unique"
    ]
    body = BODY | {"name": "b", "conditions": {"ref_name": {"include": [], "exclude": []}}}
    expect_refusal(owner.post(RULESETS, json=body), 422, "Validation Failed")


@pytest.mark.parametrize("login", ["operator-1", "outsider-1"])
def test_only_owners_see_organization_rulesets(
    owner: httpx.Client, person: Person, login: str
) -> None:
    """Source: the page's statuses, which are 404 and not 403."""
    create_organization_ruleset(owner)

    expect_refusal(person(login).get(RULESETS), 404, "Not Found")
    expect_refusal(person(login).post(RULESETS, json=BODY), 404, "Not Found")


def test_a_free_plan_has_no_organization_rulesets(owner: httpx.Client, world: World) -> None:
    """Source: GitHub's docs, "About rulesets": for Team and Enterprise. Assumption: the message."""
    next(iter(world.organizations.values())).plan = "free"

    expect_refusal(owner.post(RULESETS, json=BODY), 403, "Upgrade to GitHub Team")
