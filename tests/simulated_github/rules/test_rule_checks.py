"""What rulesets forbid, and whom they do not bind.

Source: GitHub's docs, "Available rules for rulesets" and "About rulesets"; sentences as in public issue threads.
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


def actor(kind: str, number: int | None = None, mode: str = "always") -> dict[str, Any]:
    return {"actor_type": kind, "actor_id": number, "bypass_mode": mode}


def broken(response: httpx.Response, status: int, sentence: str) -> None:
    """Refused by a rule, in the one form that GitHub has for it."""
    expect_refusal(response, status, f"Repository rule violations found\n\n{sentence}")


def test_creation_is_for_those_who_bypass(owner: httpx.Client, person: Person) -> None:
    create_ruleset(
        owner,
        [{"type": "creation"}],
        target="tag",
        include=TAGS,
        bypass=[actor("RepositoryRole", 5)],
    )

    broken(create_tag(person("maintainer-1"), "1.0"), 422, NO_CREATION)
    expect_ok(create_tag(owner, "1.0"))


@pytest.mark.parametrize("login", ["owner-1", "operator-1"])
def test_update_and_deletion_bind_even_admins(
    person: Person, owner: httpx.Client, login: str
) -> None:
    expect_ok(create_tag(owner, "1.0"))
    expect_ok(write_file(owner, "a", "b"))
    rules = [{"type": "update"}, {"type": "deletion"}, {"type": "non_fast_forward"}]
    create_ruleset(owner, rules, target="tag", include=TAGS)
    path, someone = f"{HTTPX}/git/refs/tags/1.0", person(login)

    broken(
        someone.patch(path, json={"sha": get_head(owner)}), 422, "Cannot update this protected ref."
    )
    broken(someone.delete(path), 422, "Cannot delete this protected ref.")
    expect_ok(create_tag(someone, "1.1"))


def test_force_pushes_alone_can_be_forbidden(owner: httpx.Client) -> None:
    create_branch(owner, "next")
    before = get_head(owner)
    expect_ok(write_file(owner, "a", "b", branch="next"))
    create_ruleset(owner, [{"type": "non_fast_forward"}], include=["refs/heads/next"])
    path = f"{HTTPX}/git/refs/heads/next"

    broken(
        owner.patch(path, json={"sha": before, "force": True}),
        422,
        "Cannot force-push to this branch",
    )
    expect_ok(write_file(owner, "b", "c", branch="next"))


def test_changes_must_come_by_pull_request(owner: httpx.Client, person: Person) -> None:
    create_ruleset(owner, [build_review_rule()])
    writer = person("maintainer-1")

    broken(write_file(writer, "a", "b"), 409, "Changes must be made through a pull request.")
    create_branch(writer, "next")
    expect_ok(write_file(writer, "a", "b", branch="next"))
    sha = get_head(owner, branch="next")
    broken(
        writer.patch(f"{HTTPX}/git/refs/heads/main", json={"sha": sha}),
        422,
        "Changes must be made through",
    )


def test_every_broken_rule_is_told_once(owner: httpx.Client) -> None:
    create_ruleset(
        owner, [{"type": "creation"}, {"type": "required_signatures"}], target="tag", include=TAGS
    )
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"], name="more")

    broken(
        create_tag(owner, "1.0"), 422, f"{NO_CREATION}\nCommits must have verified signatures.\n\n"
    )


@pytest.mark.parametrize("enforcement", ["evaluate", "disabled"])
def test_a_ruleset_that_is_not_active_does_nothing(owner: httpx.Client, enforcement: str) -> None:
    create_ruleset(
        owner, [{"type": "creation"}], target="tag", include=TAGS, enforcement=enforcement
    )

    expect_ok(create_tag(owner, "1.0"))


@pytest.mark.parametrize(
    ("include", "name", "free"),
    [
        (["refs/tags/v*"], "1.0", True),
        (["refs/tags/v*"], "v1.0", False),
        (["refs/tags/*"], "a/1.0", True),
        (["refs/tags/**/*"], "a/1.0", False),
        (["~ALL"], "a/1.0", False),
        ([], "1.0", True),
    ],
)
def test_a_rule_holds_for_the_refs_that_are_meant(
    owner: httpx.Client, include: list[str], name: str, free: bool
) -> None:
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=include)

    assert create_tag(owner, name).is_success is free


def test_excluded_refs_are_free(owner: httpx.Client) -> None:
    made = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    names = {"ref_name": {"include": ["~ALL"], "exclude": ["refs/tags/test-*"]}}
    expect_ok(owner.put(f"{HTTPX}/rulesets/{made['id']}", json={"conditions": names}))

    expect_ok(create_tag(owner, "test-1"))
    broken(create_tag(owner, "1.0"), 422, NO_CREATION)


def test_a_tag_ruleset_leaves_branches_alone(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])

    create_branch(owner, "next")


def test_the_default_branch_is_followed(owner: httpx.Client) -> None:
    create_branch(owner, "next")
    create_ruleset(owner, [build_review_rule()])
    expect_ok(owner.patch(HTTPX, json={"default_branch": "next"}))

    expect_ok(write_file(owner, "a", "b", branch="main"))
    broken(
        write_file(owner, "a", "b", branch="next"),
        409,
        "Changes must be made through a pull request.",
    )


def test_a_role_bypasses_for_exactly_that_role(owner: httpx.Client, person: Person) -> None:
    """Assumption: *maintain* as a bypass actor does not stand for *admin*; both are to be named."""
    create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    create_ruleset(
        owner,
        [{"type": "creation"}],
        target="tag",
        include=TAGS,
        bypass=[actor("RepositoryRole", 2)],
    )

    expect_ok(create_tag(person("operator-1"), "1.0"))
    broken(create_tag(person("maintainer-1"), "1.1"), 422, NO_CREATION)
    broken(create_tag(owner, "1.1"), 422, NO_CREATION)


def test_a_team_bypasses_for_its_members(owner: httpx.Client, person: Person) -> None:
    team = create_team(owner, "operations", ["operator-1"])
    create_ruleset(
        owner,
        [{"type": "creation"}],
        target="tag",
        include=TAGS,
        bypass=[actor("Team", team["id"])],
    )

    expect_ok(create_tag(person("operator-1"), "1.0"))
    broken(create_tag(person("operator-2"), "1.1"), 422, NO_CREATION)


def test_an_organizations_admin_bypasses(owner: httpx.Client, person: Person) -> None:
    create_ruleset(owner, [build_review_rule()], bypass=[actor("OrganizationAdmin")])

    expect_ok(write_file(owner, "a", "b"))
    assert write_file(person("release-stack"), "b", "c").status_code == 409


def test_an_app_bypasses_by_its_number(owner: httpx.Client, person: Person) -> None:
    number = expect_ok(owner.get("/apps/release-stack"))["id"]
    create_ruleset(owner, [build_review_rule()], bypass=[actor("Integration", number)])

    expect_ok(write_file(person("release-stack"), "a", "b"))
    broken(write_file(owner, "b", "c"), 409, "Changes must be made through a pull request.")


def test_a_bypass_for_pull_requests_does_not_help_a_push(
    owner: httpx.Client, person: Person
) -> None:
    create_ruleset(
        owner, [build_review_rule()], bypass=[actor("RepositoryRole", 4, "pull_request")]
    )
    number = open_pull_request(person("maintainer-1"))

    broken(
        write_file(person("maintainer-2"), "a", "b"),
        409,
        "Changes must be made through a pull request.",
    )
    expect_ok(person("maintainer-2").put(f"{HTTPX}/pulls/{number}/merge", json={}))


def test_linear_history_refuses_merge_commits(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "required_linear_history"}])
    number = open_pull_request(owner)
    path = f"{HTTPX}/pulls/{number}/merge"

    broken(owner.put(path, json={}), 405, "This branch must not contain merge commits.")
    expect_ok(owner.put(path, json={"merge_method": "squash"}))


def test_status_checks_that_never_report_block(owner: httpx.Client) -> None:
    checks = {
        "required_status_checks": [{"context": "tests"}],
        "strict_required_status_checks_policy": False,
    }
    create_ruleset(owner, [{"type": "required_status_checks", "parameters": checks}])

    broken(write_file(owner, "a", "b"), 409, 'Required status check "tests" is expected.')


@pytest.mark.parametrize(
    ("operator", "pattern", "negate", "free"),
    [
        ("starts_with", "v", False, ["v1"]),
        ("ends_with", "1", False, ["v1"]),
        ("contains", "v", False, ["v1"]),
        ("regex", r"^v\d+$", False, ["v1"]),
        ("starts_with", "v", True, ["2"]),
    ],
)
def test_names_can_be_made_to_match(
    world: World, owner: httpx.Client, operator: str, pattern: str, negate: bool, free: list[str]
) -> None:
    next(iter(world.organizations.values())).plan = "enterprise"
    parameters = {"operator": operator, "pattern": pattern, "negate": negate}
    create_ruleset(
        owner,
        [{"type": "tag_name_pattern", "parameters": parameters}],
        target="tag",
        include=["~ALL"],
    )

    assert free == [name for name in ("v1", "2") if create_tag(owner, name).is_success]
