"""Workflows, and their runs with attempts, jobs and the secrets that each job received."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Workflow:
    """A workflow; the path of its file identifies it, and its id never changes.

    `state` is `active` or `disabled_manually`.
    """

    id: int
    path: str
    name: str
    created_at: str
    updated_at: str
    state: str = "active"


@dataclass(frozen=True, slots=True)
class JobSecret:
    """A secret that a job received; `source` is environment, repository or organization."""

    name: str
    value: str
    source: str

    def __repr__(self) -> str:
        return f"JobSecret({self.name!r}, {self.source!r})"


@dataclass(slots=True, eq=False)
class Job:
    """A job of a run.

    `needs` holds the keys of the jobs it depends on, `secret_names` the secrets that its text
    refers to (`*` for all), `condition` its `if`, `permissions` those of its token.
    `secrets` are those it received. `ready_for_runner` is set once a runner may take it.
    `timer_ends_at` (end of the wait timer) and `review_expires_at` are seconds since 1970.
    `token` and `id_token` are set while it runs.
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
    """A review of the pending deployments of a run; `state` is `approved` or `rejected`.

    `bypassed` is set when an admin started the waiting jobs instead.
    """

    user_id: int
    environments: tuple[str, ...]
    state: str
    comment: str
    bypassed: bool = False


@dataclass(slots=True, eq=False)
class Attempt:
    """An attempt of a run; `actor_id` is the user who started it.

    `refusal` is the reason when GitHub did not start it; then it has no jobs.
    """

    number: int
    actor_id: int
    started_at: str
    updated_at: str
    jobs: list[Job] = field(default_factory=list)
    canceled: bool = False
    refusal: str | None = None

    @property
    def status(self) -> str:
        """`completed`, `waiting` (for a review), `queued` or `in_progress`."""
        statuses = {job.status for job in self.jobs}
        if statuses <= {"completed"}:
            return "completed"
        if "waiting" in statuses:
            return "waiting"
        return "queued" if statuses == {"queued"} else "in_progress"

    @property
    def conclusion(self) -> str | None:
        """The outcome, or None before the end; `skipped` when every job was skipped."""
        if self.refusal is not None:
            return "startup_failure"
        if self.status != "completed":
            return None
        if self.canceled:
            return "cancelled"
        conclusions = {job.conclusion for job in self.jobs}
        if "failure" in conclusions:
            return "failure"
        return "skipped" if conclusions == {"skipped"} else "success"


@dataclass(slots=True, eq=False)
class Run:
    """A run of one workflow file at one commit; `inputs` are those of a manual dispatch."""

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
        """The newest attempt, whose status and jobs are the run's."""
        return self.attempts[-1]

    @property
    def jobs(self) -> list[Job]:
        """The jobs of the newest attempt."""
        return self.latest.jobs

    @property
    def status(self) -> str:
        """The status of the newest attempt."""
        return self.latest.status

    @property
    def conclusion(self) -> str | None:
        """The conclusion of the newest attempt."""
        return self.latest.conclusion

    @property
    def branch(self) -> str:
        """The name of the branch or tag that the run is for."""
        return self.ref.split("/", 2)[2]
