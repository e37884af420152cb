"""Types of ruleset rules and the parameters of each.

Source: GitHub's API description, schema `repository-rule`.
"""

from typing import Any

from simulated_github.http.fields import (
    Anything,
    Field,
    ListOf,
    Record,
    Text,
    flag,
    integer,
    list_of,
    text,
)
from simulated_github.records.pulls import MERGE_METHODS
from simulated_github.rules.rule_checks import NAME_OPERATORS

WITHOUT_PARAMETERS = frozenset(
    {"creation", "deletion", "required_linear_history", "required_signatures", "non_fast_forward"}
)
_PATTERN = Record(
    {
        "name": text(),
        "negate": flag(),
        "operator": text(*NAME_OPERATORS, required=True),
        "pattern": text(required=True),
    }
)
_STATUS_CHECK = Record({"context": text(required=True), "integration_id": integer()})

PARAMETERS: dict[str, Record] = {
    "update": Record({"update_allows_fetch_and_merge": flag(required=True)}),
    "pull_request": Record(
        {
            "allowed_merge_methods": Field(ListOf(Text(MERGE_METHODS))),
            "dismiss_stale_reviews_on_push": flag(required=True),
            "require_code_owner_review": flag(required=True),
            "require_last_push_approval": flag(required=True),
            "required_approving_review_count": integer(0, 10, required=True),
            "required_review_thread_resolution": flag(required=True),
            "required_reviewers": list_of(Anything()),
            "automatic_copilot_code_review_enabled": flag(),
        }
    ),
    "required_status_checks": Record(
        {
            "do_not_enforce_on_create": flag(),
            "required_status_checks": list_of(_STATUS_CHECK, required=True),
            "strict_required_status_checks_policy": flag(required=True),
        }
    ),
    "required_deployments": Record(
        {"required_deployment_environments": list_of(Text(), required=True)}
    ),
    "commit_message_pattern": _PATTERN,
    "commit_author_email_pattern": _PATTERN,
    "committer_email_pattern": _PATTERN,
    "branch_name_pattern": _PATTERN,
    "tag_name_pattern": _PATTERN,
    "copilot_code_review": Record({"review_on_push": flag(), "review_draft_pull_requests": flag()}),
}
#: Metadata restrictions, which need GitHub Enterprise.
METADATA = frozenset(kind for kind in PARAMETERS if kind.endswith("_pattern"))
#: Values that GitHub fills in for omitted parameters.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "pull_request": {
        "allowed_merge_methods": list(MERGE_METHODS),
        "required_reviewers": [],
    },
    "required_status_checks": {"do_not_enforce_on_create": False},
}


def complete_parameters(kind: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return a rule's parameters with GitHub's defaults for the omitted ones."""
    return _DEFAULTS.get(kind, {}) | parameters
