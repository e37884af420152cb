"""Workflow runs, and the deployments that wait for a review."""

from collections.abc import Iterable

from simulated_github.actions import environment_rules, job_lifecycle
from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.http.fields import Integer, body, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.actions import Environment
from simulated_github.records.roles import Role
from simulated_github.records.runs import Approval, Job, Run
from simulated_github.shapes import runs

NOTHING_TO_REVIEW = "No pending deployment requests to approve or reject"


def refresh_run(request: Request) -> Run:
    """Apply the elapsed time and return the path's run; raise NotFound when there is none."""
    job_lifecycle.apply_elapsed_time_to(request.world, request.repository)
    run = request.repository.runs.get(request.number("run_id"))
    if run is None:
        raise NotFound
    return run


def _shape(request: Request, run: Run) -> dict[str, object]:
    return runs.workflow_run(request.world, request.links, request.repository, run)


def _list(request: Request) -> Response:
    return list_runs(request, request.repository.runs.values())


def list_runs(request: Request, candidates: Iterable[Run]) -> Response:
    """Apply the elapsed time and return a page of runs, newest first, filtered by the query."""
    job_lifecycle.apply_elapsed_time_to(request.world, request.repository)
    matching = reversed([run for run in candidates if _matches_query(request, run)])
    return page(request, matching, lambda run: _shape(request, run), "workflow_runs")


def _matches_query(request: Request, run: Run) -> bool:
    query = request.query
    actor = request.world.users[run.actor_id].login
    values = {"event": run.event, "branch": run.branch, "actor": actor, "head_sha": run.head_sha}
    status = query.get("status")
    return all(query.get(name, value) == value for name, value in values.items()) and (
        status is None or status in (run.status, run.conclusion)
    )


def _get(request: Request) -> Response:
    return ok(_shape(request, refresh_run(request)))


def _waiting_jobs(request: Request, run: Run) -> dict[int, tuple[Environment, list[Job]]]:
    """Return the waiting jobs of a run and their environments, by the environment's id."""
    waiting: dict[int, tuple[Environment, list[Job]]] = {}
    for job in run.jobs:
        environment = request.repository.find_environment(job.environment or "")
        if job.status == "waiting" and not job.approved and environment is not None:
            waiting.setdefault(environment.id, (environment, []))[1].append(job)
    return waiting


def _list_pending(request: Request) -> Response:
    run = refresh_run(request)
    token = request.token
    documents = []
    for environment, jobs in _waiting_jobs(request, run).values():
        may_approve = token is not None and environment_rules.may_approve(
            request.repository, environment, run, token
        )
        documents.append(
            runs.pending_deployment(
                request.world,
                request.links,
                request.repository,
                environment,
                jobs[0],
                may_approve=may_approve,
            )
        )
    return ok(documents)


def _review(request: Request) -> Response:
    """Approve or reject pending deployments.

    Raise ValidationFailed when the caller may not review one of the environments. As on GitHub, the
    message is that nothing is pending.
    """
    run = refresh_run(request)
    fields = request.body
    repository = request.repository
    waiting = _waiting_jobs(request, run)
    selected = [waiting[number] for number in fields["environment_ids"] if number in waiting]
    allowed = [
        pair
        for pair in selected
        if environment_rules.may_approve(repository, pair[0], run, request.require_token())
    ]
    if not allowed or len(allowed) != len(fields["environment_ids"]):
        raise ValidationFailed(errors=[NOTHING_TO_REVIEW])
    names = tuple(environment.name for environment, _ in allowed)
    run.approvals.append(Approval(request.user.id, names, fields["state"], fields["comment"]))
    for environment, jobs in allowed:
        _decide(request, run, environment, jobs)
    job_lifecycle.advance(request.world, repository, run)
    return ok(
        [
            runs.deployment(request.world, request.links, repository, run, environment, jobs[0])
            for environment, jobs in allowed
        ]
    )


def _decide(request: Request, run: Run, environment: Environment, jobs: list[Job]) -> None:
    for job in jobs:
        if request.body["state"] == "approved":
            job.approved = True
            job_lifecycle.update_waiting_job(
                request.world, request.repository, run, job, environment
            )
        else:
            job_lifecycle.complete(
                request.world, run, job, "failure", f"rejected by {request.user.login}"
            )


def _list_approvals(request: Request) -> Response:
    documents = [
        runs.environment_approval(request.world, request.links, request.repository, approval)
        for approval in refresh_run(request).approvals
    ]
    return ok(documents)


_PATH = "/repos/{owner}/{repo}/actions/runs"
_RUN = f"{_PATH}/{{run_id}}"
_READ = OnRepository(Role.READ, "actions:read")

operations = [
    Operation("actions/list-workflow-runs-for-repo", "GET", _PATH, _list, _READ),
    Operation("actions/get-workflow-run", "GET", _RUN, _get, _READ),
    Operation(
        "actions/get-pending-deployments-for-run",
        "GET",
        f"{_RUN}/pending_deployments",
        _list_pending,
        _READ,
    ),
    Operation(
        "actions/review-pending-deployments-for-run",
        "POST",
        f"{_RUN}/pending_deployments",
        _review,
        OnRepository(Role.READ, "deployments:write", ("repo",)),
        body(
            environment_ids=list_of(Integer(), required=True),
            state=text("approved", "rejected", required=True),
            comment=text(required=True),
        ),
    ),
    Operation("actions/get-reviews-for-run", "GET", f"{_RUN}/approvals", _list_approvals, _READ),
]
