"""Reading the output of `pulumi preview --json`."""

import json
from typing import Any

import pytest

from commands.previews.preview_json import ABSENT, Change, Preview, Step, read_preview, value_at

RULESET = (
    "urn:pulumi:prod::releases::releases:index:ReleaseRepository"
    "$github:index/repositoryRuleset:RepositoryRuleset::httpx/review"
)
APPROVALS = "rules.pullRequest.requiredApprovingReviewCount"


def state(approvals: int, **properties: Any) -> dict[str, Any]:
    rules = {"rules": {"pullRequest": {"requiredApprovingReviewCount": approvals}}}
    return {"custom": True, "inputs": rules, "outputs": rules, **properties}


def step(operation: str, urn: str = RULESET, **properties: Any) -> dict[str, Any]:
    return {"op": operation, "urn": urn, "oldState": state(1), **properties}


def preview_of(*steps: dict[str, Any], **document: Any) -> Preview:
    """Return the preview with these steps."""
    preview = read_preview(json.dumps({"steps": steps, **document}))
    assert preview is not None
    return preview


def test_an_update_has_its_property_with_both_values() -> None:
    update = step(
        "update",
        newState=state(2),
        detailedDiff={APPROVALS: {"kind": "update", "inputDiff": False}},
    )

    assert preview_of(update).steps == (
        Step("update", "httpx/review", "RepositoryRuleset", (Change(APPROVALS, 1, 2),)),
    )


def test_a_property_can_force_a_replacement() -> None:
    replace = step(
        "replace", newState=state(2), detailedDiff={APPROVALS: {"kind": "update-replace"}}
    )

    assert preview_of(replace).steps[0].changes == (
        Change(APPROVALS, 1, 2, forces_replacement=True),
    )


def test_a_property_without_details_has_its_name() -> None:
    update = step("update", newState=state(1), detailedDiff=None, diffReasons=["rules"])

    assert preview_of(update).steps[0].changes[0].path == "rules"


def test_removals_come_first_and_other_steps_keep_their_order() -> None:
    order = ["create", "update", "import", "delete", "replace", "delete"]
    steps = preview_of(
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
    assert preview_of(step(operation)).steps == ()


def test_a_retained_repository_is_not_removed() -> None:
    deletion = preview_of(step("delete", oldState=state(1, retainOnDelete=True))).steps[0]

    assert deletion.retained
    assert not deletion.removes


@pytest.mark.parametrize(
    ("urn", "custom"),
    [
        ("urn:pulumi:prod::releases::releases:index:ReleaseRepository::httpx", False),
        ("urn:pulumi:prod::releases::pulumi:providers:github::default_6_15_0", True),
    ],
    ids=["a component", "the provider"],
)
def test_a_resource_that_is_only_in_the_state_is_not_removed(urn: str, custom: bool) -> None:
    assert not preview_of(step("delete", urn, oldState={"custom": custom})).steps[0].removes


def test_errors_and_warnings_are_separate() -> None:
    diagnostics = [
        {"severity": "warning", "message": "warning: no value yet\n"},
        {"severity": "error", "message": "error: cannot be used\n  operations\n"},
        {"severity": "info", "message": "by the way"},
    ]

    preview = preview_of(diagnostics=diagnostics, changeSummary={"same": 46})

    assert preview == Preview(
        unchanged=46, warnings=("no value yet",), errors=("cannot be used\n  operations",)
    )


@pytest.mark.parametrize(
    "text",
    ["", "error: wrong passphrase", '{"steps": ['],
    ids=["empty", "no JSON", "half a document"],
)
def test_an_engine_that_ended_early_has_no_preview(text: str) -> None:
    assert read_preview(text) is None


def test_escaped_credentials_are_removed_too() -> None:
    diagnostics = [{"severity": "error", "message": 'refused: pass"phrase'}]

    preview = read_preview(json.dumps({"diagnostics": diagnostics}), credentials=['pass"phrase'])

    assert preview == Preview(errors=("refused: [secret]",))


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
    inputs = {"name": "deploy", "reviewers": [{"teams": [7, 8]}], "labels": {"a.b": "dotted"}}

    assert value_at(path, inputs) == value
