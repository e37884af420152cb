"""GitHub's own client, ``gh``, on the simulator.

``gh`` speaks https to every host but ``github.localhost``, whose API it expects on port 80 of ``api.github.localhost``. With
the simulator as HTTP proxy, requests for that name reach it as they are, and so do the addresses in its answers.
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
def fresh(served: SimulatedGitHub) -> None:
    served.reset()


class Gh:
    """``gh`` with one person's token, and no configuration of its own."""

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
        """What it prints; an AssertionError with its complaint when it fails."""
        code, output, complaint = self.run(*arguments)
        assert code == 0, complaint
        return output

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Status, output and complaint."""
        done = subprocess.run(
            ["gh", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def gh(served: SimulatedGitHub, tmp_path: Path) -> Gh:
    return Gh(served, tmp_path, "owner-1")


def httpx_state(github: SimulatedGitHub) -> dict[str, Any]:
    found: dict[str, Any] = snapshot(github.world)["repositories"]["encode/httpx"]
    return found


def test_addresses_in_answers_lead_back(gh: Gh) -> None:
    url = gh("api", "repos/encode/httpx", "--jq", ".url").strip()

    assert json.loads(gh("api", url))["full_name"] == "encode/httpx"


def test_it_follows_pages(gh: Gh) -> None:
    logins = gh("api", "--paginate", "orgs/encode/members?per_page=5", "--jq", ".[].login").split()

    assert len(logins) == len(set(logins)) == 14


def test_it_seals_secrets_that_open_here(served: SimulatedGitHub, gh: Gh) -> None:
    gh("api", "-X", "PUT", "repos/encode/httpx/environments/deploy")
    gh("secret", "set", "PYPI_TOKEN", "--env", "deploy", "--body", "a-new-token", *HTTPX)
    gh("secret", "delete", "PYPI_TOKEN", *HTTPX)
    gh("secret", "set", "SHARED", "--org", "encode", "--visibility", "all", "--body", "x")

    state = httpx_state(served)
    assert (state["secrets"], state["environments"]["deploy"]["secrets"]) == (
        {},
        {"PYPI_TOKEN": "a-new-token"},
    )
    assert snapshot(served.world)["organizations"]["encode"]["secrets"] == {"SHARED": "x"}
    assert gh("secret", "list", "--env", "deploy", *HTTPX).split()[0] == "PYPI_TOKEN"


def test_it_sets_reads_and_deletes_variables(gh: Gh) -> None:
    for value in ("PyPI", "TestPyPI"):
        gh("variable", "set", "INDEX", "--body", value, *HTTPX)

    assert gh("variable", "get", "INDEX", *HTTPX).strip() == "TestPyPI"
    gh("variable", "delete", "INDEX", *HTTPX)
    assert gh("variable", "list", *HTTPX) == ""


def test_it_adds_and_lists_deploy_keys(gh: Gh, tmp_path: Path) -> None:
    file = tmp_path / "key.pub"
    file.write_text("ssh-ed25519 " + "A" * 68 + "\n")
    gh("repo", "deploy-key", "add", str(file), "--title", "docs", *HTTPX)

    assert "docs\tread-only\tssh-ed25519" in gh("repo", "deploy-key", "list", *HTTPX)


def test_it_checks_the_rules_of_a_branch(gh: Gh, tmp_path: Path) -> None:
    file = tmp_path / "ruleset.json"
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    rules = [{"type": "deletion"}]
    file.write_text(
        json.dumps(
            {"name": "Stays", "enforcement": "active", "conditions": conditions, "rules": rules}
        )
    )
    number = gh("api", "repos/encode/httpx/rulesets", "--input", str(file), "--jq", ".id").strip()

    assert "- deletion" in gh("ruleset", "check", "main", *HTTPX)
    assert "Stays" in gh("ruleset", "view", number, *HTTPX)


def test_it_renames_a_repository_and_finds_it_by_its_former_name(gh: Gh) -> None:
    gh("repo", "rename", "client", "--yes", *HTTPX)

    assert gh("api", "repos/encode/httpx", "--jq", ".full_name").strip() == "encode/client"


def test_it_tells_a_refusal_in_githubs_words(served: SimulatedGitHub, tmp_path: Path) -> None:
    writer = Gh(served, tmp_path, "maintainer-1")

    code, _, complaint = writer.run("api", "-X", "DELETE", "repos/encode/httpx")

    assert (code, "Must have admin rights to Repository. (HTTP 403)" in complaint) == (1, True)


def test_it_queries_graphql(gh: Gh) -> None:
    assert json.loads(gh("api", "graphql", "-f", "query={viewer{login}}"))["data"] == {
        "viewer": {"login": "owner-1"}
    }
    assert json.loads(gh("repo", "view", "encode/httpx", "--json", "nameWithOwner")) == {
        "nameWithOwner": "encode/httpx"
    }


WORKFLOW = "name: Publish\non: {workflow_dispatch: {inputs: {index: {}}}}\njobs: {publish: {environment: deploy}}\n"


def use_workflow(served: SimulatedGitHub, gh: Gh, tmp_path: Path) -> None:
    """A workflow that waits for operator-1, and may be started by hand."""
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


def test_it_starts_lists_cancels_and_reruns_workflows(
    served: SimulatedGitHub, gh: Gh, tmp_path: Path
) -> None:
    use_workflow(served, gh, tmp_path)
    gh("workflow", "run", "publish.yml", "--ref", "main", "-f", "index=TestPyPI", *HTTPX)
    listed = json.loads(gh("run", "list", "--json", "databaseId,status,event,workflowName", *HTTPX))
    number = str(listed[0].pop("databaseId"))
    assert listed == [
        {"status": "waiting", "event": "workflow_dispatch", "workflowName": "Publish"}
    ]

    gh("run", "cancel", number, *HTTPX)
    gh("run", "rerun", number, *HTTPX)

    shown = json.loads(gh("run", "view", number, "--json", "attempt,status,jobs", *HTTPX))
    assert (shown["attempt"], shown["status"], [job["name"] for job in shown["jobs"]]) == (
        2,
        "waiting",
        ["publish"],
    )


def test_it_switches_workflows_off_and_on(gh: Gh) -> None:
    gh("workflow", "disable", "publish.yml", *HTTPX)
    assert gh("workflow", "list", *HTTPX) == ""
    assert "disabled_manually" in gh("workflow", "list", "--all", *HTTPX)

    gh("workflow", "enable", "publish.yml", *HTTPX)
    assert "active" in gh("workflow", "list", *HTTPX)
