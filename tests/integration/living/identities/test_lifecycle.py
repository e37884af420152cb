"""Repositories that are archived, whose entries go, and whose default branch changes."""

import pytest

from tests.integration.living.identities.living_stack import LivingStack
from tests.integration.on_github import remove_entry, send_request
from tests.integration.rehearsed_stack import writes

WORKFLOW = ".github/workflows/publish.yml"


def archive(stack: LivingStack, name: str, *, archived: bool = True) -> None:
    send_request(stack, "PATCH", f"/repos/encode/{name}", {"archived": archived})


def change_default_branch(stack: LivingStack, name: str, branch: str) -> None:
    """Create a branch and make it the default one; the former one stays."""
    path = f"/repos/encode/{name}"
    default = send_request(stack, "GET", path)["default_branch"]
    sha = send_request(stack, "GET", f"{path}/branches/{default}")["commit"]["sha"]
    send_request(stack, "POST", f"{path}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
    send_request(stack, "PATCH", path, {"default_branch": branch})


@pytest.mark.parametrize("name", ["gadget", "Widget"])
def test_an_archived_repository_comes_back(living: LivingStack, name: str) -> None:
    before = living.repository(name)
    archive(living, name)
    blocked = living.blocked_up()
    [command] = living.follow_commands(blocked)
    assert command == f"pulumi config set --path 'repositories.{name}.archived' true"
    with living.requests() as requests:
        living.up()
    assert writes(requests) == []

    archive(living, name, archived=False)
    [command] = living.follow_commands(living.blocked_up())
    assert command == f"pulumi config rm --path 'repositories.{name}.archived'"
    living.up()

    assert living.repository(name) == before
    assert living.plan() == {}


def test_an_archived_repository_without_its_entry(living: LivingStack) -> None:
    before = living.repository("gadget")
    archive(living, "gadget")
    del living.repositories["gadget"]
    living.configure()

    [command] = living.follow_commands(living.blocked_up())
    assert command == "scripts/forget gadget"
    living.up()
    archive(living, "gadget", archived=False)
    living.up()

    assert living.repository("gadget") == before


def test_a_removed_entry_that_is_trusted_on_pypi(living: LivingStack) -> None:
    """It is retired: the environment stays closed until the entry is used again."""
    del living.repositories["gadget"]
    living.configure()

    blocked = living.blocked_up()
    assert "the trusted publisher Owner: encode" in blocked.output
    living.follow_commands(blocked)
    living.up()
    gate = living.repository("gadget")["environments"]["deploy"]
    assert gate["policies"] == []
    assert WORKFLOW not in living.repository("gadget")["files"]
    assert living.ungated_releases() == []

    living.repositories["gadget"] = {"publish": "trusted-publishing"}
    living.configure()
    living.up()
    assert [p["name"] for p in living.repository("gadget")["environments"]["deploy"]["policies"]]
    assert living.plan() == {}


def test_a_retired_entry_is_forgotten(living: LivingStack) -> None:
    living.repositories["gadget"] = {"retired": True}
    living.configure()
    living.up()
    del living.repositories["gadget"]
    living.configure()

    assert "add it again" in living.blocked_up().output
    living.run("scripts/forget gadget")
    living.up()

    assert living.repository("gadget")["environments"]["deploy"]["policies"] == []
    assert living.plan() == {}


def test_a_removed_entry_with_a_token(living: LivingStack) -> None:
    remove_entry(living, "Widget")

    living.up()

    assert living.repository("Widget")["environments"]["deploy"]["secrets"] == {}
    assert living.plan() == {}


@pytest.mark.parametrize("is_retired", [False, True])
def test_a_repository_that_becomes_private(living: LivingStack, is_retired: bool) -> None:
    """GitHub ignores the gate until the repository is public again; PyPI's publisher goes."""
    if is_retired:
        living.repositories["gadget"] = {"retired": True}
        living.configure()
        living.up()
    send_request(living, "PATCH", "/repos/encode/gadget", {"private": True})

    living.follow_commands(living.blocked_up())
    living.up()

    assert "gadget" not in living.repositories
    assert living.plan() == {}
    send_request(living, "PATCH", "/repos/encode/gadget", {"private": False})


def test_another_default_branch(living: LivingStack) -> None:
    for branch in ("trunk", "develop"):
        change_default_branch(living, "Widget", branch)
        [command] = living.follow_commands(living.blocked_up())
        assert command == "scripts/forget Widget --workflow"
        living.repositories["Widget"] = {"python-version": f"3.{len(branch)}"}
        living.configure()
        living.up()

        assert f"3.{len(branch)}" in living.repository("Widget")["files"][WORKFLOW]
        assert living.plan() == {}


def test_a_renamed_default_branch(living: LivingStack) -> None:
    path = "/repos/encode/gadget"
    default = send_request(living, "GET", path)["default_branch"]
    send_request(living, "POST", f"{path}/branches/{default}/rename", {"new_name": "trunk"})

    living.follow_commands(living.blocked_up())
    living.up()

    assert WORKFLOW in living.repository("gadget")["files"]
    assert living.plan() == {}
