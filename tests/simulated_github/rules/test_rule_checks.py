"""What rulesets refuse, and which actors bypass them.

Sources: GitHub's docs, "Available rules for rulesets" and "About rulesets"; public issue threads
for the messages.
"""

from typing import Any

import httpx
import pytest

from simulated_github import World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_branch,
    create_ruleset,
    create_tag,
    create_team,
    expect_ok,
    expect_refusal,
    get_head,
    grant_access,
    open_pull_request,
    write_file,
)

TAGS = ("refs/tags/*",)
NO_CREATION = "Cannot create ref due to creations being restricted."


def build_actor(kind: str, actor_id: int | None = None, mode: str = "always") -> dict[str, Any]:
    return {"actor_type": kind, "actor_id": actor_id, "bypass_mode": mode}


def expect_violation(response: httpx.Response, status: int, message: str) -> None:
    """Fail the test unless a rule refused the request with this message."""
    expect_refusal(response, status, f"Repository rule violations found\n\n{message}")


def test_only_bypass_actors_create_restricted_refs(owner: httpx.Client, person: Person) -> None:
    create_ruleset(
        owner,
        [{"type": "creation"}],
        target="tag",
        include=TAGS,
        bypass=[build_actor("RepositoryRole", 5)],
    )

    expect_violation(create_tag(person("maintainer-1"), "1.0"), 422, NO_CREATION)
    expect_ok(create_tag(owner, "1.0"))


@pytest.mark.parametrize("login", ["owner-1", "operator-1"])
def test_update_and_deletion_rules_restrict_admins_too(
    person: Person, owner: httpx.Client, login: str
) -> None:
    expect_ok(create_tag(owner, "1.0"))
    expect_ok(write_file(owner, "a", "b"))
    rules = [{"type": "update"}, {"type": "deletion"}, {"type": "non_fast_forward"}]
    create_ruleset(owner, rules, target="tag", include=TAGS)
    path = f"{HTTPX}/git/refs/tags/1.0"
    client = person(login)

    expect_violation(
        client.patch(path, json={"sha": get_head(owner)}), 422, "Cannot update this protected ref."
    )
    expect_violation(client.delete(path), 422, "Cannot delete this protected ref.")
    expect_ok(create_tag(client, "1.1"))


def test_a_ruleset_can_refuse_force_pushes_alone(owner: httpx.Client) -> None:
    create_branch(owner, "next")
    old_head = get_head(owner)
    expect_ok(write_file(owner, "a", "b", branch="next"))
    create_ruleset(owner, [{"type": "non_fast_forward"}], include=["refs/heads/next"])
    path = f"{HTTPX}/git/refs/heads/next"

    expect_violation(
        owner.patch(path, json={"sha": old_head, "force": True}),
        422,
        "Cannot force-push to this branch",
    )
    expect_ok(write_file(owner, "b", "c", branch="next"))


def test_a_push_is_refused_where_pull_requests_are_required(
    owner: httpx.Client, person: Person
) -> None:
    create_ruleset(owner, [build_review_rule()])
    writer = person("maintainer-1")

    expect_violation(
        write_file(writer, "a", "b"), 409, "Changes must be made through a pull request."
    )
    create_branch(writer, "next")
    expect_ok(write_file(writer, "a", "b", branch="next"))
    sha = get_head(owner, branch="next")
    expect_violation(
        writer.patch(f"{HTTPX}/git/refs/heads/main", json={"sha": sha}),
        422,
        "Changes must be made through",
    )


def test_every_message_is_returned_once(owner: httpx.Client) -> None:
    create_ruleset(
        owner, [{"type": "creation"}, {"type": "required_signatures"}], target="tag", include=TAGS
    )
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"], name="more")

    expect_violation(
        create_tag(owner, "1.0"), 422, f"{NO_CREATION}\nCommits must have verified signatures.\n\n"
    )


@pytest.mark.parametrize("enforcement", ["evaluate", "disabled"])
def test_an_inactive_ruleset_refuses_nothing(owner: httpx.Client, enforcement: str) -> None:
    create_ruleset(
        owner, [{"type": "creation"}], target="tag", include=TAGS, enforcement=enforcement
    )

    expect_ok(create_tag(owner, "1.0"))


@pytest.mark.parametrize(
    ("include", "name", "is_allowed"),
    [
        (["refs/tags/v*"], "1.0", True),
        (["refs/tags/v*"], "v1.0", False),
        (["refs/tags/*"], "a/1.0", True),
        (["refs/tags/**/*"], "a/1.0", False),
        (["~ALL"], "a/1.0", False),
        ([], "1.0", True),
    ],
)
def test_a_rule_applies_to_the_included_refs(
    owner: httpx.Client, include: list[str], name: str, is_allowed: bool
) -> None:
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=include)

    assert create_tag(owner, name).is_success is is_allowed


def test_excluded_refs_are_unrestricted(owner: httpx.Client) -> None:
    ruleset = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    conditions = {"ref_name": {"include": ["~ALL"], "exclude": ["refs/tags/test-*"]}}
    expect_ok(owner.put(f"{HTTPX}/rulesets/{ruleset['id']}", json={"conditions": conditions}))

    expect_ok(create_tag(owner, "test-1"))
    expect_violation(create_tag(owner, "1.0"), 422, NO_CREATION)


def test_a_tag_ruleset_does_not_apply_to_branches(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])

    create_branch(owner, "next")


def test_a_rule_follows_the_default_branch(owner: httpx.Client) -> None:
    create_branch(owner, "next")
    create_ruleset(owner, [build_review_rule()])
    expect_ok(owner.patch(HTTPX, json={"default_branch": "next"}))

    expect_ok(write_file(owner, "a", "b", branch="main"))
    expect_violation(
        write_file(owner, "a", "b", branch="next"),
        409,
        "Changes must be made through a pull request.",
    )


def test_a_role_actor_is_exactly_that_role(owner: httpx.Client, person: Person) -> None:
    """Assumption: *maintain* as a bypass actor does not include *admin*."""
    create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    create_ruleset(
        owner,
        [{"type": "creation"}],
        target="tag",
        include=TAGS,
        bypass=[build_actor("RepositoryRole", 2)],
    )

    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_violation(create_tag(person("maintainer-1"), "1.1"), 422, NO_CREATION)
    expect_violation(create_tag(owner, "1.1"), 422, NO_CREATION)


def test_members_of_a_team_actor_bypass(owner: httpx.Client, person: Person) -> None:
    team = create_team(owner, "operations", ["operator-1"])
    create_ruleset(
        owner,
        [{"type": "creation"}],
        target="tag",
        include=TAGS,
        bypass=[build_actor("Team", team["id"])],
    )

    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_violation(create_tag(person("operator-2"), "1.1"), 422, NO_CREATION)


def test_organization_owners_bypass_as_actors(owner: httpx.Client, person: Person) -> None:
    create_ruleset(owner, [build_review_rule()], bypass=[build_actor("OrganizationAdmin")])

    expect_ok(write_file(owner, "a", "b"))
    assert write_file(person("release-stack"), "b", "c").status_code == 409


def test_an_app_bypasses_by_its_id(owner: httpx.Client, person: Person) -> None:
    app_id = expect_ok(owner.get("/apps/release-stack"))["id"]
    create_ruleset(owner, [build_review_rule()], bypass=[build_actor("Integration", app_id)])

    expect_ok(write_file(person("release-stack"), "a", "b"))
    expect_violation(
        write_file(owner, "b", "c"), 409, "Changes must be made through a pull request."
    )


def test_a_bypass_for_pull_requests_does_not_allow_pushes(
    owner: httpx.Client, person: Person
) -> None:
    create_ruleset(
        owner, [build_review_rule()], bypass=[build_actor("RepositoryRole", 4, "pull_request")]
    )
    number = open_pull_request(person("maintainer-1"))

    expect_violation(
        write_file(person("maintainer-2"), "a", "b"),
        409,
        "Changes must be made through a pull request.",
    )
    expect_ok(person("maintainer-2").put(f"{HTTPX}/pulls/{number}/merge", json={}))


def test_linear_history_refuses_merge_commits(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "required_linear_history"}])
    number = open_pull_request(owner)
    path = f"{HTTPX}/pulls/{number}/merge"

    expect_violation(owner.put(path, json={}), 405, "This branch must not contain merge commits.")
    expect_ok(owner.put(path, json={"merge_method": "squash"}))


def test_status_checks_that_never_report_refuse_a_push(owner: httpx.Client) -> None:
    checks = {
        "required_status_checks": [{"context": "tests"}],
        "strict_required_status_checks_policy": False,
    }
    create_ruleset(owner, [{"type": "required_status_checks", "parameters": checks}])

    expect_violation(write_file(owner, "a", "b"), 409, 'Required status check "tests" is expected.')


@pytest.mark.parametrize(
    ("operator", "pattern", "negate", "allowed"),
    [
        ("starts_with", "v", False, ["v1"]),
        ("ends_with", "1", False, ["v1"]),
        ("contains", "v", False, ["v1"]),
        ("regex", r"^v\d+$", False, ["v1"]),
        ("starts_with", "v", True, ["2"]),
    ],
)
def test_tag_names_must_match_a_pattern(
    world: World, owner: httpx.Client, operator: str, pattern: str, negate: bool, allowed: list[str]
) -> None:
    next(iter(world.organizations.values())).plan = "enterprise"
    parameters = {"operator": operator, "pattern": pattern, "negate": negate}
    create_ruleset(
        owner,
        [{"type": "tag_name_pattern", "parameters": parameters}],
        target="tag",
        include=["~ALL"],
    )

    assert allowed == [name for name in ("v1", "2") if create_tag(owner, name).is_success]
