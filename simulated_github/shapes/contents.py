"""Files and directories as GitHub's API shows them."""

import base64
import stat
from urllib.parse import quote

from simulated_github.git.objects import Entry
from simulated_github.records.repositories import Repository
from simulated_github.shapes.links import Json, Links

#: Bytes above which a file's content is left out.
_INLINE_LIMIT = 1_000_000


def content_entry(links: Links, repository: Repository, entry: Entry, ref: str) -> Json:
    """Return a file or a directory as listings show it.

    `url` ends in `?ref=`, on which the Terraform provider relies.
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
