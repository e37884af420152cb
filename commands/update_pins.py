"""The command that pins newer releases of the actions in the publish workflow.

Deliberately absent: tags other than `vX.Y.Z`, a way back to an older release, and an option to
accept a tag that has moved.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from publish_workflow.errors import PinsError
from publish_workflow.pins import COMMIT, FILE, VERSION, Pin, parse_pins
from stacks.github_api import PUBLIC, Credentials

TIMEOUT_SECONDS = 30.0
# An annotated tag can point to another tag; a longer chain is not made in good faith.
LONGEST_CHAIN = 5


class UpdateError(Exception):
    """An error that prevents any change of pins; the message is one sentence."""


@dataclass(frozen=True)
class Tag:
    """The tag of a release.

    Attributes:
        version: Its name.
        kind: The kind of the object that it points to: `commit`, or `tag` for an annotated tag.
        sha: The id of that object.
    """

    version: str
    kind: str
    sha: str

    @property
    def order(self) -> tuple[int, ...]:
        match = VERSION.fullmatch(self.version)
        return tuple(map(int, match.groups())) if match else ()


class ActionTags:
    """A client for the repositories of actions. Use it as a context manager.

    Every method raises `UpdateError` when GitHub cannot be reached or refuses a request.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("GITHUB_BASE_URL") or PUBLIC
        token = environ.get("GITHUB_TOKEN", "")
        headers = {
            b"Accept": b"application/vnd.github+json",
            b"X-GitHub-Api-Version": b"2022-11-28",
        }
        # The public API accepts sixty such requests an hour without a token.
        authorization = {b"Authorization": f"Bearer {token}".encode()} if token else {}
        self._rest = Credentials(self._address, token).rest
        self._client = httpx.Client(
            headers=headers | authorization, timeout=TIMEOUT_SECONDS, follow_redirects=True
        )

    def __enter__(self) -> "ActionTags":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def releases(self, action: str) -> dict[str, Tag]:
        """Return the tags of an action's releases, by version."""
        tags: dict[str, Tag] = {}
        url: str | None = f"{self._rest}/repos/{action}/git/matching-refs/tags/v"
        while url:
            response = self._get(url)
            for ref in response.json():
                version = str(ref["ref"]).removeprefix("refs/tags/")
                if VERSION.fullmatch(version):
                    tags[version] = Tag(version, ref["object"]["type"], ref["object"]["sha"])
            url = response.links.get("next", {}).get("url")
        return tags

    def commit(self, action: str, tag: Tag) -> str:
        """Return the commit that a tag points to, directly or through other tags."""
        kind = tag.kind
        sha = tag.sha
        for _ in range(LONGEST_CHAIN):
            if kind == "commit" and COMMIT.fullmatch(sha):
                return sha
            if kind != "tag":
                break
            target: dict[str, Any] = self._get(
                f"{self._rest}/repos/{action}/git/tags/{sha}"
            ).json()["object"]
            kind = target["type"]
            sha = target["sha"]
        raise UpdateError(f"The tag {tag.version} of {action} points to no commit.")

    def _get(self, url: str) -> httpx.Response:
        try:
            response = self._client.get(url)
            response.raise_for_status()
            response.json()
        except httpx.HTTPStatusError as error:
            raise UpdateError(
                f"GitHub refused {error.request.url.path} ({refusal(error.response)})."
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise UpdateError(
                f"GitHub's API cannot be reached at {self._address} ({type(error).__name__})."
            ) from None
        return response


def refusal(response: httpx.Response) -> str:
    meanings = {
        401: "it does not accept the token in GITHUB_TOKEN",
        404: "it has no such repository",
        429: "too many requests",
    }
    if response.headers.get("X-RateLimit-Remaining") == "0":
        return "too many requests: set GITHUB_TOKEN, or wait an hour"
    return meanings.get(response.status_code, f"status {response.status_code}")


def newest(pin: Pin, actions: ActionTags) -> Pin:
    """Return the pin of the newest release.

    Raise `UpdateError` when the pinned tag no longer exists or points to another commit.
    """
    tags = actions.releases(pin.action)
    pinned_tag = tags.get(pin.version)
    if pinned_tag is None:
        raise UpdateError(
            f"The tag {pin.version} of {pin.action} no longer exists. "
            "Find out why before you pin another release."
        )
    commit = actions.commit(pin.action, pinned_tag)
    if commit != pin.commit:
        raise UpdateError(
            f"THE TAG {pin.version} OF {pin.action} HAS MOVED, from {pin.commit} to {commit}. "
            "The tag of a release never moves. Find out why before you pin another release."
        )
    latest = max(tags.values(), key=lambda tag: tag.order)
    if latest == pinned_tag:
        return pin
    return Pin(pin.action, latest.version, actions.commit(pin.action, latest))


def replace_pins(text: str, old: Mapping[str, Pin], new: Mapping[str, Pin]) -> str:
    """Return the text with the new pins, and everything else unchanged."""
    lines = []
    action = ""
    for line in text.splitlines(keepends=True):
        key = line.partition(":")[0].strip("'\"")
        action = key if key in old else action
        for part in ("version", "commit"):
            if action and line.lstrip().startswith(f"{part}:"):
                line = line.replace(getattr(old[action], part), getattr(new[action], part), 1)
        lines.append(line)
    new_text = "".join(lines)
    if parse_pins(new_text) != new:
        raise UpdateError(
            "The file of pins cannot be updated line by line in its present form: edit it by hand."
        )
    return new_text


def update(file: Path, environ: Mapping[str, str]) -> list[str]:
    """Pin the newest releases and return a line of output for each action.

    Write the file only when every action could be checked. Raise `UpdateError` when one could not,
    and `PinsError` when the file is invalid.
    """
    text = file.read_text(encoding="utf-8")
    old = parse_pins(text)
    with ActionTags(environ) as actions:
        new = {action: newest(pin, actions) for action, pin in old.items()}
    if new != old:
        file.write_text(replace_pins(text, old, new), encoding="utf-8")
    return [describe(old[action], pin) for action, pin in new.items()]


def describe(old: Pin, new: Pin) -> str:
    if new == old:
        return f"{old.action}: {old.version} is the newest release"
    return f"{old.action}: {old.version} -> {new.version} ({new.commit})"


def main(file: Path = FILE) -> int:
    try:
        lines = update(file, os.environ)
    except (UpdateError, PinsError) as error:
        unchanged = " No pin was changed." if isinstance(error, UpdateError) else ""
        print(f"{error}{unchanged}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
