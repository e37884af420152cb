"""API calls that many tests make on the organization `encode` and its repository `httpx`."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from nacl.public import PublicKey, SealedBox

HTTPX = "/repos/encode/httpx"
#: The `deployment_branch_policy` that admits only what the environment's own policies list.
CUSTOM_POLICIES = {"protected_branches": False, "custom_branch_policies": True}


def expect_ok(response: httpx.Response) -> Any:
    """Return the JSON of a successful response; fail the test for any other status."""
    assert response.is_success, f"{response.status_code} {response.text}"
    return response.json() if response.content else None


def expect_refusal(response: httpx.Response, status: int, message: str) -> Any:
    """Return the JSON of a refusal with this status and this text somewhere in its message."""
    assert response.status_code == status, response.text
    assert message in response.json()["message"], response.text
    return response.json()


def encode_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def create_team(
    client: httpx.Client, name: str, members: Sequence[str] = (), privacy: str = "closed"
) -> dict[str, Any]:
    """Create a team with exactly these members; its creator is not one unless listed."""
    team: dict[str, Any] = expect_ok(
        client.post("/orgs/encode/teams", json={"name": name, "privacy": privacy})
    )
    for member in expect_ok(client.get(f"/orgs/encode/teams/{team['slug']}/members")):
        expect_ok(client.delete(f"/orgs/encode/teams/{team['slug']}/memberships/{member['login']}"))
    for login in members:
        expect_ok(
            client.put(
                f"/orgs/encode/teams/{team['slug']}/memberships/{login}", json={"role": "member"}
            )
        )
    return team


def grant_access(
    client: httpx.Client, slug: str, permission: str, repository: str = "httpx"
) -> None:
    """Give a team a permission on a repository of `encode`."""
    expect_ok(
        client.put(
            f"/orgs/encode/teams/{slug}/repos/encode/{repository}", json={"permission": permission}
        )
    )


def put_secret(
    client: httpx.Client, path: str, name: str, value: str, **fields: Any
) -> httpx.Response:
    """Seal a value and store it as the secret `name` under `path`."""
    key = expect_ok(client.get(f"{path}/public-key"))
    sealed = SealedBox(PublicKey(base64.b64decode(key["key"]))).encrypt(value.encode())
    body = {"key_id": key["key_id"], "encrypted_value": base64.b64encode(sealed).decode(), **fields}
    return client.put(f"{path}/{name}", json=body)


def get_head(client: httpx.Client, repository: str = HTTPX, branch: str = "main") -> str:
    """Return the SHA of a branch's newest commit."""
    sha: str = expect_ok(client.get(f"{repository}/branches/{branch}"))["commit"]["sha"]
    return sha


def create_tag(client: httpx.Client, name: str, sha: str | None = None) -> httpx.Response:
    """Create a tag of httpx at a commit, or at the head of `main`."""
    return client.post(
        f"{HTTPX}/git/refs", json={"ref": f"refs/tags/{name}", "sha": sha or get_head(client)}
    )


def create_branch(client: httpx.Client, name: str) -> None:
    """Create a branch of httpx at the head of `main`."""
    expect_ok(
        client.post(
            f"{HTTPX}/git/refs", json={"ref": f"refs/heads/{name}", "sha": get_head(client)}
        )
    )


def write_file(client: httpx.Client, path: str, text: str, **fields: Any) -> httpx.Response:
    """Create a file of httpx, or replace it when `sha` is passed."""
    body = {"message": f"Write {path}", "content": encode_base64(text), **fields}
    return client.put(f"{HTTPX}/contents/{path}", json=body)


def get_file_sha(client: httpx.Client, path: str, ref: str = "main") -> str:
    """Return the blob SHA of a file of httpx."""
    sha: str = expect_ok(client.get(f"{HTTPX}/contents/{path}", params={"ref": ref}))["sha"]
    return sha


def open_pull_request(client: httpx.Client, name: str = "change") -> int:
    """Open a pull request from a new branch with one new file, and return its number."""
    create_branch(client, name)
    expect_ok(write_file(client, f"{name}.md", "A change.\n", branch=name))
    body = {"title": name, "head": name, "base": "main"}
    number: int = expect_ok(client.post(f"{HTTPX}/pulls", json=body))["number"]
    return number


def create_ruleset(
    client: httpx.Client,
    rules: Sequence[Mapping[str, Any]],
    *,
    target: str = "branch",
    include: Sequence[str] = ("~DEFAULT_BRANCH",),
    bypass: Sequence[Mapping[str, Any]] = (),
    enforcement: str = "active",
    name: str = "rules",
) -> dict[str, Any]:
    """Create a ruleset of httpx; without further arguments it applies to the default branch."""
    body = {
        "name": name,
        "target": target,
        "enforcement": enforcement,
        "conditions": {"ref_name": {"include": list(include), "exclude": []}},
        "bypass_actors": list(bypass),
        "rules": list(rules),
    }
    ruleset: dict[str, Any] = expect_ok(client.post(f"{HTTPX}/rulesets", json=body))
    return ruleset


def build_review_rule(approvals: int = 1, **parameters: Any) -> dict[str, Any]:
    """Return a `pull_request` rule that requires this many approvals."""
    defaults = {
        "required_approving_review_count": approvals,
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
    }
    return {"type": "pull_request", "parameters": defaults | parameters}


def put_environment(client: httpx.Client, name: str = "deploy", **fields: Any) -> dict[str, Any]:
    """Create or update an environment of httpx."""
    environment: dict[str, Any] = expect_ok(client.put(f"{HTTPX}/environments/{name}", json=fields))
    return environment


def build_publish_workflow(environment: str | None) -> str:
    """Return a workflow that every pushed tag starts and whose job reads the PyPI token."""
    lines = ["on: {push: {tags: ['*']}}", "jobs:", "  publish:", "    runs-on: ubuntu-latest"]
    lines += [f"    environment: {environment}"] if environment else []
    lines += [
        "    steps: [{run: scripts/publish, env: {TWINE_PASSWORD: '${{ secrets.PYPI_TOKEN }}'}}]",
        "",
    ]
    return "\n".join(lines)


def write_publish_workflow(client: httpx.Client, environment: str | None) -> None:
    """Replace httpx's publish workflow with one whose job uses this environment, or none."""
    path = ".github/workflows/publish.yml"
    text = build_publish_workflow(environment)
    expect_ok(write_file(client, path, text, sha=get_file_sha(client, path)))
