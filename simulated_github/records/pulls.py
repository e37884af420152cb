"""Pull requests and their reviews."""

from dataclasses import dataclass, field

MERGE_METHODS = ("merge", "squash", "rebase")


@dataclass(slots=True, eq=False)
class Review:
    """A review; `state` is APPROVED, CHANGES_REQUESTED, COMMENTED or DISMISSED.

    `by_writing_app` is set when an App with `contents:write` submitted it. A user's role counts at
    the time of the merge, so the review does not store it.
    """

    id: int
    user_id: int
    state: str
    body: str
    commit_id: str
    submitted_at: str
    by_writing_app: bool = False


@dataclass(slots=True, eq=False)
class PullRequest:
    """A pull request between two branches of one repository.

    `last_pusher_id` is the user who pushed its newest commit.
    """

    id: int
    number: int
    title: str
    body: str | None
    author_id: int
    head: str
    base: str
    created_at: str
    updated_at: str
    last_pusher_id: int
    head_sha: str
    base_sha: str
    draft: bool = False
    state: str = "open"
    merged: bool = False
    merged_by_id: int | None = None
    merged_at: str | None = None
    closed_at: str | None = None
    merge_commit_sha: str | None = None
    reviews: list[Review] = field(default_factory=list)
