"""Commits, comparisons and branches as GitHub's API shows them."""

from simulated_github.records.branch_protection import BranchProtection
from simulated_github.records.repositories import Repository
from simulated_github.shapes.git_objects import UNSIGNED, commit_fields, commit_parent
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id

#: By whether the head is ahead of the base, and whether it is behind.
_COMPARISON_STATUS = {
    (True, True): "diverged",
    (True, False): "ahead",
    (False, True): "behind",
    (False, False): "identical",
}


def commit(links: Links, repository: Repository, sha: str) -> Json:
    """Return a commit as GitHub shows it; users are not resolved from email addresses (null)."""
    git_object = repository.git.commit_object(sha)
    tree = git_object.tree.decode()
    details = commit_fields(git_object) | {
        "tree": {"sha": tree, "url": links.repository(repository, "git", "trees", tree)},
        "url": links.repository(repository, "git", "commits", sha),
        "comment_count": 0,
        "verification": UNSIGNED,
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
        "parents": [
            commit_parent(links, repository, parent) for parent in repository.git.parents(sha)
        ],
    }


def commit_with_files(links: Links, repository: Repository, sha: str) -> Json:
    """Return a commit with the files that it changed."""
    git = repository.git
    parents = git.parents(sha)
    changes = git.diff(parents[0] if parents else None, sha)
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

    `ahead` are the commits that only the head has, oldest first; `behind` is the number of
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
        "files": _files(links, repository, git.files(head), git.diff(start, head), head),
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
    links: Links,
    repository: Repository,
    name: str,
    *,
    protected: bool,
    protection: BranchProtection | None,
) -> Json:
    """Return a branch with its newest commit; `protection` is the classic one, if any."""
    checks = protection.checks if protection else None
    level = "non_admins" if checks else "off"
    if checks and protection and protection.enforces_admins:
        level = "everyone"
    contexts = checks.checks if checks else ()
    api = links.repository(repository, "branches", name)
    return branch(links, repository, name, protected=protected) | {
        "commit": commit(links, repository, repository.git.refs[f"refs/heads/{name}"]),
        "_links": {
            "self": api,
            "html": links.repository_page(repository, "tree", name),
        },
        "protection": {
            "enabled": protection is not None,
            "required_status_checks": {
                "enforcement_level": level,
                "contexts": [context for context, _app_id in contexts],
                "checks": [{"context": context, "app_id": app_id} for context, app_id in contexts],
            },
        },
        "protection_url": f"{api}/protection",
    }
