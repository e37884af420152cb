"""Files, commits, branches and refs as the API shows them."""

import base64
import stat
from datetime import UTC, datetime
from urllib.parse import quote

from dulwich.objects import Commit, Tag

from simulated_github.git.store import Entry
from simulated_github.records.repositories import Repository
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id

_UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}
_INLINE_LIMIT = 1_000_000


def _api(links: Links, repository: Repository, *parts: str) -> str:
    return links.api("repos", repository.owner.login, repository.name, *parts)


def content_entry(links: Links, repository: Repository, found: Entry, ref: str) -> Json:
    """A file or a directory in a listing. ``url`` ends in ``?ref=``, on which the Terraform provider relies."""
    kind = "dir" if found.is_directory else "symlink" if stat.S_ISLNK(found.mode) else "file"
    parts = found.path.split("/")
    query = f"?ref={quote(ref, safe='')}"
    url = _api(links, repository, "contents", *parts) + query
    git_url = _api(links, repository, "git", "trees" if found.is_directory else "blobs", found.sha)
    html = links.html(
        repository.owner.login,
        repository.name,
        "tree" if found.is_directory else "blob",
        ref,
        *parts,
    )
    raw = (
        None
        if found.is_directory
        else links.html(repository.owner.login, repository.name, "raw", ref, *parts)
    )
    return {
        "name": found.name,
        "path": found.path,
        "sha": found.sha,
        "size": len(found.data or b""),
        "url": url,
        "html_url": html,
        "git_url": git_url,
        "download_url": raw,
        "type": kind,
        "_links": {"self": url, "git": git_url, "html": html},
    }


def content_file(links: Links, repository: Repository, found: Entry, ref: str) -> Json:
    """A file with its content, in base64 with a line break after sixty characters; above 1 MB without it."""
    data = found.data or b""
    inline = len(data) <= _INLINE_LIMIT
    content = _wrapped(base64.b64encode(data).decode()) if inline else ""
    return content_entry(links, repository, found, ref) | {
        "content": content,
        "encoding": "base64" if inline else "none",
    }


def _wrapped(text: str) -> str:
    return "".join(f"{text[i : i + 60]}\n" for i in range(0, len(text), 60))


def _person(line: bytes, seconds: int) -> Json:
    name, _, rest = line.decode().partition(" <")
    return {"name": name, "email": rest.rstrip(">"), "date": _stamp(seconds)}


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def git_commit(links: Links, repository: Repository, sha: str) -> Json:
    """A commit as git has it (``git-commit``)."""
    found = repository.git.commit_object(sha)
    tree = found.tree.decode()
    return {
        "sha": sha,
        "node_id": node_id("Commit", int(sha[:12], 16)),
        "url": _api(links, repository, "git", "commits", sha),
        "html_url": links.html(repository.owner.login, repository.name, "commit", sha),
        **_described(found),
        "tree": {"sha": tree, "url": _api(links, repository, "git", "trees", tree)},
        "parents": [
            _parent(links, repository, parent, "git") for parent in repository.git.parents(sha)
        ],
        "verification": _UNSIGNED,
    }


def _described(found: Commit) -> Json:
    return {
        "author": _person(found.author, found.author_time),
        "committer": _person(found.committer, found.commit_time),
        "message": found.message.decode(),
    }


def _parent(links: Links, repository: Repository, sha: str, *prefix: str) -> Json:
    return {
        "sha": sha,
        "url": _api(links, repository, *prefix, "commits", sha),
        "html_url": links.html(repository.owner.login, repository.name, "commit", sha),
    }


def commit(links: Links, repository: Repository, sha: str) -> Json:
    """A commit as the repository shows it; whom its addresses belong to is not resolved (null)."""
    found = repository.git.commit_object(sha)
    tree = found.tree.decode()
    inner = _described(found) | {
        "tree": {"sha": tree, "url": _api(links, repository, "git", "trees", tree)},
        "url": _api(links, repository, "git", "commits", sha),
        "comment_count": 0,
        "verification": _UNSIGNED,
    }
    return {
        "sha": sha,
        "node_id": node_id("Commit", int(sha[:12], 16)),
        "commit": inner,
        "url": _api(links, repository, "commits", sha),
        "html_url": links.html(repository.owner.login, repository.name, "commit", sha),
        "comments_url": _api(links, repository, "commits", sha, "comments"),
        "author": None,
        "committer": None,
        "parents": [_parent(links, repository, parent) for parent in repository.git.parents(sha)],
    }


def commit_with_files(links: Links, repository: Repository, sha: str) -> Json:
    """A commit with the files that it changed."""
    git = repository.git
    parents, files = git.parents(sha), git.files(sha)
    changed = _files(
        links, repository, files, git.changed(parents[0] if parents else None, sha), sha
    )
    return commit(links, repository, sha) | {
        "stats": {"additions": 0, "deletions": 0, "total": 0},
        "files": changed,
    }


def _files(
    links: Links, repository: Repository, files: dict[str, str], changes: dict[str, str], sha: str
) -> list[Json]:
    owner, name = repository.owner.login, repository.name
    return [
        {
            "sha": files.get(path),
            "filename": path,
            "status": status,
            "additions": 0,
            "deletions": 0,
            "changes": 0,
            "blob_url": links.html(owner, name, "blob", sha, path),
            "raw_url": links.html(owner, name, "raw", sha, path),
            "contents_url": _api(links, repository, "contents", *path.split("/")) + f"?ref={sha}",
        }
        for path, status in sorted(changes.items())
    ]


def comparison(
    links: Links, repository: Repository, base: str, head: str, ahead: list[str], behind: int
) -> Json:
    """How a head differs from a base; ``ahead`` are the commits that only the head has, oldest first."""
    owner, name, git = repository.owner.login, repository.name, repository.git
    start = git.merge_base(base, head) or base
    status = ("diverged" if behind else "ahead") if ahead else ("behind" if behind else "identical")
    html = links.html(owner, name, "compare", f"{base}...{head}")
    return {
        "url": _api(links, repository, "compare", f"{base}...{head}"),
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commit(links, repository, base),
        "merge_base_commit": commit(links, repository, start),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": [commit(links, repository, sha) for sha in ahead],
        "files": _files(links, repository, git.files(head), git.changed(start, head), head),
    }


def branch(links: Links, repository: Repository, name: str, *, protected: bool) -> Json:
    """A branch as lists show it."""
    sha = repository.git.refs[f"refs/heads/{name}"]
    return {
        "name": name,
        "commit": {"sha": sha, "url": _api(links, repository, "commits", sha)},
        "protected": protected,
    }


def branch_in_full(links: Links, repository: Repository, name: str, *, protected: bool) -> Json:
    """A branch with its newest commit."""
    api = _api(links, repository, "branches", name)
    return branch(links, repository, name, protected=protected) | {
        "commit": commit(links, repository, repository.git.refs[f"refs/heads/{name}"]),
        "_links": {
            "self": api,
            "html": links.html(repository.owner.login, repository.name, "tree", name),
        },
        "protection": {
            "enabled": False,
            "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
        },
        "protection_url": f"{api}/protection",
    }


def git_ref(links: Links, repository: Repository, name: str) -> Json:
    """A git ref and the object it points at."""
    sha = repository.git.refs[name]
    found = repository.git.find(sha)
    kind = found.type_name.decode() if found else "commit"
    return {
        "ref": name,
        "node_id": node_id("Ref", int(sha[:12], 16)),
        "url": _api(links, repository, "git", *name.split("/")),
        "object": {
            "sha": sha,
            "type": kind,
            "url": _api(links, repository, "git", f"{kind}s", sha),
        },
    }


def git_tag(links: Links, repository: Repository, sha: str, found: Tag) -> Json:
    """An annotated tag's object."""
    kind, target = found.object
    return {
        "node_id": node_id("Tag", int(sha[:12], 16)),
        "tag": found.name.decode(),
        "sha": sha,
        "url": _api(links, repository, "git", "tags", sha),
        "message": (found.message or b"").decode(),
        "tagger": _person(found.tagger or b" <>", found.tag_time or 0),
        "object": {
            "type": kind.type_name.decode(),
            "sha": target.decode(),
            "url": _api(links, repository, "git", f"{kind.type_name.decode()}s", target.decode()),
        },
        "verification": _UNSIGNED,
    }
