"""Which scripts repositories have."""

import httpx
import pytest

from stacks.github_api import Credentials, GitHubReader
from stacks.repository_scripts import Scripts, read_scripts, scripts_of
from stacks.settings.problems import GitHubError
from tests.stacks.answers import BASE_URL, TOKEN, Answers

PATHS = ["scripts/install", "scripts/build", "scripts/publish"]


def test_scripts_by_repository_in_one_request() -> None:
    answers = Answers(scripts={"HTTPX": {"install": 0o100755, "build": 0o100644}, "httpcore": {}})

    with answers.reader() as reader:
        found = read_scripts(reader, "encode", ["HTTPX", "httpcore"])

    assert found == {"httpx": Scripts({"install": True, "build": False}), "httpcore": Scripts({})}
    assert len(answers.asked) == 1


def test_a_repository_without_the_directory_has_none_and_one_that_is_hidden_is_left_out() -> None:
    answers = Answers(scripts={"httpx": None})

    with answers.reader() as reader:
        assert read_scripts(reader, "encode", ["httpx", "hidden"]) == {"httpx": Scripts({})}


def test_no_answer_at_all_is_an_error() -> None:
    refusing = httpx.MockTransport(
        lambda _: httpx.Response(200, json={"data": None, "errors": [{"type": "INTERNAL"}]})
    )

    with GitHubReader(Credentials(BASE_URL, TOKEN), refusing) as reader, pytest.raises(GitHubError):
        read_scripts(reader, "encode", ["httpx"])


@pytest.mark.parametrize(
    ("mode", "executable"),
    [(0o100755, True), (0o100644, False), (0o120000, True)],
    ids=["executable", "plain", "link"],
)
def test_the_mode_says_whether_it_can_be_executed(mode: int, executable: bool) -> None:
    assert scripts_of([{"name": "build", "mode": mode}]) == Scripts({"build": executable})


def test_a_directory_is_no_script() -> None:
    assert scripts_of([{"name": "build", "mode": 0o040000}]).missing(["scripts/build"]) == [
        "scripts/build"
    ]


def test_what_is_missing_and_what_cannot_be_executed() -> None:
    found = Scripts({"install": True, "publish": False})

    assert found.missing(PATHS) == ["scripts/build"]
    assert found.not_executable(PATHS) == ["scripts/publish"]
