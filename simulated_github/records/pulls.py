"""A pull request and its reviews."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Review:
    """A review; ``state`` is APPROVED, CHANGES_REQUESTED, COMMENTED or DISMISSED.

    ``by_writing_app`` says that an App gave it which may write to the repository; a person's role is looked up when it counts.
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
    """A pull request between two branches of one repository; ``last_pusher_id`` pushed its newest commit."""

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
