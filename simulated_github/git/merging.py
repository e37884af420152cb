"""Merging two branches by one of GitHub's merge methods.

A file is the unit of a merge: two different changes of one file are a conflict.
"""

from simulated_github.git.objects import Signature
from simulated_github.git.store import GitStore


class ConflictError(Exception):
    """Both sides changed the same file differently."""


def changes(git: GitStore, base: str, head: str) -> dict[str, bytes | None]:
    """Return the changes from a base to a head: paths and new content, None for a deleted file.

    Raise ConflictError when the base changed one of these files differently.
    """
    ancestor = git.merge_base(base, head)
    head_paths = git.diff(ancestor, head)
    common_paths = head_paths.keys() & git.diff(ancestor, base).keys()
    old = git.files(base)
    new = git.files(head)
    if any(old.get(path) != new.get(path) for path in common_paths):
        raise ConflictError
    return {path: git.data(new[path]) if path in new else None for path in head_paths}


def commits_ahead(git: GitStore, base: str, head: str) -> list[str]:
    """Return the commits of a head that a base does not have, oldest first."""
    base_history = set(git.history(base))
    return [sha for sha in git.history(head) if sha not in base_history][::-1]


def merge(
    git: GitStore, base: str, head: str, method: str, message: str, committer: Signature
) -> str:
    """Merge a head into a base and return the sha of the new commit; no ref changes.

    `method` is `merge`, `squash` or `rebase`. Raise ConflictError on a conflict.
    """
    if method == "rebase":
        return _rebase(git, base, head, committer)
    parents = (base, head) if method == "merge" else (base,)
    return git.commit(parents, changes(git, base, head), message, committer, committer)


def _rebase(git: GitStore, base: str, head: str, committer: Signature) -> str:
    tip = base
    for sha in commits_ahead(git, base, head):
        commit = git.commit_object(sha)
        parents = git.parents(sha)
        if len(parents) > 1:
            continue
        files = git.files(sha)
        paths = git.diff(parents[0] if parents else None, sha)
        content = {path: git.data(files[path]) if path in files else None for path in paths}
        name, _, email = commit.author.decode().partition(" <")
        author = Signature(name, email.rstrip(">"), commit.author_time)
        tip = git.commit((tip,), content, commit.message.decode(), author, committer)
    return tip
