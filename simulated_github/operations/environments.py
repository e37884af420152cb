"""Environments and their deployment policies."""

from collections.abc import Iterable
from typing import Any

from simulated_github.actions import environment_rules, job_lifecycle
from simulated_github.errors import NotFound, SeeOther, ValidationFailed
from simulated_github.http.fields import Record, body, flag, integer, list_of, record, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.actions import DeploymentPolicy, Environment, Reviewer
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.shapes import environments

MOST_REVIEWERS = 6
LONGEST_WAIT = 43_200  # minutes: thirty days


def _shape(request: Request, environment: Environment) -> dict[str, object]:
    return environments.full(request.world, request.links, request.repository, environment)


def _list(request: Request) -> Response:
    by_name = sorted(
        request.repository.environments.values(), key=lambda environment: environment.name.lower()
    )
    return page(request, by_name, lambda environment: _shape(request, environment), "environments")


def _get(request: Request) -> Response:
    return ok(_shape(request, request.environment))


def _put(request: Request) -> Response:
    """Create or update an environment; reset every field that the body leaves out.

    A reviewer without access to the repository is left out, without a word. A refused protection
    rule leaves a new environment without any rule.

    Source: GitHub's docs, REST page "Create or update an environment"; the Terraform provider's
    issues 1166 (a team without access) and 1311 (the environment exists after a 422), safe-settings
    issue 628 (partially created after a 422). Assumption: an environment that existed before keeps
    its rules.
    """
    repository = request.repository
    fields = request.body
    name = _check_name(request.params["environment_name"])
    requested = _parse_reviewers(fields.get("reviewers") or ())
    branch_policy = _parse_branch_policy(fields.get("deployment_branch_policy"))
    environment = environment_rules.get_or_create(request.world, repository, name)
    _check_plan(repository, fields)
    reviewers = tuple(r for r in requested if environment_rules.may_be_reviewer(repository, r))
    _check_self_review(fields, reviewers)
    environment.wait_timer = fields.get("wait_timer") or 0
    environment.prevent_self_review = bool(fields.get("prevent_self_review"))
    environment.can_admins_bypass = fields.get("can_admins_bypass") is not False
    environment.reviewers = reviewers
    environment.branch_policy = branch_policy
    if branch_policy != "custom":
        environment.policies.clear()
    environment.updated_at = request.world.clock.stamp()
    return ok(_shape(request, environment))


def _check_name(name: str) -> str:
    """Return the name; raise ValidationFailed when it is empty or longer than 255 characters.

    Source: GitHub's docs, "Managing environments". Assumption: control characters are refused.
    """
    if not name or len(name) > 255 or not name.isprintable():
        raise ValidationFailed(
            "Validation Failed", [{"resource": "Environment", "field": "name", "code": "invalid"}]
        )
    return name


def _check_plan(repository: Repository, fields: dict[str, Any]) -> None:
    """Raise ValidationFailed for a protection rule that the plan does not include.

    An environment without rules can be created on every plan. Source: backstage issue 28977; for
    the branch policy the Terraform provider's issue 1311 has another wording. Assumption: secrets
    are stored and never handed to jobs; the page says that GitHub ignores them.
    """
    has_environments = environment_rules.plan_has_environments(repository)
    has_reviews = environment_rules.plan_has_reviews(repository)
    rules = (
        ("required reviewers", has_reviews or not fields.get("reviewers")),
        ("wait timer", has_reviews or not fields.get("wait_timer")),
        ("branch policy", has_environments or fields.get("deployment_branch_policy") is None),
    )
    for rule, is_allowed in rules:
        if not is_allowed:
            plan = f"Please ensure the billing plan supports the {rule} protection rule."
            raise ValidationFailed(f"Failed to create the environment protection rule. {plan}")


def _parse_reviewers(items: Iterable[dict[str, Any]]) -> tuple[Reviewer, ...]:
    """Return the requested reviewers; raise ValidationFailed for more than six.

    Source: GitHub's docs, REST page "Create or update an environment". Assumption: the message, and
    that reviewers who will be left out count as well.
    """
    reviewers = tuple(dict.fromkeys(Reviewer(item["type"], item["id"]) for item in items))
    if len(reviewers) > MOST_REVIEWERS:
        raise ValidationFailed(
            f"Invalid request.\n\nNo more than {MOST_REVIEWERS} reviewers can be added."
        )
    return reviewers


def _check_self_review(fields: dict[str, Any], reviewers: tuple[Reviewer, ...]) -> None:
    """Raise ValidationFailed when self-review is to be prevented and no reviewer remains.

    Source: safe-settings issue 628. There the body names reviewers, and the same body is accepted
    later. Assumption: reviewers who are left out do not count.
    """
    if fields.get("prevent_self_review") and not reviewers:
        raise ValidationFailed(
            "Failed to create or update the environment protection rule. Required reviewers must"
            " have at least one reviewer to set prevent_self_review."
        )


def _parse_branch_policy(policy: dict[str, bool] | None) -> str | None:
    if policy is None:
        return None
    if policy["protected_branches"] == policy["custom_branch_policies"]:
        raise ValidationFailed(
            "`protected_branches` and `custom_branch_policies` cannot have the same value."
        )
    return "protected" if policy["protected_branches"] else "custom"


def _delete(request: Request) -> Response:
    """Delete an environment and fail the jobs that wait for it.

    Source: GitHub's docs, "Managing environments for deployment".
    """
    repository = request.repository
    environment = request.environment
    job_lifecycle.fail_waiting_jobs(request.world, repository, environment)
    del repository.environments[environment.name]
    return no_content()


def _list_policies(request: Request) -> Response:
    return page(
        request,
        request.environment.policies.values(),
        environments.deployment_policy,
        "branch_policies",
    )


def _find_policy(request: Request) -> DeploymentPolicy:
    policy = request.environment.policies.get(request.number("branch_policy_id"))
    if policy is None:
        raise NotFound
    return policy


def _create_policy(request: Request) -> Response:
    environment = request.environment
    name = request.body["name"]
    kind = request.body.get("type") or "branch"
    if environment.branch_policy != "custom":
        # Source: the API description: "`deployment_branch_policy.custom_branch_policies` is false"
        raise NotFound
    if any((p.name, p.kind) == (name, kind) for p in environment.policies.values()):
        # Source: the API description: 303 "if the same branch name pattern already exists"
        raise SeeOther("A deployment policy with this name exists already.")
    policy = DeploymentPolicy(request.world.ids.take("deployment_policy"), name, kind)
    environment.policies[policy.id] = policy
    return ok(environments.deployment_policy(policy))


def _get_policy(request: Request) -> Response:
    return ok(environments.deployment_policy(_find_policy(request)))


def _update_policy(request: Request) -> Response:
    policy = _find_policy(request)
    policy.name = request.body["name"]
    return ok(environments.deployment_policy(policy))


def _delete_policy(request: Request) -> Response:
    del request.environment.policies[_find_policy(request).id]
    return no_content()


_PATH = "/repos/{owner}/{repo}/environments"
_ENVIRONMENT = f"{_PATH}/{{environment_name}}"
_POLICIES = f"{_ENVIRONMENT}/deployment-branch-policies"
_READ = OnRepository(Role.READ, "actions:read", ("repo", "public_repo"))
_ADMIN = OnRepository(Role.ADMIN, "administration:write", ("repo",))
_REVIEWER = Record({"type": text("User", "Team", required=True), "id": integer(required=True)})
_BRANCHES = {
    "protected_branches": flag(required=True),
    "custom_branch_policies": flag(required=True),
}

operations = [
    Operation("repos/get-all-environments", "GET", _PATH, _list, _READ),
    Operation("repos/get-environment", "GET", _ENVIRONMENT, _get, _READ),
    Operation(
        "repos/create-or-update-environment",
        "PUT",
        _ENVIRONMENT,
        _put,
        _ADMIN,
        body(
            wait_timer=integer(0, LONGEST_WAIT, nullable=True),
            prevent_self_review=flag(nullable=True),
            can_admins_bypass=flag(nullable=True),
            reviewers=list_of(_REVIEWER, nullable=True),
            deployment_branch_policy=record(_BRANCHES, nullable=True),
        ),
    ),
    Operation("repos/delete-an-environment", "DELETE", _ENVIRONMENT, _delete, _ADMIN),
    Operation("repos/list-deployment-branch-policies", "GET", _POLICIES, _list_policies, _READ),
    Operation(
        "repos/create-deployment-branch-policy",
        "POST",
        _POLICIES,
        _create_policy,
        _ADMIN,
        body(name=text(required=True), type=text("branch", "tag")),
    ),
    Operation(
        "repos/get-deployment-branch-policy",
        "GET",
        f"{_POLICIES}/{{branch_policy_id}}",
        _get_policy,
        _READ,
    ),
    Operation(
        "repos/update-deployment-branch-policy",
        "PUT",
        f"{_POLICIES}/{{branch_policy_id}}",
        _update_policy,
        _ADMIN,
        body(name=text(required=True)),
    ),
    Operation(
        "repos/delete-deployment-branch-policy",
        "DELETE",
        f"{_POLICIES}/{{branch_policy_id}}",
        _delete_policy,
        _ADMIN,
    ),
]
