"""Tests of creating and updating rulesets; `test_rule_checks` tests what rules forbid.

Source: GitHub's docs, REST page "Rules".
"""

from typing import Any

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_ruleset,
    create_team,
    expect_ok,
    expect_refusal,
)

RULESETS = f"{HTTPX}/rulesets"
BODY: dict[str, Any] = {
    "name": "Review",
    "target": "branch",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
    "rules": [{"type": "deletion"}],
}


def build_actor(kind: str, number: int | None = None, mode: str = "always") -> dict[str, Any]:
    return {"actor_type": kind, "actor_id": number, "bypass_mode": mode}


def test_a_response_shows_what_was_set(owner: httpx.Client) -> None:
    ruleset = expect_ok(owner.post(RULESETS, json=BODY))

    assert BODY.items() <= ruleset.items()
    assert ruleset["source_type"] == "Repository"
    assert ruleset["source"] == "encode/httpx"
    assert ruleset["bypass_actors"] == []
    assert ruleset == expect_ok(owner.get(f"{RULESETS}/{ruleset['id']}"))


def test_lists_omit_the_rules(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "deletion"}])

    assert "rules" not in expect_ok(owner.get(RULESETS))[0]


def test_a_review_rule_gets_githubs_defaults(owner: httpx.Client) -> None:
    """Source: the Terraform provider reads `allowed_merge_methods` without having sent it."""
    ruleset = create_ruleset(owner, [build_review_rule(2)])

    parameters = ruleset["rules"][0]["parameters"]
    assert parameters["required_approving_review_count"] == 2
    assert parameters["allowed_merge_methods"] == ["merge", "squash", "rebase"]


def test_an_update_keeps_omitted_fields(owner: httpx.Client) -> None:
    ruleset = create_ruleset(
        owner, [{"type": "deletion"}], bypass=[build_actor("RepositoryRole", 5)]
    )

    changed = expect_ok(owner.put(f"{RULESETS}/{ruleset['id']}", json={"enforcement": "evaluate"}))

    assert changed["enforcement"] == "evaluate"
    assert changed["rules"] == ruleset["rules"]
    assert changed["bypass_actors"] == ruleset["bypass_actors"]


def test_a_name_must_be_unique(owner: httpx.Client) -> None:
    ruleset = create_ruleset(owner, [], name="a")
    create_ruleset(owner, [], name="b")

    body = expect_refusal(owner.post(RULESETS, json=BODY | {"name": "a"}), 422, "Validation Failed")
    assert body["errors"] == ["Name must be unique"]
    expect_refusal(
        owner.put(f"{RULESETS}/{ruleset['id']}", json={"name": "b"}), 422, "Validation Failed"
    )
    expect_ok(owner.put(f"{RULESETS}/{ruleset['id']}", json={"name": "a"}))


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([{"type": "creations"}], "Invalid property /rules/0: data matches no possible input."),
        ([{"type": "pull_request"}], '"rules/0/parameters" wasn\'t supplied.'),
        (
            [{"type": "pull_request", "parameters": {}}],
            '"dismiss_stale_reviews_on_push" wasn\'t supplied.',
        ),
        ([build_review_rule(11)], "must be less than or equal to 10"),
        ([build_review_rule(required_reviews=1)], '"required_reviews" is not a permitted key.'),
        ([{"type": "deletion"}, {"type": "deletion"}], "Validation Failed"),
        ([{"kind": "deletion"}], '"rules/0/kind" is not a permitted key.'),
    ],
)
def test_invalid_rules_are_refused(
    owner: httpx.Client, rules: list[dict[str, Any]], message: str
) -> None:
    expect_refusal(owner.post(RULESETS, json=BODY | {"rules": rules}), 422, message)
    assert expect_ok(owner.get(RULESETS)) == []


@pytest.mark.parametrize(
    ("target", "pattern"),
    [
        ("branch", "main"),
        ("tag", "~DEFAULT_BRANCH"),
        ("tag", "refs/heads/*"),
        ("branch", "refs/tags/*"),
    ],
)
def test_a_pattern_must_be_a_full_ref_of_the_target(
    owner: httpx.Client, target: str, pattern: str
) -> None:
    body = BODY | {
        "target": target,
        "conditions": {"ref_name": {"include": [pattern], "exclude": []}},
    }

    assert [f"Invalid target patterns: '{pattern}'"] == expect_refusal(
        owner.post(RULESETS, json=body), 422, ""
    )["errors"]


def test_review_rules_are_only_for_branches(owner: httpx.Client) -> None:
    body = BODY | {
        "target": "tag",
        "conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}},
    }

    expect_refusal(
        owner.post(RULESETS, json=body | {"rules": [build_review_rule()]}), 422, "Validation Failed"
    )


def test_the_id_of_organization_admins_is_dropped(owner: httpx.Client) -> None:
    """Source: the API description: "If actor_type is OrganizationAdmin, actor_id is ignored"."""
    ruleset = create_ruleset(owner, [], bypass=[build_actor("OrganizationAdmin", 1)])

    assert [build_actor("OrganizationAdmin", None)] == ruleset["bypass_actors"]


def test_a_secret_or_unknown_team_is_refused_as_bypass_actor(owner: httpx.Client) -> None:
    team = create_team(owner, "hidden", privacy="secret")

    for number in (team["id"], 1, None):
        body = BODY | {"bypass_actors": [build_actor("Team", number)]}
        expect_refusal(owner.post(RULESETS, json=body), 422, "Validation Failed")


@pytest.mark.parametrize(
    "actor",
    [build_actor("RepositoryRole", 9), build_actor("Robot", 1), build_actor("Team", 1, "never")],
)
def test_an_unknown_actor_is_refused(owner: httpx.Client, actor: dict[str, Any]) -> None:
    assert owner.post(RULESETS, json=BODY | {"bypass_actors": [actor]}).status_code == 422


def test_bypass_actors_null_is_refused(owner: httpx.Client) -> None:
    """Source: the Terraform provider's comment on GitHub's response."""
    expect_refusal(
        owner.post(RULESETS, json=BODY | {"bypass_actors": None}),
        422,
        "Invalid property /bypass_actors: data cannot be null.",
    )


def test_only_admins_see_bypass_actors(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """Source: "Get a repository ruleset": returned only with write access to the ruleset."""
    ruleset = create_ruleset(owner, [], bypass=[build_actor("RepositoryRole", 4)])
    path = f"{RULESETS}/{ruleset['id']}"

    assert "bypass_actors" in expect_ok(person("release-stack").get(path))
    assert "bypass_actors" not in expect_ok(person("maintainer-1").get(path))
    assert "bypass_actors" not in expect_ok(anyone.get(path))


def test_a_ruleset_says_how_the_caller_may_bypass_it(owner: httpx.Client, person: Person) -> None:
    ruleset = create_ruleset(
        owner,
        [],
        bypass=[build_actor("RepositoryRole", 4, "pull_request"), build_actor("OrganizationAdmin")],
    )
    path = f"{RULESETS}/{ruleset['id']}"

    assert [
        expect_ok(person(login).get(path))["current_user_can_bypass"]
        for login in ("owner-1", "maintainer-1", "outsider-1")
    ] == [
        "always",
        "pull_requests_only",
        "never",
    ]


def test_only_admins_create_update_and_delete_rulesets(owner: httpx.Client, person: Person) -> None:
    path = f"{RULESETS}/{create_ruleset(owner, [])['id']}"
    writer = person("maintainer-1")

    expect_refusal(writer.post(RULESETS, json=BODY), 403, "Must have admin rights to Repository.")
    expect_refusal(
        writer.put(path, json={"enforcement": "disabled"}),
        403,
        "Must have admin rights to Repository.",
    )
    expect_refusal(writer.delete(path), 403, "Must have admin rights to Repository.")
    expect_ok(owner.delete(path))
    expect_refusal(owner.delete(path), 404, "Not Found")


def test_branch_rules_come_from_active_rulesets(owner: httpx.Client) -> None:
    ruleset = create_ruleset(owner, [{"type": "deletion"}])
    create_ruleset(owner, [{"type": "creation"}], enforcement="evaluate", name="evaluate")
    create_ruleset(owner, [{"type": "update"}], include=["refs/heads/other"], name="other")

    rules = expect_ok(owner.get(f"{HTTPX}/rules/branches/main"))

    assert [("deletion", ruleset["id"])] == [(rule["type"], rule["ruleset_id"]) for rule in rules]


def test_a_private_repository_on_a_free_plan_has_no_rulesets(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "About rulesets"; public issue threads for the message."""
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    expect_refusal(
        owner.post(RULESETS, json=BODY), 403, "Upgrade to GitHub Pro or make this repository public"
    )
