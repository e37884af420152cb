"""How two branches become one: which changes, whether they contradict, and the commit that results.

Files are merged whole: two sides that changed the same file differently are in conflict.
"""

from simulated_github.git.store import GitStore, Signature


class ConflictError(Exception):
    """Both sides changed the same file."""


def changes(git: GitStore, base: str, head: str) -> dict[str, bytes | None]:
    """What a head brings to a base: path to new content, None for a deleted file; ConflictError when both changed it."""
    start = git.merge_base(base, head)
    theirs, ours = git.changed(start, head), git.changed(start, base)
    old, new = git.files(base), git.files(head)
    if any(old.get(path) != new.get(path) for path in theirs.keys() & ours.keys()):
        raise ConflictError
    return {path: git.data(new[path]) if path in new else None for path in theirs}


def ahead(git: GitStore, base: str, head: str) -> list[str]:
    """The commits of a head that a base does not have, oldest first."""
    known = set(git.history(base))
    return [sha for sha in git.history(head) if sha not in known][::-1]


def merge(git: GitStore, base: str, head: str, method: str, message: str, who: Signature) -> str:
    """The commit that merging a head into a base by a method (merge, squash, rebase) makes; moves no ref."""
    if method == "rebase":
        return _rebase(git, base, head, who)
    parents = (base, head) if method == "merge" else (base,)
    return git.commit(parents, changes(git, base, head), message, who, who)


def _rebase(git: GitStore, base: str, head: str, who: Signature) -> str:
    tip = base
    for sha in ahead(git, base, head):
        commit, parents = git.commit_object(sha), git.parents(sha)
        if len(parents) > 1:
            continue
        files, touched = git.files(sha), git.changed(parents[0] if parents else None, sha)
        content = {path: git.data(files[path]) if path in files else None for path in touched}
        name, _, email = commit.author.decode().partition(" <")
        author = Signature(name, email.rstrip(">"), commit.author_time)
        tip = git.commit((tip,), content, commit.message.decode(), author, who)
    return tip
