"""The contexts of a job: `github`, `secrets` and `vars`.

The secrets and variables of a job's environment take precedence over the repository's, and those
over the organization's. Sources: GitHub's docs, "Contexts reference"; "Secrets" and "Variables",
naming and precedence; "Managing environments for deployment" for plans. Deliberately absent: the
values that only a runner has (paths, steps).
"""

from typing import Any

from simulated_github.actions.environment_rules import plan_has_environments
from simulated_github.actions.workflow_files import EVERY_SECRET
from simulated_github.records.actions import Environment
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, JobSecret, Run
from simulated_github.rules.access import filter_shared
from simulated_github.rules.branch_protection import is_protected
from simulated_github.world.world import World


def github_context(
    world: World, origin: str, repository: Repository, run: Run, job: Job
) -> dict[str, Any]:
    """Return the context of a job; `origin` is scheme, host and port of the server."""
    owner = repository.owner
    actor = world.users[run.actor_id]
    return {
        "ref": run.ref,
        "ref_name": run.branch,
        "ref_type": "tag" if run.ref.startswith("refs/tags/") else "branch",
        "ref_protected": is_protected(repository, run.ref),
        "sha": run.head_sha,
        "repository": repository.full_name,
        "repository_id": str(repository.id),
        "repository_owner": owner.login,
        "repository_owner_id": str(owner.id),
        "repositoryUrl": f"{origin.replace('http', 'git', 1)}/{repository.full_name}.git",
        "actor": actor.login,
        "actor_id": str(actor.id),
        "triggering_actor": world.users[run.latest.actor_id].login,
        "event_name": run.event,
        "event": _event(repository, run, actor.login),
        "workflow": run.workflow,
        "workflow_ref": f"{repository.full_name}/{run.path}@{run.ref}",
        "workflow_sha": run.head_sha,
        "job": job.key,
        "run_id": str(run.id),
        "run_number": str(run.number),
        "run_attempt": str(run.latest.number),
        "server_url": origin,
        "api_url": f"{origin}/api/v3",
        "graphql_url": f"{origin}/api/graphql",
        "head_ref": "",
        "base_ref": "",
    }


def _event(repository: Repository, run: Run, sender: str) -> dict[str, Any]:
    """Return a few keys of the payload of the event that started the run."""
    payload: dict[str, Any] = {
        "ref": run.ref,
        "repository": {
            "id": repository.id,
            "owner": {"login": repository.owner.login, "id": repository.owner.id},
            "name": repository.name,
            "full_name": repository.full_name,
            "default_branch": repository.default_branch,
        },
        "sender": {"login": sender},
    }
    if run.event == "workflow_dispatch":
        return payload | {"inputs": run.inputs, "workflow": run.path}
    return payload | {"after": run.head_sha}


def secrets_for_job(
    repository: Repository, job: Job, environment: Environment | None
) -> list[JobSecret]:
    """Return the secrets that a job refers to and may read; `environment` is the job's."""
    organization = repository.organization
    sources = {
        "organization": filter_shared(organization.secrets, repository) if organization else {},
        "repository": repository.secrets,
    }
    if environment is not None and plan_has_environments(repository):
        sources["environment"] = environment.secrets
    available = {
        name: JobSecret(name, secret.value, source)
        for source, secrets in sources.items()
        for name, secret in secrets.items()
    }
    if EVERY_SECRET in job.secret_names:
        return list(available.values())
    return [available[name] for name in job.secret_names if name in available]


def variables_for_job(repository: Repository, environment: Environment | None) -> dict[str, str]:
    """Return the variables that a job can read; `environment` is the job's."""
    organization = repository.organization
    variables = filter_shared(organization.variables, repository) if organization else {}
    variables |= repository.variables
    if environment is not None and plan_has_environments(repository):
        variables |= environment.variables
    return {name: variable.value for name, variable in variables.items()}
