"""Tests of the comparison with GitHub's API description."""

import httpx
import pytest

from simulated_github.http.routing import Operation
from simulated_github.operations import OPERATIONS
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok
from tests.simulated_github.helpers.api_description import describe, find_problems
from tests.simulated_github.helpers.checked_transport import DEVIATIONS

#: Fields that the Terraform provider's client sends although the description lacks them: it sends
#: back what it read, or shares a structure between two operations. GitHub accepts or ignores them.
_RULESET_FIELDS = {"source", "source_type"}
IGNORED_FIELDS = {
    "repos/create-or-update-environment": {"can_admins_bypass"},
    "repos/create-org-ruleset": _RULESET_FIELDS,
    "repos/update-org-ruleset": _RULESET_FIELDS,
    "repos/create-repo-ruleset": _RULESET_FIELDS,
    "repos/update-repo-ruleset": _RULESET_FIELDS,
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


def list_field_names(model: object) -> set[str]:
    """Return the JSON names of the fields of a model, or of all members of a union."""
    models = getattr(model, "__args__", (model,))
    return {
        field.alias or name
        for member in models
        for name, field in getattr(member, "model_fields", {}).items()
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.id for operation in OPERATIONS])
def test_an_operation_takes_a_body_where_its_description_has_one(operation: Operation) -> None:
    assert (operation.body is None) == (describe(operation.id).body is None)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.id for operation in OPERATIONS])
def test_every_field_of_a_body_is_in_its_description(operation: Operation) -> None:
    """`IGNORED_FIELDS` lists the exceptions."""
    if operation.body is None:
        return
    described = list_field_names(describe(operation.id).body)

    assert set(operation.body.fields) - described == IGNORED_FIELDS.get(operation.id, set())


def test_missing_invalid_and_undescribed_fields_are_problems(owner: httpx.Client) -> None:
    model = describe("repos/get").response
    repository = expect_ok(owner.get(HTTPX))

    assert find_problems(model, repository) == []
    without_a_name = {name: value for name, value in repository.items() if name != "full_name"}
    assert find_problems(model, without_a_name) == ["full_name: Field required"]
    assert find_problems(model, repository | {"id": "1"}) == ["id: Input should be a valid integer"]
    assert find_problems(model, repository | {"license_name": "MIT"}) == [
        "license_name: not described"
    ]


def test_a_refusal_has_a_description() -> None:
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
    assert all(deviation.reason.endswith((".", ")")) for deviation in DEVIATIONS)
