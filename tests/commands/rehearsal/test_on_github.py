"""People on the simulated GitHub, by its API."""

from collections.abc import Iterator

import httpx
import pytest

from commands.rehearsal.control import Control
from commands.rehearsal.errors import RefusedError, StoppedError
from commands.rehearsal.on_github import OnGitHub, said
from simulated_github import SimulatedGitHub


@pytest.fixture
def github() -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub("encode") as running:
        yield running


def test_a_file_is_read_and_a_branch_is_found(github: SimulatedGitHub) -> None:
    with OnGitHub(github.url, "encode/httpx") as repository:
        assert repository.text("maintainer-1", "README.md").startswith("# httpx")
        assert repository.has_branch("maintainer-1", "main")
        assert not repository.has_branch("maintainer-1", "gh-pages")


def test_a_refusal_is_told_in_the_words_of_github(github: SimulatedGitHub) -> None:
    with (
        OnGitHub(github.url, "encode/httpx") as repository,
        pytest.raises(RefusedError, match=r"^403 Must have admin rights to Repository\.$"),
    ):
        repository.does("outsider-1", "DELETE", "")


def test_the_details_of_a_refusal_are_told_too() -> None:
    document = {
        "message": "Validation Failed",
        "errors": ["No pending deployment", {"message": "and more"}, {"code": "invalid"}],
    }

    assert (
        said(httpx.Response(422, json=document))
        == "422 Validation Failed No pending deployment and more"
    )


def test_what_the_control_plane_refuses_ends_a_rehearsal(github: SimulatedGitHub) -> None:
    with Control(github.url) as control:
        control.have_runners()
        assert (control.runs(), control.jobs(1)) == ([], [])
        with pytest.raises(
            StoppedError, match=r"the simulated GitHub refused POST /jobs/take: .*there is no job 7"
        ):
            control.take(7)


def test_a_button_that_is_not_there_is_a_refusal(github: SimulatedGitHub) -> None:
    with (
        Control(github.url) as control,
        pytest.raises(RefusedError, match="run_id: there is no run 7"),
    ):
        control.bypass(7, "owner-1")
