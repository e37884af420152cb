"""The local index: a real pypiserver that takes uploads by its token alone."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from commands.rehearsal.hidden import Hidden
from commands.rehearsal.index import Index


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index(tmp_path / "index", Hidden(), "the-token") as running:
        yield running


def upload(index: Index, user: str, password: str, name: str = "pkg-1.0.tar.gz") -> int:
    files = {"content": (name, b"not looked at")}
    return httpx.post(
        index.url,
        data={":action": "file_upload"},
        files=files,
        auth=(user, password),
        trust_env=False,
    ).status_code


def test_the_token_uploads_and_what_it_uploaded_is_listed(index: Index) -> None:
    assert upload(index, "__token__", "the-token") == 200

    assert index.files == ["pkg-1.0.tar.gz"]
    assert "pkg-1.0.tar.gz" in httpx.get(f"{index.url}simple/pkg/", trust_env=False).text


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("__token__", "another"),
        ("__token__", ""),
        ("somebody", "the-token"),
        ("__token__", "the-token2"),
    ],
)
def test_nothing_else_uploads(index: Index, user: str, password: str) -> None:
    assert upload(index, user, password) == 403
    assert index.files == []


def test_nobody_uploads_without_a_login(index: Index) -> None:
    answer = httpx.post(
        index.url,
        data={":action": "file_upload"},
        files={"content": ("p-1.tar.gz", b"x")},
        trust_env=False,
    )

    assert answer.status_code == 401


def test_an_index_without_a_token_takes_no_empty_one(tmp_path: Path) -> None:
    with Index(tmp_path / "index", Hidden()) as index:
        assert upload(index, "__token__", "") == 403


def test_a_file_is_never_replaced(index: Index) -> None:
    upload(index, "__token__", "the-token")

    assert upload(index, "__token__", "the-token") == 409


def test_it_says_the_audience_of_identity_tokens(index: Index) -> None:
    assert httpx.get(f"{index.url}_/oidc/audience", trust_env=False).json() == {"audience": "pypi"}


def test_no_identity_is_exchanged_where_no_publisher_is_trusted(index: Index) -> None:
    answer = httpx.post(f"{index.url}_/oidc/mint-token", json={"token": "x.y.z"}, trust_env=False)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "invalid-token"


def test_it_listens_on_the_loopback_interface_and_ends_with_its_block(tmp_path: Path) -> None:
    with Index(tmp_path / "index", Hidden()) as index:
        assert index.url.startswith("http://127.0.0.1:")
    with pytest.raises(httpx.ConnectError):
        httpx.get(index.url, trust_env=False)
