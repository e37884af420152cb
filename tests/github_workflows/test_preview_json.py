"""The plan that is read from `pulumi preview --json`."""

import json
from typing import Any

import pytest

from commands.preview_json import ABSENT, Change, Plan, Step, read_plan, value_at

RULESET = "urn:pulumi:prod::releases::releases:index:ReleaseRepository$github:index/repositoryRuleset:RepositoryRuleset::httpx/review"
APPROVALS = "rules.pullRequest.requiredApprovingReviewCount"


def state(approvals: int, **more: Any) -> dict[str, Any]:
    rules = {"rules": {"pullRequest": {"requiredApprovingReviewCount": approvals}}}
    return {"custom": True, "inputs": rules, "outputs": rules, **more}


def step(operation: str, urn: str = RULESET, **more: Any) -> dict[str, Any]:
    return {"op": operation, "urn": urn, "oldState": state(1), **more}


def plan_of(*steps: dict[str, Any], **more: Any) -> Plan:
    plan = read_plan(json.dumps({"steps": steps, **more}))
    assert plan is not None
    return plan


def test_an_update_names_its_property_with_both_values() -> None:
    update = step(
        "update",
        newState=state(2),
        detailedDiff={APPROVALS: {"kind": "update", "inputDiff": False}},
    )

    assert plan_of(update).steps == (
        Step("update", "httpx/review", "RepositoryRuleset", (Change(APPROVALS, 1, 2),)),
    )


def test_a_property_that_forces_a_replacement_says_so() -> None:
    replace = step(
        "replace", newState=state(2), detailedDiff={APPROVALS: {"kind": "update-replace"}}
    )

    assert plan_of(replace).steps[0].changes == (Change(APPROVALS, 1, 2, forces=True),)


def test_a_property_without_details_is_named() -> None:
    assert (
        plan_of(step("update", newState=state(1), detailedDiff=None, diffReasons=["rules"]))
        .steps[0]
        .changes[0]
        .path
        == "rules"
    )


def test_what_takes_something_away_comes_first_and_otherwise_the_engines_order_stays() -> None:
    order = ["create", "update", "import", "delete", "replace", "delete"]
    steps = plan_of(
        *(step(operation, f"{RULESET}-{number}") for number, operation in enumerate(order))
    ).steps

    assert [f"{step.operation} {step.name[-1]}" for step in steps] == [
        "delete 3",
        "delete 5",
        "replace 4",
        "update 1",
        "create 0",
        "import 2",
    ]


@pytest.mark.parametrize(
    "operation", ["same", "create-replacement", "delete-replaced", "read", "refresh"]
)
def test_steps_that_pulumi_does_not_count_are_left_out(operation: str) -> None:
    assert plan_of(step(operation)).steps == ()


def test_a_retained_repository_is_not_taken_away() -> None:
    deletion = plan_of(step("delete", oldState=state(1, retainOnDelete=True))).steps[0]

    assert deletion.retained
    assert not deletion.takes_away


@pytest.mark.parametrize(
    ("urn", "custom"),
    [
        ("urn:pulumi:prod::releases::releases:index:ReleaseRepository::httpx", False),
        ("urn:pulumi:prod::releases::pulumi:providers:github::default_6_15_0", True),
    ],
    ids=["a component", "the provider"],
)
def test_what_is_in_the_state_alone_is_not_taken_away(urn: str, custom: bool) -> None:
    assert not plan_of(step("delete", urn, oldState={"custom": custom})).steps[0].takes_away


def test_errors_and_warnings_are_told_apart() -> None:
    said = [
        {"severity": "warning", "message": "warning: no value yet\n"},
        {"severity": "error", "message": "error: cannot be used\n  operations\n"},
        {"severity": "info", "message": "by the way"},
    ]

    plan = plan_of(diagnostics=said, changeSummary={"same": 46})

    assert plan == Plan(
        unchanged=46, warnings=("no value yet",), errors=("cannot be used\n  operations",)
    )


@pytest.mark.parametrize(
    "text",
    ["", "error: wrong passphrase", '{"steps": ['],
    ids=["nothing", "a sentence", "half of it"],
)
def test_an_engine_that_ended_early_has_no_plan(text: str) -> None:
    assert read_plan(text) is None


def test_hidden_texts_are_taken_out_however_they_are_written() -> None:
    said = [{"severity": "error", "message": 'refused: pass"phrase'}]

    plan = read_plan(json.dumps({"diagnostics": said}), hidden=['pass"phrase'])

    assert plan == Plan(errors=("refused: [secret]",))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "deploy"),
        ("reviewers[0].teams[1]", 8),
        ('labels["a.b"]', "dotted"),
        ("reviewers[3]", ABSENT),
        ("name.first", ABSENT),
        ("missing", ABSENT),
    ],
)
def test_a_path_leads_to_its_value(path: str, value: object) -> None:
    assert (
        value_at(
            path, {"name": "deploy", "reviewers": [{"teams": [7, 8]}], "labels": {"a.b": "dotted"}}
        )
        == value
    )
