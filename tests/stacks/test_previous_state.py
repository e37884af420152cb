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
    parse_resources,
    read_previous_state,
)
from stacks.settings.problems import StateError

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

    assert parse_resources(resources) == PreviousState(teams={"operations": 11, "maintainers": 12})


def test_a_team_component_alone_is_unfinished() -> None:
    component = resource(TEAM_COMPONENT, "operations")
    team = resource(TEAM, "operations/team", component["urn"], number="11")

    assert parse_resources([component]) == PreviousState(unfinished_teams=frozenset({"operations"}))
    assert parse_resources([component, team]) == PreviousState(teams={"operations": 11})


@pytest.mark.parametrize(
    "child",
    [
        ("github:index/repositoryRuleset:RepositoryRuleset", "httpx/review", {"repositoryId": 7}),
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
        ("github:index/repositoryRuleset:RepositoryRuleset", "httpx/review", {"repositoryId": 7}),
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
