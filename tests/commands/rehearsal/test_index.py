"""The package index: a real pypiserver that accepts uploads by token only."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from commands.rehearsal.index import PackageIndex, pypiserver_application
from commands.rehearsal.timeline import Redactor


@pytest.fixture
def index(tmp_path: Path) -> Iterator[PackageIndex]:
    with PackageIndex(tmp_path / "index", Redactor(), "the-token") as running:
        yield running


def upload_status(
    index: PackageIndex, user: str, password: str, name: str = "pkg-1.0.tar.gz"
) -> int:
    files = {"content": (name, b"a file")}
    return httpx.post(
        index.url,
        data={":action": "file_upload"},
        files=files,
        auth=(user, password),
        trust_env=False,
    ).status_code


def test_an_upload_with_the_token_is_listed(index: PackageIndex) -> None:
    assert upload_status(index, "__token__", "the-token") == 200

    assert index.files == ["pkg-1.0.tar.gz"]
    assert "pkg-1.0.tar.gz" in httpx.get(f"{index.url}simple/pkg/", trust_env=False).text


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("__token__", "another"),
        ("__token__", ""),
        ("maintainer-1", "the-token"),
        ("__token__", "the-token2"),
    ],
)
def test_another_user_or_token_may_not_upload(
    index: PackageIndex, user: str, password: str
) -> None:
    assert upload_status(index, user, password) == 403
    assert index.files == []


def test_an_upload_needs_a_login(index: PackageIndex) -> None:
    response = httpx.post(
        index.url,
        data={":action": "file_upload"},
        files={"content": ("p-1.tar.gz", b"x")},
        trust_env=False,
    )

    assert response.status_code == 401


def test_an_empty_token_may_not_upload(tmp_path: Path) -> None:
    with PackageIndex(tmp_path / "index", Redactor()) as index:
        assert upload_status(index, "__token__", "") == 403


def test_a_file_is_never_replaced(index: PackageIndex) -> None:
    upload_status(index, "__token__", "the-token")

    assert upload_status(index, "__token__", "the-token") == 409


def test_the_audience_of_identity_tokens(index: PackageIndex) -> None:
    assert httpx.get(f"{index.url}_/oidc/audience", trust_env=False).json() == {"audience": "pypi"}


def test_without_a_publisher_no_identity_is_trusted(index: PackageIndex) -> None:
    response = httpx.post(f"{index.url}_/oidc/mint-token", json={"token": "x.y.z"}, trust_env=False)

    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "invalid-token"


def test_it_listens_on_loopback_until_its_block_ends(tmp_path: Path) -> None:
    with PackageIndex(tmp_path / "index", Redactor()) as index:
        assert index.url.startswith("http://127.0.0.1:")
    with pytest.raises(httpx.ConnectError):
        httpx.get(index.url, trust_env=False)


def test_loading_pypiserver_keeps_pythons_importers(tmp_path: Path) -> None:
    before = [*sys.meta_path]

    pypiserver_application(roots=[tmp_path], authenticate=[], password_file=".")

    assert sys.meta_path == before
