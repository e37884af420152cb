"""`git push`: ref updates and a pack; each update is accepted or rejected with GitHub's messages.

Sources: git's documentation, "gitprotocol-pack", "Pushing Data To a Server"; the messages are those
of refused pushes in public issue threads (GH013, "refusing to allow"). Assumption: each ref is
accepted or rejected on its own, unless the push is atomic.
"""

from dataclasses import dataclass
from urllib.parse import quote

from simulated_github.git.http.pkt_lines import (
    FLUSH,
    ProtocolError,
    Reader,
    band,
    capabilities,
    line,
)
from simulated_github.git.http.unpacking import BadPackError, is_complete, unpack
from simulated_github.git.objects import ZERO_SHA, is_ref_name
from simulated_github.git.store import GitStore
from simulated_github.http.request import Request
from simulated_github.operations import pushes
from simulated_github.records.repositories import Repository
from simulated_github.rules.rule_checks import RefChange, bypassed_violations

DECLINED = "push declined due to repository rule violations"
DECLINED_BY_PROTECTION = "protected branch hook declined"
NOT_ATOMIC = "atomic push failure"


@dataclass(slots=True)
class _Update:
    """An update of a ref; `refusal` is the reason to reject it, `message` is for git to print."""

    ref: str
    before: str
    after: str
    refusal: str | None = None
    message: str = ""

    @property
    def is_deletion(self) -> bool:
        return self.after == ZERO_SHA


def receive(request: Request, repository: Repository, content: bytes) -> bytes:
    """Carry out a push and return the response; raise ProtocolError for a malformed request."""
    reader = Reader(content)
    updates, client_capabilities = _read_updates(reader)
    if not updates:
        return b""
    problem = _update_refs(
        request, repository, updates, reader.remainder, atomic=b"atomic" in client_capabilities
    )
    return _report(updates, problem, client_capabilities)


def _read_updates(reader: Reader) -> tuple[list[_Update], frozenset[bytes]]:
    updates: list[_Update] = []
    client_capabilities: frozenset[bytes] = frozenset()
    for number, text in enumerate(reader.until_flush()):
        if number == 0:
            text, client_capabilities = capabilities(text)
        parts = text.split(b" ", 2)
        if len(parts) != 3 or not all(_is_sha(part) for part in parts[:2]):
            raise ProtocolError(f"{text[:100]!r} is not a ref update")
        before, after, ref = parts
        updates.append(_Update(ref.decode(errors="replace"), before.decode(), after.decode()))
    return updates, client_capabilities


def _is_sha(part: bytes) -> bool:
    return len(part) == 40 and all(digit in b"0123456789abcdef" for digit in part)


def _update_refs(
    request: Request, repository: Repository, updates: list[_Update], pack: bytes, *, atomic: bool
) -> str | None:
    """Update every ref that may be updated; return the problem of the pack, if any."""
    git = repository.git
    try:
        objects = (
            unpack(git, pack) if any(not update.is_deletion for update in updates) or pack else []
        )
    except BadPackError as error:
        for update in updates:
            update.refusal = "unpacker error"
        return str(error)
    new_shas = git.add_all(objects)
    for update in updates:
        _check(request, repository, update, new_shas)
    if atomic and any(update.refusal for update in updates):
        for update in updates:
            if not update.refusal:
                update.refusal = NOT_ATOMIC
                update.message = ""
    accepted = [update for update in updates if update.refusal is None]
    if not accepted:
        git.remove_all(new_shas)
    changes = [_change(repository, update) for update in accepted if not _is_no_op(git, update)]
    pushes.move_refs(request.world, request.require_token(), repository, changes)
    return None


def _is_no_op(git: GitStore, update: _Update) -> bool:
    """Return whether the ref already has the new value, or is already absent."""
    return git.refs.get(update.ref, ZERO_SHA) == update.after


def _change(repository: Repository, update: _Update) -> RefChange:
    return pushes.describe_change(
        repository, update.ref, None if update.is_deletion else update.after
    )


def _check(request: Request, repository: Repository, update: _Update, new_shas: set[str]) -> None:
    """Set the refusal and the message of an update."""
    token = request.require_token()
    update.refusal = _git_refusal(repository, update, new_shas)
    if update.refusal is not None or _is_no_op(repository.git, update):
        return
    change = _change(repository, update)
    try:
        pushes.check_change(token, repository, change)
        update.message = _bypass_message(update.ref, bypassed_violations(repository, change, token))
    except pushes.RuleViolationsError as error:
        update.refusal = DECLINED_BY_PROTECTION if error.is_classic else DECLINED
        update.message = _violation_message(request, repository, update.ref, error)
    except pushes.WorkflowFileError as error:
        update.refusal = error.message


def _git_refusal(repository: Repository, update: _Update, new_shas: set[str]) -> str | None:
    """Return the reason why git itself rejects an update, or None."""
    git = repository.git
    ref = update.ref
    present = git.refs.get(ref, ZERO_SHA)
    if not is_ref_name(ref):
        return "funny refname"
    if ref.startswith("refs/pull/"):
        return "deny updating a hidden ref"
    if update.before != present:
        return f"cannot lock ref '{ref}': is at {present} but expected {update.before}"
    if update.is_deletion:
        is_default = ref == repository.default_ref
        return f"refusing to delete the current branch: {ref}" if is_default else None
    if not is_complete(git, update.after, new_shas):
        return "missing necessary objects"
    item = git.find(update.after)
    is_commit = item is not None and item.type_name == b"commit"
    return "failed to update ref" if ref.startswith("refs/heads/") and not is_commit else None


def _violation_message(
    request: Request, repository: Repository, ref: str, error: pushes.RuleViolationsError
) -> str:
    """Return what git prints.

    Source for a classic protection: prometheus-community/ansible pull request 36.
    """
    if error.is_classic:
        lines = [f"GH006: Protected branch update failed for {ref}.", *error.messages]
        return "".join(f"error: {text}\n" for text in lines)
    rules = request.links.html(repository.owner.login, repository.name, "rules")
    head = (
        f"error: GH013: Repository rule violations found for {ref}.\n"
        f"Review all repository rules at {rules}?ref={quote(ref, safe='')}\n\n"
    )
    return head + "".join(f"- {message}\n\n" for message in error.messages)


def _bypass_message(ref: str, messages: list[str]) -> str:
    items = "".join(f"- {message}\n\n" for message in messages)
    return f"Bypassed rule violations for {ref}:\n\n{items}" if messages else ""


def _report(
    updates: list[_Update], problem: str | None, client_capabilities: frozenset[bytes]
) -> bytes:
    lines = [line(f"unpack {problem or 'ok'}\n")]
    for update in updates:
        state = (
            f"ok {update.ref}" if update.refusal is None else f"ng {update.ref} {update.refusal}"
        )
        lines.append(line(f"{state}\n"))
    status = b"".join(lines) + FLUSH if b"report-status" in client_capabilities else b""
    if b"side-band-64k" not in client_capabilities:
        return status
    messages = "".join(update.message for update in updates).encode()
    return band(2, messages) + band(1, status) + FLUSH
