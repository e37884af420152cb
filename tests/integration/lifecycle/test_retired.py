"""A retired entry keeps a closed environment, so that no tag on an old commit can publish."""

import json
from typing import Any

import pytest

from commands.permission_checks import RepositoryClient
from tests.integration.on_github import remove_entry, retire_entry
from tests.integration.rehearsed_stack import OWNER, RehearsedStack
from tests.integration.test_threats import conclusions

PUBLISHER = {
    "owner": OWNER,
    "repositoryName": "httpx",
    "workflowName": "publish.yml",
    "environmentName": "deploy",
}


@pytest.fixture
def publisher(declared: RehearsedStack) -> RehearsedStack:
    """Return a stack in which httpx publishes as a trusted publisher."""
    declared.repositories["httpx"] = {"publish": "trusted-publishing"}
    del declared.configuration["secrets"]["httpx"]
    declared.configure()
    declared.up()
    return declared


def component_outputs(stack: RehearsedStack, key: str) -> dict[str, Any]:
    """Return the outputs of the component of a repository."""
    deployment = json.loads(stack.sandbox.pulumi("stack", "export").output)["deployment"]
    return next(
        resource["outputs"]
        for resource in deployment["resources"]
        if resource["urn"].endswith(f"releases:index:ReleaseRepository::{key}")
    )


def head(stack: RehearsedStack) -> str:
    """Return the commit of the default branch, whose workflow publishes."""
    return str(stack.repository("httpx")["refs"]["refs/heads/main"])


def push_old_tags(stack: RehearsedStack, sha: str) -> list[str]:
    """Tag a commit as people with write and maintain; return the conclusions of all jobs."""
    with RepositoryClient(stack.github.url, OWNER, "httpx") as client:
        for number, person in enumerate(("maintainer-3", "operator-1"), start=1):
            body = {"ref": f"refs/tags/9.{number}", "sha": sha}
            client.request(person, "POST", "/git/refs", body)
        return conclusions(client, sha)


def test_a_tag_on_an_old_commit_cannot_publish(publisher: RehearsedStack) -> None:
    commit = head(publisher)
    publisher.repositories["httpx"] = {"retired": True}
    publisher.configure()
    publisher.up()

    jobs = push_old_tags(publisher, commit)

    assert jobs.count("failure") == 2
    assert set(jobs) <= {"failure", "success"}
    httpx = publisher.repository("httpx")
    assert httpx["environments"]["deploy"]["reviewers"] == ["team operations"]
    assert httpx["environments"]["deploy"]["policies"] == []
    assert httpx["rulesets"] == {}
    assert ".github/workflows/publish.yml" not in httpx["files"]


def test_the_environment_of_a_removed_entry_is_closed_as_well(applied: RehearsedStack) -> None:
    commit = head(applied)
    remove_entry(applied, "httpx")
    applied.up()

    assert push_old_tags(applied, commit).count("failure") == 2


def test_a_declared_gate_lets_a_tag_wait(publisher: RehearsedStack) -> None:
    """The same tag on the same commit waits for approval while the entry publishes."""
    with RepositoryClient(publisher.github.url, OWNER, "httpx") as client:
        body = {"ref": "refs/tags/9.1", "sha": head(publisher)}
        client.request("operator-1", "POST", "/git/refs", body)
        [run] = [run for run in client.state()["runs"] if run["head_sha"] == body["sha"]]

    assert run["status"] == "waiting"


def test_trusted_publishers_are_recorded_for_good(publisher: RehearsedStack) -> None:
    assert component_outputs(publisher, "httpx")["trustedPublishers"] == [PUBLISHER]

    publisher.repositories["httpx"] = {"workflow": ".github/workflows/release.yml"}
    publisher.configure()
    publisher.set_tokens()
    publisher.up()
    assert component_outputs(publisher, "httpx")["trustedPublishers"] == [PUBLISHER]

    publisher.repositories["httpx"] |= {"publish": "trusted-publishing"}
    del publisher.configuration["secrets"]["httpx"]
    publisher.configure()
    publisher.up()
    second = {**PUBLISHER, "workflowName": "release.yml"}
    assert component_outputs(publisher, "httpx")["trustedPublishers"] == [PUBLISHER, second]

    publisher.repositories["httpx"] = {"retired": True}
    publisher.configure()
    publisher.refresh()
    publisher.up()
    outputs = component_outputs(publisher, "httpx")
    assert outputs["trustedPublishers"] == [PUBLISHER, second]
    assert outputs["retired"] is True
    assert outputs["repositoryId"] == publisher.repository("httpx")["id"]


def test_a_retired_entry_can_be_declared_first(declared: RehearsedStack) -> None:
    retire_entry(declared, "httpx")

    declared.up()

    environment = declared.repository("httpx")["environments"]["deploy"]
    assert environment["branch_policy"] == "custom"
    assert environment["policies"] == []
    assert environment["reviewers"] == ["team operations"]
    assert declared.plan() == {}
