"""Runners: the jobs that they may take, the data that they receive, and the end of a job.

Runners use the control plane, because this is not part of GitHub's API. A job receives its secrets,
its token and, where its permissions allow it, the address for identity tokens only when a runner
takes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulated_github.actions import contexts, job_lifecycle, job_tokens
from simulated_github.records.accounts import User
from simulated_github.records.actions import Environment
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.runs import Approval, Job, Run
from simulated_github.rules import access
from simulated_github.world.world import World

Json = dict[str, Any]
CONCLUSIONS = ("success", "failure")
ISSUER = "/_actions"


class BypassDeniedError(Exception):
    """A refusal to let a user start the waiting jobs of a run; the message is for operators."""


@dataclass(frozen=True, slots=True)
class LocatedJob:
    """A job with its run and its repository."""

    repository: Repository
    run: Run
    job: Job


def list_ready_jobs(world: World) -> list[Json]:
    """Return the jobs that a runner may take now, oldest first; change nothing."""
    return [_summary(world, item) for item in _located_jobs(world) if item.job.ready_for_runner]


def _located_jobs(world: World) -> Iterator[LocatedJob]:
    for repository in world.repositories.values():
        for run in repository.runs.values():
            yield from (LocatedJob(repository, run, job) for job in run.jobs)


def _summary(world: World, item: LocatedJob) -> Json:
    run = item.run
    job = item.job
    return {
        "id": job.id,
        "run_id": run.id,
        "run_attempt": run.latest.number,
        "key": job.key,
        "name": job.name,
        "repository": item.repository.full_name,
        "ref": run.ref,
        "head_sha": run.head_sha,
        "workflow": run.path,
        "environment": job.environment,
        "event": run.event,
        "actor": world.users[run.actor_id].login,
    }


def find_job(world: World, job_id: int) -> LocatedJob:
    """Return a job of a newest attempt; raise ValueError when no job has the id."""
    for item in _located_jobs(world):
        if item.job.id == job_id:
            return item
    raise ValueError(f"id: there is no job {job_id}")


def take_job(world: World, origin: str, job_id: int) -> Json:
    """Start a job and return the data that its runner needs.

    `origin` is scheme, host and port of the server. Raise ValueError when the job is not ready
    for a runner.
    """
    job_lifecycle.apply_elapsed_time(world)
    item = find_job(world, job_id)
    repository = item.repository
    run = item.run
    job = item.job
    if not job.ready_for_runner:
        raise ValueError(f"id: job {job_id} cannot be taken: it is {_state(job)}")
    environment = repository.find_environment(job.environment) if job.environment else None
    world.clock.tick()
    job.status = "in_progress"
    job.ready_for_runner = False
    job.started_at = world.clock.stamp()
    job.secrets = contexts.secrets_for_job(repository, job, environment)
    entry = repository.git.entry(run.head_sha, run.path)
    return {
        "document": (entry.data or b"").decode() if entry else "",
        "key": job.key,
        "secrets": {secret.name: secret.value for secret in job.secrets},
        "variables": contexts.variables_for_job(repository, environment),
        "github_token": job_tokens.issue(world, repository, job),
        "id_token": _id_token(origin, run, job),
        "needs": {key: _result(run, key) for key in job.needs},
        "github": contexts.github_context(world, origin, repository, run, job),
        "inputs": run.inputs,
    }


def _state(job: Job) -> str:
    return f"{job.status} ({job.conclusion})" if job.conclusion else job.status


def _id_token(origin: str, run: Run, job: Job) -> Json | None:
    """Return the address and the token for identity tokens, or None without the permission.

    Source: GitHub's docs, "OpenID Connect": `ACTIONS_ID_TOKEN_REQUEST_URL` and
    `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    """
    if job.id_token is None:
        return None
    path = f"{ISSUER}/runs/{run.id}/jobs/{job.id}/idtoken?api-version=2.0"
    return {"url": origin + path, "token": job.id_token}


def _result(run: Run, key: str) -> Json:
    job = next((job for job in run.jobs if job.key == key), None)
    return {"result": job.conclusion if job else None, "outputs": job.outputs if job else {}}


def finish_job(
    world: World, job_id: int, conclusion: str, outputs: dict[str, str], summary: str
) -> None:
    """Complete a job that a runner took, and advance its run.

    Raise ValueError when the job is not running or the conclusion is neither success nor failure.
    """
    job_lifecycle.apply_elapsed_time(world)
    item = find_job(world, job_id)
    job = item.job
    if job.status != "in_progress":
        raise ValueError(f"id: job {job_id} is not running: it is {_state(job)}")
    if conclusion not in CONCLUSIONS:
        raise ValueError(f"conclusion: {conclusion!r} is none of {', '.join(CONCLUSIONS)}")
    world.clock.tick()
    job.outputs = outputs
    job.summary = summary
    job_lifecycle.complete(world, item.run, job, conclusion)
    job_lifecycle.advance(world, item.repository, item.run)


def start_waiting_jobs(world: World, run_id: int, login: str) -> None:
    """Bypass the protection rules of a run, as GitHub's button "Start all waiting jobs" does.

    Raise BypassDeniedError when the user is no admin or an environment does not let admins bypass
    its rules; raise ValueError when the run, the user or a waiting job does not exist. Source:
    GitHub's docs, "Reviewing deployments", bypassing protection rules. Assumptions: the messages,
    because GitHub shows no button instead; and that one environment without the setting prevents
    the start of all jobs.
    """
    job_lifecycle.apply_elapsed_time(world)
    repository, run = _find_run(world, run_id)
    user = world.user(login)
    if user is None:
        raise ValueError(f"actor: there is no user {login!r}")
    waiting_jobs = [job for job in run.jobs if job.status == "waiting"]
    if not waiting_jobs:
        raise ValueError(f"run_id: no job of run {run_id} waits")
    environments = {
        job.id: repository.find_environment(job.environment or "") for job in waiting_jobs
    }
    existing = [environment for environment in environments.values() if environment]
    _check_bypass(repository, user, existing)
    names = tuple(dict.fromkeys(environment.name for environment in existing))
    run.approvals.append(Approval(user.id, names, "approved", "", bypassed=True))
    for job in waiting_jobs:
        job.approved = True
        job_lifecycle.release(world, repository, run, job, environments[job.id])
    job_lifecycle.advance(world, repository, run)


def _find_run(world: World, run_id: int) -> tuple[Repository, Run]:
    for item in _located_jobs(world):
        if item.run.id == run_id:
            return item.repository, item.run
    raise ValueError(f"run_id: there is no run {run_id}")


def _check_bypass(repository: Repository, user: User, environments: list[Environment]) -> None:
    if repository.archived:
        raise BypassDeniedError("Repository was archived so is read-only.")
    if access.role_on(repository, user.id) < Role.ADMIN:
        raise BypassDeniedError("Must have admin rights to Repository.")
    if not all(environment.can_admins_bypass for environment in environments):
        raise BypassDeniedError(
            "Administrators are not allowed to bypass the protection rules of this environment."
        )
