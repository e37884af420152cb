"""What ``git push`` sends: ref updates and a pack; each update is accepted or rejected in GitHub's words.

Sources: git's documentation, "gitprotocol-pack", "Pushing Data To a Server"; the sentences are those of refused pushes in
public issue threads (GH013, "refusing to allow"). Assumption: each ref is accepted or rejected by itself, unless the push is
atomic.
"""

from dataclasses import dataclass
from urllib.parse import quote

from simulated_github.git.http.advertisement import NOTHING
from simulated_github.git.http.pkt_lines import (
    FLUSH,
    ProtocolError,
    Reader,
    band,
    capabilities,
    line,
)
from simulated_github.git.http.unpacking import BadPackError, is_whole, unpack
from simulated_github.git.ref_names import is_ref_name
from simulated_github.git.store import GitStore
from simulated_github.http.request import Request
from simulated_github.operations import pushes
from simulated_github.records.people import Token
from simulated_github.records.repositories import Repository
from simulated_github.rules.rule_checks import RefChange, bypassed_violations

DECLINED = "push declined due to repository rule violations"
NOT_ATOMIC = "atomic push failure"


@dataclass(slots=True)
class _Update:
    """One ref that is to move; ``refusal`` says why not, ``told`` is what the client prints of it."""

    ref: str
    before: str
    after: str
    refusal: str | None = None
    told: str = ""

    @property
    def deletes(self) -> bool:
        return self.after == NOTHING


def receive(request: Request, repository: Repository, content: bytes) -> bytes:
    """The answer to a push, after its effect; ProtocolError when it makes no sense."""
    reader = Reader(content)
    updates, abilities = _updates(reader)
    if not updates:
        return b""
    problem = _effect(request, repository, updates, reader.rest, atomic=b"atomic" in abilities)
    return _report(updates, problem, abilities)


def _updates(reader: Reader) -> tuple[list[_Update], frozenset[bytes]]:
    found, abilities = list[_Update](), frozenset[bytes]()
    for number, text in enumerate(reader.until_flush()):
        if number == 0:
            text, abilities = capabilities(text)
        parts = text.split(b" ", 2)
        if len(parts) != 3 or not all(_is_sha(part) for part in parts[:2]):
            raise ProtocolError(f"{text[:100]!r} is no ref update")
        before, after, ref = parts
        found.append(_Update(ref.decode(errors="replace"), before.decode(), after.decode()))
    return found, abilities


def _is_sha(part: bytes) -> bool:
    return len(part) == 40 and all(digit in b"0123456789abcdef" for digit in part)


def _effect(
    request: Request, repository: Repository, updates: list[_Update], pack: bytes, *, atomic: bool
) -> str | None:
    """Move what may move; what is wrong with the pack, where something is."""
    git = repository.git
    try:
        objects = unpack(git, pack) if any(not update.deletes for update in updates) or pack else []
    except BadPackError as error:
        for update in updates:
            update.refusal = "unpacker error"
        return str(error)
    fresh = git.keep(objects)
    for update in updates:
        _judge(request.sender, request, repository, update, fresh)
    if atomic and any(update.refusal for update in updates):
        for update in updates:
            update.refusal, update.told = (
                (update.refusal, update.told) if update.refusal else (NOT_ATOMIC, "")
            )
    accepted = [update for update in updates if update.refusal is None]
    if not accepted:
        git.drop(fresh)
    changes = [_change(repository, update) for update in accepted if not _is_idle(git, update)]
    pushes.move_refs(request.world, request.sender, repository, changes)
    return None


def _is_idle(git: GitStore, update: _Update) -> bool:
    """A ref that goes and is not there, or is there already."""
    return git.refs.get(update.ref, NOTHING) == update.after


def _change(repository: Repository, update: _Update) -> RefChange:
    return pushes.describe_change(repository, update.ref, None if update.deletes else update.after)


def _judge(
    token: Token, request: Request, repository: Repository, update: _Update, fresh: set[str]
) -> None:
    update.refusal = _impossible(repository, update, fresh)
    if update.refusal is not None or _is_idle(repository.git, update):
        return
    change = _change(repository, update)
    try:
        pushes.check_change(token, repository, change)
        update.told = _bypassed(update.ref, bypassed_violations(repository, change, token))
    except pushes.RuleViolationsError as error:
        update.refusal, update.told = (
            DECLINED,
            _violations(request, repository, update.ref, error.messages),
        )
    except pushes.WorkflowFileError as error:
        update.refusal = error.message


def _impossible(repository: Repository, update: _Update, fresh: set[str]) -> str | None:
    """What git itself refuses, whoever pushes."""
    git, ref, now = repository.git, update.ref, repository.git.refs.get(update.ref, NOTHING)
    if not is_ref_name(ref):
        return "funny refname"
    if ref.startswith("refs/pull/"):
        return "deny updating a hidden ref"
    if update.before != now:
        return f"cannot lock ref '{ref}': is at {now} but expected {update.before}"
    if update.deletes:
        return (
            f"refusing to delete the current branch: {ref}"
            if ref == repository.default_ref
            else None
        )
    if not is_whole(git, update.after, fresh):
        return "missing necessary objects"
    found = git.find(update.after)
    is_commit = found is not None and found.type_name == b"commit"
    return "failed to update ref" if ref.startswith("refs/heads/") and not is_commit else None


def _violations(request: Request, repository: Repository, ref: str, sentences: list[str]) -> str:
    page = f"{request.links.html(repository.owner.login, repository.name, 'rules')}?ref={quote(ref, safe='')}"
    head = f"error: GH013: Repository rule violations found for {ref}.\nReview all repository rules at {page}\n\n"
    return head + "".join(f"- {sentence}\n\n" for sentence in sentences)


def _bypassed(ref: str, sentences: list[str]) -> str:
    listed = "".join(f"- {sentence}\n\n" for sentence in sentences)
    return f"Bypassed rule violations for {ref}:\n\n{listed}" if sentences else ""


def _report(updates: list[_Update], problem: str | None, abilities: frozenset[bytes]) -> bytes:
    lines = [line(f"unpack {problem or 'ok'}\n")]
    for update in updates:
        state = (
            f"ok {update.ref}" if update.refusal is None else f"ng {update.ref} {update.refusal}"
        )
        lines.append(line(f"{state}\n"))
    status = b"".join(lines) + FLUSH if b"report-status" in abilities else b""
    if b"side-band-64k" not in abilities:
        return status
    told = "".join(update.told for update in updates).encode()
    return band(2, told) + band(1, status) + FLUSH
