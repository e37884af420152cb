"""What a push starts: runs of the workflow files of that very commit, jobs, and the secrets that reach them.

Sources: GitHub's docs, "Events that trigger workflows" (push), "Workflow syntax", "Using secrets in GitHub Actions"
(an environment's secret wins over a repository's, that over an organisation's) and "Deployments and environments" (a
job that names an environment waits for its rules; one that does not exist yet is made, without protection).
Jobs are not executed: one that is let go is at once done. Wait timers end by the world's clock.
"""

import re
from typing import Any

import yaml

from simulated_github import gates
from simulated_github.patterns import actions_match
from simulated_github.records.environments import Environment
from simulated_github.records.organisations import Organisation
from simulated_github.records.people import User
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import HandedSecret, Job, Run
from simulated_github.records.secrets import Secret
from simulated_github.rule_checks import RefChange
from simulated_github.world import World

WORKFLOWS = ".github/workflows"
_SECRET = re.compile(r"\bsecrets\s*(?:\.\s*|\[\s*')([A-Za-z_][A-Za-z0-9_]*)")


def start(world: World, repository: Repository, change: RefChange, user: User) -> None:
    """Start every workflow of the new commit whose push filter lets the ref through."""
    git = repository.git
    commit = git.peel(change.after) if change.after else None
    if commit is None or not _are_on(repository):
        return
    for entry in git.children(commit, WORKFLOWS):
        if entry.data is None or not entry.name.endswith((".yml", ".yaml")):
            continue
        document = _parsed(entry.data)
        if document is not None and pushes(document, change.ref):
            _run(world, repository, change.ref, commit, user, entry.path, document)


def _are_on(repository: Repository) -> bool:
    """Whether Actions run here, by the repository's setting and its organisation's."""
    owner = repository.owner
    if isinstance(owner, Organisation):
        settings = owner.actions
        if settings.enabled_repositories == "none":
            return False
        if settings.enabled_repositories == "selected" and repository.id not in settings.repositories:
            return False
    return repository.actions.enabled


def _parsed(data: bytes) -> dict[Any, Any] | None:
    try:
        document = yaml.safe_load(data)
    except yaml.YAMLError:
        return None
    return document if isinstance(document, dict) and isinstance(document.get("jobs"), dict) else None


def pushes(document: dict[Any, Any], ref: str) -> bool:
    """Whether a workflow's ``on: push`` lets a ref through. PyYAML reads the key ``on`` as true."""
    events = document.get("on", document.get(True))
    if isinstance(events, str):
        events = [events]
    if isinstance(events, list):
        return "push" in events
    if not isinstance(events, dict) or "push" not in events:
        return False
    return _filtered(events["push"] or {}, ref)


def _filtered(filters: dict[str, Any], ref: str) -> bool:
    kind, other = ("tags", "branches") if ref.startswith("refs/tags/") else ("branches", "tags")
    name = ref.split("/", 2)[2]
    if kind in filters:
        return actions_match(_strings(filters[kind]), name)
    if f"{kind}-ignore" in filters:
        return not actions_match(_strings(filters[f"{kind}-ignore"]), name)
    return not (other in filters or f"{other}-ignore" in filters)


def _strings(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _run(world: World, repository: Repository, ref: str, commit: str, user: User, path: str, document: dict[Any, Any]) -> None:
    if path not in repository.workflow_ids:
        repository.workflow_ids[path] = world.ids.take("workflow")
    now = world.clock.stamp()
    number = 1 + sum(run.path == path for run in repository.runs.values())
    name = str(document.get("name") or path)
    workflow = repository.workflow_ids[path]
    run = Run(world.ids.take("run"), number, workflow, name, path, "push", ref, commit, user.id, now, now)
    run.jobs = [_job(world, key, job) for key, job in document["jobs"].items() if isinstance(job, dict)]
    repository.runs[run.id] = run
    advance(world, repository, run)


def _job(world: World, key: Any, document: dict[str, Any]) -> Job:
    named = document.get("environment")
    environment = named.get("name") if isinstance(named, dict) else named
    wanted = tuple(dict.fromkeys(name.upper() for name in _SECRET.findall(yaml.safe_dump(document))))
    needs = tuple(_strings(document.get("needs") or []))
    return Job(world.ids.take("job"), str(key), str(document.get("name") or key), environment, needs, wanted)


def advance(world: World, repository: Repository, run: Run) -> None:
    """Bring every job that waits for nothing before it as far as it gets; those behind a failed one are skipped."""
    by_key = {job.key: job for job in run.jobs}
    while True:
        ready = [job for job in run.jobs if job.status == "queued" and _is_ready(job, by_key)]
        if not ready:
            return
        for job in ready:
            if any(by_key[key].conclusion != "success" for key in job.needs if key in by_key):
                job.status, job.conclusion = "completed", "skipped"
            else:
                _enter(world, repository, run, job)


def _is_ready(job: Job, by_key: dict[str, Job]) -> bool:
    return all(by_key[key].status == "completed" for key in job.needs if key in by_key)


def _enter(world: World, repository: Repository, run: Run, job: Job) -> None:
    """Refused by its environment, waiting for a review, or done."""
    if job.environment is None:
        release(repository, job, None)
        return
    environment = gates.environment_for(world, repository, job.environment)
    refusal = gates.refusal(repository, environment, run.ref)
    if refusal is not None:
        job.status, job.conclusion, job.reason = "completed", "failure", refusal
    else:
        job.status, job.waits_since = "waiting", world.clock.stamp()
        job.waits_until = world.clock.seconds() + 60 * environment.wait_timer
        proceed(world, repository, job, environment)


def proceed(world: World, repository: Repository, job: Job, environment: Environment) -> None:
    """Let a waiting job go when it is reviewed, if it must be, and its timer is done."""
    counts = gates.has_reviews(repository)
    waits = counts and world.clock.seconds() < job.waits_until
    if not waits and (job.approved or not (counts and environment.reviewers)):
        release(repository, job, environment)


def catch_up(world: World, repository: Repository) -> None:
    """Let go what waited for a timer that is done by now."""
    for run in repository.runs.values():
        for job in run.jobs:
            environment = gates.find(repository, job.environment or "") if job.status == "waiting" else None
            if environment is not None and job.waits_until <= world.clock.seconds():
                proceed(world, repository, job, environment)
        advance(world, repository, run)


def release(repository: Repository, job: Job, environment: Environment | None) -> None:
    """Let a job go: it is handed the secrets that it names, and is done."""
    available = _available(repository, environment)
    job.handed = [HandedSecret(name, available[name][1].value, available[name][0]) for name in job.wanted if name in available]
    job.status, job.conclusion = "completed", "success"


def _available(repository: Repository, environment: Environment | None) -> dict[str, tuple[str, Secret]]:
    owner = repository.owner
    found: dict[str, tuple[str, Secret]] = {}
    if isinstance(owner, Organisation):
        found |= {s.name: ("organisation", s) for s in owner.secrets.values() if _shared(s, repository)}
    found |= {name: ("repository", secret) for name, secret in repository.secrets.items()}
    if environment is not None and gates.has_environments(repository):
        found |= {name: ("environment", secret) for name, secret in environment.secrets.items()}
    return found


def _shared(secret: Secret, repository: Repository) -> bool:
    if secret.visibility == "selected":
        return repository.id in secret.repositories
    return secret.visibility == "all" or repository.private
