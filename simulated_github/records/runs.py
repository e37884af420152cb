"""Workflow runs with their attempts and jobs, and the secrets that each job was handed."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Workflow:
    """A workflow; ``state`` is ``active`` or ``disabled_manually``."""

    id: int
    path: str
    name: str
    created_at: str
    updated_at: str
    state: str = "active"


@dataclass(frozen=True, slots=True)
class JobSecret:
    """A secret that reached a job; ``source`` is ``environment``, ``repository`` or ``organization``."""

    name: str
    value: str
    source: str

    def __repr__(self) -> str:
        return f"JobSecret({self.name!r}, {self.source!r})"


@dataclass(slots=True, eq=False)
class Job:
    """A job of a run; ``needs`` are the keys of jobs before it, ``wanted`` the secrets that it names (``*``: all).

    ``condition`` is its ``if``, ``permissions`` what its own token may do, ``handed`` the secrets that it got. ``cleared``
    says that a runner may take it. ``waits_until`` is when its environment's timer is done, ``expires_at`` when a review
    comes too late (seconds since 1970). ``token`` and ``id_token`` are good while it runs.
    """

    id: int
    key: str
    name: str
    environment: str | None
    needs: tuple[str, ...]
    secret_names: tuple[str, ...]
    permissions: dict[str, str] = field(default_factory=dict)
    condition: str | None = None
    labels: tuple[str, ...] = ()
    attempt: int = 1
    created_at: str = ""
    status: str = "queued"
    conclusion: str | None = None
    reason: str | None = None
    approved: bool = False
    ready_for_runner: bool = False
    waiting_since: str | None = None
    timer_ends_at: int = 0
    review_expires_at: int = 0
    started_at: str | None = None
    completed_at: str | None = None
    deployment_id: int | None = None
    secrets: list[JobSecret] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision on the deployments that a run waits for; ``bypassed`` when an admin started the waiting jobs."""

    user_id: int
    environments: tuple[str, ...]
    state: str
    comment: str
    bypassed: bool = False


@dataclass(slots=True, eq=False)
class Attempt:
    """One attempt of a run: who asked for it, and its jobs; ``refusal`` says why it has none and did not start."""

    number: int
    actor_id: int
    started_at: str
    updated_at: str
    jobs: list[Job] = field(default_factory=list)
    canceled: bool = False
    refusal: str | None = None

    @property
    def status(self) -> str:
        """``completed`` when every job is, ``waiting`` when one waits for a review, ``queued`` when none has begun."""
        states = {job.status for job in self.jobs}
        if states <= {"completed"}:
            return "completed"
        return (
            "waiting"
            if "waiting" in states
            else "queued"
            if states == {"queued"}
            else "in_progress"
        )

    @property
    def conclusion(self) -> str | None:
        """How it ended; None before. Where every job was skipped, so was the run."""
        if self.refusal is not None:
            return "startup_failure"
        if self.status != "completed":
            return None
        if self.canceled:
            return "cancelled"
        found = {job.conclusion for job in self.jobs}
        return "failure" if "failure" in found else "skipped" if found == {"skipped"} else "success"


@dataclass(slots=True, eq=False)
class Run:
    """A run of one workflow file at one commit; ``inputs`` are those of a dispatch."""

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
    created_seconds: int
    inputs: dict[str, str] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)

    @property
    def latest(self) -> Attempt:
        """The newest attempt, which is the one that counts."""
        return self.attempts[-1]

    @property
    def jobs(self) -> list[Job]:
        """The jobs of the newest attempt."""
        return self.latest.jobs

    @property
    def status(self) -> str:
        """The newest attempt's status."""
        return self.latest.status

    @property
    def conclusion(self) -> str | None:
        """The newest attempt's conclusion."""
        return self.latest.conclusion

    @property
    def branch(self) -> str:
        """The name of the branch or tag that it is for."""
        return self.ref.split("/", 2)[2]
