"""New releases are pinned from a simulated GitHub that has the repositories of the actions."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from dulwich.objects import ObjectID, Tag

from commands.update_pins import UpdateError, main, update
from publish_workflow.pins import FILE as PINS_FILE
from publish_workflow.pins import Pin, parse_pins
from simulated_github import SimulatedGitHub
from simulated_github.world.world_file import parse as world

PROJECT = Path(__file__).parents[2]
CHECKOUT = "actions/checkout"
PUBLISH = "pypa/gh-action-pypi-publish"
WORLD = world(
    {
        "organizations": {
            owner: {
                "owners": ["owner-1"],
                "repositories": {name: {"more-files": {"action.yml": "name: Action\n"}}},
            }
            for owner, name in (action.split("/") for action in (CHECKOUT, PUBLISH))
        },
        "users": ["owner-1"],
    }
)
TOKEN = "token-owner-1"
FILE = """\
# The reason for pins.
{checkout}:
  # Before the version.
  version: v1.0.0 # v1.0.0 it is
  commit: {first}

# It needs commits of releases.
'{publish}':
  commit: {second}
  version: v1.0.0
"""


@dataclass
class SimulatedActions:
    """Two repositories of actions, and a file that pins their first releases."""

    github: SimulatedGitHub
    file: Path
    client: httpx.Client

    @property
    def environ(self) -> dict[str, str]:
        return {"GITHUB_BASE_URL": f"{self.github.url}/", "GITHUB_TOKEN": TOKEN}

    def post(self, action: str, path: str, **body: Any) -> str:
        response = self.client.post(f"/repos/{action}/git/{path}", json=body)
        response.raise_for_status()
        return str(response.json().get("sha", ""))

    def commit(self, action: str, message: str) -> str:
        """Create a commit with the files of the default branch."""
        main = self.client.get(f"/repos/{action}/git/ref/heads/main").json()["object"]["sha"]
        tree = self.client.get(f"/repos/{action}/git/commits/{main}").json()["tree"]["sha"]
        return self.post(action, "commits", message=message, tree=tree, parents=[main])

    def tag(self, action: str, name: str, target: str, *, annotated: bool = False) -> str:
        """Create a tag, and return the id of the object that it points to."""
        sha = target
        if annotated:
            sha = self.post(action, "tags", tag=name, message=name, object=target, type="commit")
        self.post(action, "refs", ref=f"refs/tags/{name}", sha=sha)
        return sha

    def tag_of_tag(self, action: str, name: str, inner: str) -> None:
        """Create a tag of a tag, as `git tag -a` does. GitHub's API cannot."""
        repository = self.github.world.repository(*action.split("/"))
        assert repository is not None
        outer = Tag()
        outer.name = name.encode()
        outer.message = b"again\n"
        outer.tagger = b"A <a@example.org>"
        outer.object = (Tag, ObjectID(inner.encode()))
        outer.tag_time = 0
        outer.tag_timezone = 0
        self.post(action, "refs", ref=f"refs/tags/{name}", sha=repository.git.add(outer))

    def release(self, action: str, name: str, *, annotated: bool = False) -> str:
        """Create a commit and a tag for it, and return the commit."""
        commit = self.commit(action, name)
        self.tag(action, name, commit, annotated=annotated)
        return commit

    def delete(self, action: str, name: str) -> None:
        self.client.delete(f"/repos/{action}/git/refs/tags/{name}").raise_for_status()

    def update(self) -> list[str]:
        return update(self.file, self.environ)

    def pins(self) -> dict[str, Pin]:
        return parse_pins(self.file.read_text(encoding="utf-8"))


@pytest.fixture
def actions(tmp_path: Path) -> Iterator[SimulatedActions]:
    with SimulatedGitHub(WORLD) as github:
        headers = {"authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=github.url, headers=headers) as client:
            actions = SimulatedActions(github, tmp_path / "action-pins.yaml", client)
            first = actions.release(CHECKOUT, "v1.0.0")
            second = actions.release(PUBLISH, "v1.0.0", annotated=True)
            content = FILE.format(checkout=CHECKOUT, publish=PUBLISH, first=first, second=second)
            actions.file.write_text(content, encoding="utf-8")
            yield actions


def test_without_a_newer_release_nothing_changes(actions: SimulatedActions) -> None:
    before = actions.file.read_text(encoding="utf-8")

    assert actions.update() == [
        f"{CHECKOUT}: v1.0.0 is the newest release",
        f"{PUBLISH}: v1.0.0 is the newest release",
    ]
    assert actions.file.read_text(encoding="utf-8") == before


def test_a_newer_release_changes_its_own_lines_only(actions: SimulatedActions) -> None:
    before = actions.file.read_text(encoding="utf-8")
    old = actions.pins()[CHECKOUT].commit
    new = actions.release(CHECKOUT, "v1.1.0")

    assert actions.update()[0] == f"{CHECKOUT}: v1.0.0 -> v1.1.0 ({new})"
    assert actions.pins()[CHECKOUT] == Pin(CHECKOUT, "v1.1.0", new)
    after = before.replace("version: v1.0.0 #", "version: v1.1.0 #").replace(old, new)
    assert actions.file.read_text(encoding="utf-8") == after


def test_an_annotated_tag_is_followed_to_its_commit(actions: SimulatedActions) -> None:
    commit = actions.commit(PUBLISH, "v1.0.1")
    tag = actions.tag(PUBLISH, "v1.0.1", commit, annotated=True)
    actions.update()

    assert tag != commit
    assert actions.pins()[PUBLISH] == Pin(PUBLISH, "v1.0.1", commit)


def test_a_tag_of_a_tag_is_followed_to_its_commit(actions: SimulatedActions) -> None:
    commit = actions.commit(PUBLISH, "v1.0.1")
    actions.tag_of_tag(PUBLISH, "v1.0.1", actions.tag(PUBLISH, "inner", commit, annotated=True))
    actions.update()

    assert actions.pins()[PUBLISH] == Pin(PUBLISH, "v1.0.1", commit)


def test_a_tag_without_a_commit_is_an_error(actions: SimulatedActions) -> None:
    tree = actions.client.get(
        f"/repos/{CHECKOUT}/git/commits/{actions.commit(CHECKOUT, 'a')}"
    ).json()["tree"]["sha"]
    actions.tag(CHECKOUT, "v1.0.1", tree)

    with pytest.raises(UpdateError, match=f"The tag v1.0.1 of {CHECKOUT} points to no commit"):
        actions.update()


def test_versions_are_compared_as_numbers(actions: SimulatedActions) -> None:
    actions.release(CHECKOUT, "v1.9.0")
    newest = actions.release(CHECKOUT, "v1.10.0")
    actions.update()

    assert actions.pins()[CHECKOUT] == Pin(CHECKOUT, "v1.10.0", newest)


@pytest.mark.parametrize("name", ["v2", "v2.0", "v2.0.0-rc.1", "v2.0.0.1", "2.0.0", "verylatest"])
def test_a_tag_without_a_full_version_is_ignored(actions: SimulatedActions, name: str) -> None:
    actions.release(CHECKOUT, name)
    actions.update()

    assert actions.pins()[CHECKOUT].version == "v1.0.0"


def test_tags_are_read_to_the_last_page(actions: SimulatedActions) -> None:
    commit = actions.commit(CHECKOUT, "many")
    for number in range(40):
        actions.tag(CHECKOUT, f"v1.0.{number + 1}", commit)
    actions.update()

    assert actions.pins()[CHECKOUT] == Pin(CHECKOUT, "v1.0.40", commit)


def test_a_moved_tag_is_an_error_and_nothing_changes(actions: SimulatedActions) -> None:
    before = actions.file.read_text(encoding="utf-8")
    old = actions.pins()[PUBLISH].commit
    actions.delete(PUBLISH, "v1.0.0")
    moved = actions.release(PUBLISH, "v1.0.0", annotated=True)
    actions.release(CHECKOUT, "v1.1.0")

    with pytest.raises(
        UpdateError, match=f"THE TAG v1.0.0 OF {PUBLISH} HAS MOVED, from {old} to {moved}"
    ):
        actions.update()
    assert actions.file.read_text(encoding="utf-8") == before


def test_a_moved_tag_is_an_error_despite_a_newer_release(actions: SimulatedActions) -> None:
    actions.delete(CHECKOUT, "v1.0.0")
    actions.release(CHECKOUT, "v1.0.0")
    actions.release(CHECKOUT, "v1.1.0")

    with pytest.raises(UpdateError, match="HAS MOVED"):
        actions.update()


def test_an_older_release_is_never_pinned(actions: SimulatedActions) -> None:
    before = actions.file.read_text(encoding="utf-8")
    actions.release(CHECKOUT, "v0.9.0")
    actions.delete(CHECKOUT, "v1.0.0")

    with pytest.raises(UpdateError, match=f"The tag v1.0.0 of {CHECKOUT} no longer exists"):
        actions.update()
    assert actions.file.read_text(encoding="utf-8") == before


def test_an_action_without_a_repository_is_an_error(actions: SimulatedActions) -> None:
    actions.file.write_text(
        actions.file.read_text(encoding="utf-8").replace(CHECKOUT, "actions/deleted"),
        encoding="utf-8",
    )

    with pytest.raises(UpdateError, match=r"actions/deleted/.* \(it has no such repository\)"):
        actions.update()


def test_a_wrong_token_is_an_error_that_hides_it(actions: SimulatedActions) -> None:
    with pytest.raises(UpdateError, match="does not accept the token in GITHUB_TOKEN") as caught:
        update(actions.file, actions.environ | {"GITHUB_TOKEN": "ghp_wrong"})

    assert "ghp_wrong" not in str(caught.value)


def test_a_file_in_another_form_is_not_changed(actions: SimulatedActions) -> None:
    pins = actions.pins()
    flow = "".join(
        f"{action}: {{version: {pin.version}, commit: {pin.commit}}}\n"
        for action, pin in pins.items()
    )
    actions.file.write_text(flow, encoding="utf-8")
    actions.release(CHECKOUT, "v1.1.0")

    with pytest.raises(UpdateError, match="edit it by hand"):
        actions.update()
    assert actions.file.read_text(encoding="utf-8") == flow


def test_an_unreachable_github_is_one_sentence(
    actions: SimulatedActions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = actions.file.read_text(encoding="utf-8")
    monkeypatch.setenv("GITHUB_BASE_URL", "http://127.0.0.1:9/")

    assert main(actions.file) == 1
    assert capsys.readouterr().err == (
        "GitHub's API cannot be reached at http://127.0.0.1:9/ (ConnectError). "
        "No pin was changed.\n"
    )
    assert actions.file.read_text(encoding="utf-8") == before


def test_the_command_prints_each_action(
    actions: SimulatedActions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new = actions.release(PUBLISH, "v1.0.1")
    for name, value in actions.environ.items():
        monkeypatch.setenv(name, value)

    assert main(actions.file) == 0
    assert capsys.readouterr().out == (
        f"{CHECKOUT}: v1.0.0 is the newest release\n{PUBLISH}: v1.0.0 -> v1.0.1 ({new})\n"
    )


def test_an_invalid_file_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "action-pins.yaml"
    file.write_text("actions/checkout: v7\n", encoding="utf-8")

    assert main(file) == 1
    assert "publish_workflow/action-pins.yaml: actions/checkout is 'v7'" in capsys.readouterr().err


def test_the_script_needs_github_to_change_anything() -> None:
    before = PINS_FILE.read_text(encoding="utf-8")
    environ = os.environ | {"GITHUB_BASE_URL": "http://127.0.0.1:9/"}
    finished = subprocess.run(
        [PROJECT / "scripts" / "update-pins"],
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )

    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.endswith(
        "cannot be reached at http://127.0.0.1:9/ (ConnectError). No pin was changed.\n"
    )
    assert PINS_FILE.read_text(encoding="utf-8") == before
