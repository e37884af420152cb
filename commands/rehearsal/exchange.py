"""What the publishing action does in a job: identity token, upload token, upload.

Sources: GitHub's documentation, "OpenID Connect reference", and PyPI's, "Trusted publishers: internals".
Attestations are deliberately absent: they are signed with Sigstore's services, which a rehearsal does not reach.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from commands.rehearsal.errors import RefusedError


def identity_token(client: httpx.Client, url: str, bearer: str, audience: str) -> str:
    """The job's identity token for an audience, from the address that its runner was given."""
    address = httpx.URL(url).copy_add_param("audience", audience)
    token: str = said(client.get(address, headers={"Authorization": f"bearer {bearer}"}))["value"]
    return token


def upload_token(client: httpx.Client, index: str, url: str, bearer: str) -> str:
    """A short-lived token of the index for the job's identity. Raises `RefusedError` with the index's words."""
    audience = said(client.get(f"{index}_/oidc/audience"))["audience"]
    identity = identity_token(client, url, bearer, audience)
    token: str = said(client.post(f"{index}_/oidc/mint-token", json={"token": identity}))["token"]
    return token


def said(answer: httpx.Response) -> dict[str, Any]:
    """The document of an answer. Raises `RefusedError` when it is a refusal."""
    document: dict[str, Any] = answer.json()
    if not answer.is_success:
        errors = [
            f"{error['code']}: {error['description']}" for error in document.get("errors", [])
        ]
        raise RefusedError("; ".join(errors) or str(document.get("message")))
    return document


def publish(packages: Path, environ: Mapping[str, str]) -> int:
    """Uploads what is in a directory; the exit code."""
    index, url = environ["TWINE_REPOSITORY_URL"], environ.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
    if not url:
        print("no identity token for this job: its permissions lack `id-token: write`")
        return 1
    try:
        with httpx.Client(timeout=30, trust_env=False) as client:
            token = upload_token(client, index, url, environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
    except RefusedError as error:
        print(f"the index refused the identity of this job: {error}")
        return 1
    files = [file for file in sorted(packages.rglob("*")) if file.is_file()]
    announce(files, environ)
    command = [
        sys.executable,
        "-m",
        "twine",
        "upload",
        "--non-interactive",
        "--disable-progress-bar",
        *map(str, files),
    ]
    login = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": token}
    return subprocess.run(command, env={**environ, **login}, check=False).returncode


def announce(files: Sequence[Path], environ: Mapping[str, str]) -> None:
    """Shows the hashes where they are wanted, and says what is not done."""
    if environ.get("PRINT_HASH") == "true":
        for file in files:
            print(hashlib.sha256(file.read_bytes()).hexdigest(), file.name)
    if environ.get("ATTESTATIONS") == "true":
        print("no attestations are made: Sigstore is not within a rehearsal's reach")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(publish(Path(sys.argv[1]), os.environ))
