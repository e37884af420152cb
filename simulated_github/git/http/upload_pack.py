"""`git fetch` and `git clone`: a negotiation of the common commits, then a pack of the rest.

Source: git's documentation, "gitprotocol-pack", "Packfile Negotiation" (`multi_ack_detailed`,
stateless over HTTP) and "Shallow".
"""

from dataclasses import dataclass, field

from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.object_store import MissingObjectFinder, find_shallow
from dulwich.objects import Commit, ObjectID
from dulwich.pack import write_pack_from_container

from simulated_github.git.http.pkt_lines import FLUSH, ProtocolError, Reader, band, line
from simulated_github.git.store import GitStore


class NotOurRefError(Exception):
    """The client wants an object that no ref reaches."""


@dataclass
class _FetchRequest:
    """A request for objects; the client does not have the parents of `shallow` commits."""

    capabilities: frozenset[bytes] = frozenset()
    wants: list[str] = field(default_factory=list)
    shallow: set[str] = field(default_factory=set)
    depth: int | None = None


def upload(git: GitStore, content: bytes) -> bytes:
    """Return the response to a fetch; raise ProtocolError for a malformed request."""
    reader = Reader(content)
    fetch = _read_request(reader)
    if not fetch.wants:
        return b""
    try:
        _check(git, fetch.wants)
    except NotOurRefError as error:
        return line(f"ERR upload-pack: not our ref {error}\n")
    boundary, response = _deepen(git, fetch)
    negotiation = _Negotiation(git, fetch)
    is_done = negotiation.run(reader)
    response += negotiation.response
    return response + _pack(git, fetch, negotiation.common, boundary) if is_done else response


def _read_request(reader: Reader) -> _FetchRequest:
    fetch = _FetchRequest()
    for number, text in enumerate(reader.until_flush()):
        command, _, value = text.partition(b" ")
        if number == 0:
            value, _, names = value.partition(b" ")
            fetch.capabilities = frozenset(names.split())
        if command == b"want":
            fetch.wants.append(_sha(value))
        elif command == b"shallow":
            fetch.shallow.add(_sha(value))
        elif command == b"deepen" and value.isdigit() and int(value) > 0:
            fetch.depth = int(value)
        else:
            raise ProtocolError(f"{command[:40]!r} is not want, shallow or deepen")
    return fetch


def _sha(value: bytes) -> str:
    if len(value) != 40 or any(digit not in b"0123456789abcdef" for digit in value):
        raise ProtocolError(f"{value[:60]!r} is not the sha of an object")
    return value.decode()


def _check(git: GitStore, wants: list[str]) -> None:
    """Raise NotOurRefError for an object that no ref reaches; GitHub serves all others by sha."""
    tips = set(git.refs.values())
    for want in wants:
        if want not in tips and not _is_reachable(git, want):
            raise NotOurRefError(want)


def _is_reachable(git: GitStore, sha: str) -> bool:
    if not isinstance(git.find(sha), Commit):
        return False
    commits = (git.peel(tip) for tip in git.refs.values())
    return any(commit is not None and git.contains(commit, sha) for commit in commits)


def _deepen(git: GitStore, fetch: _FetchRequest) -> tuple[set[ObjectID], bytes]:
    """Return the boundary of the history to send, and the lines that announce it.

    For commits that are no longer shallow, add their parents to the wanted objects.
    """
    shallow = {_id(sha) for sha in fetch.shallow}
    if fetch.depth is None:
        return shallow, b""
    ends, inner = find_shallow(git.objects, [_id(want) for want in fetch.wants], fetch.depth)
    newly_shallow = (ends - inner) - shallow
    unshallow = inner & shallow
    for sha in unshallow:
        parents = git.parents(sha.decode())
        fetch.wants += [parent for parent in parents if parent not in fetch.wants]
    lines = [line(b"shallow " + sha) for sha in sorted(newly_shallow)]
    lines += [line(b"unshallow " + sha) for sha in sorted(unshallow)]
    return (ends - inner) | shallow, b"".join(lines) + FLUSH


class _Negotiation:
    """The exchange of `have` lines: the common commits, and the lines to send back."""

    def __init__(self, git: GitStore, fetch: _FetchRequest) -> None:
        self._git = git
        self._wants = fetch.wants
        self._is_detailed = b"multi_ack_detailed" in fetch.capabilities
        self.common: list[str] = []
        self.response = b""

    def run(self, reader: Reader) -> bool:
        """Read the client's lines; return whether it is done, so that the pack follows."""
        while not reader.is_done:
            text = reader.next()
            if text == b"done":
                self._finish()
                return True
            if text is None:
                self._flush()
                continue
            command, _, value = text.partition(b" ")
            if command != b"have":
                raise ProtocolError(f"{command[:40]!r} is not have or done")
            self._have(_sha(value))
        return False

    def _have(self, sha: str) -> None:
        if self._git.find(sha) is None:
            return
        if self._is_detailed:
            self.response += line(f"ACK {sha} common\n")
        elif not self.common:
            self.response += line(f"ACK {sha}\n")
        self.common.append(sha)

    def _flush(self) -> None:
        if self._is_detailed and self.common and _is_enough(self._git, self._wants, self.common):
            self.response += line(f"ACK {self.common[-1]} ready\n")
        if self._is_detailed or not self.common:
            self.response += _NAK

    def _finish(self) -> None:
        if not self.common:
            self.response += _NAK
        elif self._is_detailed:
            self.response += line(f"ACK {self.common[-1]}\n")


_NAK = line(b"NAK\n")


def _is_enough(git: GitStore, wants: list[str], common: list[str]) -> bool:
    """Return whether the history of each wanted commit contains a common one."""
    common_shas = set(common)
    commits = [git.peel(want) for want in wants]
    return all(
        commit is not None and not common_shas.isdisjoint(git.history(commit)) for commit in commits
    )


def _pack(git: GitStore, fetch: _FetchRequest, common: list[str], boundary: set[ObjectID]) -> bytes:
    tags = _annotated_tags(git) if b"include-tag" in fetch.capabilities else {}
    finder = MissingObjectFinder(
        git.objects,
        haves=[_id(sha) for sha in common],
        wants=[_id(sha) for sha in fetch.wants],
        shallow=boundary,
        get_tagged=lambda: tags,
    )
    chunks: list[bytes] = []
    write_pack_from_container(
        lambda data: chunks.append(bytes(data)),
        git.objects,
        list(finder),
        object_format=DEFAULT_OBJECT_FORMAT,
        deltify=False,
    )
    pack = b"".join(chunks)
    if b"side-band-64k" in fetch.capabilities:
        return band(1, pack) + FLUSH
    return pack


def _annotated_tags(git: GitStore) -> dict[ObjectID, ObjectID]:
    """Return the annotated tags by their commits."""
    commits = {sha: git.peel(sha) for sha in git.refs.values()}
    return {
        _id(commit): _id(sha)
        for sha, commit in commits.items()
        if commit is not None and commit != sha
    }


def _id(sha: str) -> ObjectID:
    return ObjectID(sha.encode())
