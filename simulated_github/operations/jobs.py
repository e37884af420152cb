"""Jobs of workflow runs, and the attempts of a run."""

from simulated_github.actions import job_lifecycle
from simulated_github.errors import NotFound
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations import runs
from simulated_github.records.roles import Role
from simulated_github.records.runs import Attempt, Job, Run
from simulated_github.shapes import runs as shapes


def refresh_job(request: Request) -> tuple[Run, Job]:
    """Apply the elapsed time and return the path's job, of any attempt, with its run.

    Raise NotFound when there is none.
    """
    job_lifecycle.apply_elapsed_time_to(request.world, request.repository)
    job_id = request.number("job_id")
    for run in request.repository.runs.values():
        for attempt in run.attempts:
            for job in attempt.jobs:
                if job.id == job_id:
                    return run, job
    raise NotFound


def _get(request: Request) -> Response:
    return ok(shapes.workflow_job(request.links, request.repository, *refresh_job(request)))


def _page(request: Request, run: Run, jobs: list[Job]) -> Response:
    return page(
        request,
        jobs,
        lambda job: shapes.workflow_job(request.links, request.repository, run, job),
        "jobs",
    )


def _list(request: Request) -> Response:
    """List the jobs of the newest attempt, or with `filter=all` those of every attempt.

    Source: the API description.
    """
    run = runs.refresh_run(request)
    all_jobs = [job for attempt in run.attempts for job in attempt.jobs]
    return _page(request, run, all_jobs if request.query.get("filter") == "all" else run.jobs)


def _find_attempt(request: Request) -> tuple[Run, Attempt]:
    run = runs.refresh_run(request)
    number = request.number("attempt_number")
    if not 1 <= number <= len(run.attempts):
        raise NotFound
    return run, run.attempts[number - 1]


def _get_attempt(request: Request) -> Response:
    return ok(
        shapes.workflow_run(
            request.world, request.links, request.repository, *_find_attempt(request)
        )
    )


def _list_for_attempt(request: Request) -> Response:
    run, attempt = _find_attempt(request)
    return _page(request, run, attempt.jobs)


_PATH = "/repos/{owner}/{repo}/actions"
_RUN = f"{_PATH}/runs/{{run_id}}"
_ATTEMPT = f"{_RUN}/attempts/{{attempt_number}}"
_READ = OnRepository(Role.READ, "actions:read")

operations = [
    Operation("actions/get-job-for-workflow-run", "GET", f"{_PATH}/jobs/{{job_id}}", _get, _READ),
    Operation("actions/list-jobs-for-workflow-run", "GET", f"{_RUN}/jobs", _list, _READ),
    Operation("actions/get-workflow-run-attempt", "GET", _ATTEMPT, _get_attempt, _READ),
    Operation(
        "actions/list-jobs-for-workflow-run-attempt",
        "GET",
        f"{_ATTEMPT}/jobs",
        _list_for_attempt,
        _READ,
    ),
]
