"""After `pulumi up`, people try to publish without operations, as docs/threat-model.md numbers the ways to do so."""

import base64
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from commands.trials import TOKEN_THIEF, RefusedError, Scene
from simulated_github import SimulatedGitHub
from tests.integration.rehearsed_stack import OWNER, Moment

PUBLISH = ".github/workflows/publish.yml"
JOB = TOKEN_THIEF.replace("on: push", "on: [push, workflow_dispatch]")


@pytest.fixture
def github(moment_applied: Moment) -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub(moment_applied.world) as found:
        yield found


@pytest.fixture
def scene(github: SimulatedGitHub) -> Iterator[Scene]:
    """A repository that the stack has set up, and whose old repository secret was deleted as `up` says."""
    with Scene(github.url, OWNER, "httpx") as found:
        found.does("owner-1", "DELETE", "/actions/secrets/PYPI_TOKEN")
        yield found


def runs(scene: Scene, sha: str) -> list[dict[str, Any]]:
    return [run for run in scene.state()["runs"] if run["head_sha"] == sha]


def handed(scene: Scene) -> list[str]:
    """The secrets that any job of any run was handed."""
    return [
        secret["name"]
        for run in scene.state()["runs"]
        for job in run["jobs"]
        for secret in job["secrets"]
    ]


def push_workflow(
    scene: Scene, person: str, environment: str, path: str = ".github/workflows/thief.yml"
) -> tuple[str, str]:
    """Somebody's branch with a workflow of theirs: its name and its commit."""
    branch = scene.branch(person)
    line = f"\n    environment: {environment}" if environment else ""
    body: dict[str, Any] = {
        "message": "Try",
        "branch": branch,
        "content": content(JOB.format(environment=line)),
    }
    with suppress(RefusedError):
        body["sha"] = scene.does(person, "GET", f"/contents/{path}?ref={branch}")["sha"]
    return branch, scene.does(person, "PUT", f"/contents/{path}", body)["commit"]["sha"]


def content(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def release(scene: Scene, person: str) -> int:
    """Somebody's release, which waits: the number of its run."""
    tag = scene.tag(person)
    found = scene.does(person, "GET", "/actions/runs?event=push&per_page=100")["workflow_runs"]
    [run] = [each for each in found if each["head_branch"] == tag and each["name"] == "Publish"]
    assert run["status"] == "waiting"
    return int(run["id"])


def review(scene: Scene, person: str, run: int, state: str = "approved") -> None:
    path = f"/actions/runs/{run}/pending_deployments"
    [pending] = scene.does(person, "GET", path)
    body = {"environment_ids": [pending["environment"]["id"]], "state": state, "comment": "Try"}
    scene.does(person, "POST", path, body)


def status(scene: Scene, run: int) -> str:
    return str(scene.does("owner-1", "GET", f"/actions/runs/{run}")["status"])


def refused(
    scene: Scene, person: str, method: str, path: str, body: dict[str, Any] | None = None
) -> str:
    """What GitHub says to somebody whom it does not let do something."""
    with pytest.raises(RefusedError) as caught:
        scene.does(person, method, path, body)
    return str(caught.value)


def test_a_workflow_of_a_branch_finds_no_secret_outside_of_the_environment(scene: Scene) -> None:
    _, sha = push_workflow(scene, "maintainer-1", "")

    assert [job["conclusion"] for run in runs(scene, sha) for job in run["jobs"]] == ["success"]
    assert handed(scene) == []


def test_an_environment_that_is_misspelled_or_made_up_holds_no_secret(scene: Scene) -> None:
    for name in ("deplyo", "release", "pypi"):
        _, sha = push_workflow(scene, "maintainer-1", name)

        assert [job["conclusion"] for run in runs(scene, sha) for job in run["jobs"]] == ["success"]
    assert handed(scene) == []


def test_nobody_makes_an_environment_weaker_but_an_admin(scene: Scene) -> None:
    for person in ("maintainer-1", "operator-1"):
        refused(scene, person, "PUT", "/environments/deploy", {"reviewers": None})
        refused(scene, person, "DELETE", "/environments/deploy")
        refused(
            scene, person, "POST", "/environments/deploy/deployment-branch-policies", {"name": "*"}
        )


def test_a_release_waits_and_a_maintainer_does_not_let_it_go(scene: Scene) -> None:
    run = release(scene, "operator-1")

    with pytest.raises(RefusedError):
        review(scene, "maintainer-1", run)
    assert handed(scene) == []
    review(scene, "operator-2", run)
    assert handed(scene) == ["PYPI_TOKEN"]


def test_nobody_approves_a_release_of_their_own(scene: Scene) -> None:
    run = release(scene, "operator-1")

    with pytest.raises(RefusedError):
        review(scene, "operator-1", run)
    assert status(scene, run) == "waiting"


def test_an_admin_does_not_start_the_jobs_that_wait(scene: Scene, github: SimulatedGitHub) -> None:
    run = release(scene, "operator-1")
    answer = httpx.post(f"{github.url}/_simulator/bypass", json={"run_id": run, "actor": "owner-1"})

    assert answer.status_code == 403
    assert status(scene, run) == "waiting"


def test_a_branch_that_names_the_environment_fails(scene: Scene) -> None:
    _, sha = push_workflow(scene, "maintainer-1", "deploy")

    assert [job["conclusion"] for run in runs(scene, sha) for job in run["jobs"]] == ["failure"]
    assert handed(scene) == []


def test_the_publish_workflow_is_not_started_by_hand(scene: Scene) -> None:
    said = refused(
        scene,
        "maintainer-1",
        "POST",
        "/actions/workflows/publish.yml/dispatches",
        {"ref": scene.default_branch},
    )

    assert "workflow_dispatch" in said


def test_a_publish_workflow_that_a_branch_opens_to_that_does_not_reach_the_environment(
    scene: Scene,
) -> None:
    branch, _ = push_workflow(scene, "maintainer-1", "deploy", PUBLISH)
    scene.does("maintainer-1", "POST", "/actions/workflows/publish.yml/dispatches", {"ref": branch})

    started = [run for run in scene.state()["runs"] if run["event"] == "workflow_dispatch"]
    assert [job["conclusion"] for run in started for job in run["jobs"]] == ["failure"]
    assert handed(scene) == []


def test_a_maintainer_creates_no_release_tag(scene: Scene) -> None:
    refused(
        scene, "maintainer-1", "POST", "/git/refs", {"ref": "refs/tags/1.0", "sha": scene.head()}
    )
    scene.does("operator-1", "POST", "/git/refs", {"ref": "refs/tags/1.0", "sha": scene.head()})


def test_nobody_moves_or_deletes_a_release_tag(scene: Scene) -> None:
    tag, (_, other) = scene.tag("operator-1"), push_workflow(scene, "operator-1", "")

    for person in ("maintainer-1", "operator-1", "owner-1"):
        refused(scene, person, "PATCH", f"/git/refs/tags/{tag}", {"sha": other, "force": True})
        refused(scene, person, "DELETE", f"/git/refs/tags/{tag}")


def test_the_workflow_is_changed_by_a_reviewed_pull_request_alone(scene: Scene) -> None:
    sha = scene.does("maintainer-1", "GET", f"/contents/{PUBLISH}")["sha"]
    body = {"message": "Try", "content": content("on: push"), "sha": sha}

    for person in ("maintainer-1", "operator-1"):
        refused(scene, person, "PUT", f"/contents/{PUBLISH}", body)
        refused(scene, person, "DELETE", f"/contents/{PUBLISH}", {"message": "Try", "sha": sha})


def test_an_approval_does_not_count_for_what_is_pushed_later_nor_for_ones_own_work(
    scene: Scene,
) -> None:
    number = scene.pull_request("maintainer-1")
    refused(scene, "maintainer-1", "POST", f"/pulls/{number}/reviews", {"event": "APPROVE"})
    scene.does("operator-1", "POST", f"/pulls/{number}/reviews", {"event": "APPROVE"})
    branch = scene.does("maintainer-1", "GET", f"/pulls/{number}")["head"]["ref"]
    scene.write("maintainer-1", "later.md", "Not seen.\n", branch)

    refused(scene, "maintainer-1", "PUT", f"/pulls/{number}/merge", {})


def test_nobody_but_an_admin_takes_the_rules_away(scene: Scene) -> None:
    for person in ("maintainer-1", "operator-1"):
        for ruleset in scene.does(person, "GET", "/rulesets"):
            refused(scene, person, "DELETE", f"/rulesets/{ruleset['id']}")
            refused(scene, person, "PUT", f"/rulesets/{ruleset['id']}", {"enforcement": "disabled"})


def test_a_release_that_is_run_again_waits_again(scene: Scene) -> None:
    run = release(scene, "operator-1")
    review(scene, "operator-2", run)
    assert status(scene, run) == "completed"

    scene.does("maintainer-1", "POST", f"/actions/runs/{run}/rerun")

    assert status(scene, run) == "waiting"
    assert handed(scene) == []


def test_a_rejected_release_never_sees_the_secret(scene: Scene) -> None:
    run = release(scene, "operator-1")
    review(scene, "operator-2", run, "rejected")

    assert status(scene, run) == "completed"
    assert handed(scene) == []
