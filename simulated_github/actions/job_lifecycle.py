"""How jobs get on: they wait for those before them, for their environment, for a runner, and end.

Sources: GitHub's docs, "Workflow syntax" (``needs``: behind a failed or skipped job everything is skipped), "Deployments and
environments" (a job that names an environment waits for its rules; one that does not exist yet is made, without protection)
and "Reviewing deployments" (what nobody approves within thirty days fails). Where the world has no runner, a job that is let
go is at once done. Timers end by the world's clock.
"""

from datetime import timedelta

from simulated_github.actions import environment_rules, job_secrets, job_tokens, workflow_files
from simulated_github.records.environments import Environment
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, Run
from simulated_github.world.world import World

REVIEW_WITHIN = int(timedelta(days=30).total_seconds())
TOO_LATE = "No review came within 30 days."


def advance(world: World, repository: Repository, run: Run) -> None:
    """Bring every job that waits for nothing before it as far as it gets."""
    by_key = {job.key: job for job in run.jobs}
    while True:
        ready = [
            job
            for job in run.jobs
            if job.status == "queued" and not job.ready_for_runner and _is_ready(job, by_key)
        ]
        if not ready:
            return
        for job in ready:
            before = [by_key[key].conclusion for key in job.needs if key in by_key]
            if any(conclusion != "success" for conclusion in before):
                complete(world, run, job, "skipped")
            elif not workflow_files.condition_holds(job.condition, repository.full_name):
                complete(
                    world, run, job, "skipped", f"The condition {job.condition} does not hold."
                )
            else:
                _enter(world, repository, run, job)


def _is_ready(job: Job, by_key: dict[str, Job]) -> bool:
    return all(by_key[key].status == "completed" for key in job.needs if key in by_key)


def _enter(world: World, repository: Repository, run: Run, job: Job) -> None:
    """Refused by its environment, waiting for a review, or let go."""
    if job.environment is None:
        release(world, repository, run, job, None)
        return
    environment = environment_rules.get_or_create(world, repository, job.environment)
    job.deployment_id = world.ids.take("deployment")
    refusal = environment_rules.deployment_refusal(repository, environment, run.ref)
    if refusal is not None:
        complete(world, run, job, "failure", refusal)
        return
    now = world.clock.seconds()
    job.status, job.waiting_since = "waiting", world.clock.stamp()
    job.timer_ends_at, job.review_expires_at = (
        now + 60 * environment.wait_timer,
        now + REVIEW_WITHIN,
    )
    update_waiting_job(world, repository, run, job, environment)


def update_waiting_job(
    world: World, repository: Repository, run: Run, job: Job, environment: Environment
) -> None:
    """Let a waiting job go when it is reviewed, if it must be, and its timer is done.

    Assumption: by what the environment asks now, also where it asked for more when the job began to wait.
    """
    counts = environment_rules.plan_has_reviews(repository)
    reviewed = job.approved or not (counts and environment.reviewers)
    now = world.clock.seconds()
    if not reviewed and now >= job.review_expires_at:
        complete(world, run, job, "failure", TOO_LATE)
    elif reviewed and not (counts and now < job.timer_ends_at):
        release(world, repository, run, job, environment)


def catch_up(world: World, repository: Repository) -> None:
    """Do what the time that went by has done: timers end, reviews come too late."""
    for run in repository.runs.values():
        waiting = [job for job in run.jobs if job.status == "waiting"]
        for job in waiting:
            environment = environment_rules.find_environment(repository, job.environment or "")
            if environment is not None:
                update_waiting_job(world, repository, run, job, environment)
        if waiting:
            advance(world, repository, run)


def fail_waiting(world: World, repository: Repository, environment: Environment) -> None:
    """End every job that waits for an environment: it is about to be deleted."""
    catch_up(world, repository)
    for run in repository.runs.values():
        waiting = [
            job
            for job in run.jobs
            if job.status == "waiting"
            and environment_rules.find_environment(repository, job.environment or "") is environment
        ]
        for job in waiting:
            complete(world, run, job, "failure", f"The environment {environment.name} was deleted.")
        if waiting:
            advance(world, repository, run)


def release(
    world: World, repository: Repository, run: Run, job: Job, environment: Environment | None
) -> None:
    """Let a job go: to a runner, or it is handed its secrets and is done where the world has none."""
    if world.has_runners:
        job.status, job.ready_for_runner = "queued", True
        return
    job.started_at = world.clock.stamp()
    job.secrets = job_secrets.secrets_for_job(repository, job, environment)
    complete(world, run, job, "success")


def complete(world: World, run: Run, job: Job, conclusion: str, reason: str | None = None) -> None:
    """End a job; its tokens end with it."""
    job.status, job.conclusion, job.reason = "completed", conclusion, reason or job.reason
    job.ready_for_runner, job.completed_at = False, world.clock.stamp()
    run.latest.updated_at = world.clock.stamp()
    job_tokens.revoke(world, job)


def cancel(world: World, run: Run) -> None:
    """End every job of a run that is not done. Assumption: a runner is told at once, nothing is waited for."""
    run.latest.canceled = True
    for job in run.jobs:
        if job.status != "completed":
            complete(world, run, job, "cancelled")
