"""What a job can read of its run: the ``github`` context.

Source: GitHub's docs, "Contexts reference", ``github`` context. Left out: what a runner alone knows (paths, steps).
"""

from typing import Any

from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, Run
from simulated_github.rules import rulesets
from simulated_github.world.world import World


def github_context(
    world: World, origin: str, repository: Repository, run: Run, job: Job
) -> dict[str, Any]:
    """The context of a job."""
    owner, actor = repository.owner, world.users[run.actor_id]
    return {
        "ref": run.ref,
        "ref_name": run.branch,
        "ref_type": ref_type(run),
        "ref_protected": is_protected(repository, run),
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
        "workflow_ref": workflow_ref(repository, run),
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


def ref_type(run: Run) -> str:
    """``tag`` or ``branch``."""
    return "tag" if run.ref.startswith("refs/tags/") else "branch"


def is_protected(repository: Repository, run: Run) -> bool:
    """Whether a ruleset is in force for the run's ref."""
    return any(True for _ in rulesets.active_rulesets(repository, run.ref))


def workflow_ref(repository: Repository, run: Run) -> str:
    """Repository, file and ref, such as ``encode/httpx/.github/workflows/publish.yml@refs/tags/1.0``."""
    return f"{repository.full_name}/{run.path}@{run.ref}"


def _event(repository: Repository, run: Run, sender: str) -> dict[str, Any]:
    """A few keys of the event's payload."""
    owner = {"login": repository.owner.login, "id": repository.owner.id}
    names = {
        "name": repository.name,
        "full_name": repository.full_name,
        "default_branch": repository.default_branch,
    }
    shown = {"id": repository.id, "owner": owner, **names}
    found = {"ref": run.ref, "repository": shown, "sender": {"login": sender}}
    return found | (
        {"inputs": run.inputs, "workflow": run.path}
        if run.event == "workflow_dispatch"
        else {"after": run.head_sha}
    )
