"""What starts runs of workflows: a push, those of that very commit; a dispatch; and a run that is run again.

Sources: GitHub's docs, "Events that trigger workflows" (push, workflow_dispatch) and "Re-running workflows and jobs" (the
same commit and ref, by the one who started it first; every job waits for its environment anew).
"""

from collections.abc import Callable, Mapping

from simulated_github.actions import allowed_actions, job_lifecycle, job_tokens, workflow_files
from simulated_github.actions.workflow_files import WORKFLOWS, Document
from simulated_github.records.organizations import Organization
from simulated_github.records.people import User
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Attempt, Job, Run, Workflow
from simulated_github.rules.rule_checks import RefChange
from simulated_github.world.world import World


def start_push_runs(world: World, repository: Repository, change: RefChange, user: User) -> None:
    """Start every workflow of the new commit whose push filter lets the ref through."""
    git = repository.git
    commit = git.peel(change.after) if change.after else None
    if (
        commit is None
        or not change.ref.startswith(("refs/heads/", "refs/tags/"))
        or not actions_enabled(repository)
    ):
        return
    for entry in git.children(commit, WORKFLOWS):
        document = (
            workflow_files.parse(entry.data)
            if entry.data and workflow_files.is_workflow(entry.path)
            else None
        )
        if document is not None and workflow_files.runs_on_push(document, change.ref):
            found = register_workflow(world, repository, entry.path, document)
            if found.state == "active":
                start_run(world, repository, found, document, "push", change.ref, commit, user)


def actions_enabled(repository: Repository) -> bool:
    """Whether Actions run here, by the repository's setting and its organization's."""
    owner = repository.owner
    if isinstance(owner, Organization):
        settings = owner.actions
        if settings.enabled_repositories == "none":
            return False
        if (
            settings.enabled_repositories == "selected"
            and repository.id not in settings.repositories
        ):
            return False
    return repository.actions.enabled


def register_workflow(
    world: World, repository: Repository, path: str, document: Document
) -> Workflow:
    """The workflow of a path, with the name that its file has now."""
    now, name = world.clock.stamp(), workflow_files.workflow_name(document, path)
    if path not in repository.workflows:
        repository.workflows[path] = Workflow(world.ids.take("workflow"), path, name, now, now)
    found = repository.workflows[path]
    if found.name != name:
        found.name, found.updated_at = name, now
    return found


def start_run(
    world: World,
    repository: Repository,
    workflow: Workflow,
    document: Document,
    event: str,
    ref: str,
    commit: str,
    user: User,
    inputs: Mapping[str, str] | None = None,
) -> Run:
    """A fresh run of a workflow's file at a commit."""
    number = 1 + sum(run.path == workflow.path for run in repository.runs.values())
    run_id, now = world.ids.take("run"), world.clock.stamp()
    run = Run(
        run_id,
        number,
        workflow.id,
        workflow.name,
        workflow.path,
        event,
        ref,
        commit,
        user.id,
        now,
        world.clock.seconds(),
    )
    run.inputs = dict(inputs or {})
    repository.runs[run.id] = run
    _attempt(world, repository, run, document, user.id)
    return run


def rerun(
    world: World, repository: Repository, run: Run, user: User, chosen: Callable[[Job], bool]
) -> None:
    """A new attempt of the chosen jobs and of all that need them; the others stay as they were.

    Assumption: a job that stays is listed again, under a number of its own.
    """
    before, document = {job.key: job for job in run.jobs}, _document(repository, run)
    again = {key for key, job in before.items() if chosen(job)}
    for _ in before:
        again |= {key for key, job in before.items() if again & set(job.needs)}
    kept = {key: job for key, job in before.items() if key not in again}
    _attempt(world, repository, run, document, user.id, kept)


def _document(repository: Repository, run: Run) -> Document:
    entry = repository.git.entry(run.head_sha, run.path)
    found = workflow_files.parse(entry.data) if entry and entry.data else None
    if found is None:
        raise KeyError(run.path)
    return found


def _attempt(
    world: World,
    repository: Repository,
    run: Run,
    document: Document,
    actor_id: int,
    kept: Mapping[str, Job] | None = None,
) -> None:
    now = world.clock.stamp()
    attempt = Attempt(len(run.attempts) + 1, actor_id, now, now)
    run.attempts.append(attempt)
    attempt.refusal = allowed_actions.startup_refusal(repository, document)
    if attempt.refusal is not None:
        return
    for key, job in workflow_files.jobs(document).items():
        fresh = _job(world, repository, document, key, job)
        fresh.attempt = attempt.number
        attempt.jobs.append(_as_it_was(fresh, kept[key]) if kept and key in kept else fresh)
    job_lifecycle.advance(world, repository, run)


def _as_it_was(fresh: Job, before: Job) -> Job:
    for name in (
        "status",
        "conclusion",
        "reason",
        "started_at",
        "completed_at",
        "outputs",
        "summary",
    ):
        setattr(fresh, name, getattr(before, name))
    return fresh


def _job(world: World, repository: Repository, document: Document, key: str, job: Document) -> Job:
    condition = job.get("if")
    return Job(
        world.ids.take("job"),
        key,
        str(job.get("name") or key),
        workflow_files.environment_name(job),
        tuple(workflow_files.as_strings(job.get("needs") or [])),
        workflow_files.secret_names(document, job),
        job_tokens.effective_permissions(
            repository, document.get("permissions"), job.get("permissions")
        ),
        None if condition is None else str(condition),
        workflow_files.runner_labels(job),
        created_at=world.clock.stamp(),
    )
