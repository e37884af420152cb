"""Workflow runs and their jobs, with the secrets that each job was handed."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HandedSecret:
    """A secret that reached a job; ``source`` is ``environment``, ``repository`` or ``organisation``."""

    name: str
    value: str
    source: str

    def __repr__(self) -> str:
        return f"HandedSecret({self.name!r}, {self.source!r})"


@dataclass(slots=True, eq=False)
class Job:
    """A job of a run; ``needs`` are the keys of jobs before it, ``wanted`` the secrets that it names.

    ``handed`` are those that it got, ``waits_until`` is when its environment's timer is done (seconds since 1970).
    """

    id: int
    key: str
    name: str
    environment: str | None
    needs: tuple[str, ...]
    wanted: tuple[str, ...]
    status: str = "queued"
    conclusion: str | None = None
    reason: str | None = None
    approved: bool = False
    waits_since: str | None = None
    waits_until: int = 0
    handed: list[HandedSecret] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision on the deployments that a run waits for."""

    user_id: int
    environments: tuple[str, ...]
    state: str
    comment: str


@dataclass(slots=True, eq=False)
class Run:
    """A run of one workflow file at one commit."""

    id: int
    number: int
    workflow_id: int
    workflow: str
    path: str
    event: str
    ref: str
    head_sha: str
    actor_id: int
    created_at: str
    updated_at: str
    jobs: list[Job] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)

    @property
    def status(self) -> str:
        """``completed`` when every job is, ``waiting`` when one waits for a review."""
        if all(job.status == "completed" for job in self.jobs):
            return "completed"
        return "waiting" if any(job.status == "waiting" for job in self.jobs) else "in_progress"

    @property
    def conclusion(self) -> str | None:
        """``failure`` when a job failed, ``success`` when all are done; None before."""
        if self.status != "completed":
            return None
        return "failure" if any(job.conclusion == "failure" for job in self.jobs) else "success"
