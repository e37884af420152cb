"""The simulated GitHub in use: its API, its control plane, and the real git."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from commands.rehearsal.errors import ActionRefusedError, StoppedError
from commands.rehearsal.github import (
    ControlClient,
    GitClone,
    RepositoryAPI,
    error_message,
    git_message,
    jobs_with_secrets,
)
from commands.rehearsal.processes import Processes
from simulated_github import SimulatedGitHub


@pytest.fixture
def simulated() -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub("encode") as running:
        yield running


@pytest.fixture
def control(simulated: SimulatedGitHub) -> Iterator[ControlClient]:
    with ControlClient(simulated.url) as client:
        yield client


@pytest.fixture
def httpx_client(simulated: SimulatedGitHub) -> Iterator[RepositoryAPI]:
    with RepositoryAPI(simulated.url, "encode/httpx") as client:
        yield client


@pytest.fixture
def httpx_clone(simulated: SimulatedGitHub, tmp_path: Path) -> Iterator[GitClone]:
    with Processes(tmp_path) as processes:
        yield GitClone(processes, simulated.url, "encode/httpx", tmp_path / "clone")


def test_the_text_of_a_file(httpx_client: RepositoryAPI) -> None:
    assert httpx_client.file_text("maintainer-1", "README.md").startswith("# httpx")


def test_whether_a_branch_exists(httpx_client: RepositoryAPI) -> None:
    assert httpx_client.has_branch("maintainer-1", "main")
    assert not httpx_client.has_branch("maintainer-1", "gh-pages")


def test_a_refused_request_has_the_message_of_github(httpx_client: RepositoryAPI) -> None:
    with pytest.raises(ActionRefusedError, match=r"^403 Must have admin rights to Repository\.$"):
        httpx_client.request("outsider-1", "DELETE", "")


def test_an_error_message_has_its_details() -> None:
    document = {
        "message": "Validation Failed",
        "errors": ["No pending deployment", {"message": "and more"}, {"code": "invalid"}],
    }

    message = error_message(httpx.Response(422, json=document))

    assert message == "422 Validation Failed No pending deployment and more"


def test_a_new_simulation_has_no_runs_and_jobs(control: ControlClient) -> None:
    control.use_runners()

    assert control.runs() == []
    assert control.jobs(1) == []


def test_an_error_of_the_control_plane_stops_a_rehearsal(control: ControlClient) -> None:
    control.use_runners()

    with pytest.raises(
        StoppedError, match=r"the simulated GitHub refused POST /jobs/take: .*there is no job 7"
    ):
        control.take(7)


def test_a_missing_button_is_a_refusal(control: ControlClient) -> None:
    with pytest.raises(ActionRefusedError, match="run_id: there is no run 7"):
        control.start_waiting_jobs(7, "owner-1")


def test_a_missing_run_stops_a_rehearsal(control: ControlClient) -> None:
    with pytest.raises(StoppedError, match=r"no run of publish\.yml was started for refs/tags/1"):
        control.newest_run("encode/httpx", "refs/tags/1", "publish.yml")


def test_a_job_that_got_a_secret_is_named_with_its_run() -> None:
    secret = {"name": "PYPI_TOKEN", "value": "s3cret", "source": "environment"}
    jobs = [
        {"name": "Build release", "secrets": []},
        {"name": "Publish release", "secrets": [secret]},
    ]
    runs = [{"id": 7, "jobs": jobs}, {"id": 8, "jobs": jobs[:1]}]

    assert jobs_with_secrets(runs) == ["Publish release of run 7"]


def test_a_pushed_commit_can_be_fetched(httpx_clone: GitClone) -> None:
    httpx_clone.fetch("maintainer-1")
    commit = httpx_clone.commit("maintainer-1", "main", {"docs/new.md": "New.\n"}, "Say more")
    httpx_clone.push("maintainer-1", "HEAD:refs/heads/more")
    httpx_clone.fetch("maintainer-2")

    assert httpx_clone.commit_id("origin/more") == commit
    assert (httpx_clone.directory / "docs/new.md").read_text() == "New.\n"


def test_a_commit_has_nothing_of_the_one_before(httpx_clone: GitClone) -> None:
    httpx_clone.fetch("maintainer-1")
    httpx_clone.commit("maintainer-1", "main", {"one.md": "1\n"}, "One")
    httpx_clone.commit("maintainer-1", "main", {"two.md": "2\n"}, "Two")

    assert not (httpx_clone.directory / "one.md").exists()
    assert httpx_clone.commit_id("HEAD~1") == httpx_clone.commit_id("origin/main")


def test_a_refused_push_has_the_message_of_github(httpx_clone: GitClone) -> None:
    httpx_clone.fetch("outsider-1")

    with pytest.raises(ActionRefusedError, match=r"denied to outsider-1|403"):
        httpx_clone.push("outsider-1", "origin/main:refs/heads/mine")


def test_an_unknown_repository_cannot_be_fetched(httpx_clone: GitClone) -> None:
    httpx_clone.repository = "encode/nothing"

    with pytest.raises(StoppedError, match=r"git fetch failed: .*not found"):
        httpx_clone.fetch("maintainer-1")


def test_no_token_is_written_to_the_clone(httpx_clone: GitClone) -> None:
    httpx_clone.fetch("maintainer-1")

    assert "extraheader" not in (httpx_clone.directory / ".git" / "config").read_text()


def test_the_message_of_a_refused_push_has_no_noise() -> None:
    output = (
        "remote: error: GH013: Repository rule violations found for refs/tags/1.0.\n"
        "remote: Review all repository rules at http://127.0.0.1:1/encode/httpx/rules?ref=1\n"
        "remote: \n"
        "remote: - Cannot create ref due to creations being restricted.\n"
        "To http://127.0.0.1:1/encode/httpx.git\n"
        " ! [remote rejected] HEAD -> 1.0 (push declined due to repository rule violations)\n"
        "error: failed to push some refs to 'http://127.0.0.1:1/encode/httpx.git'\n"
    )

    assert git_message(output) == (
        "error: GH013: Repository rule violations found for refs/tags/1.0."
        " - Cannot create ref due to creations being restricted."
    )


def test_without_a_message_of_github_gits_own_is_used() -> None:
    rejected = "! [remote rejected] HEAD -> 1.0 (declined)"

    assert git_message(f" {rejected}\n") == rejected
    assert git_message("") == "no reason given"
