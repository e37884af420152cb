"""Workflows, runs, jobs, pending deployments and approvals as GitHub's API shows them."""

from simulated_github.records.actions import Environment
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Approval, Attempt, Job, Run, Workflow
from simulated_github.shapes import accounts, environments, git_objects, repositories
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id
from simulated_github.world.world import World


def workflow_run(
    world: World, links: Links, repository: Repository, run: Run, attempt: Attempt | None = None
) -> Json:
    """Return a run as of an attempt, by default the newest."""
    attempt = attempt or run.latest
    number = attempt.number
    api = links.repository(repository, "actions", "runs", str(run.id))
    simple_repository = repositories.simple(links, repository)
    commit = git_objects.git_commit(links, repository, run.head_sha)
    return {
        "id": run.id,
        "name": run.workflow,
        "node_id": node_id("WorkflowRun", run.id),
        "check_suite_id": run.id,
        "check_suite_node_id": node_id("CheckSuite", run.id),
        "head_branch": run.branch,
        "head_sha": run.head_sha,
        "path": run.path,
        "run_number": run.number,
        "run_attempt": number,
        "event": run.event,
        "display_title": commit["message"].partition("\n")[0],
        "status": attempt.status,
        "conclusion": attempt.conclusion,
        "workflow_id": run.workflow_id,
        "url": api,
        "html_url": links.repository_page(repository, "actions", "runs", str(run.id)),
        "pull_requests": [],
        "created_at": run.created_at,
        "updated_at": attempt.updated_at,
        "run_started_at": attempt.started_at,
        "actor": accounts.simple(links, world.users[run.actor_id]),
        "triggering_actor": accounts.simple(links, world.users[attempt.actor_id]),
        "jobs_url": f"{api}/jobs",
        "logs_url": f"{api}/logs",
        "check_suite_url": links.repository(repository, "check-suites", str(run.id)),
        "artifacts_url": f"{api}/artifacts",
        "cancel_url": f"{api}/cancel",
        "rerun_url": f"{api}/rerun",
        "previous_attempt_url": f"{api}/attempts/{number - 1}" if number > 1 else None,
        "workflow_url": links.repository(repository, "actions", "workflows", str(run.workflow_id)),
        "head_commit": {
            "id": run.head_sha,
            "tree_id": commit["tree"]["sha"],
            "message": commit["message"],
            "timestamp": commit["committer"]["date"],
            "author": {key: commit["author"][key] for key in ("name", "email")},
            "committer": {key: commit["committer"][key] for key in ("name", "email")},
        },
        "repository": simple_repository,
        "head_repository": simple_repository,
    }


def workflow_job(links: Links, repository: Repository, run: Run, job: Job) -> Json:
    """Return a job of a run."""
    run_url = links.repository(repository, "actions", "runs", str(run.id))
    return {
        "id": job.id,
        "run_id": run.id,
        "run_url": run_url,
        "run_attempt": job.attempt,
        "node_id": node_id("CheckRun", job.id),
        "head_sha": run.head_sha,
        "head_branch": run.branch,
        "workflow_name": run.workflow,
        "url": links.repository(repository, "actions", "jobs", str(job.id)),
        "html_url": links.repository_page(
            repository, "actions", "runs", str(run.id), "job", str(job.id)
        ),
        "status": job.status,
        "conclusion": job.conclusion,
        "created_at": job.created_at,
        "started_at": job.started_at or job.created_at,
        "completed_at": job.completed_at,
        "name": job.name,
        "steps": [],
        "check_run_url": links.repository(repository, "check-runs", str(job.id)),
        "labels": list(job.labels),
        "runner_id": None,
        "runner_name": None,
        "runner_group_id": None,
        "runner_group_name": None,
    }


def _environment(
    world: World, links: Links, repository: Repository, environment: Environment
) -> Json:
    shape = environments.full(world, links, repository, environment)
    return {key: shape[key] for key in ("id", "node_id", "name", "url", "html_url")}


def pending_deployment(
    world: World,
    links: Links,
    repository: Repository,
    environment: Environment,
    job: Job,
    *,
    may_approve: bool,
) -> Json:
    """Return a deployment that waits for a review, with its required reviewers."""
    shape = environments.full(world, links, repository, environment)
    reviewers = [
        reviewer for rule in shape["protection_rules"] for reviewer in rule.get("reviewers", ())
    ]
    return {
        "environment": _environment(world, links, repository, environment),
        "wait_timer": environment.wait_timer,
        "wait_timer_started_at": job.waiting_since if environment.wait_timer else None,
        "current_user_can_approve": may_approve,
        "reviewers": reviewers,
    }


def deployment(
    world: World, links: Links, repository: Repository, run: Run, environment: Environment, job: Job
) -> Json:
    """Return the deployment of a job after its review."""
    number = job.deployment_id or 0
    api = links.repository(repository, "deployments", str(number))
    return {
        "url": api,
        "id": number,
        "node_id": node_id("Deployment", number),
        "sha": run.head_sha,
        "ref": run.branch,
        "task": "deploy",
        "payload": {},
        "original_environment": environment.name,
        "environment": environment.name,
        "description": None,
        "creator": accounts.simple(links, world.users[run.actor_id]),
        "created_at": job.created_at,
        "updated_at": run.latest.updated_at,
        "statuses_url": f"{api}/statuses",
        "repository_url": links.repository(repository),
    }


def environment_approval(
    world: World, links: Links, repository: Repository, approval: Approval
) -> Json:
    """Return a review of pending deployments; deleted environments are left out."""
    existing_environments = [
        repository.environments[name]
        for name in approval.environments
        if name in repository.environments
    ]
    return {
        "environments": [
            _environment(world, links, repository, environment)
            for environment in existing_environments
        ],
        "state": approval.state,
        "user": accounts.simple(links, world.users[approval.user_id]),
        "comment": approval.comment,
    }


def workflow_details(links: Links, repository: Repository, workflow: Workflow) -> Json:
    """Return a workflow with its file and state (schema `workflow`)."""
    parts = workflow.path.split("/")
    return {
        "id": workflow.id,
        "node_id": node_id("Workflow", workflow.id),
        "name": workflow.name,
        "path": workflow.path,
        "state": workflow.state,
        "created_at": workflow.created_at,
        "updated_at": workflow.updated_at,
        "url": links.repository(repository, "actions", "workflows", str(workflow.id)),
        "html_url": links.repository_page(repository, "blob", repository.default_branch, *parts),
        "badge_url": links.repository_page(
            repository, "actions", "workflows", parts[-1], "badge.svg"
        ),
    }
