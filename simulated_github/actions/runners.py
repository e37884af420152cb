"""Runners: which jobs may be taken, what GitHub hands to whoever takes one, and how a job ends.

No part of GitHub's API, which its runners do not use: it is reached through the control plane. What a job is given is by
GitHub's rules: its secrets only now, a token of its own, and an identity token's address where its permissions say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulated_github.actions import environment_rules, job_lifecycle, job_secrets, job_tokens
from simulated_github.actions.contexts import github_context
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.runs import Approval, Job, Run
from simulated_github.rules import access
from simulated_github.world.world import World

Json = dict[str, Any]
CONCLUSIONS = ("success", "failure")
ISSUER = "/_actions"


class NotAllowedError(Exception):
    """A person who may not do this; the words are for people."""


@dataclass(frozen=True, slots=True)
class LocatedJob:
    """A job with its run and its repository."""

    repository: Repository
    run: Run
    job: Job


def waiting_jobs(world: World) -> list[Json]:
    """The jobs that a runner may take now, oldest first."""
    return [_listed(world, place) for place in _all(world) if place.job.ready_for_runner]


def _all(world: World) -> Iterator[LocatedJob]:
    for repository in world.repositories.values():
        job_lifecycle.catch_up(world, repository)
    for repository in world.repositories.values():
        for run in repository.runs.values():
            yield from (LocatedJob(repository, run, job) for job in run.jobs)


def _listed(world: World, place: LocatedJob) -> Json:
    run, job = place.run, place.job
    return {
        "id": job.id,
        "run_id": run.id,
        "run_attempt": run.latest.number,
        "key": job.key,
        "name": job.name,
        "repository": place.repository.full_name,
        "ref": run.ref,
        "head_sha": run.head_sha,
        "workflow": run.path,
        "environment": job.environment,
        "event": run.event,
        "actor": world.users[run.actor_id].login,
    }


def find_job(world: World, job_id: int) -> LocatedJob:
    """A job of a newest attempt by its number; ValueError when there is none."""
    for place in _all(world):
        if place.job.id == job_id:
            return place
    raise ValueError(f"id: there is no job {job_id}")


def take(world: World, origin: str, job_id: int) -> Json:
    """Begin a job; the answer is all that it needs. ValueError when it is not there for the taking."""
    place = find_job(world, job_id)
    repository, run, job = place.repository, place.run, place.job
    if not job.ready_for_runner:
        raise ValueError(f"id: job {job_id} cannot be taken: it is {_state(job)}")
    environment = (
        environment_rules.find_environment(repository, job.environment) if job.environment else None
    )
    world.clock.tick()
    job.status, job.ready_for_runner, job.started_at = "in_progress", False, world.clock.stamp()
    job.secrets = job_secrets.secrets_for_job(repository, job, environment)
    entry = repository.git.entry(run.head_sha, run.path)
    return {
        "document": (entry.data or b"").decode() if entry else "",
        "key": job.key,
        "secrets": {secret.name: secret.value for secret in job.secrets},
        "variables": job_secrets.variables_for_job(repository, environment),
        "github_token": job_tokens.issue(world, repository, job),
        "id_token": _id_token(origin, place),
        "needs": {key: _result(run, key) for key in job.needs},
        "github": github_context(world, origin, repository, run, job),
        "inputs": run.inputs,
    }


def _state(job: Job) -> str:
    return f"{job.status} ({job.conclusion})" if job.conclusion else job.status


def _id_token(origin: str, place: LocatedJob) -> Json | None:
    """Source: GitHub's docs, "OpenID Connect": ``ACTIONS_ID_TOKEN_REQUEST_URL`` and ``ACTIONS_ID_TOKEN_REQUEST_TOKEN``."""
    if place.job.id_token is None:
        return None
    path = f"{ISSUER}/runs/{place.run.id}/jobs/{place.job.id}/idtoken?api-version=2.0"
    return {"url": origin + path, "token": place.job.id_token}


def _result(run: Run, key: str) -> Json:
    job = next((job for job in run.jobs if job.key == key), None)
    return {"result": job.conclusion if job else None, "outputs": job.outputs if job else {}}


def finish(
    world: World, job_id: int, conclusion: str, outputs: dict[str, str], summary: str
) -> None:
    """End a job that was taken; the run goes on. ValueError when it is not running, or ended in a way that there is not."""
    place = find_job(world, job_id)
    if place.job.status != "in_progress":
        raise ValueError(f"id: job {job_id} is not running: it is {_state(place.job)}")
    if conclusion not in CONCLUSIONS:
        raise ValueError(f"conclusion: {conclusion!r} is none of {', '.join(CONCLUSIONS)}")
    world.clock.tick()
    place.job.outputs, place.job.summary = outputs, summary
    job_lifecycle.complete(world, place.run, place.job, conclusion)
    job_lifecycle.advance(world, place.repository, place.run)


def start_waiting_jobs(world: World, run_id: int, login: str) -> None:
    """What the button "Start all waiting jobs" does for an admin; ``NotAllowedError`` where it is not there.

    Source: GitHub's docs, "Reviewing deployments", bypassing protection rules: for admins, where the environment allows it.
    Assumption: the words, because GitHub shows no button instead; and that one environment that does not allow it forbids all.
    """
    place = next((place for place in _all(world) if place.run.id == run_id), None)
    user = world.user(login)
    if place is None or user is None:
        raise ValueError(
            f"run_id: there is no run {run_id}"
            if place is None
            else f"actor: nobody is called {login!r}"
        )
    repository, run = place.repository, place.run
    held = [
        (job, environment_rules.find_environment(repository, job.environment or ""))
        for job in run.jobs
        if job.status == "waiting"
    ]
    if not held:
        raise ValueError(f"run_id: no job of run {run_id} waits")
    if access.role_on(repository, user) < Role.ADMIN:
        raise NotAllowedError("Must have admin rights to Repository.")
    if any(
        environment is not None and not environment.can_admins_bypass for _, environment in held
    ):
        raise NotAllowedError(
            "Administrators are not allowed to bypass the protection rules of this environment."
        )
    names = tuple(dict.fromkeys(environment.name for _, environment in held if environment))
    run.approvals.append(Approval(user.id, names, "approved", "", bypassed=True))
    for job, environment in held:
        job.approved = True
        job_lifecycle.release(world, repository, run, job, environment)
    job_lifecycle.advance(world, repository, run)
