"""Pins are moved forward to the commits of releases, on a simulated GitHub that holds the actions' repositories."""

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
from publish_workflow import pins
from simulated_github import SimulatedGitHub
from simulated_github.world.world_file import parse as world

PROJECT = Path(__file__).parents[2]
CHECKOUT, PUBLISH = "actions/checkout", "pypa/gh-action-pypi-publish"
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
# Why there are pins.
{checkout}:
  # Before the version.
  version: v1.0.0 # v1.0.0 it is
  commit: {first}

# It needs released commits.
'{publish}':
  commit: {second}
  version: v1.0.0
"""


@dataclass
class Actions:
    """The two repositories of actions, and a file of pins to their first releases."""

    github: SimulatedGitHub
    file: Path
    client: httpx.Client

    @property
    def environ(self) -> dict[str, str]:
        return {"GITHUB_BASE_URL": f"{self.github.url}/", "GITHUB_TOKEN": TOKEN}

    def post(self, action: str, what: str, **body: Any) -> str:
        response = self.client.post(f"/repos/{action}/git/{what}", json=body)
        response.raise_for_status()
        return str(response.json().get("sha", ""))

    def commit(self, action: str, message: str) -> str:
        """A new commit on the default branch's files."""
        main = self.client.get(f"/repos/{action}/git/ref/heads/main").json()["object"]["sha"]
        tree = self.client.get(f"/repos/{action}/git/commits/{main}").json()["tree"]["sha"]
        return self.post(action, "commits", message=message, tree=tree, parents=[main])

    def tag(self, action: str, name: str, target: str, *, annotated: bool = False) -> str:
        """A tag. Returns the object that it points to."""
        found = (
            self.post(action, "tags", tag=name, message=name, object=target, type="commit")
            if annotated
            else target
        )
        self.post(action, "refs", ref=f"refs/tags/{name}", sha=found)
        return found

    def tag_of_tag(self, action: str, name: str, inner: str) -> None:
        """As `git tag -a` makes one of a tag; GitHub's API does not."""
        repository = self.github.world.repository(*action.split("/"))
        assert repository is not None
        outer = Tag()
        outer.name, outer.message, outer.tagger = name.encode(), b"again\n", b"A <a@example.org>"
        outer.object, outer.tag_time, outer.tag_timezone = (Tag, ObjectID(inner.encode())), 0, 0
        self.post(action, "refs", ref=f"refs/tags/{name}", sha=repository.git.add(outer))

    def release(self, action: str, name: str, *, annotated: bool = False) -> str:
        """A release of a commit of its own, which is returned."""
        commit = self.commit(action, name)
        self.tag(action, name, commit, annotated=annotated)
        return commit

    def delete(self, action: str, name: str) -> None:
        self.client.delete(f"/repos/{action}/git/refs/tags/{name}").raise_for_status()

    def update(self) -> list[str]:
        return update(self.file, self.environ)

    def pinned(self) -> dict[str, tuple[str, str]]:
        return {
            action: (pin.version, pin.commit)
            for action, pin in pins.parse(self.file.read_text(encoding="utf-8")).items()
        }


@pytest.fixture
def actions(tmp_path: Path) -> Iterator[Actions]:
    with SimulatedGitHub(WORLD) as github:
        headers = {"authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=github.url, headers=headers) as client:
            found = Actions(github, tmp_path / "action-pins.yaml", client)
            first = found.release(CHECKOUT, "v1.0.0")
            second = found.release(PUBLISH, "v1.0.0", annotated=True)
            content = FILE.format(checkout=CHECKOUT, publish=PUBLISH, first=first, second=second)
            found.file.write_text(content, encoding="utf-8")
            yield found


def test_where_nothing_is_newer_nothing_changes(actions: Actions) -> None:
    before = actions.file.read_text(encoding="utf-8")

    assert actions.update() == [
        f"{CHECKOUT}: v1.0.0 is the newest release",
        f"{PUBLISH}: v1.0.0 is the newest release",
    ]
    assert actions.file.read_text(encoding="utf-8") == before


def test_a_newer_release_is_pinned_and_everything_else_in_the_file_stays(actions: Actions) -> None:
    before = actions.file.read_text(encoding="utf-8")
    old = actions.pinned()[CHECKOUT][1]
    new = actions.release(CHECKOUT, "v1.1.0")

    assert actions.update()[0] == f"{CHECKOUT}: v1.0.0 -> v1.1.0 ({new})"
    assert actions.pinned()[CHECKOUT] == ("v1.1.0", new)
    after = before.replace("version: v1.0.0 #", "version: v1.1.0 #").replace(old, new)
    assert actions.file.read_text(encoding="utf-8") == after


def test_an_annotated_tag_is_followed_to_its_commit(actions: Actions) -> None:
    commit = actions.commit(PUBLISH, "v1.0.1")
    tag = actions.tag(PUBLISH, "v1.0.1", commit, annotated=True)
    actions.update()

    assert tag != commit
    assert actions.pinned()[PUBLISH] == ("v1.0.1", commit)


def test_a_tag_of_a_tag_is_followed_to_its_commit(actions: Actions) -> None:
    commit = actions.commit(PUBLISH, "v1.0.1")
    actions.tag_of_tag(PUBLISH, "v1.0.1", actions.tag(PUBLISH, "inner", commit, annotated=True))
    actions.update()

    assert actions.pinned()[PUBLISH] == ("v1.0.1", commit)


def test_a_tag_that_leads_to_no_commit_is_told(actions: Actions) -> None:
    tree = actions.client.get(
        f"/repos/{CHECKOUT}/git/commits/{actions.commit(CHECKOUT, 'a')}"
    ).json()["tree"]["sha"]
    actions.tag(CHECKOUT, "v1.0.1", tree)

    with pytest.raises(UpdateError, match=f"The tag v1.0.1 of {CHECKOUT} leads to no commit"):
        actions.update()


def test_versions_are_numbers_and_not_text(actions: Actions) -> None:
    actions.release(CHECKOUT, "v1.9.0")
    newest = actions.release(CHECKOUT, "v1.10.0")
    actions.update()

    assert actions.pinned()[CHECKOUT] == ("v1.10.0", newest)


@pytest.mark.parametrize("name", ["v2", "v2.0", "v2.0.0-rc.1", "v2.0.0.1", "2.0.0", "verylatest"])
def test_what_is_no_whole_release_is_not_looked_at(actions: Actions, name: str) -> None:
    actions.release(CHECKOUT, name)
    actions.update()

    assert actions.pinned()[CHECKOUT][0] == "v1.0.0"


def test_many_tags_are_read_to_the_last_page(actions: Actions) -> None:
    commit = actions.commit(CHECKOUT, "many")
    for number in range(40):
        actions.tag(CHECKOUT, f"v1.0.{number + 1}", commit)
    actions.update()

    assert actions.pinned()[CHECKOUT] == ("v1.0.40", commit)


def test_a_moved_tag_is_told_loudly_and_nothing_is_changed(actions: Actions) -> None:
    before = actions.file.read_text(encoding="utf-8")
    old = actions.pinned()[PUBLISH][1]
    actions.delete(PUBLISH, "v1.0.0")
    moved = actions.release(PUBLISH, "v1.0.0", annotated=True)
    actions.release(CHECKOUT, "v1.1.0")

    with pytest.raises(
        UpdateError, match=f"THE TAG v1.0.0 OF {PUBLISH} HAS MOVED, from {old} to {moved}"
    ):
        actions.update()
    assert actions.file.read_text(encoding="utf-8") == before


def test_a_moved_tag_is_told_even_where_there_is_a_newer_release(actions: Actions) -> None:
    actions.delete(CHECKOUT, "v1.0.0")
    actions.release(CHECKOUT, "v1.0.0")
    actions.release(CHECKOUT, "v1.1.0")

    with pytest.raises(UpdateError, match="HAS MOVED"):
        actions.update()


def test_nothing_is_ever_pinned_to_an_older_release(actions: Actions) -> None:
    before = actions.file.read_text(encoding="utf-8")
    actions.release(CHECKOUT, "v0.9.0")
    actions.delete(CHECKOUT, "v1.0.0")

    with pytest.raises(UpdateError, match=f"{CHECKOUT} has no tag v1.0.0 any more"):
        actions.update()
    assert actions.file.read_text(encoding="utf-8") == before


def test_an_action_whose_repository_is_gone_is_told(actions: Actions) -> None:
    actions.file.write_text(
        actions.file.read_text(encoding="utf-8").replace(CHECKOUT, "actions/gone"), encoding="utf-8"
    )

    with pytest.raises(UpdateError, match=r"actions/gone/.* \(there is no such repository\)"):
        actions.update()


def test_a_wrong_token_is_told_and_not_shown(actions: Actions) -> None:
    with pytest.raises(UpdateError, match="does not accept the token in GITHUB_TOKEN") as caught:
        update(actions.file, actions.environ | {"GITHUB_TOKEN": "ghp_wrong"})

    assert "ghp_wrong" not in str(caught.value)


def test_a_file_in_another_form_is_left_alone(actions: Actions) -> None:
    found = actions.pinned()
    flow = "".join(
        f"{action}: {{version: {version}, commit: {commit}}}\n"
        for action, (version, commit) in found.items()
    )
    actions.file.write_text(flow, encoding="utf-8")
    actions.release(CHECKOUT, "v1.1.0")

    with pytest.raises(UpdateError, match="change it by hand"):
        actions.update()
    assert actions.file.read_text(encoding="utf-8") == flow


def test_where_github_cannot_be_reached_one_sentence_says_so(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = actions.file.read_text(encoding="utf-8")
    monkeypatch.setenv("GITHUB_BASE_URL", "http://127.0.0.1:9/")

    assert main(actions.file) == 1
    assert capsys.readouterr().err == (
        "GitHub's API cannot be reached at http://127.0.0.1:9/ (ConnectError). Nothing was changed.\n"
    )
    assert actions.file.read_text(encoding="utf-8") == before


def test_what_was_done_is_printed(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new = actions.release(PUBLISH, "v1.0.1")
    for name, value in actions.environ.items():
        monkeypatch.setenv(name, value)

    assert main(actions.file) == 0
    assert capsys.readouterr().out == (
        f"{CHECKOUT}: v1.0.0 is the newest release\n{PUBLISH}: v1.0.0 -> v1.0.1 ({new})\n"
    )


def test_a_file_that_is_not_sound_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "action-pins.yaml"
    file.write_text("actions/checkout: v7\n", encoding="utf-8")

    assert main(file) == 1
    assert "publish_workflow/action-pins.yaml: actions/checkout is 'v7'" in capsys.readouterr().err


def test_the_script_changes_nothing_where_github_cannot_be_reached() -> None:
    before = pins.FILE.read_text(encoding="utf-8")
    environ = os.environ | {"GITHUB_BASE_URL": "http://127.0.0.1:9/"}
    ended = subprocess.run(
        [PROJECT / "scripts" / "update-pins"],
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.endswith(
        "cannot be reached at http://127.0.0.1:9/ (ConnectError). Nothing was changed.\n"
    )
    assert pins.FILE.read_text(encoding="utf-8") == before
