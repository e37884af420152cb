"""The state of a world as plain data, by names, with decrypted secrets."""

from dataclasses import asdict
from typing import Any

from simulated_github.actions import job_lifecycle
from simulated_github.records.accounts import Organization, Team
from simulated_github.records.actions import Environment, Reviewer, Secret, Variable
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import Ruleset
from simulated_github.records.runs import Approval, Job, Run
from simulated_github.world.world import World

Json = dict[str, Any]


def snapshot(world: World) -> Json:
    """Return organizations and repositories with their contents; secrets are in plain text.

    First apply the time of the world's clock, so that ended timers and expired reviews count.
    """
    job_lifecycle.apply_elapsed_time(world)
    return {
        "organizations": {o.login: _organization(world, o) for o in world.organizations.values()},
        "repositories": {r.full_name: _repository(world, r) for r in world.repositories.values()},
        "runs": [
            _run(world, r, run) for r in world.repositories.values() for run in r.runs.values()
        ],
        "users": {user.login: user.id for user in world.users.values()},
        "apps": {app.slug: app.id for app in world.apps.values()},
    }


def _logins(world: World, roles: dict[int, str]) -> dict[str, str]:
    return {world.users[user_id].login: role for user_id, role in roles.items()}


def _organization(world: World, organization: Organization) -> Json:
    return {
        "id": organization.id,
        "plan": organization.plan,
        "members": _logins(world, organization.members),
        "invitations": {
            world.users[i.user_id].login: {
                "id": i.id,
                "role": i.role,
                "teams": {organization.teams[t].slug: role for t, role in i.teams.items()},
            }
            for i in organization.invitations.values()
        },
        "teams": {team.slug: _team(world, team) for team in organization.teams.values()},
        "secrets": _secrets(organization.secrets),
        "variables": _variables(organization.variables),
        "rulesets": {r.name: _ruleset(r) for r in organization.rulesets.values()},
        "actions": asdict(organization.actions),
    }


def _team(world: World, team: Team) -> Json:
    return {
        "id": team.id,
        "name": team.name,
        "description": team.description,
        "privacy": team.privacy,
        "notification_setting": team.notification_setting,
        "members": _logins(world, team.members),
        "repositories": {
            world.repositories[r].name: role.label for r, role in team.repositories.items()
        },
    }


def _secrets(secrets: dict[str, Secret]) -> dict[str, str]:
    return {secret.name: secret.value for secret in secrets.values()}


def _variables(variables: dict[str, Variable]) -> dict[str, str]:
    return {variable.name: variable.value for variable in variables.values()}


def _repository(world: World, repository: Repository) -> Json:
    head = repository.git.refs.get(repository.default_ref)
    return {
        "id": repository.id,
        "default_branch": repository.default_branch,
        "visibility": repository.visibility,
        "archived": repository.archived,
        "topics": list(repository.topics),
        "settings": repository.settings | {"vulnerability_alerts": repository.vulnerability_alerts},
        "actions": asdict(repository.actions),
        "disabled_workflows": sorted(
            w.path for w in repository.workflows.values() if w.state != "active"
        ),
        "collaborators": _logins(
            world, {i: role.label for i, role in repository.collaborators.items()}
        ),
        "invitations": {
            world.users[i.user_id].login: i.role.label for i in repository.invitations.values()
        },
        "secrets": _secrets(repository.secrets),
        "variables": _variables(repository.variables),
        "deploy_keys": {key.title: key.key for key in repository.deploy_keys.values()},
        "environments": {e.name: _environment(world, e) for e in repository.environments.values()},
        "rulesets": {r.name: _ruleset(r) for r in repository.rulesets.values()},
        "branch_protections": {
            p.pattern: asdict(p) for p in repository.branch_protections.values()
        },
        "refs": dict(repository.git.refs),
        "files": _files(repository, head) if head else {},
        "pull_requests": [_pull(world, pull) for pull in repository.pulls.values()],
    }


def _files(repository: Repository, head: str) -> dict[str, str]:
    entries = {path: repository.git.entry(head, path) for path in repository.git.files(head)}
    return {
        path: (entry.data or b"").decode(errors="replace")
        for path, entry in entries.items()
        if entry
    }


def _environment(world: World, environment: Environment) -> Json:
    return {
        "id": environment.id,
        "wait_timer": environment.wait_timer,
        "prevent_self_review": environment.prevent_self_review,
        "can_admins_bypass": environment.can_admins_bypass,
        "reviewers": [_reviewer(world, reviewer) for reviewer in environment.reviewers],
        "branch_policy": environment.branch_policy,
        "policies": [
            {"id": p.id, "name": p.name, "type": p.kind} for p in environment.policies.values()
        ],
        "secrets": _secrets(environment.secrets),
        "variables": _variables(environment.variables),
    }


def _reviewer(world: World, reviewer: Reviewer) -> str:
    if reviewer.kind == "User":
        return f"user {world.users[reviewer.id].login}"
    team = world.team(reviewer.id)
    return f"team {team[1].slug}" if team else f"team {reviewer.id}"


def _ruleset(ruleset: Ruleset) -> Json:
    return {
        "id": ruleset.id,
        "target": ruleset.target,
        "enforcement": ruleset.enforcement,
        "include": list(ruleset.include),
        "exclude": list(ruleset.exclude),
        "bypass_actors": [
            {"type": a.kind, "id": a.id, "mode": a.mode} for a in ruleset.bypass_actors
        ],
        "rules": {rule.type: rule.parameters for rule in ruleset.rules},
    }


def _pull(world: World, pull: PullRequest) -> Json:
    return {
        "number": pull.number,
        "title": pull.title,
        "state": "merged" if pull.merged else pull.state,
        "author": world.users[pull.author_id].login,
        "head": pull.head,
        "base": pull.base,
        "reviews": [{"user": world.users[r.user_id].login, "state": r.state} for r in pull.reviews],
    }


def _run(world: World, repository: Repository, run: Run) -> Json:
    return {
        "repository": repository.full_name,
        "id": run.id,
        "workflow": run.workflow,
        "path": run.path,
        "event": run.event,
        "ref": run.ref,
        "head_sha": run.head_sha,
        "actor": world.users[run.actor_id].login,
        "triggering_actor": world.users[run.latest.actor_id].login,
        "status": run.status,
        "conclusion": run.conclusion,
        "reason": run.latest.refusal,
        "attempt": run.latest.number,
        "jobs": [_job(job) for job in run.jobs],
        "approvals": [_approval(world, approval) for approval in run.approvals],
    }


def _job(job: Job) -> Json:
    return {
        "id": job.id,
        "name": job.name,
        "environment": job.environment,
        "status": job.status,
        "conclusion": job.conclusion,
        "reason": job.reason,
        "permissions": job.permissions,
        "wanted": list(job.secret_names),
        "secrets": [{"name": s.name, "value": s.value, "source": s.source} for s in job.secrets],
        "outputs": job.outputs,
        "summary": job.summary,
    }


def _approval(world: World, approval: Approval) -> Json:
    return {
        "user": world.users[approval.user_id].login,
        "environments": list(approval.environments),
        "state": approval.state,
        "bypassed": approval.bypassed,
    }
