"""What ``git fetch`` and ``git clone`` get: an agreement on what both have, then a pack of the rest.

Source: git's documentation, "gitprotocol-pack", "Packfile Negotiation" (``multi_ack_detailed``, stateless over HTTP) and
"Shallow".
"""

from dataclasses import dataclass, field

from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.object_store import MissingObjectFinder, find_shallow
from dulwich.objects import Commit, ObjectID
from dulwich.pack import write_pack_from_container

from simulated_github.git.http.pkt_lines import FLUSH, ProtocolError, Reader, band, line
from simulated_github.git.store import GitStore


class NotOurRefError(Exception):
    """An object is wanted that no ref leads to."""


@dataclass
class _Wish:
    """What a client asks for: objects, and how deep; ``shallow`` are commits whose parents it has not."""

    abilities: frozenset[bytes] = frozenset()
    wants: list[str] = field(default_factory=list)
    shallow: set[str] = field(default_factory=set)
    depth: int | None = None


def upload(git: GitStore, content: bytes) -> bytes:
    """The answer to a request for objects; ProtocolError when it makes no sense."""
    reader = Reader(content)
    wish = _wish(reader)
    if not wish.wants:
        return b""
    try:
        _check(git, wish.wants)
    except NotOurRefError as error:
        return line(f"ERR upload-pack: not our ref {error}\n")
    boundary, answer = _deepen(git, wish)
    common, told, is_done = _negotiate(git, wish, reader)
    answer += told
    return answer + _pack(git, wish, common, boundary) if is_done else answer


def _wish(reader: Reader) -> _Wish:
    found = _Wish()
    for number, text in enumerate(reader.until_flush()):
        command, _, value = text.partition(b" ")
        if number == 0:
            value, _, listed = value.partition(b" ")
            found.abilities = frozenset(listed.split())
        if command == b"want":
            found.wants.append(_sha(value))
        elif command == b"shallow":
            found.shallow.add(_sha(value))
        elif command == b"deepen" and value.isdigit() and int(value) > 0:
            found.depth = int(value)
        else:
            raise ProtocolError(f"{command[:40]!r} is not understood among what is wanted")
    return found


def _sha(value: bytes) -> str:
    if len(value) != 40 or any(digit not in b"0123456789abcdef" for digit in value):
        raise ProtocolError(f"{value[:60]!r} is no object's name")
    return value.decode()


def _check(git: GitStore, wants: list[str]) -> None:
    """GitHub hands out whatever a ref leads to, also by its sha alone."""
    tips = set(git.refs.values())
    for want in wants:
        if want not in tips and not _is_reachable(git, want):
            raise NotOurRefError(want)


def _is_reachable(git: GitStore, sha: str) -> bool:
    if not isinstance(git.find(sha), Commit):
        return False
    peeled = (git.peel(tip) for tip in git.refs.values())
    return any(tip is not None and git.contains(tip, sha) for tip in peeled)


def _deepen(git: GitStore, wish: _Wish) -> tuple[set[ObjectID], bytes]:
    """Where the history that is sent ends, and what is said of it; the parents of commits that get some are wanted too."""
    before = {_id(sha) for sha in wish.shallow}
    if wish.depth is None:
        return before, b""
    ends, inside = find_shallow(git.objects, [_id(want) for want in wish.wants], wish.depth)
    fresh, opened = (ends - inside) - before, inside & before
    for sha in opened:
        wish.wants += [parent for parent in git.parents(sha.decode()) if parent not in wish.wants]
    told = [line(b"shallow " + sha) for sha in sorted(fresh)] + [
        line(b"unshallow " + sha) for sha in sorted(opened)
    ]
    return (ends - inside) | before, b"".join(told) + FLUSH


def _negotiate(git: GitStore, wish: _Wish, reader: Reader) -> tuple[list[str], bytes, bool]:
    """What both have, what is answered to that, and whether the client is done talking."""
    common, told, detailed = list[str](), b"", b"multi_ack_detailed" in wish.abilities
    while not reader.is_done:
        text = reader.next()
        if text == b"done":
            return (
                common,
                told
                + (line(f"ACK {common[-1]}\n") if common and detailed else b"" if common else _NAK),
                True,
            )
        if text is None:
            ready = detailed and common and _is_enough(git, wish.wants, common)
            told += line(f"ACK {common[-1]} ready\n") if ready else b""
            told += _NAK if detailed or not common else b""
            continue
        command, _, value = text.partition(b" ")
        if command != b"have":
            raise ProtocolError(f"{command[:40]!r} is not understood among what is there")
        if git.find(sha := _sha(value)) is not None:
            told += (
                line(f"ACK {sha} common\n") if detailed else b"" if common else line(f"ACK {sha}\n")
            )
            common.append(sha)
    return common, told, False


_NAK = line(b"NAK\n")


def _is_enough(git: GitStore, wants: list[str], common: list[str]) -> bool:
    """Whether the way from each wanted commit leads to one that both have."""
    known = set(common)
    peeled = [git.peel(want) for want in wants]
    return all(tip is not None and any(sha in known for sha in git.history(tip)) for tip in peeled)


def _pack(git: GitStore, wish: _Wish, common: list[str], boundary: set[ObjectID]) -> bytes:
    tagged = _annotated(git) if b"include-tag" in wish.abilities else {}
    finder = MissingObjectFinder(
        git.objects,
        haves=[_id(sha) for sha in common],
        wants=[_id(sha) for sha in wish.wants],
        shallow=boundary,
        get_tagged=lambda: tagged,
    )
    written: list[bytes] = []
    write_pack_from_container(
        lambda data: written.append(bytes(data)),
        git.objects,
        list(finder),
        object_format=DEFAULT_OBJECT_FORMAT,
        deltify=False,
    )
    pack = b"".join(written)
    if b"side-band-64k" in wish.abilities:
        return band(1, pack) + FLUSH
    return pack


def _annotated(git: GitStore) -> dict[ObjectID, ObjectID]:
    """The annotated tags, by the commits that they stand for."""
    peeled = {sha: git.peel(sha) for sha in git.refs.values()}
    return {
        _id(commit): _id(sha)
        for sha, commit in peeled.items()
        if commit is not None and commit != sha
    }


def _id(sha: str) -> ObjectID:
    return ObjectID(sha.encode())
