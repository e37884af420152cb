"""Tests of malformed requests and packs, which are refused without effect or crash."""

import base64
import gzip
import hashlib
from collections.abc import Mapping
from io import BytesIO

import httpx
import pytest
from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tag, Tree
from dulwich.pack import write_pack_objects
from hypothesis import given, settings
from hypothesis import strategies as st

from simulated_github import Application, create_app
from simulated_github.git.http.pkt_lines import FLUSH, line
from simulated_github.world.world_file import WorldFile, read
from tests.simulated_github.helpers.checked_transport import connect

GIT = "/encode/httpx.git"
ZERO_SHA = "0" * 40
WORLD: WorldFile = read("encode")
HEADERS = {"authorization": "Basic " + base64.b64encode(b"x:token-maintainer-1").decode()}
FULL = "report-status side-band-64k"


@pytest.fixture
def writer(github: Application) -> httpx.Client:
    return connect(github, HEADERS)


def build_commit(root: Tree | Blob, **more: object) -> Commit:
    commit = Commit()
    commit.tree = root.id
    commit.author = commit.committer = b"Ada <ada@users.example>"
    commit.author_time = commit.commit_time = 1_700_000_000
    commit.author_timezone = commit.commit_timezone = 0
    commit.message = b"A change\n"
    for name, value in more.items():
        setattr(commit, name, value)
    return commit


def build_tree(name: bytes = b"a.md", sha: bytes | None = None) -> tuple[Tree, Blob]:
    blob = Blob.from_string(b"text\n")
    root = Tree()
    root.add(name, 0o100644, ObjectID(sha or blob.id))
    return root, blob


def build_pack(*items: ShaFile) -> bytes:
    file = BytesIO()
    write_pack_objects(file, [(item, None) for item in items], object_format=DEFAULT_OBJECT_FORMAT)
    return file.getvalue()


def push(
    writer: httpx.Client,
    sha: str,
    pack: bytes,
    ref: str = "refs/heads/next",
    before: str = ZERO_SHA,
) -> httpx.Response:
    update = line(f"{before} {sha} {ref}\0{FULL}\n") + FLUSH
    return writer.post(f"{GIT}/git-receive-pack", content=update + pack)


def test_a_well_formed_push_is_accepted(github: Application, writer: httpx.Client) -> None:
    """The objects that the other tests damage."""
    root, blob = build_tree()
    commit = build_commit(root)

    response = push(writer, commit.id.decode(), build_pack(commit, root, blob))

    assert b"ok refs/heads/next" in response.content
    assert commit.id.decode() in next(iter(github.world.repositories.values())).git.refs.values()


ROOT, BLOB = build_tree()
BROKEN: Mapping[str, tuple[Commit | Tag, tuple[ShaFile, ...], bytes]] = {
    "no file": (build_commit(ROOT), (ROOT,), b"missing necessary objects"),
    "no tree": (build_commit(ROOT), (BLOB,), b"missing necessary objects"),
    "no parent": (
        build_commit(ROOT, parents=[ObjectID(b"1" * 40)]),
        (ROOT, BLOB),
        b"missing necessary objects",
    ),
    "a file for a tree": (build_commit(BLOB), (BLOB,), b"missing necessary objects"),
    "a message in another encoding": (
        build_commit(ROOT, message=b"\xff"),
        (ROOT, BLOB),
        b"unpacker error",
    ),
    "a time after the year 9999": (
        build_commit(ROOT, commit_time=10**13),
        (ROOT, BLOB),
        b"unpacker error",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_incomplete_or_invalid_objects_are_refused(
    github: Application, writer: httpx.Client, name: str
) -> None:
    commit, objects, message = BROKEN[name]

    response = push(writer, commit.id.decode(), build_pack(commit, *objects))

    assert response.status_code == 200
    assert message in response.content, response.content
    assert list(next(iter(github.world.repositories.values())).git.refs) == ["refs/heads/main"]


def test_a_path_in_another_encoding_is_refused(writer: httpx.Client) -> None:
    """A limit of the simulator, which stores paths as text."""
    root, blob = build_tree(b"\xff.md")
    commit = build_commit(root)

    assert (
        b"unpacker error"
        in push(writer, commit.id.decode(), build_pack(commit, root, blob)).content
    )


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("refs/heads/a..b", b"funny refname"),
        ("refs/heads/", b"funny refname"),
        ("refs/heads/a b", b"funny refname"),
        ("HEAD", b"funny refname"),
        ("refs/heads/a.lock", b"funny refname"),
        ("refs/pull/1/head", b"deny updating a hidden ref"),
        ("refs/heads/main", b"cannot lock ref"),
    ],
)
def test_an_invalid_ref_is_refused(writer: httpx.Client, ref: str, message: bytes) -> None:
    root, blob = build_tree()
    commit = build_commit(root)

    response = push(writer, commit.id.decode(), build_pack(commit, root, blob), ref)

    assert message in response.content


def test_a_branch_must_point_to_a_commit(writer: httpx.Client) -> None:
    root, blob = build_tree()

    assert b"failed to update ref" in push(writer, root.id.decode(), build_pack(root, blob)).content
    assert (
        b"ok refs/tags/tree"
        in push(writer, root.id.decode(), build_pack(root, blob), "refs/tags/tree").content
    )


@pytest.mark.parametrize("service", ["git-upload-pack", "git-receive-pack"])
@pytest.mark.parametrize(
    "content",
    [
        b"zzzz",
        b"0001",
        b"0003",
        b"ffff",
        b"00",
        b"-001",
        b"0032want " + b"0" * 40 + b"\n",
        line("want 1\n"),
        line(f"want {ZERO_SHA} side-band-64k\n") + line("deepen x\n") + FLUSH,
        line(f"want {ZERO_SHA} side-band-64k\n") + FLUSH + line("bring\n"),
        line("a b c\n"),
        line(f"{ZERO_SHA} {ZERO_SHA}\n") + FLUSH,
        line("\0\n") + FLUSH,
    ],
)
def test_a_malformed_request_is_a_400_or_an_error_line(
    writer: httpx.Client, service: str, content: bytes
) -> None:
    response = writer.post(f"{GIT}/{service}", content=content)

    assert response.status_code == 400 or b"ERR upload-pack" in response.content


@pytest.mark.parametrize("content", [b"", b"0000"])
def test_an_empty_request_has_an_empty_response(writer: httpx.Client, content: bytes) -> None:
    """Git sends one to check whether it may push.

    Source: git's code, `remote-curl.c`, `probe_rpc`.
    """
    response = writer.post(f"{GIT}/git-receive-pack", content=content)

    assert response.status_code == 200
    assert response.content == b""


def test_a_compressed_body_is_decompressed_or_refused(writer: httpx.Client) -> None:
    headers = {"content-encoding": "gzip"}
    compressed = gzip.compress(b"0000")

    assert (
        writer.post(f"{GIT}/git-receive-pack", content=compressed, headers=headers).status_code
        == 200
    )
    assert (
        writer.post(f"{GIT}/git-receive-pack", content=compressed[:-9], headers=headers).status_code
        == 400
    )
    assert (
        writer.post(f"{GIT}/git-receive-pack", content=b"0000", headers=headers).status_code == 400
    )


def test_the_dumb_protocol_is_refused(writer: httpx.Client) -> None:
    """Assumption: the status; the message is GitHub's."""
    response = writer.get(f"{GIT}/info/refs")

    assert response.status_code == 403
    assert response.text == "Please upgrade your git client.\n"


@pytest.mark.parametrize(
    "header",
    ["Basic !", "Basic " + base64.b64encode(b"\xff").decode(), "Bearer token-owner-1", "Basic"],
)
def test_only_basic_authentication_with_a_token_is_accepted(
    github: Application, header: str
) -> None:
    response = connect(github, {"authorization": header}).get(
        f"{GIT}/info/refs", params={"service": "git-upload-pack"}
    )

    assert response.status_code == 401


@pytest.mark.parametrize("password", ["x-oauth-basic", ""])
def test_the_token_can_be_the_user_name(github: Application, password: str) -> None:
    header = "Basic " + base64.b64encode(f"token-maintainer-1:{password}".encode()).decode()
    response = connect(github, {"authorization": header}).get(
        f"{GIT}/info/refs", params={"service": "git-receive-pack"}
    )

    assert response.status_code == 200


def test_the_suffix_git_is_optional(writer: httpx.Client) -> None:
    with_suffix, without_suffix = (
        writer.get(f"{path}/info/refs", params={"service": "git-upload-pack"})
        for path in (GIT, "/encode/httpx")
    )

    assert with_suffix.content == without_suffix.content


PACK = build_pack(build_commit(ROOT), ROOT, BLOB)
_CHANGES = st.lists(
    st.tuples(st.integers(0, len(PACK) - 1), st.integers(0, 255)), min_size=1, max_size=4
)


@given(_CHANGES, st.integers(0, len(PACK)), st.booleans())
@settings(max_examples=300, derandomize=True, deadline=None, database=None)
def test_a_damaged_pack_never_crashes(
    changes: list[tuple[int, int]], length: int, signed: bool
) -> None:
    """Bytes are changed, and the end is cut off; half of the packs have a valid checksum."""
    github = create_app(WORLD)
    data = bytearray(PACK)
    for place, value in changes:
        data[place] = value
    pack = bytes(data[: length if length > 12 else None])
    if signed:
        pack = pack[:-20] + hashlib.sha1(pack[:-20], usedforsecurity=False).digest()
    before = dict(next(iter(github.world.repositories.values())).git.refs)

    response = push(connect(github, HEADERS), build_commit(ROOT).id.decode(), pack)

    assert response.status_code == 200
    after = next(iter(github.world.repositories.values())).git.refs
    assert (b"ok refs/heads/next" in response.content) is (after != before)


@given(st.sampled_from(["git-upload-pack", "git-receive-pack"]), st.binary(max_size=200))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_arbitrary_bytes_never_cause_a_5xx(service: str, content: bytes) -> None:
    response = connect(create_app(WORLD), HEADERS).post(f"{GIT}/{service}", content=content)

    assert response.status_code in (200, 400)
