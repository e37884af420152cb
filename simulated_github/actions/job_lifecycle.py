"""The life of a job: it waits for other jobs, its environment and a runner, runs, and ends.

Sources: GitHub's docs, "Workflow syntax" (`needs`: a job after a failed or skipped one is
skipped), "Deployments and environments" (a job waits for the rules of its environment; one that
does not exist yet is created, unprotected) and "Reviewing deployments" (a job that is not approved
within thirty days fails). In a world without runners, a released job succeeds at once.
"""

from collections.abc import Mapping
from datetime import timedelta

from simulated_github.actions import contexts, environment_rules, job_tokens, workflow_files
from simulated_github.records.actions import Environment
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, Run
from simulated_github.world.world import World

REVIEW_SECONDS = int(timedelta(days=30).total_seconds())
REVIEW_EXPIRED = "No review came within 30 days."


def advance(world: World, repository: Repository, run: Run) -> None:
    """Start every queued job whose `needs` are completed, until no such job is left."""
    jobs = {job.key: job for job in run.jobs}
    while True:
        ready = [job for job in run.jobs if _is_ready(job, jobs)]
        if not ready:
            return
        for job in ready:
            _start(world, repository, run, job, jobs)


def _needs(job: Job, jobs: Mapping[str, Job]) -> list[Job]:
    return [jobs[key] for key in job.needs if key in jobs]


def _is_ready(job: Job, jobs: Mapping[str, Job]) -> bool:
    if job.status != "queued" or job.ready_for_runner:
        return False
    return all(need.status == "completed" for need in _needs(job, jobs))


def _start(
    world: World, repository: Repository, run: Run, job: Job, jobs: Mapping[str, Job]
) -> None:
    """Skip a job, or send it to its environment."""
    if any(need.conclusion != "success" for need in _needs(job, jobs)):
        complete(world, run, job, "skipped")
    elif not workflow_files.condition_holds(job.condition, repository.full_name):
        complete(world, run, job, "skipped", f"The condition {job.condition} does not hold.")
    else:
        _enter_environment(world, repository, run, job)


def _enter_environment(world: World, repository: Repository, run: Run, job: Job) -> None:
    """Release a job, let it wait for its environment, or fail it when the ref may not deploy."""
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
    job.status = "waiting"
    job.waiting_since = world.clock.stamp()
    job.timer_ends_at = now + 60 * environment.wait_timer
    job.review_expires_at = now + REVIEW_SECONDS
    update_waiting_job(world, repository, run, job, environment)


def update_waiting_job(
    world: World, repository: Repository, run: Run, job: Job, environment: Environment
) -> None:
    """Release a waiting job once it is approved and its timer ended; fail it after thirty days.

    Assumption: the present rules of the environment apply, even if it had more rules when the job
    started to wait.
    """
    has_rules = environment_rules.plan_has_reviews(repository)
    is_approved = job.approved or not (has_rules and environment.reviewers)
    now = world.clock.seconds()
    if not is_approved and now >= job.review_expires_at:
        complete(world, run, job, "failure", REVIEW_EXPIRED)
    elif is_approved and not (has_rules and now < job.timer_ends_at):
        release(world, repository, run, job, environment)


def apply_elapsed_time(world: World) -> None:
    """Apply the time of the world's clock to the waiting jobs of every repository."""
    for repository in world.repositories.values():
        apply_elapsed_time_to(world, repository)


def apply_elapsed_time_to(world: World, repository: Repository) -> None:
    """End the wait timers and expire the reviews of a repository, by the world's clock.

    Nothing runs in the background, so every operation that reads or changes runs calls this first.
    Assumption: in an archived repository, which is read-only, jobs wait on.
    """
    if repository.archived:
        return
    for run in repository.runs.values():
        waiting_jobs = [job for job in run.jobs if job.status == "waiting"]
        for job in waiting_jobs:
            environment = repository.find_environment(job.environment or "")
            if environment is not None:
                update_waiting_job(world, repository, run, job, environment)
        if waiting_jobs:
            advance(world, repository, run)


def fail_waiting_jobs(world: World, repository: Repository, environment: Environment) -> None:
    """Fail every job that waits for an environment, which is about to be deleted."""
    apply_elapsed_time_to(world, repository)
    for run in repository.runs.values():
        waiting_jobs = [
            job
            for job in run.jobs
            if job.status == "waiting"
            and repository.find_environment(job.environment or "") is environment
        ]
        for job in waiting_jobs:
            complete(world, run, job, "failure", f"The environment {environment.name} was deleted.")
        if waiting_jobs:
            advance(world, repository, run)


def release(
    world: World, repository: Repository, run: Run, job: Job, environment: Environment | None
) -> None:
    """Offer a job to a runner; in a world without runners, complete it with its secrets."""
    if world.has_runners:
        job.status = "queued"
        job.ready_for_runner = True
        return
    job.started_at = world.clock.stamp()
    job.secrets = contexts.secrets_for_job(repository, job, environment)
    complete(world, run, job, "success")


def complete(world: World, run: Run, job: Job, conclusion: str, reason: str | None = None) -> None:
    """Complete a job and revoke its tokens."""
    now = world.clock.stamp()
    job.status = "completed"
    job.conclusion = conclusion
    job.reason = reason or job.reason
    job.ready_for_runner = False
    job.completed_at = now
    run.latest.updated_at = now
    job_tokens.revoke(world, job)


def cancel(world: World, run: Run) -> None:
    """Cancel every job of a run that is not completed.

    Assumption: a runner stops at once.
    """
    run.latest.canceled = True
    for job in run.jobs:
        if job.status != "completed":
            complete(world, run, job, "cancelled")
