"""Rulesets of an organization. Source: GitHub's docs, REST page "Rules" of organizations, and "About rulesets"."""

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
def a_paid_plan(world: World) -> None:
    next(iter(world.organizations.values())).plan = "team"


def made(owner: httpx.Client, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = expect_ok(owner.post(RULESETS, json=BODY | changes))
    return found


def test_what_is_set_is_shown(owner: httpx.Client) -> None:
    found = made(owner)

    assert (found["source_type"], found["source"]) == ("Organization", "encode")
    assert found["conditions"]["repository_name"] == NAMES | {"protected": False}
    assert found == expect_ok(owner.get(f"{RULESETS}/{found['id']}"))
    assert [found["id"]] == [listed["id"] for listed in expect_ok(owner.get(RULESETS))]


def test_it_holds_in_the_repositories_that_it_names_and_in_no_other(
    owner: httpx.Client, person: Person
) -> None:
    made(owner)
    writer = person("maintainer-1")
    core = "/repos/encode/httpcore"
    sha = expect_ok(writer.get(f"{core}/branches/main"))["commit"]["sha"]

    expect_refusal(create_tag(writer, "1.0"), 422, "creations being restricted")
    expect_ok(writer.post(f"{core}/git/refs", json={"ref": "refs/tags/1.0", "sha": sha}))
    expect_ok(create_tag(owner, "1.0"))


def test_repositories_may_be_named_by_number(owner: httpx.Client, person: Person) -> None:
    number = expect_ok(owner.get("/repos/encode/httpcore"))["id"]
    chosen = {
        "ref_name": BODY["conditions"]["ref_name"],
        "repository_id": {"repository_ids": [number]},
    }
    made(owner, conditions=chosen)

    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    assert len(expect_ok(owner.get("/repos/encode/httpcore/rulesets"))) == 1


def test_a_repository_shows_those_from_above_unless_asked_not_to(owner: httpx.Client) -> None:
    """Source: the page "Get all repository rulesets", ``includes_parents``."""
    above = made(owner)
    own = create_ruleset(owner, [{"type": "deletion"}])

    listed = expect_ok(owner.get(f"{HTTPX}/rulesets"))
    assert {(one["id"], one["source_type"]) for one in listed} == {
        (above["id"], "Organization"),
        (own["id"], "Repository"),
    }
    alone = expect_ok(owner.get(f"{HTTPX}/rulesets", params={"includes_parents": "false"}))
    assert [own["id"]] == [one["id"] for one in alone]
    assert expect_ok(owner.get(f"{HTTPX}/rulesets/{above['id']}"))["source"] == "encode"


def test_its_bypass_actors_are_hidden_from_a_repositorys_admin(
    owner: httpx.Client, person: Person
) -> None:
    """Source: the page "Get a repository ruleset": returned only with write access to the ruleset."""
    above = made(owner)
    expect_ok(owner.put(f"{HTTPX}/collaborators/maintainer-1", json={"permission": "admin"}))

    assert "bypass_actors" in expect_ok(owner.get(f"{HTTPX}/rulesets/{above['id']}"))
    assert "bypass_actors" not in expect_ok(
        person("maintainer-1").get(f"{HTTPX}/rulesets/{above['id']}")
    )


def test_a_repositorys_admin_does_not_change_one_from_above(owner: httpx.Client) -> None:
    """Assumption: it is not found there."""
    path = f"{HTTPX}/rulesets/{made(owner)['id']}"

    expect_refusal(owner.put(path, json={"enforcement": "disabled"}), 404, "Not Found")
    expect_refusal(owner.delete(path), 404, "Not Found")


def test_rules_of_a_branch_name_where_they_come_from(owner: httpx.Client) -> None:
    made(owner, target="branch", rules=[{"type": "deletion"}])

    assert [
        (rule["ruleset_source_type"], rule["ruleset_source"])
        for rule in expect_ok(owner.get(f"{HTTPX}/rules/branches/main"))
    ] == [("Organization", "encode")]


def test_evaluate_and_disabled_do_nothing(owner: httpx.Client, person: Person) -> None:
    found = made(owner, enforcement="evaluate")
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    changed = expect_ok(
        owner.put(f"{RULESETS}/{found['id']}", json={"enforcement": "disabled", "name": "Off"})
    )
    expect_ok(create_tag(person("maintainer-1"), "1.1"))

    assert (changed["name"], changed["rules"], changed["conditions"]) == (
        "Off",
        found["rules"],
        found["conditions"],
    )


def test_a_deleted_one_holds_no_more(owner: httpx.Client, person: Person) -> None:
    found = made(owner)
    expect_ok(owner.delete(f"{RULESETS}/{found['id']}"))

    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    expect_refusal(owner.get(f"{RULESETS}/{found['id']}"), 404, "Not Found")


def test_it_must_name_repositories_and_have_a_name_of_its_own(owner: httpx.Client) -> None:
    """Assumption: that conditions without repositories are refused."""
    made(owner)

    assert expect_refusal(owner.post(RULESETS, json=BODY), 422, "Validation Failed")["errors"] == [
        "Name must be unique"
    ]
    body = BODY | {"name": "b", "conditions": {"ref_name": {"include": [], "exclude": []}}}
    expect_refusal(owner.post(RULESETS, json=body), 422, "Validation Failed")


@pytest.mark.parametrize("who", ["operator-1", "outsider-1"])
def test_it_is_hidden_from_all_but_owners(owner: httpx.Client, person: Person, who: str) -> None:
    """Source: the page's answers, which are 404 and no 403."""
    made(owner)

    expect_refusal(person(who).get(RULESETS), 404, "Not Found")
    expect_refusal(person(who).post(RULESETS, json=BODY), 404, "Not Found")


def test_a_free_plan_has_none(owner: httpx.Client, world: World) -> None:
    """Source: GitHub's docs, "About rulesets": organizations on Team or Enterprise. The sentence is an assumption."""
    next(iter(world.organizations.values())).plan = "free"

    expect_refusal(owner.post(RULESETS, json=BODY), 403, "Upgrade to GitHub Team")
