"""What several tests do on the simulated GitHub, said in one line each."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from nacl.public import PublicKey, SealedBox

HTTPX = "/repos/encode/httpx"
GATE = {"protected_branches": False, "custom_branch_policies": True}


def done(response: httpx.Response) -> Any:
    """The answer of a request that must go through."""
    assert response.is_success, f"{response.status_code} {response.text}"
    return response.json() if response.content else None


def refused(response: httpx.Response, status: int, message: str) -> Any:
    """The answer of a request that must be refused, by its status and a part of its message."""
    assert (status, True) == (response.status_code, message in response.json()["message"]), (
        response.text
    )
    return response.json()


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def make_team(
    client: httpx.Client, name: str, members: Sequence[str] = (), privacy: str = "closed"
) -> dict[str, Any]:
    """A team with these members and nobody else."""
    team: dict[str, Any] = done(
        client.post("/orgs/encode/teams", json={"name": name, "privacy": privacy})
    )
    for member in done(client.get(f"/orgs/encode/teams/{team['slug']}/members")):
        done(client.delete(f"/orgs/encode/teams/{team['slug']}/memberships/{member['login']}"))
    for login in members:
        done(
            client.put(
                f"/orgs/encode/teams/{team['slug']}/memberships/{login}", json={"role": "member"}
            )
        )
    return team


def grant(client: httpx.Client, slug: str, permission: str, repository: str = "httpx") -> None:
    done(
        client.put(
            f"/orgs/encode/teams/{slug}/repos/encode/{repository}", json={"permission": permission}
        )
    )


def put_secret(
    client: httpx.Client, path: str, name: str, value: str, **more: Any
) -> httpx.Response:
    """Seal a value and store it under ``path``."""
    key = done(client.get(f"{path}/public-key"))
    sealed = SealedBox(PublicKey(base64.b64decode(key["key"]))).encrypt(value.encode())
    body = {"key_id": key["key_id"], "encrypted_value": base64.b64encode(sealed).decode(), **more}
    return client.put(f"{path}/{name}", json=body)


def head(client: httpx.Client, repository: str = HTTPX, branch: str = "main") -> str:
    sha: str = done(client.get(f"{repository}/branches/{branch}"))["commit"]["sha"]
    return sha


def tag(client: httpx.Client, name: str, sha: str | None = None) -> httpx.Response:
    return client.post(
        f"{HTTPX}/git/refs", json={"ref": f"refs/tags/{name}", "sha": sha or head(client)}
    )


def branch(client: httpx.Client, name: str) -> None:
    done(client.post(f"{HTTPX}/git/refs", json={"ref": f"refs/heads/{name}", "sha": head(client)}))


def write(client: httpx.Client, path: str, text: str, **more: Any) -> httpx.Response:
    """Create a file, or replace it when ``sha`` is given."""
    body = {"message": f"Write {path}", "content": encoded(text), **more}
    return client.put(f"{HTTPX}/contents/{path}", json=body)


def sha_of(client: httpx.Client, path: str, ref: str = "main") -> str:
    sha: str = done(client.get(f"{HTTPX}/contents/{path}", params={"ref": ref}))["sha"]
    return sha


def pull_request(client: httpx.Client, name: str = "change") -> int:
    """A pull request of a new branch with one new file."""
    branch(client, name)
    done(write(client, f"{name}.md", "A change.\n", branch=name))
    body = {"title": name, "head": name, "base": "main"}
    number: int = done(client.post(f"{HTTPX}/pulls", json=body))["number"]
    return number


def ruleset(
    client: httpx.Client,
    rules: Sequence[Mapping[str, Any]],
    *,
    target: str = "branch",
    include: Sequence[str] = ("~DEFAULT_BRANCH",),
    bypass: Sequence[Mapping[str, Any]] = (),
    enforcement: str = "active",
    name: str = "rules",
) -> dict[str, Any]:
    """A ruleset of httpx."""
    body = {
        "name": name,
        "target": target,
        "enforcement": enforcement,
        "conditions": {"ref_name": {"include": list(include), "exclude": []}},
        "bypass_actors": list(bypass),
        "rules": list(rules),
    }
    made: dict[str, Any] = done(client.post(f"{HTTPX}/rulesets", json=body))
    return made


def review_rule(approvals: int = 1, **more: Any) -> dict[str, Any]:
    """A ``pull_request`` rule."""
    parameters = {
        "required_approving_review_count": approvals,
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
    }
    return {"type": "pull_request", "parameters": parameters | more}


def environment(client: httpx.Client, name: str = "deploy", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = done(client.put(f"{HTTPX}/environments/{name}", json=more))
    return made


def deploy_workflow(environment: str | None) -> str:
    """A workflow that is started by every pushed tag and names the token."""
    lines = ["on: {push: {tags: ['*']}}", "jobs:", "  publish:", "    runs-on: ubuntu-latest"]
    lines += [f"    environment: {environment}"] if environment else []
    lines += [
        "    steps: [{run: scripts/publish, env: {TWINE_PASSWORD: '${{ secrets.PYPI_TOKEN }}'}}]",
        "",
    ]
    return "\n".join(lines)


def use_workflow(client: httpx.Client, environment: str | None) -> None:
    """Replace httpx's publish workflow."""
    path = ".github/workflows/publish.yml"
    done(write(client, path, deploy_workflow(environment), sha=sha_of(client, path)))
