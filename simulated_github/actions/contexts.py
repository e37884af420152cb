"""The `github` context that a job can read.

Source: GitHub's docs, "Contexts reference", `github` context. Deliberately absent: what only a
runner knows (paths, steps).
"""

from typing import Any

from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, Run
from simulated_github.rules.rulesets import has_active_rulesets
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
        "ref_protected": has_active_rulesets(repository, run.ref),
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
