"""Pull requests and reviews as GitHub's API shows them."""

from simulated_github.git import merging
from simulated_github.records.pulls import PullRequest, Review
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.shapes import accounts, repositories
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id
from simulated_github.world.world import World

_MERGEABLE_STATES = {True: "clean", False: "dirty", None: "unknown"}


def simple(world: World, links: Links, repository: Repository, pull: PullRequest) -> Json:
    """Return a pull request as lists show it."""
    api = links.repository(repository, "pulls", str(pull.number))
    issue = links.repository(repository, "issues", str(pull.number))
    html = links.repository_page(repository, "pull", str(pull.number))
    return {
        "url": api,
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": issue,
        "commits_url": f"{api}/commits",
        "review_comments_url": f"{api}/comments",
        "review_comment_url": links.repository(repository, "pulls", "comments") + "{/number}",
        "comments_url": f"{issue}/comments",
        "statuses_url": links.repository(repository, "statuses", pull.head_sha),
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "user": accounts.simple(links, world.users[pull.author_id]),
        "body": pull.body,
        "labels": [],
        "milestone": None,
        "active_lock_reason": None,
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "closed_at": pull.closed_at,
        "merged_at": pull.merged_at,
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _side(links, repository, pull.head, pull.head_sha),
        "base": _side(links, repository, pull.base, pull.base_sha),
        "_links": {
            "self": {"href": api},
            "html": {"href": html},
            "issue": {"href": issue},
            "comments": {"href": f"{issue}/comments"},
            "review_comments": {"href": f"{api}/comments"},
            "review_comment": {
                "href": links.repository(repository, "pulls", "comments") + "{/number}"
            },
            "commits": {"href": f"{api}/commits"},
            "statuses": {"href": links.repository(repository, "statuses", pull.head_sha)},
        },
        "author_association": "MEMBER",
        "auto_merge": None,
        "draft": pull.draft,
    }


def _side(links: Links, repository: Repository, branch: str, sha: str) -> Json:
    return {
        "label": f"{repository.owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": accounts.simple(links, repository.owner),
        "repo": repositories.minimal(links, repository, Role.READ),
    }


def full(world: World, links: Links, repository: Repository, pull: PullRequest) -> Json:
    """Return a pull request in full, with its size and whether it can be merged."""
    git = repository.git
    base = git.refs.get(f"refs/heads/{pull.base}", pull.base_sha)
    changed_files = git.diff(git.merge_base(base, pull.head_sha), pull.head_sha)
    merger = world.users[pull.merged_by_id] if pull.merged_by_id else None
    mergeable = None if pull.state == "closed" else _mergeable(repository, base, pull.head_sha)
    return simple(world, links, repository, pull) | {
        "merged": pull.merged,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": _MERGEABLE_STATES[mergeable],
        "merged_by": accounts.simple(links, merger) if merger else None,
        "comments": 0,
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(merging.commits_ahead(git, pull.base_sha, pull.head_sha)),
        "additions": 0,
        "deletions": 0,
        "changed_files": len(changed_files),
    }


def _mergeable(repository: Repository, base: str, head: str) -> bool:
    try:
        merging.changes(repository.git, base, head)
    except merging.ConflictError:
        return False
    return True


def pull_review(
    world: World, links: Links, repository: Repository, pull: PullRequest, review: Review
) -> Json:
    """Return a review of a pull request."""
    api = links.repository(repository, "pulls", str(pull.number))
    html = (
        links.repository_page(repository, "pull", str(pull.number))
        + f"#pullrequestreview-{review.id}"
    )
    return {
        "id": review.id,
        "node_id": node_id("PullRequestReview", review.id),
        "user": accounts.simple(links, world.users[review.user_id]),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": api,
        "_links": {"html": {"href": html}, "pull_request": {"href": api}},
        "submitted_at": review.submitted_at,
        "commit_id": review.commit_id,
        "author_association": "MEMBER",
    }
