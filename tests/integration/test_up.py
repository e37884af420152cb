"""What `pulumi up` sets up, and that a second one changes nothing."""

import json

from tests.integration.on_github import ask
from tests.integration.rehearsed_stack import DECLARED_FOR_EACH, RehearsedStack, token_of, writes


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


def test_the_old_workflow_is_replaced_on_the_default_branch_whatever_its_name(
    applied: RehearsedStack,
) -> None:
    assert applied.repository("databases")["default_branch"] == "master"
    for name in ("httpx", "databases"):
        text = applied.repository(name)["files"][".github/workflows/publish.yml"]

        assert "environment:\n      name: deploy\n" in text
        assert f"github.repository == 'encode/{name}'" in text


def test_the_three_rulesets_stand(applied: RehearsedStack) -> None:
    rulesets = applied.repository("httpx")["rulesets"]
    creation = rulesets["Release tags: who may create them"]
    kept = rulesets["Release tags: never moved or deleted"]
    review = rulesets["Pull requests are reviewed"]

    assert (creation["target"], creation["include"], set(creation["rules"])) == (
        "tag",
        ["refs/tags/*"],
        {"creation"},
    )
    assert {(actor["type"], actor["id"]) for actor in creation["bypass_actors"]} == {
        ("RepositoryRole", 2),
        ("RepositoryRole", 5),
    }
    assert (kept["include"], set(kept["rules"])) == (
        ["refs/tags/*"],
        {"update", "deletion", "non_fast_forward"},
    )
    assert kept["bypass_actors"] == []
    assert review["include"] == ["~DEFAULT_BRANCH"]
    assert review["rules"]["pull_request"]["required_approving_review_count"] == 1
    assert [actor["type"] for actor in review["bypass_actors"]] == ["OrganizationAdmin"]
    assert {ruleset["enforcement"] for ruleset in rulesets.values()} == {"active"}


def test_the_two_teams_have_their_people_and_their_access(applied: RehearsedStack) -> None:
    teams = applied.organization()["teams"]

    assert teams["operations"]["members"] == {"operator-1": "member", "operator-2": "member"}
    assert teams["maintainers"]["members"] == {"owner-1": "maintainer", "maintainer-1": "member"}
    assert applied.organization()["invitations"]["maintainer-11"]["teams"] == {
        "maintainers": "member"
    }
    assert teams["operations"]["repositories"] == {"httpx": "maintain", "databases": "maintain"}
    assert teams["maintainers"]["repositories"] == {"httpx": "write", "databases": "write"}
    assert {team["privacy"] for team in teams.values()} == {"closed"}


def test_a_repository_that_is_not_declared_is_left_alone(declared: RehearsedStack) -> None:
    before = declared.repository("broadcaster")

    declared.up()

    assert declared.repository("broadcaster") == before


def test_a_second_up_writes_nothing(applied: RehearsedStack) -> None:
    with applied.requests() as requests:
        applied.up()

    assert writes(requests) == []


def test_a_preview_with_nothing_to_do_asks_github_once(applied: RehearsedStack) -> None:
    with applied.requests() as requests:
        plan = applied.plan()

    assert plan == {}
    assert [(request.method, request.path) for request in requests] == [
        ("GET", "/api/v3/orgs/encode")
    ]


def test_after_a_refresh_the_preview_is_empty_though_an_invitation_is_pending(
    applied: RehearsedStack,
) -> None:
    assert "maintainer-11" in applied.organization()["invitations"]

    refreshed = applied.refresh()

    assert "unchanged" in refreshed.output
    assert applied.plan() == {}


def test_a_new_entry_costs_as_many_writes_as_are_declared_for_it(applied: RehearsedStack) -> None:
    applied.repositories["httpcore"] = None
    applied.configure()
    applied.set_tokens()

    with applied.requests() as requests:
        applied.up()

    assert len(writes(requests)) == DECLARED_FOR_EACH
    assert all(
        "httpcore" in path or "/repositories/" in path or "/team/" in path
        for path in writes(requests)
    )


def test_people_who_review_cost_a_preview_one_request_for_all_of_them(
    declared: RehearsedStack,
) -> None:
    declared.repositories["httpx"] = {"reviewers": {"users": ["operator-3", "maintainer-2"]}}
    declared.configure()

    with declared.requests() as requests:
        declared.preview()

    assert sorted(request.path for request in requests) == ["/api/graphql", "/api/v3/orgs/encode"]


def test_reviewers_beside_operations_and_a_wait_are_set(declared: RehearsedStack) -> None:
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


def test_what_github_refuses_half_way_is_said_once_and_a_second_up_completes_it(
    declared: RehearsedStack,
) -> None:
    ask(
        declared,
        "POST",
        "/repos/encode/httpx/rulesets",
        {"name": "Pull requests are reviewed", "enforcement": "disabled"},
    )

    refused = declared.up(check=False)
    ask(
        declared,
        "DELETE",
        f"/repos/encode/httpx/rulesets/{number_of(declared, 'Pull requests are reviewed')}",
    )
    declared.up()

    assert refused.code != 0
    assert "Traceback" not in refused.output
    assert "Name must be unique" in refused.output
    assert "Pull requests are reviewed" in declared.repository("httpx")["rulesets"]
    assert declared.plan() == {}


def number_of(stack: RehearsedStack, ruleset: str) -> int:
    number: int = stack.repository("httpx")["rulesets"][ruleset]["id"]
    return number


def test_the_state_says_where_a_resource_is_declared_and_nothing_of_the_machine(
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
    assert len(children) > 2 * DECLARED_FOR_EACH
