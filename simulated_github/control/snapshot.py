"""The whole state of a world as plain data, for tests and for people: by names, with opened secrets."""

from dataclasses import asdict
from typing import Any

from simulated_github.actions import job_lifecycle
from simulated_github.records.actions import Secret, Variable
from simulated_github.records.environments import Environment, Reviewer
from simulated_github.records.organizations import Organization, Team
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import Ruleset
from simulated_github.records.runs import Approval, Job, Run
from simulated_github.world.world import World

Json = dict[str, Any]


def snapshot(world: World) -> Json:
    """Organizations and repositories with all that hangs on them; secrets are in plain."""
    for repository in world.repositories.values():
        job_lifecycle.catch_up(world, repository)
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
    return {world.users[number].login: role for number, role in roles.items()}


def _organization(world: World, found: Organization) -> Json:
    return {
        "id": found.id,
        "plan": found.plan,
        "members": _logins(world, found.members),
        "invitations": {
            world.users[i.user_id].login: {
                "id": i.id,
                "role": i.role,
                "teams": {found.teams[t].slug: role for t, role in i.teams.items()},
            }
            for i in found.invitations.values()
        },
        "teams": {team.slug: _team(world, team) for team in found.teams.values()},
        "secrets": _secrets(found.secrets),
        "variables": _variables(found.variables),
        "rulesets": {r.name: _ruleset(r) for r in found.rulesets.values()},
        "actions": asdict(found.actions),
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


def _secrets(found: dict[str, Secret]) -> dict[str, str]:
    return {secret.name: secret.value for secret in found.values()}


def _variables(found: dict[str, Variable]) -> dict[str, str]:
    return {variable.name: variable.value for variable in found.values()}


def _repository(world: World, found: Repository) -> Json:
    head = found.git.refs.get(found.default_ref)
    return {
        "id": found.id,
        "default_branch": found.default_branch,
        "visibility": found.visibility,
        "archived": found.archived,
        "topics": list(found.topics),
        "settings": found.settings | {"vulnerability_alerts": found.vulnerability_alerts},
        "actions": asdict(found.actions),
        "disabled_workflows": sorted(
            w.path for w in found.workflows.values() if w.state != "active"
        ),
        "collaborators": _logins(world, {i: role.label for i, role in found.collaborators.items()}),
        "invitations": {
            world.users[i.user_id].login: i.role.label for i in found.invitations.values()
        },
        "secrets": _secrets(found.secrets),
        "variables": _variables(found.variables),
        "deploy_keys": {key.title: key.key for key in found.deploy_keys.values()},
        "environments": {e.name: _environment(world, e) for e in found.environments.values()},
        "rulesets": {r.name: _ruleset(r) for r in found.rulesets.values()},
        "refs": dict(found.git.refs),
        "files": _files(found, head) if head else {},
        "pull_requests": [_pull(world, pull) for pull in found.pulls.values()],
    }


def _files(found: Repository, head: str) -> dict[str, str]:
    entries = {path: found.git.entry(head, path) for path in found.git.files(head)}
    return {
        path: (entry.data or b"").decode(errors="replace")
        for path, entry in entries.items()
        if entry
    }


def _environment(world: World, found: Environment) -> Json:
    return {
        "id": found.id,
        "wait_timer": found.wait_timer,
        "prevent_self_review": found.prevent_self_review,
        "can_admins_bypass": found.can_admins_bypass,
        "reviewers": [_reviewer(world, reviewer) for reviewer in found.reviewers],
        "branch_policy": found.branch_policy,
        "policies": [{"id": p.id, "name": p.name, "type": p.kind} for p in found.policies.values()],
        "secrets": _secrets(found.secrets),
        "variables": _variables(found.variables),
    }


def _reviewer(world: World, reviewer: Reviewer) -> str:
    if reviewer.kind == "User":
        return f"user {world.users[reviewer.id].login}"
    team = world.team(reviewer.id)
    return f"team {team[1].slug}" if team else f"team {reviewer.id}"


def _ruleset(found: Ruleset) -> Json:
    return {
        "id": found.id,
        "target": found.target,
        "enforcement": found.enforcement,
        "include": list(found.include),
        "exclude": list(found.exclude),
        "bypass_actors": [
            {"type": a.kind, "id": a.id, "mode": a.mode} for a in found.bypass_actors
        ],
        "rules": {rule.type: rule.parameters for rule in found.rules},
    }


def _pull(world: World, found: PullRequest) -> Json:
    return {
        "number": found.number,
        "title": found.title,
        "state": "merged" if found.merged else found.state,
        "author": world.users[found.author_id].login,
        "head": found.head,
        "base": found.base,
        "reviews": [
            {"user": world.users[r.user_id].login, "state": r.state} for r in found.reviews
        ],
    }


def _run(world: World, repository: Repository, found: Run) -> Json:
    return {
        "repository": repository.full_name,
        "id": found.id,
        "workflow": found.workflow,
        "path": found.path,
        "event": found.event,
        "ref": found.ref,
        "head_sha": found.head_sha,
        "actor": world.users[found.actor_id].login,
        "triggering_actor": world.users[found.latest.actor_id].login,
        "status": found.status,
        "conclusion": found.conclusion,
        "reason": found.latest.refusal,
        "attempt": found.latest.number,
        "jobs": [_job(job) for job in found.jobs],
        "approvals": [_approval(world, approval) for approval in found.approvals],
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


def _approval(world: World, found: Approval) -> Json:
    return {
        "user": world.users[found.user_id].login,
        "environments": list(found.environments),
        "state": found.state,
        "bypassed": found.bypassed,
    }
