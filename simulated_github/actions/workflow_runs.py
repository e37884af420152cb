"""The start of workflow runs: by a push, by a manual dispatch, or as a rerun.

Sources: GitHub's docs, "Events that trigger workflows" (push, workflow_dispatch) and "Re-running
workflows and jobs" (a rerun uses the same commit and ref; every job waits for its environment
again).
"""

from collections.abc import Callable, Mapping

from simulated_github.actions import allowed_actions, job_lifecycle, job_tokens, workflow_files
from simulated_github.actions.workflow_files import WORKFLOWS, Document
from simulated_github.records.accounts import User
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Attempt, Job, Run, Workflow
from simulated_github.rules.rule_checks import RefChange
from simulated_github.world.world import World

#: Fields that a job without a rerun copies from the previous attempt.
_COPIED_FIELDS = (
    "status",
    "conclusion",
    "reason",
    "started_at",
    "completed_at",
    "outputs",
    "summary",
)


def start_push_runs(world: World, repository: Repository, change: RefChange, user: User) -> None:
    """Start every workflow of the pushed commit whose push filters match the ref."""
    if not change.ref.startswith(("refs/heads/", "refs/tags/")) or not actions_enabled(repository):
        return
    commit = repository.git.peel(change.after) if change.after else None
    if commit is None:
        return
    for path, document in workflows_at(repository, commit).items():
        if workflow_files.runs_on_push(document, change.ref):
            workflow = register_workflow(world, repository, path, document)
            if workflow.state == "active":
                start_run(world, repository, workflow, document, "push", change.ref, commit, user)


def workflows_at(repository: Repository, commit: str) -> dict[str, Document]:
    """Return the workflow files of a commit by path."""
    documents = {
        entry.path: workflow_files.parse(entry.data)
        for entry in repository.git.children(commit, WORKFLOWS)
        if entry.data and workflow_files.is_workflow(entry.path)
    }
    return {path: document for path, document in documents.items() if document is not None}


def actions_enabled(repository: Repository) -> bool:
    """Return whether the settings of a repository and its organization let workflows run."""
    organization = repository.organization
    if organization is not None and not organization.actions.enables(repository.id):
        return False
    return repository.actions.enabled


def register_workflow(
    world: World, repository: Repository, path: str, document: Document
) -> Workflow:
    """Create or update the workflow of a path, and return it; its name is that of the file."""
    now = world.clock.stamp()
    name = workflow_files.workflow_name(document, path)
    if path not in repository.workflows:
        repository.workflows[path] = Workflow(world.ids.take("workflow"), path, name, now, now)
    workflow = repository.workflows[path]
    if workflow.name != name:
        workflow.name = name
        workflow.updated_at = now
    return workflow


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
    """Start a run of a workflow file at a commit; `inputs` are those of a manual dispatch."""
    run = Run(
        id=world.ids.take("run"),
        number=1 + sum(run.path == workflow.path for run in repository.runs.values()),
        workflow_id=workflow.id,
        workflow=workflow.name,
        path=workflow.path,
        event=event,
        ref=ref,
        head_sha=commit,
        actor_id=user.id,
        created_at=world.clock.stamp(),
        created_seconds=world.clock.seconds(),
        inputs=dict(inputs or {}),
    )
    repository.runs[run.id] = run
    _start_attempt(world, repository, run, document, user.id)
    return run


def rerun(
    world: World, repository: Repository, run: Run, user: User, is_selected: Callable[[Job], bool]
) -> None:
    """Start an attempt that reruns the selected jobs and all jobs that need them.

    Raise KeyError when the commit has no such workflow file. Assumption: a job that is not rerun is
    listed again under a new id.
    """
    document = _document(repository, run)
    jobs = {job.key: job for job in run.jobs}
    rerun_keys = {key for key, job in jobs.items() if is_selected(job)}
    for _ in jobs:
        rerun_keys |= {key for key, job in jobs.items() if rerun_keys & set(job.needs)}
    unchanged = {key: job for key, job in jobs.items() if key not in rerun_keys}
    _start_attempt(world, repository, run, document, user.id, unchanged)


def _document(repository: Repository, run: Run) -> Document:
    entry = repository.git.entry(run.head_sha, run.path)
    document = workflow_files.parse(entry.data) if entry and entry.data else None
    if document is None:
        raise KeyError(run.path)
    return document


def _start_attempt(
    world: World,
    repository: Repository,
    run: Run,
    document: Document,
    actor_id: int,
    unchanged: Mapping[str, Job] | None = None,
) -> None:
    """Add an attempt with new jobs, or with the reason why GitHub does not start it.

    A job in `unchanged` (by key) keeps its outcome.
    """
    now = world.clock.stamp()
    attempt = Attempt(len(run.attempts) + 1, actor_id, now, now)
    run.attempts.append(attempt)
    attempt.refusal = allowed_actions.startup_refusal(repository, document)
    if attempt.refusal is not None:
        return
    for key, definition in workflow_files.jobs(document).items():
        job = _new_job(world, repository, document, key, definition)
        job.attempt = attempt.number
        previous = (unchanged or {}).get(key)
        for name in _COPIED_FIELDS if previous else ():
            setattr(job, name, getattr(previous, name))
        attempt.jobs.append(job)
    job_lifecycle.advance(world, repository, run)


def _new_job(
    world: World, repository: Repository, document: Document, key: str, definition: Document
) -> Job:
    condition = definition.get("if")
    return Job(
        id=world.ids.take("job"),
        key=key,
        name=str(definition.get("name") or key),
        environment=workflow_files.environment_name(definition),
        needs=tuple(workflow_files.as_strings(definition.get("needs") or [])),
        secret_names=workflow_files.secret_names(document, definition),
        permissions=job_tokens.effective_permissions(
            repository, document.get("permissions"), definition.get("permissions")
        ),
        condition=None if condition is None else str(condition),
        labels=workflow_files.runner_labels(definition),
        created_at=world.clock.stamp(),
    )
