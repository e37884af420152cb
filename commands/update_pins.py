"""Asks GitHub for newer releases of the actions that the publish workflow uses, and pins their commits.

Deliberately absent: anything but a release `vX.Y.Z`, a way back to an older one, and the acceptance of a tag that has moved.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from publish_workflow.errors import PinsError
from publish_workflow.pins import COMMIT, FILE, VERSION, Pin, parse
from stacks.github_api import PUBLIC, Credentials

TIMEOUT_SECONDS = 30.0
# A tag may point to a tag; nobody makes a longer chain in good faith.
LONGEST_CHAIN = 5


class UpdateError(Exception):
    """Nothing was changed, and why, in one sentence."""


@dataclass(frozen=True)
class Tag:
    """A release's tag: its version, and the object that it points to, which for an annotated one is no commit."""

    version: str
    kind: str
    sha: str

    @property
    def order(self) -> tuple[int, ...]:
        found = VERSION.fullmatch(self.version)
        return tuple(map(int, found.groups())) if found else ()


class Actions:
    """The repositories of actions, as GitHub's API shows them. Use it as a context manager.

    Every method raises `UpdateError` when GitHub cannot be reached or refuses the question.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("GITHUB_BASE_URL") or PUBLIC
        token = environ.get("GITHUB_TOKEN", "")
        headers = {
            b"Accept": b"application/vnd.github+json",
            b"X-GitHub-Api-Version": b"2022-11-28",
        }
        # The public API answers these questions without a token too, sixty times an hour.
        authorization = {b"Authorization": f"Bearer {token}".encode()} if token else {}
        self._rest = Credentials(self._address, token).rest
        self._client = httpx.Client(
            headers=headers | authorization, timeout=TIMEOUT_SECONDS, follow_redirects=True
        )

    def __enter__(self) -> "Actions":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def releases(self, action: str) -> dict[str, Tag]:
        """The tags of an action that are releases, by version."""
        found: dict[str, Tag] = {}
        url: str | None = f"{self._rest}/repos/{action}/git/matching-refs/tags/v"
        while url:
            response = self._get(url)
            for ref in response.json():
                version = str(ref["ref"]).removeprefix("refs/tags/")
                if VERSION.fullmatch(version):
                    found[version] = Tag(version, ref["object"]["type"], ref["object"]["sha"])
            url = response.links.get("next", {}).get("url")
        return found

    def commit(self, action: str, tag: Tag) -> str:
        """The commit that a tag leads to in the end."""
        kind, sha = tag.kind, tag.sha
        for _ in range(LONGEST_CHAIN):
            if kind == "commit" and COMMIT.fullmatch(sha):
                return sha
            if kind != "tag":
                break
            target: dict[str, Any] = self._get(
                f"{self._rest}/repos/{action}/git/tags/{sha}"
            ).json()["object"]
            kind, sha = target["type"], target["sha"]
        raise UpdateError(f"The tag {tag.version} of {action} leads to no commit.")

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
        404: "there is no such repository",
        429: "too many requests",
    }
    if response.headers.get("X-RateLimit-Remaining") == "0":
        return "too many requests: set GITHUB_TOKEN, or wait an hour"
    return meanings.get(response.status_code, f"status {response.status_code}")


def newest(pin: Pin, actions: Actions) -> Pin:
    """The pin of the newest release. Raises `UpdateError` when the pinned one is not what it was."""
    tags = actions.releases(pin.action)
    known = tags.get(pin.version)
    if known is None:
        raise UpdateError(
            f"{pin.action} has no tag {pin.version} any more: find out why before anything else is pinned."
        )
    commit = actions.commit(pin.action, known)
    if commit != pin.commit:
        raise UpdateError(
            f"THE TAG {pin.version} OF {pin.action} HAS MOVED, from {pin.commit} to {commit}: a release does not do that. "
            "Find out why before anything else is pinned."
        )
    latest = max(tags.values(), key=lambda tag: tag.order)
    return (
        pin
        if latest == known
        else Pin(pin.action, latest.version, actions.commit(pin.action, latest))
    )


def rewritten(text: str, old: Mapping[str, Pin], new: Mapping[str, Pin]) -> str:
    """The file of pins with new ones, everything else in it as it was."""
    lines, action = [], ""
    for line in text.splitlines(keepends=True):
        key = line.partition(":")[0].strip("'\"")
        action = key if key in old else action
        for part in ("version", "commit"):
            if action and line.lstrip().startswith(f"{part}:"):
                line = line.replace(getattr(old[action], part), getattr(new[action], part), 1)
        lines.append(line)
    written = "".join(lines)
    if parse(written) != new:
        raise UpdateError(
            "The file of pins is written in a way that cannot be changed line by line: change it by hand."
        )
    return written


def update(file: Path, environ: Mapping[str, str]) -> list[str]:
    """Pins the newest releases; nothing is written unless everything is in order. Returns what to tell.

    Raises `UpdateError`, and `PinsError` when the file is not sound.
    """
    text = file.read_text(encoding="utf-8")
    old = parse(text)
    with Actions(environ) as actions:
        new = {action: newest(pin, actions) for action, pin in old.items()}
    if new != old:
        file.write_text(rewritten(text, old, new), encoding="utf-8")
    return [told(old[action], pin) for action, pin in new.items()]


def told(old: Pin, new: Pin) -> str:
    if new == old:
        return f"{old.action}: {old.version} is the newest release"
    return f"{old.action}: {old.version} -> {new.version} ({new.commit})"


def main(file: Path = FILE) -> int:
    try:
        lines = update(file, os.environ)
    except (UpdateError, PinsError) as error:
        print(
            f"{error} Nothing was changed." if isinstance(error, UpdateError) else error,
            file=sys.stderr,
        )
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
