"""Tests of the simulator with GitHub's own client, `gh`.

`gh` uses https for every host but `github.localhost`, whose API it expects on port 80 of
`api.github.localhost`. With the simulator as its HTTP proxy, requests to that name reach it
unchanged, and so do the URLs in its responses.
"""

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulated_github import SimulatedGitHub
from simulated_github.control.snapshot import snapshot

HOST = "github.localhost"
HTTPX = ("-R", f"{HOST}/encode/httpx")


@pytest.fixture(scope="module")
def served() -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub("encode") as github:
        yield github


@pytest.fixture(autouse=True)
def reset(served: SimulatedGitHub) -> None:
    served.reset()


class Gh:
    """`gh` with the token of one user, and an empty configuration."""

    def __init__(self, github: SimulatedGitHub, home: Path, login: str) -> None:
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GH_CONFIG_DIR": str(home),
            "GH_HOST": HOST,
            "GH_TOKEN": f"token-{login}",
            "HTTP_PROXY": github.url,
            "GH_NO_UPDATE_NOTIFIER": "1",
            "GH_PROMPT_DISABLED": "1",
        }

    def __call__(self, *arguments: str) -> str:
        """Return the output; raise AssertionError with the error output when `gh` fails."""
        code, output, error = self.run(*arguments)
        assert code == 0, error
        return output

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Return the exit code, the output and the error output."""
        process = subprocess.run(
            ["gh", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return process.returncode, process.stdout, process.stderr


@pytest.fixture
def gh(served: SimulatedGitHub, tmp_path: Path) -> Gh:
    return Gh(served, tmp_path, "owner-1")


def get_httpx_state(github: SimulatedGitHub) -> dict[str, Any]:
    state: dict[str, Any] = snapshot(github.world)["repositories"]["encode/httpx"]
    return state


def test_follow_a_url_of_a_response(gh: Gh) -> None:
    url = gh("api", "repos/encode/httpx", "--jq", ".url").strip()

    assert json.loads(gh("api", url))["full_name"] == "encode/httpx"


def test_follow_pages(gh: Gh) -> None:
    logins = gh("api", "--paginate", "orgs/encode/members?per_page=5", "--jq", ".[].login").split()

    assert len(logins) == 14
    assert len(set(logins)) == 14


def test_set_secrets(served: SimulatedGitHub, gh: Gh) -> None:
    gh("api", "-X", "PUT", "repos/encode/httpx/environments/deploy")
    gh("secret", "set", "PYPI_TOKEN", "--env", "deploy", "--body", "a-new-token", *HTTPX)
    gh("secret", "delete", "PYPI_TOKEN", *HTTPX)
    gh("secret", "set", "SHARED", "--org", "encode", "--visibility", "all", "--body", "x")

    state = get_httpx_state(served)
    assert state["secrets"] == {}
    assert state["environments"]["deploy"]["secrets"] == {"PYPI_TOKEN": "a-new-token"}
    assert snapshot(served.world)["organizations"]["encode"]["secrets"] == {"SHARED": "x"}
    assert gh("secret", "list", "--env", "deploy", *HTTPX).split()[0] == "PYPI_TOKEN"


def test_set_read_and_delete_variables(gh: Gh) -> None:
    for value in ("PyPI", "TestPyPI"):
        gh("variable", "set", "INDEX", "--body", value, *HTTPX)

    assert gh("variable", "get", "INDEX", *HTTPX).strip() == "TestPyPI"
    gh("variable", "delete", "INDEX", *HTTPX)
    assert gh("variable", "list", *HTTPX) == ""


def test_add_and_list_deploy_keys(gh: Gh, tmp_path: Path) -> None:
    file = tmp_path / "key.pub"
    file.write_text("ssh-ed25519 " + "A" * 68 + "\n")
    gh("repo", "deploy-key", "add", str(file), "--title", "docs", *HTTPX)

    assert "docs\tread-only\tssh-ed25519" in gh("repo", "deploy-key", "list", *HTTPX)


def test_check_the_rules_of_a_branch(gh: Gh, tmp_path: Path) -> None:
    file = tmp_path / "ruleset.json"
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    rules = [{"type": "deletion"}]
    file.write_text(
        json.dumps(
            {"name": "Stays", "enforcement": "active", "conditions": conditions, "rules": rules}
        )
    )
    ruleset_id = gh(
        "api", "repos/encode/httpx/rulesets", "--input", str(file), "--jq", ".id"
    ).strip()

    assert "- deletion" in gh("ruleset", "check", "main", *HTTPX)
    assert "Stays" in gh("ruleset", "view", ruleset_id, *HTTPX)


def test_rename_a_repository_and_follow_its_former_name(gh: Gh) -> None:
    gh("repo", "rename", "client", "--yes", *HTTPX)

    assert gh("api", "repos/encode/httpx", "--jq", ".full_name").strip() == "encode/client"


def test_a_refusal_shows_githubs_message(served: SimulatedGitHub, tmp_path: Path) -> None:
    writer = Gh(served, tmp_path, "maintainer-1")

    code, _, error = writer.run("api", "-X", "DELETE", "repos/encode/httpx")

    assert code == 1
    assert ("Must have admin rights to Repository. (HTTP 403)" in error) is True


def test_query_graphql(gh: Gh) -> None:
    assert json.loads(gh("api", "graphql", "-f", "query={viewer{login}}"))["data"] == {
        "viewer": {"login": "owner-1"}
    }
    assert json.loads(gh("repo", "view", "encode/httpx", "--json", "nameWithOwner")) == {
        "nameWithOwner": "encode/httpx"
    }


WORKFLOW = """\
name: Publish
on: {workflow_dispatch: {inputs: {index: {}}}}
jobs: {publish: {environment: deploy}}
"""


def write_publish_workflow(served: SimulatedGitHub, gh: Gh, tmp_path: Path) -> None:
    """Write a workflow that waits for operator-1 and can be dispatched."""
    path = "repos/encode/httpx/contents/.github/workflows/publish.yml"
    sha = gh("api", path, "--jq", ".sha").strip()
    body = {
        "message": "Publish",
        "content": base64.b64encode(WORKFLOW.encode()).decode(),
        "sha": sha,
    }
    reviewer = next(user.id for user in served.world.users.values() if user.login == "operator-1")
    rules = {"reviewers": [{"type": "User", "id": reviewer}]}
    for method_path, document in ((path, body), ("repos/encode/httpx/environments/deploy", rules)):
        file = tmp_path / "body.json"
        file.write_text(json.dumps(document))
        gh("api", "-X", "PUT", method_path, "--input", str(file))


def test_start_list_cancel_and_rerun_workflows(
    served: SimulatedGitHub, gh: Gh, tmp_path: Path
) -> None:
    write_publish_workflow(served, gh, tmp_path)
    gh("workflow", "run", "publish.yml", "--ref", "main", "-f", "index=TestPyPI", *HTTPX)
    runs = json.loads(gh("run", "list", "--json", "databaseId,status,event,workflowName", *HTTPX))
    run_id = str(runs[0].pop("databaseId"))
    assert runs == [{"status": "waiting", "event": "workflow_dispatch", "workflowName": "Publish"}]

    gh("run", "cancel", run_id, *HTTPX)
    gh("run", "rerun", run_id, *HTTPX)

    run = json.loads(gh("run", "view", run_id, "--json", "attempt,status,jobs", *HTTPX))
    assert run["attempt"] == 2
    assert run["status"] == "waiting"
    assert [job["name"] for job in run["jobs"]] == ["publish"]


def test_disable_and_enable_workflows(gh: Gh) -> None:
    gh("workflow", "disable", "publish.yml", *HTTPX)
    assert gh("workflow", "list", *HTTPX) == ""
    assert "disabled_manually" in gh("workflow", "list", "--all", *HTTPX)

    gh("workflow", "enable", "publish.yml", *HTTPX)
    assert "active" in gh("workflow", "list", *HTTPX)
