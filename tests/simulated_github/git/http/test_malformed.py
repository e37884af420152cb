"""What is not the git protocol, or no pack: refused, never a crash, and without an effect."""

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
NOTHING = "0" * 40
WORLD: WorldFile = read("encode")
HEADERS = {"authorization": "Basic " + base64.b64encode(b"x:token-maintainer-1").decode()}
FULL = "report-status side-band-64k"


@pytest.fixture
def writer(github: Application) -> httpx.Client:
    return connect(github, HEADERS)


def head(github: Application) -> str:
    return next(iter(github.world.repositories.values())).git.refs["refs/heads/main"]


def commit(root: Tree | Blob, **more: object) -> Commit:
    made = Commit()
    made.tree = root.id
    made.author = made.committer = b"Ada <ada@users.example>"
    made.author_time = made.commit_time = 1_700_000_000
    made.author_timezone = made.commit_timezone = 0
    made.message = b"A change\n"
    for name, value in more.items():
        setattr(made, name, value)
    return made


def tree(name: bytes = b"a.md", sha: bytes | None = None) -> tuple[Tree, Blob]:
    blob, made = Blob.from_string(b"text\n"), Tree()
    made.add(name, 0o100644, ObjectID(sha or blob.id))
    return made, blob


def packed(*items: ShaFile) -> bytes:
    file = BytesIO()
    write_pack_objects(file, [(item, None) for item in items], object_format=DEFAULT_OBJECT_FORMAT)
    return file.getvalue()


def push(
    writer: httpx.Client, sha: str, pack: bytes, ref: str = "refs/heads/next", before: str = NOTHING
) -> httpx.Response:
    update = line(f"{before} {sha} {ref}\0{FULL}\n") + FLUSH
    return writer.post(f"{GIT}/git-receive-pack", content=update + pack)


def test_what_is_well_formed_is_taken(github: Application, writer: httpx.Client) -> None:
    """The pieces that the other tests break."""
    root, blob = tree()
    made = commit(root)

    answer = push(writer, made.id.decode(), packed(made, root, blob))

    assert b"ok refs/heads/next" in answer.content
    assert made.id.decode() in next(iter(github.world.repositories.values())).git.refs.values()


ROOT, BLOB = tree()
BROKEN: Mapping[str, tuple[Commit | Tag, tuple[ShaFile, ...], bytes]] = {
    "no file": (commit(ROOT), (ROOT,), b"missing necessary objects"),
    "no tree": (commit(ROOT), (BLOB,), b"missing necessary objects"),
    "no parent": (
        commit(ROOT, parents=[ObjectID(b"1" * 40)]),
        (ROOT, BLOB),
        b"missing necessary objects",
    ),
    "a file for a tree": (commit(BLOB), (BLOB,), b"missing necessary objects"),
    "a message in another encoding": (
        commit(ROOT, message=b"\xff"),
        (ROOT, BLOB),
        b"unpacker error",
    ),
    "a time out of all calendars": (
        commit(ROOT, commit_time=10**13),
        (ROOT, BLOB),
        b"unpacker error",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_objects_that_are_not_whole_are_refused(
    github: Application, writer: httpx.Client, name: str
) -> None:
    made, others, sentence = BROKEN[name]

    answer = push(writer, made.id.decode(), packed(made, *others))

    assert (answer.status_code, sentence in answer.content) == (200, True), answer.content
    assert list(next(iter(github.world.repositories.values())).git.refs) == ["refs/heads/main"]


def test_a_path_in_another_encoding_is_refused(writer: httpx.Client) -> None:
    """A limit of the simulator, which keeps paths as text."""
    root, blob = tree(b"\xff.md")
    made = commit(root)

    assert b"unpacker error" in push(writer, made.id.decode(), packed(made, root, blob)).content


@pytest.mark.parametrize(
    ("ref", "sentence"),
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
def test_a_ref_that_cannot_be_is_refused(writer: httpx.Client, ref: str, sentence: bytes) -> None:
    root, blob = tree()
    made = commit(root)

    answer = push(writer, made.id.decode(), packed(made, root, blob), ref)

    assert sentence in answer.content


def test_a_branch_is_of_a_commit(writer: httpx.Client) -> None:
    root, blob = tree()

    assert b"failed to update ref" in push(writer, root.id.decode(), packed(root, blob)).content
    assert (
        b"ok refs/tags/tree"
        in push(writer, root.id.decode(), packed(root, blob), "refs/tags/tree").content
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
        line(f"want {NOTHING} side-band-64k\n") + line("deepen x\n") + FLUSH,
        line(f"want {NOTHING} side-band-64k\n") + FLUSH + line("bring\n"),
        line("a b c\n"),
        line(f"{NOTHING} {NOTHING}\n") + FLUSH,
        line("\0\n") + FLUSH,
    ],
)
def test_what_is_no_protocol_is_a_400_or_names_what_is_wrong(
    writer: httpx.Client, service: str, content: bytes
) -> None:
    answer = writer.post(f"{GIT}/{service}", content=content)

    assert answer.status_code == 400 or b"ERR upload-pack" in answer.content


@pytest.mark.parametrize("content", [b"", b"0000"])
def test_an_empty_request_has_an_empty_answer(writer: httpx.Client, content: bytes) -> None:
    """Git asks so whether it may push. Source: git's code, ``remote-curl.c``, ``probe_rpc``."""
    answer = writer.post(f"{GIT}/git-receive-pack", content=content)

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_body_is_inflated_or_refused(writer: httpx.Client) -> None:
    headers = {"content-encoding": "gzip"}
    small, broken = gzip.compress(b"0000"), gzip.compress(b"0000")[:-9]

    assert writer.post(f"{GIT}/git-receive-pack", content=small, headers=headers).status_code == 200
    assert (
        writer.post(f"{GIT}/git-receive-pack", content=broken, headers=headers).status_code == 400
    )
    assert (
        writer.post(f"{GIT}/git-receive-pack", content=b"0000", headers=headers).status_code == 400
    )


def test_the_old_protocol_is_not_spoken(writer: httpx.Client) -> None:
    """Assumption: the status; the sentence is GitHub's."""
    answer = writer.get(f"{GIT}/info/refs")

    assert (answer.status_code, answer.text) == (403, "Please upgrade your git client.\n")


@pytest.mark.parametrize(
    "header",
    ["Basic !", "Basic " + base64.b64encode(b"\xff").decode(), "Bearer token-owner-1", "Basic"],
)
def test_only_a_token_as_a_password_counts(github: Application, header: str) -> None:
    answer = connect(github, {"authorization": header}).get(
        f"{GIT}/info/refs", params={"service": "git-upload-pack"}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("password", ["x-oauth-basic", ""])
def test_a_token_may_stand_for_the_user_name(github: Application, password: str) -> None:
    header = "Basic " + base64.b64encode(f"token-maintainer-1:{password}".encode()).decode()
    answer = connect(github, {"authorization": header}).get(
        f"{GIT}/info/refs", params={"service": "git-receive-pack"}
    )

    assert answer.status_code == 200


def test_without_the_ending_it_is_the_same_repository(writer: httpx.Client) -> None:
    long, short = (
        writer.get(f"{path}/info/refs", params={"service": "git-upload-pack"})
        for path in (GIT, "/encode/httpx")
    )

    assert long.content == short.content


PACK = packed(commit(ROOT), ROOT, BLOB)
_CHANGES = st.lists(
    st.tuples(st.integers(0, len(PACK) - 1), st.integers(0, 255)), min_size=1, max_size=4
)


@given(_CHANGES, st.integers(0, len(PACK)), st.booleans())
@settings(max_examples=300, derandomize=True, deadline=None, database=None)
def test_a_damaged_pack_never_crashes(
    changes: list[tuple[int, int]], length: int, signed: bool
) -> None:
    """Bytes are changed and the end is cut, with a checksum that is right again half of the time."""
    github = create_app(WORLD)
    data = bytearray(PACK)
    for place, value in changes:
        data[place] = value
    pack = bytes(data[: length if length > 12 else None])
    if signed:
        pack = pack[:-20] + hashlib.sha1(pack[:-20], usedforsecurity=False).digest()
    before = dict(next(iter(github.world.repositories.values())).git.refs)

    answer = push(connect(github, HEADERS), commit(ROOT).id.decode(), pack)

    assert answer.status_code == 200
    after = next(iter(github.world.repositories.values())).git.refs
    assert (b"ok refs/heads/next" in answer.content) is (after != before)


@given(st.sampled_from(["git-upload-pack", "git-receive-pack"]), st.binary(max_size=200))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_any_bytes_are_answered(service: str, content: bytes) -> None:
    answer = connect(create_app(WORLD), HEADERS).post(f"{GIT}/{service}", content=content)

    assert answer.status_code in (200, 400)
