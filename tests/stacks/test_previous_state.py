"""What an exported state records."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from stacks.previous_state import (
    REPOSITORY,
    REPOSITORY_COMPONENT,
    TEAM,
    TEAM_COMPONENT,
    PreviousState,
    RecordedRepository,
    parse_resources,
    read_previous_state,
)
from stacks.settings.problems import StateError

RULESET = "github:index/repositoryRuleset:RepositoryRuleset"
STACK = "urn:pulumi:prod::releases::"
REPORT_SIGINT = (
    "import pathlib, signal; "
    "ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN; "
    'pathlib.Path("ignored").write_text(str(ignored)); print("{}")'
)
ROOT = f"{STACK}pulumi:pulumi:Stack::releases-prod"


def resource(
    kind: str, name: str, parent: str = ROOT, *, number: str = "", outputs: Any = None
) -> dict[str, Any]:
    """Return a resource as an export has it: the type in its URN begins with its parents' types."""
    parents = parent.removeprefix(STACK).split("::")[0]
    types = kind if parent == ROOT else f"{parents}${kind}"
    return {
        "urn": f"{STACK}{types}::{name}",
        "type": kind,
        "parent": parent,
        "id": number,
        "outputs": outputs or {},
    }


def repository(key: str, *children: tuple[str, str, dict[str, Any]]) -> list[dict[str, Any]]:
    component = resource(REPOSITORY_COMPONENT, key)
    return [
        component,
        *(
            resource(kind, name, component["urn"], outputs=outputs)
            for kind, name, outputs in children
        ),
    ]


def test_nothing_is_recorded_in_an_empty_state() -> None:
    assert parse_resources([]) == PreviousState()


def test_teams_are_recorded_by_role() -> None:
    resources = [
        resource(TEAM, "operations", number="11"),
        resource(TEAM, "maintainers", number="12"),
        resource(
            "github:index/teamMembership:TeamMembership", "maintainers/owner-1", number="12:owner-1"
        ),
    ]

    state = parse_resources(resources)

    assert state.teams == {"operations": 11, "maintainers": 12}
    assert state.memberships[("maintainers", "owner-1")].id == "12:owner-1"


def test_a_team_component_alone_is_unfinished() -> None:
    component = resource(TEAM_COMPONENT, "operations")
    team = resource(TEAM, "operations/team", component["urn"], number="11")

    assert parse_resources([component]) == PreviousState(unfinished_teams=frozenset({"operations"}))
    assert parse_resources([component, team]) == PreviousState(teams={"operations": 11})


@pytest.mark.parametrize(
    "child",
    [
        (RULESET, "httpx/review", {"repositoryId": 7}),
        ("github:index/repositoryFile:RepositoryFile", "httpx/publish.yml", {"repositoryId": "7"}),
        (REPOSITORY, "httpx", {"repoId": 7, "name": "httpx"}),
    ],
)
def test_any_resource_of_a_repository_has_its_id(
    child: tuple[str, str, dict[str, Any]],
) -> None:
    assert parse_resources(repository("httpx", child)).repositories == {"httpx": 7}


def test_a_resource_deep_in_a_repository_has_its_id() -> None:
    resources = repository("httpx", ("releases:index:DeployEnvironment", "httpx/deploy", {}))
    environment = resource(
        "github:index/repositoryEnvironment:RepositoryEnvironment",
        "x",
        resources[-1]["urn"],
        outputs={"repositoryId": 7},
    )

    assert parse_resources([*resources, environment]).repositories == {"httpx": 7}


@pytest.mark.parametrize(
    "outputs", [{}, {"repositoryId": None}, {"repositoryId": 0}, {"repositoryId": ""}]
)
def test_a_repository_whose_id_is_not_recorded_yet(outputs: dict[str, Any]) -> None:
    assert parse_resources(
        repository("httpx", ("github:index/repositoryFile:RepositoryFile", "f", outputs))
    ).repositories == {"httpx": None}


def test_a_resource_without_the_id_keeps_the_recorded_one() -> None:
    resources = repository(
        "httpx",
        (RULESET, "httpx/review", {"repositoryId": 7}),
        ("github:index/teamRepository:TeamRepository", "httpx/team/operations", {}),
    )

    assert parse_resources(resources).repositories == {"httpx": 7}


def test_each_repository_has_its_own_id() -> None:
    httpx = repository(
        "httpx", ("github:index/repositoryFile:RepositoryFile", "httpx/f", {"repositoryId": 1})
    )
    httpcore = repository(
        "httpcore",
        ("github:index/repositoryFile:RepositoryFile", "httpcore/f", {"repositoryId": 2}),
    )

    assert parse_resources([*httpx, *httpcore]).repositories == {"httpx": 1, "httpcore": 2}


def test_a_resource_without_outputs_has_no_id() -> None:
    resources = repository("httpx", ("github:index/repositoryFile:RepositoryFile", "f", {}))
    del resources[-1]["outputs"]

    assert parse_resources(resources).repositories == {"httpx": None}


def test_resources_outside_of_a_repository_are_ignored() -> None:
    file = resource("github:index/repositoryFile:RepositoryFile", "f", outputs={"repositoryId": 9})
    root = {"urn": ROOT, "type": "pulumi:pulumi:Stack"}

    assert parse_resources([root, file]) == PreviousState()


ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
PLACE = "httpx/publish.yml"
PUBLISHER = {"owner": "encode", "repositoryName": "httpx", "workflowName": "publish.yml"}


def test_the_outputs_of_a_repository() -> None:
    outputs = {
        "repository": "httpx",
        "repositoryId": 7,
        "people": {"TomChristie": 5},
        "teams": {"core": 12},
        "trustedPublishers": [PUBLISHER],
        "archived": True,
        "retired": False,
        "replacedWorkflow": {"commit": "a1", "path": ".github/workflows/publish.yml"},
    }

    state = parse_resources([resource(REPOSITORY_COMPONENT, "httpx", outputs=outputs)])

    assert state.repositories == {"httpx": 7}
    assert state.people == {"tomchristie": 5}
    assert state.existing_teams == {"core": 12}
    assert state.entries["httpx"] == RecordedRepository(
        key="httpx",
        id=7,
        people={"tomchristie": 5},
        teams={"core": 12},
        trusted_publishers=(PUBLISHER,),
        archived=True,
        replaced_workflow={"commit": "a1", "path": ".github/workflows/publish.yml"},
    )


def test_the_resources_of_a_repository_have_a_place() -> None:
    resources = repository("httpx", ("releases:index:DeployEnvironment", "httpx/deploy", {}))
    resources += [
        resource(
            ENVIRONMENT, "httpx/deploy/environment", resources[-1]["urn"], number="httpx:deploy"
        ),
        resource(
            "github:index/teamRepository:TeamRepository", "httpx/team/@core", resources[0]["urn"]
        ),
    ]

    [entry] = parse_resources(resources).entries.values()

    assert {place: child.name for place, child in entry.resources.items()} == {
        "deploy/environment": "httpx/deploy/environment",
        "team/@core": "httpx/team/@core",
    }
    assert entry.resources["deploy/environment"].id == "httpx:deploy"


def test_a_rename_that_stopped_in_the_middle_leaves_former_names() -> None:
    resources = repository("httpx2", ("github:index/repositoryFile:RepositoryFile", "httpx/f", {}))

    assert list(parse_resources(resources).entries["httpx2"].resources) == ["f"]


def test_the_component_knows_the_id_of_a_repository_best() -> None:
    resources = repository("httpx", (RULESET, "httpx/review", {"repositoryId": 7}))
    resources[0]["outputs"] = {"repositoryId": 8}

    assert parse_resources(resources).repositories == {"httpx": 8}


ENTRY_OF_0_1_0 = """\
# This file is managed by the release stack of encode: a change made here is undone by its next up.
permissions:
  id-token: write  # PyPI's trusted publishing
"""


@pytest.mark.parametrize(
    ("content", "outputs", "count"),
    [
        (ENTRY_OF_0_1_0, {}, 1),
        (ENTRY_OF_0_1_0.replace("id-token", "contents"), {}, 0),
        ("permissions: {id-token: write}", {}, 0),
        (ENTRY_OF_0_1_0, {"trustedPublishers": []}, 0),
        (None, {}, 0),
    ],
)
def test_a_trusted_publisher_of_the_first_version(
    content: str | None, outputs: dict[str, Any], count: int
) -> None:
    resources = repository("httpx", ("github:index/repositoryFile:RepositoryFile", PLACE, {}))
    resources[0]["outputs"] = outputs
    resources[1]["inputs"] = {
        "content": content,
        "file": ".github/workflows/release.yml",
        "repository": "httpx",
    }

    publisher = {**PUBLISHER, "workflowName": "release.yml", "environmentName": "deploy"}
    assert parse_resources(resources).entries["httpx"].trusted_publishers == (publisher,) * count


@pytest.mark.parametrize(("retained", "deleted"), [(True, False), (False, True), (None, True)])
def test_a_retained_resource_is_not_deleted(retained: bool | None, deleted: bool) -> None:
    resources = repository("httpx", (ENVIRONMENT, "httpx/deploy/environment", {}))
    resources[1]["retainOnDelete"] = retained

    [child] = parse_resources(resources).entries["httpx"].resources.values()

    assert child.is_deleted_on_removal is deleted


def test_the_people_of_a_team() -> None:
    team = resource(TEAM_COMPONENT, "operations", outputs={"people": {"Operator-1": 3}})

    assert parse_resources([team]).people == {"operator-1": 3}


@pytest.mark.parametrize(
    "outputs",
    [
        None,
        {"people": None, "teams": [], "trustedPublishers": None, "replacedWorkflow": ""},
        {"people": {"a": None, "b": "x", "c": -1}, "archived": "true", "retired": None},
        {"repositoryId": {"4dabf18193072939515e22adb298388d": "secret"}},
    ],
)
def test_odd_outputs_are_like_missing_ones(outputs: Any) -> None:
    component = resource(REPOSITORY_COMPONENT, "httpx")
    component["outputs"] = outputs

    assert parse_resources([component]).entries["httpx"] == RecordedRepository(key="httpx")


def test_a_resource_that_is_to_be_deleted_is_ignored() -> None:
    resources = repository("httpx", (RULESET, "httpx/review", {"repositoryId": 7}))
    leftover = {**resources[-1], "delete": True, "id": "9", "outputs": {"repositoryId": 6}}

    state = parse_resources([*resources, leftover, {"urn": ""}, {}])

    assert state.entries["httpx"].resources["review"].id == ""
    assert state.repositories == {"httpx": 7}


def test_a_resource_that_is_to_be_created_again_is_ignored() -> None:
    resources = repository("httpx", (RULESET, "httpx/review", {"repositoryId": 7}))
    resources[-1]["pendingReplacement"] = True

    assert parse_resources(resources).entries["httpx"].resources == {}


def test_a_team_without_an_id_is_unfinished() -> None:
    component = resource(TEAM_COMPONENT, "operations")
    team = resource(TEAM, "operations/team", component["urn"])

    assert parse_resources([component, team]).unfinished_teams == {"operations"}


def put_pulumi(directory: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a stand-in for `pulumi` on PATH."""
    stand_in = directory / "pulumi"
    stand_in.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        (None, PreviousState()),
        ({}, PreviousState()),
        ({"resources": None}, PreviousState()),
        (
            {"resources": [resource(TEAM, "operations", number="11")]},
            PreviousState(teams={"operations": 11}),
        ),
    ],
)
def test_pulumi_exports_the_state_with_secrets_encrypted(
    deployment: Any, expected: PreviousState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "export.json").write_text(
        json.dumps({"version": 3, "deployment": deployment}), encoding="utf-8"
    )
    put_pulumi(tmp_path, 'echo "$@" >arguments\ncat export.json\n', monkeypatch)

    assert read_previous_state("prod", tmp_path) == expected
    assert (tmp_path / "arguments").read_text(
        encoding="utf-8"
    ) == "stack export --stack prod --non-interactive\n"


def test_a_state_that_cannot_be_exported_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: releases\nruntime: python\n", encoding="utf-8")
    monkeypatch.setenv("PULUMI_BACKEND_URL", (tmp_path / "no-such-state").as_uri())

    with pytest.raises(StateError, match="pulumi stack export --stack prod"):
        read_previous_state("prod", tmp_path)


def test_an_export_that_is_cut_off_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_pulumi(tmp_path, """echo '{"version": 3, "deploy'\n""", monkeypatch)

    with pytest.raises(StateError, match="pulumi stack export --stack prod"):
        read_previous_state("prod", tmp_path)


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.default_int_handler])
def test_pulumi_runs_with_the_default_handler_for_sigint(
    handler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that a shell starts in the background ignores SIGINT, and so would `pulumi`."""
    script = f"exec {sys.executable} -c '{REPORT_SIGINT}'\n"
    put_pulumi(tmp_path, script, monkeypatch)

    previous = signal.signal(signal.SIGINT, handler)
    try:
        read_previous_state("prod", tmp_path)
    finally:
        signal.signal(signal.SIGINT, previous)

    assert (tmp_path / "ignored").read_text(encoding="utf-8") == "False"
