"""Tests of random sequences of requests by random users.

No request crashes, contradicts the state, or does what roles and rulesets forbid. Every run uses
the same sequences, derived from the source of the test; `SEQUENCES=N` tries N new ones.
"""

import base64
import os
from typing import Any

import httpx
import hypothesis
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from simulated_github import Application, create_app
from simulated_github.control.snapshot import snapshot
from simulated_github.world.world_file import WorldFile
from tests.simulated_github.helpers.api_calls import (
    build_review_rule,
    expect_ok,
    open_pull_request,
    put_environment,
    put_secret,
)
from tests.simulated_github.helpers.checked_transport import connect
from tests.simulated_github.helpers.oracle import Oracle, find_contradictions, list_new_deployments
from tests.simulated_github.helpers.steps import HTTPX, STEPS, Step

WORKFLOW = """\
on: {push: {tags: ['*']}, workflow_dispatch: {}}
jobs:
  build:
    steps: [{run: x, env: {X: '${{ secrets.PYPI_TOKEN }}'}}]
  publish:
    needs: build
    environment: deploy
    steps: [{run: x, env: {X: '${{ secrets.PYPI_TOKEN }}'}}]
"""
WORLD = WorldFile.model_validate(
    {
        "users": ["owner-1", "operator-1", "writer-1", "reader-1", "outsider-1"],
        "file-sets": {
            "package": {"README.md": "# <repository>", ".github/workflows/publish.yml": WORKFLOW}
        },
        "organizations": {
            "encode": {
                "owners": ["owner-1"],
                "members": ["operator-1", "writer-1", "reader-1"],
                "teams": {
                    "operations": {"maintainers": ["operator-1"]},
                    "maintainers": {"maintainers": ["writer-1"]},
                },
                "repositories": {
                    "httpx": {
                        "files": "package",
                        "collaborators": {"write": ["writer-1"], "maintain": ["operator-1"]},
                    }
                },
            }
        },
        "apps": {
            "release-stack": {
                "installed-in": "encode",
                "permissions": {
                    "administration": "write",
                    "contents": "write",
                    "members": "write",
                    "pull_requests": "write",
                    "actions_variables": "write",
                    "actions": "write",
                    "deployments": "write",
                },
            }
        },
    }
)
#: Each sequence starts with this rule on the default branch and a run that waits at `deploy`.
REVIEWS = {
    "name": "Reviews",
    "target": "branch",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
    "rules": [build_review_rule(1)],
}
EXAMPLES = int(os.environ.get("SEQUENCES", "200"))


@hypothesis.given(st.lists(STEPS, min_size=5, max_size=25))
@hypothesis.settings(
    max_examples=EXAMPLES, derandomize="SEQUENCES" not in os.environ, deadline=None, database=None
)
def test_nothing_forbidden_succeeds(steps: list[Step]) -> None:
    github = create_app(WORLD)
    writer = connect(github, {"authorization": "Bearer token-writer-1"})
    for name in ("change-1", "change-2"):
        open_pull_request(writer, name)
    owner = connect(github, {"authorization": "Bearer token-owner-1"})
    assert owner.post(f"{HTTPX}/rulesets", json=REVIEWS).is_success
    reviewed = [{"type": "User", "id": number} for number in list_reviewer_ids(github)]
    put_environment(owner, reviewers=reviewed, prevent_self_review=True, can_admins_bypass=False)
    expect_ok(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "a-token"))
    operator = connect(github, {"authorization": "Bearer token-operator-1"})
    expect_ok(
        operator.post(f"{HTTPX}/actions/workflows/publish.yml/dispatches", json={"ref": "main"})
    )
    for step in steps:
        take_step(github, step)


def list_reviewer_ids(github: Application) -> list[int]:
    """Return the ids of operator-1 and writer-1, who can read."""
    return [
        user.id for user in github.world.users.values() if user.login in ("operator-1", "writer-1")
    ]


def take_step(github: Application, step: Step) -> None:
    """Take one step and check it.

    A refusal changes nothing but what GitHub leaves behind, the oracle does not forbid a success,
    and the state has no contradiction.
    """
    before = snapshot(github.world)
    oracle = Oracle(before)
    must_be_refused = step.must_be_refused(oracle, step.actor)

    response = send_request(github, step)

    after = snapshot(github.world)
    assert response.status_code < 500
    assert not (response.is_success and must_be_refused), f"{step} must be refused"
    assert response.is_success or before == _without_leftover(step, before, after), (
        f"{step} was refused but changed the state"
    )
    assert find_contradictions(after) == []
    had_reviews = oracle.requires_review and Oracle(after).requires_review
    assert step.may_release_job or not had_reviews or list_new_deployments(before, after) == [], (
        f"{step} started a waiting job"
    )


def _without_leftover(step: Step, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the state without the new environment that a refused protection rule leaves behind."""
    repository = after["repositories"]["encode/httpx"]
    environments = repository["environments"]
    existed = "deploy" in before["repositories"]["encode/httpx"]["environments"]
    is_put = step.method == "PUT" and step.path.endswith("/environments/deploy")
    if existed or not is_put or "deploy" not in environments:
        return after
    assert environments["deploy"]["reviewers"] == []
    remaining = {name: value for name, value in environments.items() if name != "deploy"}
    changed = repository | {"environments": remaining}
    return after | {"repositories": after["repositories"] | {"encode/httpx": changed}}


def send_request(github: Application, step: Step) -> httpx.Response:
    """Send the step's request, with objects in place of the words in capitals."""
    repository = next(iter(github.world.repositories.values()))
    operator, writer = list_reviewer_ids(github)
    deploy = repository.environments.get("deploy")
    values = {
        "HEAD": repository.git.refs[repository.default_ref],
        "OPERATOR": operator,
        "WRITER": writer,
        "ENVIRONMENT": deploy.id if deploy else 1,
        "NEWEST": next(reversed(repository.runs), 1),
    }
    if isinstance(step.body, dict) and "SEALED" in step.body.values():
        key_place = (
            f"environment/{values['ENVIRONMENT']}"
            if "/environments/" in step.path
            else f"repository/{repository.id}"
        )
        key = github.world.key(key_place)
        sealed = SealedBox(PublicKey(base64.b64decode(key.public_key))).encrypt(b"a-token")
        values |= {"KEY": key.key_id, "SEALED": base64.b64encode(sealed).decode()}
    headers = {"authorization": f"Bearer token-{step.actor}"} if step.actor else {}
    path = step.path.replace("FIRST", str(next(iter(repository.rulesets), 1)))
    path = path.replace("RUN", str(next(reversed(repository.runs), 1)))
    return connect(github, headers).request(step.method, path, json=_fill_in(step.body, values))


def _fill_in(value: Any, values: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _fill_in(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fill_in(inner, values) for inner in value]
    return values.get(value, value) if isinstance(value, str) else value


def test_the_oracle_sees_what_is_forbidden() -> None:
    """The check itself works: a reader is not a writer, and a rule binds a writer."""
    github = create_app(WORLD)
    owner = connect(github, {"authorization": "Bearer token-owner-1"})
    conditions = {"ref_name": {"include": ["refs/tags/v*"], "exclude": []}}
    body = {
        "name": "Tags",
        "target": "tag",
        "enforcement": "active",
        "conditions": conditions,
        "rules": [{"type": "creation"}],
    }
    assert owner.post(f"{HTTPX}/rulesets", json=body).is_success

    oracle = Oracle(snapshot(github.world))
    assert not oracle.is_at_least("reader-1", "write")
    assert oracle.is_at_least("writer-1", "write")
    assert oracle.forbids("writer-1", "refs/tags/v1", "creation")
    assert not oracle.forbids("writer-1", "refs/tags/w1", "creation")
