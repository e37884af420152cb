"""A gate on GitHub that is not the declared one blocks `up`, and the message repairs it."""

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from stacks.preflight.drift import Drift
from stacks.preflight.gate import (
    check_environment_names,
    check_unseen_gates,
    drifts,
    unseen_gates,
)
from stacks.snapshot import (
    BypassActorOnGitHub,
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
)
from tests.stacks.preflight.gates import (
    POLICY_ID,
    gate_situation,
    recorded_repository,
    repository_on_github,
    resource,
    urn,
    with_environment,
    with_ruleset,
)

ENVIRONMENT = "repos/encode/httpx/environments/deploy"
OURS = DeploymentPolicyOnGitHub(POLICY_ID, "*", "tag")
BRANCH = DeploymentPolicyOnGitHub(8, "main", "branch")
PROTECTION: dict[str, dict[str, Any]] = {"update": {}, "deletion": {}, "non_fast_forward": {}}


def one_drift(on_github: RepositoryOnGitHub, **changes: Any) -> Drift:
    [drift] = drifts(gate_situation(on_github, **changes))
    return drift


def body_of(command: str) -> Any:
    """Return the JSON that a command sends."""
    words = shlex.split(command)
    return json.loads(words[words.index("<<<") + 1])


def test_a_whole_gate_has_no_drift() -> None:
    assert list(drifts(gate_situation())) == []


def test_a_gate_that_is_not_recorded_yet_has_no_drift() -> None:
    situation = gate_situation(with_environment(reviewer_team_ids=frozenset()))
    first_up = replace(situation, previous_state=replace(situation.previous_state, entries={}))

    assert list(drifts(first_up)) == []


def test_a_team_that_up_creates_again_becomes_the_reviewer() -> None:
    situation = gate_situation(
        with_environment(reviewer_team_ids=frozenset(), prevent_self_review=False)
    )
    teams = {"maintainers": situation.previous_state.teams["maintainers"]}
    previous_state = replace(situation.previous_state, teams=teams)

    assert len(list(drifts(situation))) == 1
    assert list(drifts(replace(situation, previous_state=previous_state))) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reviewer_team_ids": frozenset()}, "the team with the number 2 is no required reviewer"),
        (
            {"reviewer_team_ids": frozenset({2, 3})},
            "the team with the number 3 is a required reviewer, too",
        ),
        (
            {"reviewer_user_ids": frozenset({9})},
            "the user with the number 9 is a required reviewer, too",
        ),
        ({"prevent_self_review": False}, "the user who started a release may approve it"),
        ({"can_admins_bypass": True}, "admins may bypass it"),
        ({"wait_minutes": 5}, "it waits 5 minutes, not 0"),
        ({"policy_kind": "all"}, "every branch and tag may deploy"),
        ({"policy_kind": "protected"}, "every protected branch may deploy"),
    ],
)
def test_a_changed_environment(change: dict[str, Any], words: str) -> None:
    drift = one_drift(with_environment(**change))

    assert drift.value.endswith(f"was changed on GitHub: {words}")
    assert drift.lost == ()
    [command] = drift.requests
    assert command.startswith(f"gh api -X PUT {ENVIRONMENT} --silent --input - <<< ")
    assert body_of(command) == {
        "wait_timer": 0,
        "prevent_self_review": True,
        "can_admins_bypass": False,
        "reviewers": [{"type": "Team", "id": 2}],
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }


def test_a_shorter_timer_than_declared() -> None:
    entry = {"httpx": {"wait-minutes": 30}}
    situation = gate_situation(
        with_environment(wait_minutes=10),
        recorded_repository(**{"wait-minutes": 30}),
        repositories=entry,
    )

    [drift] = drifts(situation)

    assert drift.value.endswith("it waits 10 minutes, not 30")
    assert body_of(drift.requests[0])["wait_timer"] == 30


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_change_that_up_applies_or_a_repair_made(minutes: int) -> None:
    """GitHub may be as recorded or as declared."""
    on_github = with_environment(wait_minutes=minutes)

    assert (
        list(drifts(gate_situation(on_github, repositories={"httpx": {"wait-minutes": 30}}))) == []
    )


def test_a_declared_change_does_not_hide_a_weakened_gate() -> None:
    on_github = with_environment(can_admins_bypass=True)

    drift = one_drift(on_github, repositories={"httpx": {"wait-minutes": 30}})

    assert "admins may bypass it" in drift.value
    assert body_of(drift.requests[0])["wait_timer"] == 30


def test_a_deleted_environment() -> None:
    """The environment comes first; policy and secret went with it."""
    drift = one_drift(replace(repository_on_github(), environments={}))

    assert "without the environment 'deploy'" in drift.value
    assert drift.requests[0].startswith(f"gh api -X PUT {ENVIRONMENT} ")
    assert drift.lost == (urn("deploy/tags"), urn("deploy/PYPI_TOKEN"))
    assert drift.problem.remedy == (
        f"{drift.requests[0]} && pulumi refresh --yes --skip-preview "
        f"--target '{urn('deploy/tags')}' --target '{urn('deploy/PYPI_TOKEN')}'"
    )


@pytest.mark.parametrize(
    "policy", [BRANCH, DeploymentPolicyOnGitHub(8, "nightly", "tag")], ids=["branch", "tag"]
)
def test_an_additional_policy_is_deleted(policy: DeploymentPolicyOnGitHub) -> None:
    drift = one_drift(with_environment(policies=(OURS, policy)))

    assert f"lets the {policy.type} {policy.name} deploy" in drift.value
    assert drift.requests == (f"gh api -X DELETE {ENVIRONMENT}/deployment-branch-policies/8",)
    assert drift.lost == ()


def test_a_deleted_policy() -> None:
    drift = one_drift(with_environment(policies=()))

    assert "lacks the declared deployment policy" in drift.value
    assert drift.requests == ()
    assert drift.lost == (urn("deploy/tags"),)


@pytest.mark.parametrize(
    "policy",
    [
        DeploymentPolicyOnGitHub(8, "*", "tag"),
        DeploymentPolicyOnGitHub(POLICY_ID, "v*", "tag"),
        DeploymentPolicyOnGitHub(POLICY_ID, "*", "branch"),
    ],
    ids=["created again", "another pattern", "another type"],
)
def test_a_policy_that_is_not_the_recorded_one(policy: DeploymentPolicyOnGitHub) -> None:
    drift = one_drift(with_environment(policies=(policy,)))

    assert drift.requests == (
        f"gh api -X DELETE {ENVIRONMENT}/deployment-branch-policies/{policy.id}",
    )
    assert drift.lost == (urn("deploy/tags"),)


@pytest.mark.parametrize("pattern", ["*", "v*"])
def test_a_pattern_that_up_applies_or_a_repair_wrote(pattern: str) -> None:
    on_github = repository_on_github(**{"release-tags": pattern})
    as_recorded = replace(on_github, workflows=repository_on_github().workflows)
    situation = gate_situation(as_recorded, repositories={"httpx": {"release-tags": "v*"}})

    assert list(drifts(situation)) == []


@pytest.mark.parametrize("place", ["tags-created", "tags-kept", "review"])
@pytest.mark.parametrize("enforcement", ["disabled", "evaluate"])
def test_a_ruleset_that_is_not_enforced(place: str, enforcement: str) -> None:
    drift = one_drift(with_ruleset(place, enforcement=enforcement))

    assert f"its enforcement is `{enforcement}`" in drift.value
    assert body_of(drift.requests[0])["enforcement"] == "active"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"include": frozenset({"refs/tags/v*"})}, "it covers refs/tags/v*"),
        ({"exclude": frozenset({"refs/tags/x*"})}, "it leaves out refs/tags/x*"),
        ({"target": "branch"}, "it is for a branch"),
        ({"name": "old"}, "it is called old"),
        ({"rules": {"update": {}, "deletion": {}}}, "the rule `non_fast_forward` is missing"),
        ({"rules": PROTECTION | {"creation": {}}}, "the rule `creation` was added"),
        ({"bypass_actors": None}, "GitHub does not show this token who may bypass it"),
        (
            {"bypass_actors": frozenset({BypassActorOnGitHub("RepositoryRole", 5, "always")})},
            "the role admin may bypass it",
        ),
        (
            {"bypass_actors": frozenset({BypassActorOnGitHub("User", 9, "exempt")})},
            "User 9 (exempt) may bypass it",
        ),
        (
            {"bypass_actors": frozenset({BypassActorOnGitHub("DeployKey", None, "always")})},
            "DeployKey may bypass it",
        ),
    ],
)
def test_a_changed_tag_ruleset(change: dict[str, Any], words: str) -> None:
    drift = one_drift(with_ruleset("tags-kept", **change))

    assert drift.value.endswith(f"was changed on GitHub: {words}")
    assert drift.requests[0].startswith("gh api -X PUT repos/encode/httpx/rulesets/12 ")
    assert body_of(drift.requests[0]) == {
        "name": "Release tags: never moved or deleted",
        "target": "tag",
        "enforcement": "active",
        "bypass_actors": [],
        "conditions": {"ref_name": {"include": ["refs/tags/*"], "exclude": []}},
        "rules": [{"type": "deletion"}, {"type": "non_fast_forward"}, {"type": "update"}],
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("required_approving_review_count", 0),
        ("dismiss_stale_reviews_on_push", False),
        ("require_last_push_approval", False),
    ],
)
def test_a_weaker_review_rule(name: str, value: Any) -> None:
    rules = {ruleset.id: ruleset for ruleset in repository_on_github().rulesets}[13].rules
    weaker = {**rules, "pull_request": {**rules["pull_request"], name: value}}

    drift = one_drift(with_ruleset("review", rules=weaker))

    assert f"`{name}` of the rule `pull_request` is {value}" in drift.value


def test_a_parameter_that_github_adds_is_no_drift() -> None:
    rules = {ruleset.id: ruleset for ruleset in repository_on_github().rulesets}[13].rules
    extended = {**rules, "pull_request": {**rules["pull_request"], "new": True}}

    assert list(drifts(gate_situation(with_ruleset("review", rules=extended)))) == []


@pytest.mark.parametrize("place", ["tags-created", "tags-kept", "review"])
def test_a_deleted_ruleset(place: str) -> None:
    whole = repository_on_github()
    number = {"tags-created": 11, "tags-kept": 12, "review": 13}[place]
    rulesets = tuple(ruleset for ruleset in whole.rulesets if ruleset.id != number)

    drift = one_drift(replace(whole, rulesets=rulesets))

    assert drift.commands == [f"pulumi refresh --yes --skip-preview --target '{urn(place)}'"]


def test_a_ruleset_of_the_organization_is_not_the_recorded_one() -> None:
    drift = one_drift(with_ruleset("tags-kept", source_type="Organization"))

    assert drift.lost == (urn("tags-kept"),)


def test_every_difference_is_one_problem() -> None:
    broken = replace(
        with_ruleset("review", enforcement="disabled"),
        environments=with_environment(can_admins_bypass=True, policies=(OURS, BRANCH)).environments,
    )

    problems = [drift.problem for drift in drifts(gate_situation(broken))]

    assert [problem.path for problem in problems] == ["repositories.httpx"] * 3


def test_an_archived_repository_is_left_alone() -> None:
    weak = with_environment(can_admins_bypass=True)

    assert list(drifts(gate_situation(replace(weak, archived=True)))) == []
    assert list(drifts(gate_situation(weak, repositories={"httpx": {"archived": True}}))) == []


def test_a_retired_environment_has_no_policy() -> None:
    entry = {"httpx": {"retired": True}}
    resources = recorded_repository().resources
    closed = replace(
        recorded_repository(), resources={"deploy/environment": resources["deploy/environment"]}
    )

    [drift] = drifts(gate_situation(with_environment(), closed, repositories=entry))

    assert drift.requests == (
        f"gh api -X DELETE {ENVIRONMENT}/deployment-branch-policies/{POLICY_ID}",
    )
    assert (
        list(drifts(gate_situation(with_environment(policies=()), closed, repositories=entry)))
        == []
    )


def test_a_name_of_the_environment_in_another_case() -> None:
    recorded = recorded_repository()
    environment = replace(
        recorded.resources["deploy/environment"],
        inputs={**recorded.resources["deploy/environment"].inputs, "environment": "Deploy"},
    )
    renamed = replace(recorded, resources={**recorded.resources, "deploy/environment": environment})

    [problem] = check_environment_names(gate_situation(recorded=renamed))

    assert "'Deploy'" in problem.value
    assert list(check_environment_names(gate_situation())) == []


@pytest.mark.parametrize("part", ["environments", "rulesets", "workflows"])
def test_an_unseen_gate_blocks_in_a_private_repository_alone(part: str) -> None:
    hidden = replace(repository_on_github(), unseen=frozenset({part}))
    private = replace(hidden, private=True)

    situation = gate_situation(private)
    enterprise = replace(situation, snapshot=replace(situation.snapshot, plan="enterprise"))

    assert len(list(check_unseen_gates(enterprise))) == 1
    assert list(check_unseen_gates(situation)) == []
    assert list(unseen_gates(gate_situation(private))) == []
    assert list(check_unseen_gates(gate_situation(hidden))) == []
    assert len(list(unseen_gates(gate_situation(hidden)))) == 1


def test_unread_policies_are_unseen() -> None:
    hidden = replace(with_environment(policies=None), unseen=frozenset({"policies"}))

    [warning] = unseen_gates(gate_situation(hidden))

    assert warning.endswith("gh api repos/encode/httpx/environments/deploy")


def test_an_environment_in_another_case_is_the_same_one() -> None:
    environments: dict[str, EnvironmentOnGitHub] = dict(
        with_environment(name="Deploy").environments
    )

    assert (
        list(drifts(gate_situation(replace(repository_on_github(), environments=environments))))
        == []
    )


def test_an_entry_that_was_removed_needs_what_up_deletes() -> None:
    """Its gate is not compared: `up` takes it away."""
    weak = with_environment(can_admins_bypass=True, policies=())

    [drift] = drifts(gate_situation(weak, repositories={"other": {"create": True}}))

    assert drift.repository == "httpx"
    assert drift.lost == (urn("deploy/tags"),)


def test_a_policy_that_is_recorded_by_its_name_alone_is_lost() -> None:
    recorded = recorded_repository()
    policy = resource("deploy/tags", f"httpx:deploy:{POLICY_ID}", tagPattern="*")
    broken = replace(recorded, resources={**recorded.resources, "deploy/tags": policy})

    [drift] = drifts(gate_situation(recorded=broken))

    assert drift.requests == (
        f"gh api -X DELETE {ENVIRONMENT}/deployment-branch-policies/{POLICY_ID}",
    )
    assert drift.lost == (urn("deploy/tags"),)
