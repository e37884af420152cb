"""Random sequences of requests by random people: no crash, no contradiction, and nothing that roles and rulesets forbid.

The sequences are the same in every run. ``SEQUENCES=N`` tries N others, never seen before.
"""

import base64
import os
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from simulated_github import Application, create_app
from simulated_github.control.snapshot import snapshot
from simulated_github.world.world_file import WorldFile
from tests.simulated_github.conftest import client
from tests.simulated_github.helpers.api_calls import (
    build_review_rule,
    expect_ok,
    open_pull_request,
    put_environment,
    put_secret,
)
from tests.simulated_github.helpers.oracle import Oracle, contradictions, newly_deployed
from tests.simulated_github.helpers.steps import HTTPX, STEPS, Step

WORKFLOW = """\
on: {push: {tags: ['*']}, workflow_dispatch: {}}
jobs:
  build: {steps: [{run: x, env: {X: '${{ secrets.PYPI_TOKEN }}'}}]}
  publish: {needs: build, environment: deploy, steps: [{run: x, env: {X: '${{ secrets.PYPI_TOKEN }}'}}]}
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
#: Where each sequence starts: a review is wanted on the default branch, and a run waits at ``deploy``.
REVIEWS = {
    "name": "Reviews",
    "target": "branch",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
    "rules": [build_review_rule(1)],
}
EXAMPLES = int(os.environ.get("SEQUENCES", "200"))


@given(st.lists(STEPS, min_size=5, max_size=25))
@settings(
    max_examples=EXAMPLES, derandomize="SEQUENCES" not in os.environ, deadline=None, database=None
)
def test_nobody_does_what_they_may_not_and_nothing_breaks(steps: list[Step]) -> None:
    github = create_app(WORLD)
    writer = client(github, {"authorization": "Bearer token-writer-1"})
    for name in ("one", "two"):
        open_pull_request(writer, name)
    owner = client(github, {"authorization": "Bearer token-owner-1"})
    assert owner.post(f"{HTTPX}/rulesets", json=REVIEWS).is_success
    reviewed = [{"type": "User", "id": number} for number in reviewers(github)]
    put_environment(owner, reviewers=reviewed, prevent_self_review=True, can_admins_bypass=False)
    expect_ok(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "a-token"))
    operator = client(github, {"authorization": "Bearer token-operator-1"})
    expect_ok(
        operator.post(f"{HTTPX}/actions/workflows/publish.yml/dispatches", json={"ref": "main"})
    )
    for step in steps:
        take(github, step)


def reviewers(github: Application) -> list[int]:
    """operator-1 and writer-1, who may read."""
    return [
        user.id for user in github.world.users.values() if user.login in ("operator-1", "writer-1")
    ]


def take(github: Application, step: Step) -> None:
    """One step: a refusal changes nothing, a success is none that the oracle forbids, and the state stays sound."""
    before = snapshot(github.world)
    oracle = Oracle(before)
    must_be_refused = step.refused(oracle, step.actor)

    answer = send(github, step)

    after = snapshot(github.world)
    assert answer.status_code < 500
    assert not (answer.is_success and must_be_refused), f"{step} went through: {answer.status_code}"
    assert answer.is_success or before == after, (
        f"{step} was refused and did something: {answer.text}"
    )
    assert contradictions(after) == []
    gated = oracle.reviews and Oracle(after).reviews
    assert step.lets_go or not gated or newly_deployed(before, after) == [], f"{step} let a job go"


def send(github: Application, step: Step) -> httpx.Response:
    """The step's request; words in capitals stand for what exists by now."""
    repository = next(iter(github.world.repositories.values()))
    operator, writer = reviewers(github)
    deploy = repository.environments.get("deploy")
    meant = {
        "HEAD": repository.git.refs[repository.default_ref],
        "OPERATOR": operator,
        "WRITER": writer,
        "ENVIRONMENT": deploy.id if deploy else 1,
        "NEWEST": next(reversed(repository.runs), 1),
    }
    if isinstance(step.body, dict) and "SEALED" in step.body.values():
        place = (
            f"environment/{meant['ENVIRONMENT']}"
            if "/environments/" in step.path
            else f"repository/{repository.id}"
        )
        key = github.world.key(place)
        sealed = SealedBox(PublicKey(base64.b64decode(key.public_key))).encrypt(b"a-token")
        meant |= {"KEY": key.key_id, "SEALED": base64.b64encode(sealed).decode()}
    headers = {"authorization": f"Bearer token-{step.actor}"} if step.actor else {}
    path = step.path.replace("FIRST", str(next(iter(repository.rulesets), 1)))
    path = path.replace("RUN", str(next(reversed(repository.runs), 1)))
    return client(github, headers).request(step.method, path, json=_said(step.body, meant))


def _said(value: Any, meant: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _said(inner, meant) for key, inner in value.items()}
    if isinstance(value, list):
        return [_said(inner, meant) for inner in value]
    return meant.get(value, value) if isinstance(value, str) else value


def test_an_oracle_that_is_asked_sees_what_is_forbidden() -> None:
    """The check itself can fail: whoever reads is seen to be a reader, and a rule to bind a writer."""
    github = create_app(WORLD)
    owner = client(github, {"authorization": "Bearer token-owner-1"})
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
