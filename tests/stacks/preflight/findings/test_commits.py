"""Rules of branches that refuse the commit of the workflow file, or every merge."""

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from stacks.preflight import problems
from stacks.settings import Problem
from stacks.snapshot import (
    BranchProtectionOnGitHub,
    BypassActorOnGitHub,
    RepositoryOnGitHub,
    RulesetOnGitHub,
)
from tests.stacks.preflight.gates import gate_situation, repository_on_github
from tests.stacks.preflight.situations import repositories, situation, snapshot_with

OWNERS = BypassActorOnGitHub("OrganizationAdmin", None, "always")
EVERYWHERE = RulesetOnGitHub(
    5,
    "reviews everywhere",
    "branch",
    "active",
    "Organization",
    include=frozenset({"~DEFAULT_BRANCH"}),
    rules={"pull_request": {"required_approving_review_count": 1}},
)
APP = {"app": "release-stack", "id": 7}


def blocked(ruleset: RulesetOnGitHub | None = None, **attributes: Any) -> list[Problem]:
    """Return the problems of a first `up` on a repository with a ruleset or a protection."""
    rulesets = (ruleset,) if ruleset else ()
    on_github = repositories("httpx", rulesets=rulesets, **attributes)
    return problems(situation(snapshot_with(repositories=on_github)))


def test_a_ruleset_of_the_organization_refuses_the_commit() -> None:
    [problem] = blocked(EVERYWHERE)

    assert problem.path == "repositories.httpx"
    assert problem.value == (
        "under the ruleset 'reviews everywhere' of the organization, whose rule `pull_request` "
        "refuses the commit of the workflow file"
    )
    words = shlex.split(problem.remedy)
    assert words[:5] == ["gh", "api", "-X", "PUT", "orgs/encode/rulesets/5"]
    assert json.loads(words[-1]) == {
        "bypass_actors": [
            {"actor_id": None, "actor_type": "OrganizationAdmin", "bypass_mode": "always"}
        ]
    }


def test_the_bypass_actors_of_the_ruleset_stay() -> None:
    team = BypassActorOnGitHub("Team", 3, "pull_request")

    [problem] = blocked(replace(EVERYWHERE, bypass_actors=frozenset({team})))

    actors = json.loads(shlex.split(problem.remedy)[-1])["bypass_actors"]
    assert [actor["actor_type"] for actor in actors] == ["OrganizationAdmin", "Team"]


def test_a_ruleset_of_the_repository() -> None:
    [problem] = blocked(replace(EVERYWHERE, source_type="Repository"))

    assert "gh api -X PUT repos/encode/httpx/rulesets/5" in problem.remedy


def test_a_ruleset_of_the_enterprise() -> None:
    [problem] = blocked(replace(EVERYWHERE, source_type="Enterprise"))

    assert problem.remedy.startswith("ask an owner of the enterprise")


@pytest.mark.parametrize(
    "change",
    [
        {"rules": {"update": {}}},
        {"rules": {"required_status_checks": {}}},
        {"rules": {"required_signatures": {}}},
        {"include": frozenset({"~ALL"})},
        {"include": frozenset({"refs/heads/main"})},
        {"include": frozenset({"refs/heads/m*"})},
        {"target": "push", "include": frozenset(), "rules": {"file_path_restriction": {}}},
        {
            "bypass_actors": frozenset(
                {BypassActorOnGitHub("OrganizationAdmin", None, "pull_request")}
            )
        },
        {"bypass_actors": frozenset({BypassActorOnGitHub("RepositoryRole", 2, "always")})},
    ],
)
def test_rulesets_that_refuse_the_commit(change: dict[str, Any]) -> None:
    assert len(blocked(replace(EVERYWHERE, **change))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"rules": {"deletion": {}, "non_fast_forward": {}}},
        {"enforcement": "disabled"},
        {"enforcement": "evaluate"},
        {"target": "tag"},
        {"include": frozenset({"refs/heads/release/*"})},
        {"exclude": frozenset({"refs/heads/main"})},
        {"bypass_actors": frozenset({OWNERS})},
        {"bypass_actors": frozenset({BypassActorOnGitHub("OrganizationAdmin", None, "exempt")})},
        {"bypass_actors": frozenset({BypassActorOnGitHub("RepositoryRole", 5, "always")})},
        {"bypass_actors": None},
    ],
)
def test_rulesets_that_let_the_commit_through(change: dict[str, Any]) -> None:
    assert blocked(replace(EVERYWHERE, **change)) == []


@pytest.mark.parametrize(("actor_id", "count"), [(7, 0), (8, 1)])
def test_an_app_needs_a_bypass_of_its_own(actor_id: int, count: int) -> None:
    actors = frozenset({BypassActorOnGitHub("Integration", actor_id, "always"), OWNERS})
    on_github = repositories("httpx", rulesets=(replace(EVERYWHERE, bypass_actors=actors),))
    reported = problems(situation(snapshot_with(repositories=on_github), applied_by=APP))

    assert sum("refuses the commit" in problem.value for problem in reported) == count


def test_nothing_is_refused_where_the_file_stays() -> None:
    on_github = repository_on_github()
    extended = replace(on_github, rulesets=(*on_github.rulesets, EVERYWHERE))

    assert problems(gate_situation(extended)) == []
    changed = {"httpx": {"python-version": "3.13"}}
    assert len(problems(gate_situation(extended, repositories=changed))) == 1


@pytest.mark.parametrize(
    ("protection", "count"),
    [
        (BranchProtectionOnGitHub(binds_admins=True, blocks_commits=True), 1),
        (BranchProtectionOnGitHub(binds_admins=False, blocks_commits=True), 0),
        (BranchProtectionOnGitHub(binds_admins=True, blocks_commits=False), 0),
        (None, 0),
    ],
)
def test_classic_protection(protection: BranchProtectionOnGitHub | None, count: int) -> None:
    reported = blocked(protection=protection)

    assert [problem.remedy for problem in reported] == [
        "gh api -X DELETE repos/encode/httpx/branches/main/protection/enforce_admins"
    ] * count


def test_an_app_is_bound_by_classic_protection() -> None:
    protection = BranchProtectionOnGitHub(binds_admins=False, blocks_commits=True)
    on_github = repositories("httpx", protection=protection)

    reported = problems(situation(snapshot_with(repositories=on_github), applied_by=APP))

    assert "gh api -X DELETE repos/encode/httpx/branches/main/protection" in [
        problem.remedy for problem in reported
    ]


def with_methods(*settings: str, rule: tuple[str, ...] = (), **changes: Any) -> RepositoryOnGitHub:
    review = RulesetOnGitHub(
        9,
        "foreign",
        "branch",
        "active",
        include=frozenset({"~DEFAULT_BRANCH"}),
        bypass_actors=frozenset({OWNERS}),
        rules={"pull_request": {"allowed_merge_methods": list(rule)}} | changes.get("rules", {}),
    )
    on_github = repository_on_github()
    return replace(
        on_github,
        merge_methods=frozenset(settings),
        rulesets=(*on_github.rulesets, review),
        protection=changes.get("protection"),
    )


LINEAR: dict[str, Any] = {"rules": {"required_linear_history": {}}}


@pytest.mark.parametrize(
    ("on_github", "setting"),
    [
        (with_methods("merge", rule=("squash",)), "allow_squash_merge"),
        (with_methods("squash", rule=("REBASE",)), "allow_rebase_merge"),
        (with_methods("merge", **LINEAR), "allow_squash_merge"),
        (
            with_methods("merge", protection=BranchProtectionOnGitHub(False, False, True)),
            "allow_squash_merge",
        ),
    ],
)
def test_no_way_to_merge(on_github: RepositoryOnGitHub, setting: str) -> None:
    [problem] = problems(gate_situation(on_github))

    assert problem.path == "httpx allows no merge method that its rules allow"
    assert problem.remedy.startswith(
        f"gh api -X PATCH repos/encode/httpx -F {setting}=true --silent\n"
    )


def test_rules_that_allow_no_method_together() -> None:
    [problem] = problems(gate_situation(with_methods("merge", rule=("merge",), **LINEAR)))

    assert problem.remedy.startswith("Correct the rulesets: together they allow no merge method\n")


@pytest.mark.parametrize(
    "on_github",
    [
        with_methods("merge", rule=("merge",)),
        with_methods("merge", "squash", **LINEAR),
        with_methods("rebase"),
    ],
)
def test_a_way_to_merge(on_github: RepositoryOnGitHub) -> None:
    assert problems(gate_situation(on_github)) == []
