"""Layouts of the publish workflow in the real engine: together, changed, moved and refused."""

import json
from typing import Any

import pytest
import yaml

from simulated_github import LoggedRequest, World
from tests.integration.on_github import send_request
from tests.integration.rehearsed_stack import OWNER, RehearsedStack, token_of, writes
from tests.integration.test_order import ExposureWatch

PUBLISH = ".github/workflows/publish.yml"
RELEASE = ".github/workflows/release.yml"
TRUSTED = {"publish": "trusted-publishing"}


def configure(stack: RehearsedStack, **entries: dict[str, Any] | None) -> None:
    """Set whole entries; a repository whose layout has no token loses the value of its secret."""
    stack.repositories.update(entries)
    for name, entry in entries.items():
        if (entry or {}).get("publish") == "trusted-publishing":
            stack.configuration["secrets"].pop(name, None)
    stack.configure()


def workflow_of(stack: RehearsedStack, name: str, path: str = PUBLISH) -> dict[str, Any]:
    text = stack.repository(name)["files"][path]
    workflow: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    return workflow


def workflows_in(stack: RehearsedStack, name: str) -> set[str]:
    """Return the publish workflows of a repository, at the old path and at the new one."""
    return {PUBLISH, RELEASE}.intersection(stack.repository(name)["files"])


def secrets_of(stack: RehearsedStack, name: str) -> dict[str, str]:
    secrets: dict[str, str] = stack.repository(name)["environments"]["deploy"]["secrets"]
    return secrets


def short_writes(requests: list[LoggedRequest]) -> list[str]:
    """Return the method and the last part of the path of every write."""
    return [" ".join([line.split()[0], line.rsplit("/", 1)[-1]]) for line in writes(requests)]


def test_a_repository_of_each_layout_in_one_stack(declared: RehearsedStack) -> None:
    configure(declared, httpx=None, databases={"publish": "scripts-single"}, starlette=TRUSTED)

    declared.up()

    assert list(workflow_of(declared, "httpx")["jobs"]) == ["build", "publish"]
    assert list(workflow_of(declared, "databases")["jobs"]) == ["publish"]
    assert (
        workflow_of(declared, "starlette")["jobs"]["publish"]["permissions"]["id-token"] == "write"
    )
    assert secrets_of(declared, "databases") == {"PYPI_TOKEN": token_of("databases")}
    assert secrets_of(declared, "starlette") == {}
    for name in ("httpx", "databases", "starlette"):
        assert workflow_of(declared, name)["jobs"]["publish"]["environment"]["name"] == "deploy"
    assert declared.plan() == {}
    with declared.requests() as requests:
        declared.up()
    assert writes(requests) == []


def test_what_to_enter_on_pypi_is_an_output(applied: RehearsedStack) -> None:
    configure(applied, httpx={**TRUSTED, "workflow": RELEASE})

    preview = applied.sandbox.pulumi("preview").output
    applied.up()

    form = (
        "Owner: encode · Repository name: httpx · Workflow name: release.yml · "
        "Environment name: deploy"
    )
    assert form in preview
    outputs = json.loads(applied.sandbox.pulumi("stack", "output", "--json").output)
    assert outputs["trustedPublishers"] == {"httpx": form}
    assert outputs["repositories"]["httpx"].startswith("trusted-publishing · ")
    assert outputs["repositories"]["databases"].startswith("scripts · ")


def test_a_token_is_deleted_after_its_last_workflow(
    applied: RehearsedStack,
) -> None:
    configure(applied, httpx=TRUSTED)

    assert applied.plan() == {"httpx/publish.yml": "update", "httpx/deploy/PYPI_TOKEN": "delete"}
    with applied.requests() as requests:
        applied.up()

    assert short_writes(requests) == ["PUT publish.yml", "DELETE PYPI_TOKEN"]
    assert secrets_of(applied, "httpx") == {}
    assert "secrets.PYPI_TOKEN" not in applied.repository("httpx")["files"][PUBLISH]
    assert applied.plan() == {}


def test_a_token_is_created_before_the_workflow_reads_it(
    applied: RehearsedStack,
) -> None:
    configure(applied, httpx=TRUSTED)
    applied.up()
    applied.repositories["httpx"] = {"publish": "scripts-single"}
    applied.configure()
    applied.set_tokens()

    with applied.requests() as requests:
        applied.up()

    assert short_writes(requests) == ["PUT PYPI_TOKEN", "PUT publish.yml"]
    assert secrets_of(applied, "httpx") == {"PYPI_TOKEN": token_of("httpx")}
    assert applied.plan() == {}


def test_the_gate_holds_while_layouts_change(
    applied: RehearsedStack,
) -> None:
    watch = ExposureWatch("httpx", "databases")
    applied.github.watch(watch)

    configure(applied, httpx=TRUSTED, databases={"publish": "scripts-single"})
    applied.up()

    assert watch.writes >= 3
    assert watch.problems == []


class Workflows:
    """The publish workflows of a repository after each write, and whether it has its gate."""

    def __init__(self, stack: RehearsedStack) -> None:
        self.stack = stack
        self.workflows: list[set[str]] = []
        self.gates: list[bool] = []

    def __call__(self, _: World, method: str, path: str, __: int) -> None:
        if (method, path) == ("POST", "/api/graphql"):
            return
        self.workflows.append(workflows_in(self.stack, "httpx"))
        deploy = self.stack.repository("httpx")["environments"].get("deploy", {})
        self.gates.append(bool(deploy.get("reviewers") and deploy.get("policies")))


def test_a_moved_workflow_never_exists_twice(applied: RehearsedStack) -> None:
    configure(applied, httpx={"workflow": RELEASE})
    assert applied.plan() == {"httpx/publish.yml": "replace"}
    watch = Workflows(applied)
    applied.github.watch(watch)

    applied.up()

    assert watch.workflows == [set(), {RELEASE}]
    assert all(watch.gates)
    assert (
        workflow_of(applied, "httpx", RELEASE)["jobs"]["publish"]["environment"]["name"] == "deploy"
    )
    assert applied.plan() == {}


def test_the_next_up_completes_a_refused_move(
    applied: RehearsedStack,
) -> None:
    configure(applied, httpx={"workflow": RELEASE})
    applied.github.fault(method="PUT", path=f".*/contents/{RELEASE}", nth=1, status=422)

    refused = applied.up(check=False)

    assert refused.code != 0
    assert workflows_in(applied, "httpx") == set()
    assert secrets_of(applied, "httpx") == {"PYPI_TOKEN": token_of("httpx")}
    applied.up()
    assert workflows_in(applied, "httpx") == {RELEASE}
    assert applied.plan() == {}


def test_every_bad_input_at_once_is_refused_without_a_request(declared: RehearsedStack) -> None:
    declared.configuration["defaults"] = {
        "publish": "script",
        "deploys-docs": True,
        "runner": "self-hosted",
    }
    declared.repositories.update(
        {
            "httpx": {
                "publish": "scripts",
                "deploys-docs": True,
                "publish-instal": "x",
                "workflow": ".github/publish.yml",
                "python-version": 3.1,
                "timeout-minutes": 361,
                "environment-variables": {"PATH": "/bin", "A": "${{ secrets.PYPI_TOKEN }}"},
                "permissions": {"id-token": "read", "content": "write"},
                "publish-install": "two\nlines",
                "release-tags": "v+",
            },
            "databases": {**TRUSTED, "permissions": {"contents": "write"}},
        }
    )
    declared.configure()

    with declared.requests() as requests:
        finished = declared.preview(check=False)

    assert finished.code != 0
    assert "Traceback" not in finished.output
    assert requests == []
    for place in (
        "defaults.publish is 'script'",
        "defaults.runner is 'self-hosted'",
        "repositories.httpx.environment-variables.A",
        "repositories.httpx.environment-variables.PATH",
        "repositories.httpx.permissions.content is 'content'",
        "repositories.httpx.publish-instal is an unknown key",
        "repositories.httpx.publish-install is 'two",
        "repositories.httpx.python-version is 3.1",
        "repositories.httpx.release-tags is 'v+'",
        "repositories.httpx.timeout-minutes is 361",
        "repositories.httpx.workflow is '.github/publish.yml'",
    ):
        assert place in finished.output, place
    assert finished.output.count("allowed:") >= 11
    assert finished.output.count("remedy:") == finished.output.count("allowed:")
    assert "write scripts, or one of the other values" in finished.output
    assert "write publish-install, or remove the key" in finished.output


def test_every_option_of_another_layout_is_refused(declared: RehearsedStack) -> None:
    declared.repositories.update(
        {
            "httpx": {
                "publish": "scripts",
                "deploys-docs": True,
                "permissions": {"id-token": "read"},
            },
            "databases": {**TRUSTED, "permissions": {"contents": "write"}},
        }
    )
    declared.configure()

    with declared.requests() as requests:
        finished = declared.preview(check=False)

    assert finished.code != 0
    assert requests == []
    for place in (
        "repositories.databases.permissions is a mapping of contents",
        "repositories.httpx.deploys-docs is true",
        "repositories.httpx.permissions.id-token is 'read'",
        "secrets.databases.PYPI_TOKEN",
    ):
        assert place in finished.output, place


def test_missing_scripts_block_the_first_up(declared: RehearsedStack) -> None:
    remove(declared, "httpx", "scripts/build")
    configure(declared, httpx=None, databases=TRUSTED, sansio={**TRUSTED, "create": True})

    with declared.requests() as requests:
        refused = declared.up(check=False)

    assert "httpx lacks scripts/build" in refused.output
    assert "databases lacks" not in refused.output
    assert "sansio lacks" not in refused.output
    assert writes(requests) == []


def test_missing_scripts_are_a_warning_later(
    applied: RehearsedStack,
) -> None:
    remove(applied, "httpx", "scripts/build")

    finished = applied.up()

    assert (
        "httpx lacks scripts/build. The publish workflow runs it, so a release would fail."
        in finished.output
    )


def remove(stack: RehearsedStack, name: str, path: str) -> None:
    """Delete a file as a user with a browser would."""
    contents = send_request(stack, "GET", f"/repos/{OWNER}/{name}/contents/{path}")
    send_request(
        stack,
        "DELETE",
        f"/repos/{OWNER}/{name}/contents/{path}",
        {"message": f"Delete {path}", "sha": contents["sha"]},
    )


@pytest.mark.parametrize("layout", ["scripts", "scripts-single"])
def test_a_script_without_execute_permission_is_a_warning(
    declared: RehearsedStack, layout: str
) -> None:
    remove(declared, "httpx", "scripts/publish")
    text = "ZWNobyBwdWJsaXNoCg=="  # without a first line that names an interpreter
    send_request(
        declared,
        "PUT",
        f"/repos/{OWNER}/httpx/contents/scripts/publish",
        {"message": "Publish", "content": text},
    )
    configure(declared, httpx={"publish": layout})

    finished = declared.up()

    assert "httpx has scripts/publish without execute permission" in finished.output
    assert "git update-index --chmod=+x scripts/publish" in finished.output
