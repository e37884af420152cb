"""A workflow file of another origin is replaced on request, and can be restored."""

import base64
import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.integration.on_github import remove_entry, send_request
from tests.integration.rehearsed_stack import OWNER, RehearsedStack

WORKFLOW = ".github/workflows/publish.yml"
FOREIGN = "name: Publish\non: {push: {tags: ['v*']}}\njobs: {}\n"


def write_workflow(stack: RehearsedStack) -> None:
    """Commit a workflow of another origin to httpx."""
    body = {"message": "Publish", "content": base64.b64encode(FOREIGN.encode()).decode()}
    send_request(stack, "PUT", f"/repos/{OWNER}/httpx/contents/{WORKFLOW}", body)


def replace_workflow(stack: RehearsedStack) -> str:
    """Apply an entry that replaces the workflow; return the commit before."""
    commit = str(stack.repository("httpx")["refs"]["refs/heads/main"])
    stack.repositories["httpx"] = {"replace-workflow": True}
    stack.configure()
    stack.up()
    return commit


def replaced(stack: RehearsedStack) -> Mapping[str, str] | None:
    """Return what the state records of the replaced workflow of httpx."""
    deployment = json.loads(stack.sandbox.pulumi("stack", "export").output)["deployment"]
    [outputs] = [
        resource["outputs"]
        for resource in deployment["resources"]
        if resource["urn"].endswith("releases:index:ReleaseRepository::httpx")
    ]
    value: Mapping[str, str] | None = outputs.get("replacedWorkflow")
    return value


def restore_command(output: str) -> str:
    """Return the command in the warning about a replaced workflow."""
    [command] = re.findall(r"run in a clone of encode/httpx: (git .+)", output)
    return str(command)


def run_in_clone(stack: RehearsedStack, directory: Path, command: str) -> None:
    """Run shell commands in a new clone of httpx as a person with write access."""
    address = stack.github.url.replace("://", "://maintainer-3:token-maintainer-3@")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "GIT_TERMINAL_PROMPT": "0",
        **{f"GIT_{role}_NAME": "Ada" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": "ada@users.example" for role in ("AUTHOR", "COMMITTER")},
    }
    script = f"git clone -q {address}/{OWNER}/httpx.git clone && cd clone && {command}"
    subprocess.run(["bash", "-ec", script], cwd=directory, env=environment, check=True)


def test_the_replaced_file_is_recorded_and_restored(
    declared: RehearsedStack, tmp_path: Path
) -> None:
    write_workflow(declared)
    commit = replace_workflow(declared)
    assert replaced(declared) == {"commit": commit, "path": WORKFLOW}

    declared.up()
    assert replaced(declared) == {"commit": commit, "path": WORKFLOW}
    assert "git checkout" not in declared.preview().output

    remove_entry(declared, "httpx")
    previewed = restore_command(declared.preview().output)
    command = restore_command(declared.up().output)
    assert command == previewed
    assert WORKFLOW not in declared.repository("httpx")["files"]

    run_in_clone(declared, tmp_path, command)
    request = {"title": "Restore", "head": "restore-workflow", "base": "main"}
    pull = send_request(
        declared, "POST", f"/repos/{OWNER}/httpx/pulls", request, person="maintainer-3"
    )
    merge = f"/repos/{OWNER}/httpx/pulls/{pull['number']}/merge"
    send_request(declared, "PUT", merge, {}, person="operator-1")
    assert declared.repository("httpx")["files"][WORKFLOW] == FOREIGN
    assert "git checkout" not in declared.up().output


def test_a_moved_or_retired_workflow_can_be_restored(declared: RehearsedStack) -> None:
    write_workflow(declared)
    commit = replace_workflow(declared)

    for entry in ({"workflow": ".github/workflows/release.yml"}, {"retired": True}):
        declared.repositories["httpx"] = entry
        if "retired" in entry:
            del declared.configuration["secrets"]["httpx"]
        declared.configure()
        assert f"git checkout {commit} -- {WORKFLOW}" in declared.preview().output


def test_a_workflow_of_the_stack_is_not_a_replaced_one(applied: RehearsedStack) -> None:
    replace_workflow(applied)

    assert replaced(applied) is None
