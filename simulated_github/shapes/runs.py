"""Workflow runs, jobs, pending deployments and approvals as the API shows them."""

from simulated_github.records.environments import Environment
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Approval, Attempt, Job, Run, Workflow
from simulated_github.shapes import accounts, environments, git, repositories
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id
from simulated_github.world.world import World


def workflow_run(
    world: World, links: Links, repository: Repository, found: Run, attempt: Attempt | None = None
) -> Json:
    """A workflow run: its newest attempt, or an earlier one."""
    owner, name = repository.owner.login, repository.name
    shown = attempt or found.latest
    number = shown.number
    api = links.api("repos", owner, name, "actions", "runs", str(found.id))
    short = repositories.simple(links, repository)
    commit = git.git_commit(links, repository, found.head_sha)
    return {
        "id": found.id,
        "name": found.workflow,
        "node_id": node_id("WorkflowRun", found.id),
        "check_suite_id": found.id,
        "check_suite_node_id": node_id("CheckSuite", found.id),
        "head_branch": found.branch,
        "head_sha": found.head_sha,
        "path": found.path,
        "run_number": found.number,
        "run_attempt": number,
        "event": found.event,
        "display_title": commit["message"].partition("\n")[0],
        "status": shown.status,
        "conclusion": shown.conclusion,
        "workflow_id": found.workflow_id,
        "url": api,
        "html_url": links.html(owner, name, "actions", "runs", str(found.id)),
        "pull_requests": [],
        "created_at": found.created_at,
        "updated_at": shown.updated_at,
        "run_started_at": shown.started_at,
        "actor": accounts.simple(links, world.users[found.actor_id]),
        "triggering_actor": accounts.simple(links, world.users[shown.actor_id]),
        "jobs_url": f"{api}/jobs",
        "logs_url": f"{api}/logs",
        "check_suite_url": links.api("repos", owner, name, "check-suites", str(found.id)),
        "artifacts_url": f"{api}/artifacts",
        "cancel_url": f"{api}/cancel",
        "rerun_url": f"{api}/rerun",
        "previous_attempt_url": f"{api}/attempts/{number - 1}" if number > 1 else None,
        "workflow_url": links.api(
            "repos", owner, name, "actions", "workflows", str(found.workflow_id)
        ),
        "head_commit": {
            "id": found.head_sha,
            "tree_id": commit["tree"]["sha"],
            "message": commit["message"],
            "timestamp": commit["committer"]["date"],
            "author": {key: commit["author"][key] for key in ("name", "email")},
            "committer": {key: commit["committer"][key] for key in ("name", "email")},
        },
        "repository": short,
        "head_repository": short,
    }


def workflow_job(links: Links, repository: Repository, found: Run, one: Job) -> Json:
    """A job of a run."""
    owner, name = repository.owner.login, repository.name
    run_url = links.api("repos", owner, name, "actions", "runs", str(found.id))
    return {
        "id": one.id,
        "run_id": found.id,
        "run_url": run_url,
        "run_attempt": one.attempt,
        "node_id": node_id("CheckRun", one.id),
        "head_sha": found.head_sha,
        "head_branch": found.branch,
        "workflow_name": found.workflow,
        "url": links.api("repos", owner, name, "actions", "jobs", str(one.id)),
        "html_url": links.html(owner, name, "actions", "runs", str(found.id), "job", str(one.id)),
        "status": one.status,
        "conclusion": one.conclusion,
        "created_at": one.created_at,
        "started_at": one.started_at or one.created_at,
        "completed_at": one.completed_at,
        "name": one.name,
        "steps": [],
        "check_run_url": links.api("repos", owner, name, "check-runs", str(one.id)),
        "labels": list(one.labels),
        "runner_id": None,
        "runner_name": None,
        "runner_group_id": None,
        "runner_group_name": None,
    }


def _environment(world: World, links: Links, repository: Repository, found: Environment) -> Json:
    shape = environments.full(world, links, repository, found)
    return {key: shape[key] for key in ("id", "node_id", "name", "url", "html_url")}


def pending_deployment(
    world: World,
    links: Links,
    repository: Repository,
    found: Environment,
    waiting: Job,
    *,
    may_approve: bool,
) -> Json:
    """A deployment that waits for a review."""
    shape = environments.full(world, links, repository, found)
    reviewers = [
        r for rule in shape["protection_rules"] if "reviewers" in rule for r in rule["reviewers"]
    ]
    return {
        "environment": _environment(world, links, repository, found),
        "wait_timer": found.wait_timer,
        "wait_timer_started_at": waiting.waiting_since if found.wait_timer else None,
        "current_user_can_approve": may_approve,
        "reviewers": reviewers,
    }


def deployment(
    world: World, links: Links, repository: Repository, found: Run, target: Environment, one: Job
) -> Json:
    """The deployment of a job that a review let go, or stopped."""
    owner, name, number = repository.owner.login, repository.name, one.deployment_id or 0
    api = links.api("repos", owner, name, "deployments", str(number))
    return {
        "url": api,
        "id": number,
        "node_id": node_id("Deployment", number),
        "sha": found.head_sha,
        "ref": found.branch,
        "task": "deploy",
        "payload": {},
        "original_environment": target.name,
        "environment": target.name,
        "description": None,
        "creator": accounts.simple(links, world.users[found.actor_id]),
        "created_at": one.created_at,
        "updated_at": found.latest.updated_at,
        "statuses_url": f"{api}/statuses",
        "repository_url": links.api("repos", owner, name),
    }


def environment_approval(
    world: World, links: Links, repository: Repository, found: Approval
) -> Json:
    """A decision on deployments of a run; an environment that is gone is left out."""
    there = [
        repository.environments[name]
        for name in found.environments
        if name in repository.environments
    ]
    return {
        "environments": [
            _environment(world, links, repository, environment) for environment in there
        ],
        "state": found.state,
        "user": accounts.simple(links, world.users[found.user_id]),
        "comment": found.comment,
    }


def workflow(links: Links, repository: Repository, found: Workflow) -> Json:
    """A workflow."""
    owner, name, parts = repository.owner.login, repository.name, found.path.split("/")
    return {
        "id": found.id,
        "node_id": node_id("Workflow", found.id),
        "name": found.name,
        "path": found.path,
        "state": found.state,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "url": links.api("repos", owner, name, "actions", "workflows", str(found.id)),
        "html_url": links.html(owner, name, "blob", repository.default_branch, *parts),
        "badge_url": links.html(owner, name, "actions", "workflows", parts[-1], "badge.svg"),
    }
