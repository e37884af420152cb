"""Files, commits, branches and refs as GitHub's API shows them."""

import base64
import stat
from datetime import UTC, datetime
from urllib.parse import quote

from dulwich.objects import Commit, Tag

from simulated_github.git.objects import Entry
from simulated_github.records.repositories import Repository
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id

_UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}
#: Bytes above which a file's content is left out.
_INLINE_LIMIT = 1_000_000
#: By whether the head is ahead of the base, and whether it is behind.
_COMPARISON_STATUS = {
    (True, True): "diverged",
    (True, False): "ahead",
    (False, True): "behind",
    (False, False): "identical",
}


def content_entry(links: Links, repository: Repository, entry: Entry, ref: str) -> Json:
    """Return a file or a directory as listings show it.

    ``url`` ends in ``?ref=``, on which the Terraform provider relies.
    """
    parts = entry.path.split("/")
    query = f"?ref={quote(ref, safe='')}"
    url = links.repository(repository, "contents", *parts) + query
    git_url = links.repository(
        repository, "git", "trees" if entry.is_directory else "blobs", entry.sha
    )
    page = "tree" if entry.is_directory else "blob"
    html = links.repository_page(repository, page, ref, *parts)
    raw = None if entry.is_directory else links.repository_page(repository, "raw", ref, *parts)
    return {
        "name": entry.name,
        "path": entry.path,
        "sha": entry.sha,
        "size": len(entry.data or b""),
        "url": url,
        "html_url": html,
        "git_url": git_url,
        "download_url": raw,
        "type": _entry_type(entry),
        "_links": {"self": url, "git": git_url, "html": html},
    }


def _entry_type(entry: Entry) -> str:
    if entry.is_directory:
        return "dir"
    return "symlink" if stat.S_ISLNK(entry.mode) else "file"


def content_file(links: Links, repository: Repository, entry: Entry, ref: str) -> Json:
    """Return a file with its content in base64, in lines of sixty characters.

    Above 1 MB the content is left out.
    """
    data = entry.data or b""
    is_inline = len(data) <= _INLINE_LIMIT
    content = _wrap(base64.b64encode(data).decode()) if is_inline else ""
    return content_entry(links, repository, entry, ref) | {
        "content": content,
        "encoding": "base64" if is_inline else "none",
    }


def _wrap(text: str) -> str:
    return "".join(f"{text[i : i + 60]}\n" for i in range(0, len(text), 60))


def _person(line: bytes, seconds: int) -> Json:
    name, _, rest = line.decode().partition(" <")
    return {"name": name, "email": rest.rstrip(">"), "date": _stamp(seconds)}


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def git_commit(links: Links, repository: Repository, sha: str) -> Json:
    """Return a commit as git stores it (schema ``git-commit``)."""
    git_object = repository.git.commit_object(sha)
    tree = git_object.tree.decode()
    return {
        "sha": sha,
        "node_id": node_id("Commit", int(sha[:12], 16)),
        "url": links.repository(repository, "git", "commits", sha),
        "html_url": links.repository_page(repository, "commit", sha),
        **_description(git_object),
        "tree": {"sha": tree, "url": links.repository(repository, "git", "trees", tree)},
        "parents": [
            _parent(links, repository, parent, "git") for parent in repository.git.parents(sha)
        ],
        "verification": _UNSIGNED,
    }


def _description(commit: Commit) -> Json:
    return {
        "author": _person(commit.author, commit.author_time),
        "committer": _person(commit.committer, commit.commit_time),
        "message": commit.message.decode(),
    }


def _parent(links: Links, repository: Repository, sha: str, *prefix: str) -> Json:
    return {
        "sha": sha,
        "url": links.repository(repository, *prefix, "commits", sha),
        "html_url": links.repository_page(repository, "commit", sha),
    }


def commit(links: Links, repository: Repository, sha: str) -> Json:
    """Return a commit as GitHub shows it; users are not resolved from email addresses (null)."""
    git_object = repository.git.commit_object(sha)
    tree = git_object.tree.decode()
    details = _description(git_object) | {
        "tree": {"sha": tree, "url": links.repository(repository, "git", "trees", tree)},
        "url": links.repository(repository, "git", "commits", sha),
        "comment_count": 0,
        "verification": _UNSIGNED,
    }
    return {
        "sha": sha,
        "node_id": node_id("Commit", int(sha[:12], 16)),
        "commit": details,
        "url": links.repository(repository, "commits", sha),
        "html_url": links.repository_page(repository, "commit", sha),
        "comments_url": links.repository(repository, "commits", sha, "comments"),
        "author": None,
        "committer": None,
        "parents": [_parent(links, repository, parent) for parent in repository.git.parents(sha)],
    }


def commit_with_files(links: Links, repository: Repository, sha: str) -> Json:
    """Return a commit with the files that it changed."""
    git = repository.git
    parents = git.parents(sha)
    changes = git.changed(parents[0] if parents else None, sha)
    return commit(links, repository, sha) | {
        "stats": {"additions": 0, "deletions": 0, "total": 0},
        "files": _files(links, repository, git.files(sha), changes, sha),
    }


def _files(
    links: Links, repository: Repository, files: dict[str, str], changes: dict[str, str], sha: str
) -> list[Json]:
    return [
        {
            "sha": files.get(path),
            "filename": path,
            "status": status,
            "additions": 0,
            "deletions": 0,
            "changes": 0,
            "blob_url": links.repository_page(repository, "blob", sha, path),
            "raw_url": links.repository_page(repository, "raw", sha, path),
            "contents_url": links.repository(repository, "contents", *path.split("/"))
            + f"?ref={sha}",
        }
        for path, status in sorted(changes.items())
    ]


def comparison(
    links: Links, repository: Repository, base: str, head: str, ahead: list[str], behind: int
) -> Json:
    """Return how a head differs from a base.

    ``ahead`` are the commits that only the head has, oldest first; ``behind`` is the number of
    commits that only the base has.
    """
    git = repository.git
    start = git.merge_base(base, head) or base
    html = links.repository_page(repository, "compare", f"{base}...{head}")
    return {
        "url": links.repository(repository, "compare", f"{base}...{head}"),
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commit(links, repository, base),
        "merge_base_commit": commit(links, repository, start),
        "status": _COMPARISON_STATUS[bool(ahead), bool(behind)],
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": [commit(links, repository, sha) for sha in ahead],
        "files": _files(links, repository, git.files(head), git.changed(start, head), head),
    }


def branch(links: Links, repository: Repository, name: str, *, protected: bool) -> Json:
    """Return a branch as lists show it."""
    sha = repository.git.refs[f"refs/heads/{name}"]
    return {
        "name": name,
        "commit": {"sha": sha, "url": links.repository(repository, "commits", sha)},
        "protected": protected,
    }


def branch_with_protection(
    links: Links, repository: Repository, name: str, *, protected: bool
) -> Json:
    """Return a branch with its newest commit."""
    api = links.repository(repository, "branches", name)
    return branch(links, repository, name, protected=protected) | {
        "commit": commit(links, repository, repository.git.refs[f"refs/heads/{name}"]),
        "_links": {
            "self": api,
            "html": links.repository_page(repository, "tree", name),
        },
        "protection": {
            "enabled": False,
            "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
        },
        "protection_url": f"{api}/protection",
    }


def git_ref(links: Links, repository: Repository, name: str) -> Json:
    """Return a ref and the object that it points at."""
    sha = repository.git.refs[name]
    target = repository.git.find(sha)
    kind = target.type_name.decode() if target else "commit"
    return {
        "ref": name,
        "node_id": node_id("Ref", int(sha[:12], 16)),
        "url": links.repository(repository, "git", *name.split("/")),
        "object": {
            "sha": sha,
            "type": kind,
            "url": links.repository(repository, "git", f"{kind}s", sha),
        },
    }


def git_tag(links: Links, repository: Repository, sha: str, tag: Tag) -> Json:
    """Return the object of an annotated tag."""
    kind, target = tag.object
    return {
        "node_id": node_id("Tag", int(sha[:12], 16)),
        "tag": tag.name.decode(),
        "sha": sha,
        "url": links.repository(repository, "git", "tags", sha),
        "message": (tag.message or b"").decode(),
        "tagger": _person(tag.tagger or b" <>", tag.tag_time or 0),
        "object": {
            "type": kind.type_name.decode(),
            "sha": target.decode(),
            "url": links.repository(
                repository, "git", f"{kind.type_name.decode()}s", target.decode()
            ),
        },
        "verification": _UNSIGNED,
    }
