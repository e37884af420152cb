"""What is held against GitHub's API description, and how."""

import httpx
import pytest

from simulated_github.http.routing import Operation
from simulated_github.operations import OPERATIONS
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok
from tests.simulated_github.helpers.api_description import describe, find_problems
from tests.simulated_github.helpers.checked_transport import DEVIATIONS

#: What the Terraform provider's client puts into the body that it was given, or sends because it is one structure for two
#: operations; GitHub takes it or passes over it.
_RULESET = {"source", "source_type"}
PASSED_OVER = {
    "repos/create-or-update-environment": {"can_admins_bypass"},
    "repos/create-org-ruleset": _RULESET,
    "repos/update-org-ruleset": _RULESET,
    "repos/create-repo-ruleset": _RULESET,
    "repos/update-repo-ruleset": _RULESET,
    "repos/create-in-org": {
        "allow_forking",
        "allow_update_branch",
        "has_discussions",
        "security_and_analysis",
        "topics",
        "web_commit_signoff_required",
    },
    "repos/update": {
        "auto_init",
        "gitignore_template",
        "has_discussions",
        "has_downloads",
        "license_template",
        "topics",
    },
    "repos/delete-file": {"content"},
}


def _names(model: object) -> set[str]:
    """The fields of a model, or of all that a union may be, as they are called in JSON."""
    models = getattr(model, "__args__", (model,))
    return {
        field.alias or name
        for one in models
        for name, field in getattr(one, "model_fields", {}).items()
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.id for operation in OPERATIONS])
def test_an_operation_takes_a_body_where_its_description_has_one(operation: Operation) -> None:
    assert (operation.body is None) == (describe(operation.id).body is None)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.id for operation in OPERATIONS])
def test_every_field_of_a_body_is_in_its_description(operation: Operation) -> None:
    """What clients send beyond it and GitHub passes over is in ``PASSED_OVER``, with its reason."""
    if operation.body is None:
        return
    known = _names(describe(operation.id).body)

    assert set(operation.body.fields) - known == PASSED_OVER.get(operation.id, set())


def test_what_is_missing_wrong_or_beyond_the_description_is_found(owner: httpx.Client) -> None:
    model = describe("repos/get").answer
    answer = expect_ok(owner.get(HTTPX))

    assert find_problems(model, answer) == []
    without_a_name = {name: value for name, value in answer.items() if name != "full_name"}
    assert find_problems(model, without_a_name) == ["full_name: Field required"]
    assert find_problems(model, answer | {"id": "1"}) == ["id: Input should be a valid integer"]
    assert find_problems(model, answer | {"license_name": "MIT"}) == ["license_name: not described"]


def test_a_refusal_has_a_description_too() -> None:
    model = describe("repos/update").refusal(422)

    assert (
        find_problems(
            model,
            {
                "message": "Validation Failed",
                "documentation_url": "x",
                "errors": [{"code": "invalid"}],
            },
        )
        == []
    )
    assert find_problems(model, {"documentation_url": "x"}) == ["message: Field required"]


def test_every_deviation_has_a_reason() -> None:
    assert all(one.why.endswith((".", ")")) for one in DEVIATIONS)
