"""Re-running and canceling workflow runs.

Sources: GitHub's docs, "Re-running workflows and jobs" (thirty days, fifty times; a job with all
jobs that need it) and "Canceling a workflow run"; cli/cli issue 9221 for a run in progress; public
issue threads for the messages. Assumption: the messages for no failed jobs and too many attempts.
"""

from collections.abc import Callable
from datetime import timedelta

from simulated_github.actions import job_lifecycle, workflow_runs
from simulated_github.errors import Conflict, Forbidden
from simulated_github.http.fields import body, flag
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created
from simulated_github.http.routing import Operation
from simulated_github.operations import jobs, runs
from simulated_github.records.roles import Role
from simulated_github.records.runs import Job, Run

MOST_SECONDS = int(timedelta(days=30).total_seconds())
MOST_ATTEMPTS = 50
FAILED_CONCLUSIONS = ("failure", "cancelled")


def _start_rerun(request: Request, run: Run, is_selected: Callable[[Job], bool]) -> Response:
    if run.status != "completed":
        raise Forbidden("This workflow is already running")
    if request.world.clock.seconds() - run.created_seconds > MOST_SECONDS:
        raise Forbidden(
            "Unable to re-run this workflow run because it was created over a month ago"
        )
    if len(run.attempts) > MOST_ATTEMPTS:
        raise Forbidden("Unable to re-run this workflow run because it was re-run 50 times")
    if not any(is_selected(job) for job in run.jobs):
        raise Forbidden("This workflow run has no failed jobs to re-run")
    workflow_runs.rerun(request.world, request.repository, run, request.user, is_selected)
    return created({})


def _rerun(request: Request) -> Response:
    return _start_rerun(request, runs.refresh_run(request), lambda _: True)


def _rerun_failed(request: Request) -> Response:
    return _start_rerun(
        request, runs.refresh_run(request), lambda job: job.conclusion in FAILED_CONCLUSIONS
    )


def _rerun_job(request: Request) -> Response:
    run, selected = jobs.refresh_job(request)
    return _start_rerun(request, run, lambda job: job.key == selected.key)


def _cancel(request: Request) -> Response:
    run = runs.refresh_run(request)
    if run.status == "completed":
        raise Conflict("Cannot cancel a workflow run that is completed.")
    job_lifecycle.cancel(request.world, run)
    return Response(202, {})


_PATH = "/repos/{owner}/{repo}/actions"
_RUN = f"{_PATH}/runs/{{run_id}}"
_WRITE = OnRepository(Role.WRITE, "actions:write", ("repo", "public_repo"))
_DEBUG = body(enable_debug_logging=flag())

operations = [
    Operation("actions/re-run-workflow", "POST", f"{_RUN}/rerun", _rerun, _WRITE, _DEBUG),
    Operation(
        "actions/re-run-workflow-failed-jobs",
        "POST",
        f"{_RUN}/rerun-failed-jobs",
        _rerun_failed,
        _WRITE,
        _DEBUG,
    ),
    Operation(
        "actions/re-run-job-for-workflow-run",
        "POST",
        f"{_PATH}/jobs/{{job_id}}/rerun",
        _rerun_job,
        _WRITE,
        _DEBUG,
    ),
    Operation("actions/cancel-workflow-run", "POST", f"{_RUN}/cancel", _cancel, _WRITE),
    Operation("actions/force-cancel-workflow-run", "POST", f"{_RUN}/force-cancel", _cancel, _WRITE),
]
