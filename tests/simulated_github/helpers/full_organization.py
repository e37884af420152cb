"""An organization with one of everything, and paths of operations that point to it."""

import re
from typing import Any

import httpx

from simulated_github import Application, create_app
from simulated_github.http.routing import Operation
from simulated_github.world.world_file import parse
from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    create_tag,
    expect_ok,
    open_pull_request,
    put_secret,
)
from tests.simulated_github.helpers.checked_transport import connect
from tests.simulated_github.helpers.least_roles import ANONYMOUS

WORKFLOW = "on: {push: {tags: ['*']}}\njobs:\n  publish: {environment: deploy, steps: [{run: x}]}\n"
#: The App permissions that operations require.
_APP_PERMISSIONS = (
    "actions",
    "actions_variables",
    "administration",
    "contents",
    "deployments",
    "environments",
    "members",
    "organization_actions_variables",
    "organization_administration",
    "organization_secrets",
    "pull_requests",
    "secrets",
)


def create_full_organization(visibility: str) -> Application:
    """Create the organization on the enterprise plan, with a public or private repository."""
    people = [
        "writer-1",
        "maintainer-1",
        "admin-1",
        "triager-1",
        "reader-1",
        "team-maintainer-1",
        "victim-1",
    ]
    roles = {
        "write": ["writer-1"],
        "maintain": ["maintainer-1"],
        "admin": ["admin-1"],
        "triage": ["triager-1", "victim-1"],
    }
    team = {
        "members": ["victim-1"],
        "maintainers": ["team-maintainer-1"],
        "repositories": {"read": ["httpx"]},
    }
    apps = {
        "metadata-app": {"metadata": "read"},
        "read-app": dict.fromkeys(_APP_PERMISSIONS, "read") | {"metadata": "read"},
        "write-app": dict.fromkeys(_APP_PERMISSIONS, "write") | {"metadata": "read"},
    }
    document = {
        "users": [*people, "owner-1", "outsider-1", "invited-1"],
        "file-sets": {
            "package": {"README.md": "# <repository>", ".github/workflows/publish.yml": WORKFLOW}
        },
        "organizations": {
            "encode": {
                "plan": "enterprise",
                "owners": ["owner-1"],
                "members": people,
                "teams": {"operations": team},
                "secrets": {"PYPI_TOKEN": "x"},
                "repositories": {
                    "httpx": {
                        "files": "package",
                        "visibility": visibility,
                        "collaborators": roles,
                        "secrets": {"PYPI_TOKEN": "x"},
                    }
                },
            }
        },
        "apps": {
            name: {"installed-in": "encode", "permissions": permissions}
            for name, permissions in apps.items()
        },
        "tokens": {"token-without-scopes": {"user": "owner-1", "scopes": []}},
    }
    return create_app(parse(document))


def create_everything(owner: httpx.Client) -> dict[str, str]:
    """Create one of everything, and return the value of each part of a path."""
    permissions = {"enabled_repositories": "selected", "allowed_actions": "selected"}
    repository_id = expect_ok(owner.get(HTTPX))["id"]
    expect_ok(owner.put("/orgs/encode/actions/permissions", json=permissions))
    expect_ok(owner.put(f"/orgs/encode/actions/permissions/repositories/{repository_id}"))
    expect_ok(
        owner.put(
            f"{HTTPX}/actions/permissions", json={"enabled": True, "allowed_actions": "selected"}
        )
    )
    expect_ok(
        owner.put(
            f"{HTTPX}/environments/deploy",
            json={"deployment_branch_policy": CUSTOM_POLICIES, "reviewers": _reviewers(owner)},
        )
    )
    policy = expect_ok(
        owner.post(
            f"{HTTPX}/environments/deploy/deployment-branch-policies",
            json={"name": "*", "type": "tag"},
        )
    )
    expect_ok(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "x"))
    selected = {"visibility": "selected", "selected_repository_ids": [repository_id]}
    expect_ok(put_secret(owner, "/orgs/encode/actions/secrets", "PYPI_TOKEN", "x", **selected))
    for place in (f"{HTTPX}/actions", f"{HTTPX}/environments/deploy"):
        expect_ok(owner.post(f"{place}/variables", json={"name": "INDEX", "value": "x"}))
    expect_ok(
        owner.post(
            "/orgs/encode/actions/variables", json={"name": "INDEX", "value": "x", **selected}
        )
    )
    open_pull_request(owner)
    expect_ok(create_tag(owner, "1.0"))
    run = expect_ok(owner.get(f"{HTTPX}/actions/runs"))["workflow_runs"][0]["id"]
    key = {
        "title": "docs",
        "key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyz0123456789ABCDEF",
    }
    expect_ok(owner.put(f"{HTTPX}/vulnerability-alerts"))
    protection: dict[str, None] = dict.fromkeys(
        (
            "required_status_checks",
            "enforce_admins",
            "required_pull_request_reviews",
            "restrictions",
        )
    )
    expect_ok(owner.put(f"{HTTPX}/branches/main/protection", json=protection))
    ids = {
        "repository_id": repository_id,
        "branch_policy_id": policy["id"],
        "run_id": run,
        "job_id": expect_ok(owner.get(f"{HTTPX}/actions/runs/{run}/jobs"))["jobs"][0]["id"],
        "key_id": expect_ok(owner.post(f"{HTTPX}/keys", json=key))["id"],
        "account_id": expect_ok(owner.get("/user"))["id"],
        **_create_git_objects(owner),
        **_create_rulesets_and_invitations(owner),
    }
    return _DEFAULT_PARTS | {part: str(value) for part, value in ids.items()}


def _reviewers(owner: httpx.Client) -> list[dict[str, Any]]:
    return [{"type": "User", "id": expect_ok(owner.get("/user"))["id"]}]


def _create_git_objects(owner: httpx.Client) -> dict[str, str]:
    commit: str = expect_ok(owner.get(f"{HTTPX}/git/ref/heads/main"))["object"]["sha"]
    blob = expect_ok(owner.post(f"{HTTPX}/git/blobs", json={"content": "x"}))["sha"]
    body = {"tag": "2.0", "message": "x", "object": commit, "type": "commit"}
    return {
        "sha": commit,
        "blob": blob,
        "tag": expect_ok(owner.post(f"{HTTPX}/git/tags", json=body))["sha"],
    }


def _create_rulesets_and_invitations(owner: httpx.Client) -> dict[str, Any]:
    """Create a ruleset and an invitation in the repository, and in the organization."""
    ruleset = {"name": "rules", "enforcement": "disabled", "target": "branch", "rules": []}
    conditions = {
        "repository_name": {"include": ["~ALL"], "exclude": []},
        "ref_name": {"include": [], "exclude": []},
    }
    expect_ok(owner.put("/orgs/encode/memberships/invited-1", json={"role": "member"}))
    return {
        "ruleset_id": expect_ok(owner.post(f"{HTTPX}/rulesets", json=ruleset))["id"],
        "ruleset_id of org": expect_ok(
            owner.post("/orgs/encode/rulesets", json=ruleset | {"conditions": conditions})
        )["id"],
        "invitation_id": expect_ok(owner.put(f"{HTTPX}/collaborators/invited-1"))["id"],
        "invitation_id of org": expect_ok(owner.get("/orgs/encode/invitations"))[0]["id"],
    }


#: Operations whose path uses a part in another sense.
_OVERRIDES = {
    "git/get-blob": {"sha": "blob"},
    "git/get-tag": {"sha": "tag"},
    "repos/get-commit": {"ref...": "sha"},
    "repos/rename-branch": {"branch": "branch to rename"},
}


def fill_path(operation: Operation, parts: dict[str, str]) -> str:
    """Return an operation's path with its parts filled in."""
    overrides = _OVERRIDES.get(operation.id, {})
    if operation.path.startswith("/orgs/"):
        overrides = {"ruleset_id": "ruleset_id of org", "invitation_id": "invitation_id of org"}
    values = parts | {part: parts[source] for part, source in overrides.items()}
    return re.sub(r"\{([^}]+)\}", lambda part: values[part[1]], operation.path)


def create_client(github: Application, login: str) -> httpx.Client:
    """Return a client with the token of this user or App, or without a token for ANONYMOUS."""
    return connect(github, {} if login == ANONYMOUS else {"authorization": f"Bearer token-{login}"})


_DEFAULT_PARTS = {
    "owner": "encode",
    "repo": "httpx",
    "org": "encode",
    "team_slug": "operations",
    "username": "victim-1",
    "environment_name": "deploy",
    "secret_name": "PYPI_TOKEN",
    "name": "INDEX",
    "path...": "README.md",
    "ref...": "heads/main",
    "branch...": "main",
    "branch": "main",
    "branch to rename": "change",
    "basehead...": "main...change",
    "app_slug": "write-app",
    "sha...": "main",
    "pull_number": "1",
    "attempt_number": "1",
    "workflow_id": "publish.yml",
}
