"""Whether a person can publish without an approval, tried on a copy of the simulated GitHub."""

from copy import deepcopy

import httpx

from simulated_github import SimulatedGitHub, World
from simulated_github.records.roles import Role
from simulated_github.records.runs import Job, Run

GATE = "deploy"


def ungated_releases(world: World, names: list[tuple[str, str]]) -> list[str]:
    """Return each release that starts without an approval.

    The owner gives a person write access and another one the maintain role, in a copy of the world.
    Each of them pushes a tag on every commit of the default branch of each repository.

    Args:
        world: The world, which is not changed.
        names: The owner and the name of each repository to try.
    """
    releases: list[str] = []
    with SimulatedGitHub(deepcopy(world)) as github:
        for owner, name in names:
            for person, role in (("writer-1", Role.WRITE), ("maintainer-3", Role.MAINTAIN)):
                releases += _tries(github, owner, name, person, role)
    return releases


def _tries(github: SimulatedGitHub, owner: str, name: str, person: str, role: Role) -> list[str]:
    """Push a tag on every commit of the default branch as a person with a role."""
    repository = github.world.repository(owner, name)
    user = github.world.user(person)
    if repository is None or repository.archived or user is None:
        return []
    repository.collaborators[user.id] = role
    head = repository.git.refs.get(repository.default_ref)
    releases: list[str] = []
    for number, commit in enumerate(repository.git.history(head) if head else ()):
        runs = set(repository.runs)
        httpx.post(
            f"{github.url}/repos/{owner}/{name}/git/refs",
            json={"ref": f"refs/tags/9.{role}.{number}", "sha": commit},
            headers={"Authorization": f"Bearer token-{person}"},
            timeout=30.0,
        )
        started = [repository.runs[run] for run in repository.runs.keys() - runs]
        releases += [
            f"{person} ({role.label}) publishes {name} from {commit[:7]} with {run.path}"
            for run in started
            if any(_publishes_now(run, job) for job in run.jobs)
        ]
    return releases


def _publishes_now(run: Run, job: Job) -> bool:
    """Return whether a job has what it needs to publish, before any approval."""
    has_started = job.status in ("queued", "in_progress") or job.conclusion == "success"
    has_credential = bool(job.secrets) or job.permissions.get("id-token") == "write"
    return job.environment == GATE and has_started and has_credential and not run.approvals
