"""Pull requests and reviews as the API shows them."""

from simulated_github.git import merging
from simulated_github.records.pulls import PullRequest, Review
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.shapes import accounts, repositories
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id
from simulated_github.world.world import World


def simple(world: World, links: Links, repository: Repository, found: PullRequest) -> Json:
    """A pull request as lists show it."""
    owner, name = repository.owner.login, repository.name
    api = links.api("repos", owner, name, "pulls", str(found.number))
    issue = links.api("repos", owner, name, "issues", str(found.number))
    html = links.html(owner, name, "pull", str(found.number))
    return {
        "url": api,
        "id": found.id,
        "node_id": node_id("PullRequest", found.id),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": issue,
        "commits_url": f"{api}/commits",
        "review_comments_url": f"{api}/comments",
        "review_comment_url": links.api("repos", owner, name, "pulls", "comments") + "{/number}",
        "comments_url": f"{issue}/comments",
        "statuses_url": links.api("repos", owner, name, "statuses", found.head_sha),
        "number": found.number,
        "state": found.state,
        "locked": False,
        "title": found.title,
        "user": accounts.simple(links, world.users[found.author_id]),
        "body": found.body,
        "labels": [],
        "milestone": None,
        "active_lock_reason": None,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "closed_at": found.closed_at,
        "merged_at": found.merged_at,
        "merge_commit_sha": found.merge_commit_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _side(links, repository, found.head, found.head_sha),
        "base": _side(links, repository, found.base, found.base_sha),
        "_links": {
            "self": {"href": api},
            "html": {"href": html},
            "issue": {"href": issue},
            "comments": {"href": f"{issue}/comments"},
            "review_comments": {"href": f"{api}/comments"},
            "review_comment": {
                "href": links.api("repos", owner, name, "pulls", "comments") + "{/number}"
            },
            "commits": {"href": f"{api}/commits"},
            "statuses": {"href": links.api("repos", owner, name, "statuses", found.head_sha)},
        },
        "author_association": "MEMBER",
        "auto_merge": None,
        "draft": found.draft,
    }


def _side(links: Links, repository: Repository, branch: str, sha: str) -> Json:
    return {
        "label": f"{repository.owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": accounts.simple(links, repository.owner),
        "repo": repositories.minimal(links, repository, Role.READ),
    }


def full(world: World, links: Links, repository: Repository, found: PullRequest) -> Json:
    """A pull request by itself: also whether it can be merged, and how much is in it."""
    git = repository.git
    base = git.refs.get(f"refs/heads/{found.base}", found.base_sha)
    touched = git.changed(git.merge_base(base, found.head_sha), found.head_sha)
    merger = world.users[found.merged_by_id] if found.merged_by_id else None
    mergeable = None if found.state == "closed" else _mergeable(repository, base, found.head_sha)
    return simple(world, links, repository, found) | {
        "merged": found.merged,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": "clean" if mergeable else "dirty" if mergeable is False else "unknown",
        "merged_by": accounts.simple(links, merger) if merger else None,
        "comments": 0,
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(merging.ahead(git, found.base_sha, found.head_sha)),
        "additions": 0,
        "deletions": 0,
        "changed_files": len(touched),
    }


def _mergeable(repository: Repository, base: str, head: str) -> bool:
    try:
        merging.changes(repository.git, base, head)
    except merging.ConflictError:
        return False
    return True


def pull_review(
    world: World, links: Links, repository: Repository, pull: PullRequest, found: Review
) -> Json:
    """A review of a pull request."""
    owner, name = repository.owner.login, repository.name
    api = links.api("repos", owner, name, "pulls", str(pull.number))
    html = links.html(owner, name, "pull", str(pull.number)) + f"#pullrequestreview-{found.id}"
    return {
        "id": found.id,
        "node_id": node_id("PullRequestReview", found.id),
        "user": accounts.simple(links, world.users[found.user_id]),
        "body": found.body,
        "state": found.state,
        "html_url": html,
        "pull_request_url": api,
        "_links": {"html": {"href": html}, "pull_request": {"href": api}},
        "submitted_at": found.submitted_at,
        "commit_id": found.commit_id,
        "author_association": "MEMBER",
    }
