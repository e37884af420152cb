"""What the publishing action's stand-in does: identity token, upload token, upload."""

from pathlib import Path

import httpx
import pytest

from commands.rehearsal.errors import RefusedError
from commands.rehearsal.exchange import announce, publish, upload_token

INDEX, RUNNER = "http://index.test/", "http://github.test/idtoken?api-version=2.0"


def answering(refuses: bool = False) -> tuple[httpx.Client, list[httpx.Request]]:
    """A client of an index and a GitHub that answer as the real ones do, and what they were asked."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path == "/_/oidc/audience":
            return httpx.Response(200, json={"audience": "pypi"})
        if request.url.host == "github.test":
            return httpx.Response(200, json={"count": 1, "value": "the.identity.token"})
        error = {"code": "invalid-publisher", "description": "not trusted"}
        return (
            httpx.Response(422, json={"errors": [error]})
            if refuses
            else httpx.Response(200, json={"token": "pypi-short"})
        )

    return httpx.Client(transport=httpx.MockTransport(answer)), asked


def test_the_identity_is_asked_for_with_the_audience_of_the_index_and_exchanged() -> None:
    client, asked = answering()

    assert upload_token(client, INDEX, RUNNER, "bearer-of-the-job") == "pypi-short"

    assert asked[1].url.params.multi_items() == [("api-version", "2.0"), ("audience", "pypi")]
    assert asked[1].headers["authorization"] == "bearer bearer-of-the-job"
    assert asked[2].read() == b'{"token":"the.identity.token"}'


def test_a_refusal_is_told_in_the_words_of_the_index() -> None:
    client, _ = answering(refuses=True)

    with pytest.raises(RefusedError, match="invalid-publisher: not trusted"):
        upload_token(client, INDEX, RUNNER, "bearer-of-the-job")


def test_a_job_without_the_permission_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(tmp_path, {"TWINE_REPOSITORY_URL": INDEX}) == 1
    assert "lack `id-token: write`" in capsys.readouterr().out


def test_hashes_and_missing_attestations_are_told_where_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pkg-1.0.tar.gz"
    file.write_bytes(b"")

    announce([file], {"PRINT_HASH": "true", "ATTESTATIONS": "true"})

    hashes, attestations = capsys.readouterr().out.splitlines()
    assert (
        hashes == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 pkg-1.0.tar.gz"
    )
    assert attestations.startswith("no attestations are made")
