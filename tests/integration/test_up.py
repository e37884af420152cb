"""The objects that `pulumi up` creates; a second `up` changes nothing."""

import json

from tests.integration.on_github import send_request
from tests.integration.rehearsed_stack import (
    RESOURCES_PER_REPOSITORY,
    RehearsedStack,
    token_of,
    writes,
)


def test_every_release_waits_for_operations(applied: RehearsedStack) -> None:
    for name in ("httpx", "databases"):
        deploy = applied.repository(name)["environments"]["deploy"]

        assert deploy["reviewers"] == ["team operations"]
        assert deploy["prevent_self_review"] is True
        assert deploy["can_admins_bypass"] is False
        assert deploy["wait_timer"] == 0
        assert [(policy["type"], policy["name"]) for policy in deploy["policies"]] == [("tag", "*")]


def test_each_token_is_a_secret_of_its_environment(applied: RehearsedStack) -> None:
    for name in ("httpx", "databases"):
        assert applied.repository(name)["environments"]["deploy"]["secrets"] == {
            "PYPI_TOKEN": token_of(name)
        }


def test_the_workflow_is_on_the_default_branch(
    applied: RehearsedStack,
) -> None:
    assert applied.repository("databases")["default_branch"] == "master"
    for name in ("httpx", "databases"):
        text = applied.repository(name)["files"][".github/workflows/publish.yml"]

        assert "environment:\n      name: deploy\n" in text
        assert f"github.repository == 'encode/{name}'" in text


def test_the_three_rulesets_are_active(applied: RehearsedStack) -> None:
    rulesets = applied.repository("httpx")["rulesets"]
    creation = rulesets["Release tags: who may create them"]
    protection = rulesets["Release tags: never moved or deleted"]
    review = rulesets["Pull requests are reviewed"]

    assert creation["target"] == "tag"
    assert creation["include"] == ["refs/tags/*"]
    assert set(creation["rules"]) == {"creation"}
    assert {(actor["type"], actor["id"]) for actor in creation["bypass_actors"]} == {
        ("RepositoryRole", 2),
        ("RepositoryRole", 5),
    }
    assert protection["include"] == ["refs/tags/*"]
    assert set(protection["rules"]) == {"update", "deletion", "non_fast_forward"}
    assert protection["bypass_actors"] == []
    assert review["include"] == ["~DEFAULT_BRANCH"]
    assert review["rules"]["pull_request"]["required_approving_review_count"] == 1
    assert [actor["type"] for actor in review["bypass_actors"]] == ["OrganizationAdmin"]
    assert {ruleset["enforcement"] for ruleset in rulesets.values()} == {"active"}


def test_both_teams_have_their_members_and_access(applied: RehearsedStack) -> None:
    teams = applied.organization()["teams"]

    assert teams["operations"]["members"] == {"operator-1": "member", "operator-2": "member"}
    assert teams["maintainers"]["members"] == {"owner-1": "maintainer", "maintainer-1": "member"}
    assert applied.organization()["invitations"]["maintainer-11"]["teams"] == {
        "maintainers": "member"
    }
    assert teams["operations"]["repositories"] == {"httpx": "maintain", "databases": "maintain"}
    assert teams["maintainers"]["repositories"] == {"httpx": "write", "databases": "write"}
    assert {team["privacy"] for team in teams.values()} == {"closed"}


def test_an_undeclared_repository_is_unchanged(declared: RehearsedStack) -> None:
    before = declared.repository("broadcaster")

    declared.up()

    assert declared.repository("broadcaster") == before


def test_a_second_up_writes_nothing(applied: RehearsedStack) -> None:
    with applied.requests() as requests:
        applied.up()

    assert writes(requests) == []


def test_a_preview_without_changes_costs_one_request(applied: RehearsedStack) -> None:
    with applied.requests() as requests:
        plan = applied.plan()

    assert plan == {}
    assert [(request.method, request.path) for request in requests] == [
        ("GET", "/api/v3/orgs/encode")
    ]


def test_a_pending_invitation_leaves_the_preview_empty(
    applied: RehearsedStack,
) -> None:
    assert "maintainer-11" in applied.organization()["invitations"]

    refreshed = applied.refresh()

    assert "unchanged" in refreshed.output
    assert applied.plan() == {}


def test_a_new_entry_costs_one_write_per_resource(applied: RehearsedStack) -> None:
    applied.repositories["httpcore"] = None
    applied.configure()
    applied.set_tokens()

    with applied.requests() as requests:
        applied.up()

    assert len(writes(requests)) == RESOURCES_PER_REPOSITORY
    assert all(
        "httpcore" in path or "/repositories/" in path or "/team/" in path
        for path in writes(requests)
    )


def test_all_reviewers_cost_a_preview_one_request(
    declared: RehearsedStack,
) -> None:
    declared.repositories["httpx"] = {"reviewers": {"users": ["operator-3", "maintainer-2"]}}
    declared.configure()

    with declared.requests() as requests:
        declared.preview()

    assert sorted(request.path for request in requests) == ["/api/graphql", "/api/v3/orgs/encode"]


def test_extra_reviewers_and_a_wait_timer_are_set(declared: RehearsedStack) -> None:
    declared.repositories["httpx"] = {
        "reviewers": {"users": ["operator-3"]},
        "wait-minutes": 30,
        "release-tags": "v*",
    }
    declared.configure()

    declared.up()

    deploy = declared.repository("httpx")["environments"]["deploy"]
    assert deploy["reviewers"] == ["team operations", "user operator-3"]
    assert deploy["wait_timer"] == 30
    assert [policy["name"] for policy in deploy["policies"]] == ["v*"]
    assert "- 'v*'" in declared.repository("httpx")["files"][".github/workflows/publish.yml"]
    assert declared.repository("databases")["environments"]["deploy"]["wait_timer"] == 0


def test_a_second_up_completes_a_blocked_one(
    declared: RehearsedStack,
) -> None:
    send_request(
        declared,
        "POST",
        "/repos/encode/httpx/rulesets",
        {"name": "Pull requests are reviewed", "enforcement": "disabled"},
    )

    refused = declared.up(check=False)
    send_request(
        declared,
        "DELETE",
        f"/repos/encode/httpx/rulesets/{id_of(declared, 'Pull requests are reviewed')}",
    )
    declared.up()

    assert refused.code != 0
    assert "Traceback" not in refused.output
    assert "set up by a stack of this project already" in refused.output
    assert "Pull requests are reviewed" in declared.repository("httpx")["rulesets"]
    assert declared.plan() == {}


def id_of(stack: RehearsedStack, ruleset: str) -> int:
    ruleset_id: int = stack.repository("httpx")["rulesets"][ruleset]["id"]
    return ruleset_id


def test_the_state_has_no_paths_of_the_machine(
    applied: RehearsedStack,
) -> None:
    resources = json.loads(applied.sandbox.pulumi("stack", "export").output)["deployment"][
        "resources"
    ]

    children = [
        resource
        for resource in resources
        if resource.get("parent") and "providers" not in resource["type"]
    ]
    lines = {frame["sourcePosition"] for resource in children for frame in resource["stackTrace"]}
    assert {line.rpartition("/")[0] for line in lines} <= {
        "project:///components",
        "project:///stacks",
    }
    assert len(children) > 2 * RESOURCES_PER_REPOSITORY
