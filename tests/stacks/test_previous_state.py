"""What an exported state holds."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from stacks.previous_state import (
    REPOSITORY,
    REPOSITORY_COMPONENT,
    TEAM,
    TEAM_COMPONENT,
    PreviousState,
    read,
    read_previous_state,
)
from stacks.settings.problems import StateError

STACK = "urn:pulumi:prod::releases::"
ROOT = f"{STACK}pulumi:pulumi:Stack::releases-prod"


def resource(
    kind: str, name: str, parent: str = ROOT, *, number: str = "", outputs: Any = None
) -> dict[str, Any]:
    """A resource as an export has it: its type in the URN begins with those of its parents."""
    above = parent.removeprefix(STACK).split("::")[0]
    types = kind if parent == ROOT else f"{above}${kind}"
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
    assert read([]) == PreviousState()


def test_teams_are_recorded_by_role() -> None:
    resources = [
        resource(TEAM, "operations", number="11"),
        resource(TEAM, "maintainers", number="12"),
        resource(
            "github:index/teamMembership:TeamMembership", "maintainers/owner-1", number="12:owner-1"
        ),
    ]

    assert read(resources) == PreviousState(teams={"operations": 11, "maintainers": 12})


def test_a_team_is_unfinished_while_its_component_stands_alone() -> None:
    component = resource(TEAM_COMPONENT, "operations")
    team = resource(TEAM, "operations/team", component["urn"], number="11")

    assert read([component]) == PreviousState(unfinished_teams=frozenset({"operations"}))
    assert read([component, team]) == PreviousState(teams={"operations": 11})


@pytest.mark.parametrize(
    "child",
    [
        ("github:index/repositoryRuleset:RepositoryRuleset", "httpx/review", {"repositoryId": 7}),
        ("github:index/repositoryFile:RepositoryFile", "httpx/publish.yml", {"repositoryId": "7"}),
        (REPOSITORY, "httpx", {"repoId": 7, "name": "httpx"}),
    ],
)
def test_a_repository_is_known_by_the_number_that_one_of_its_resources_has(
    child: tuple[str, str, dict[str, Any]],
) -> None:
    assert read(repository("httpx", child)).repositories == {"httpx": 7}


def test_a_resource_far_below_a_repository_counts_too() -> None:
    resources = repository("httpx", ("releases:index:DeployEnvironment", "httpx/deploy", {}))
    below = resource(
        "github:index/repositoryEnvironment:RepositoryEnvironment",
        "x",
        resources[-1]["urn"],
        outputs={"repositoryId": 7},
    )

    assert read([*resources, below]).repositories == {"httpx": 7}


@pytest.mark.parametrize(
    "outputs", [{}, {"repositoryId": None}, {"repositoryId": 0}, {"repositoryId": ""}]
)
def test_a_repository_whose_number_is_not_recorded_yet(outputs: dict[str, Any]) -> None:
    assert read(
        repository("httpx", ("github:index/repositoryFile:RepositoryFile", "f", outputs))
    ).repositories == {"httpx": None}


def test_a_number_is_not_forgotten_for_a_resource_without_one() -> None:
    resources = repository(
        "httpx",
        ("github:index/repositoryRuleset:RepositoryRuleset", "httpx/review", {"repositoryId": 7}),
        ("github:index/teamRepository:TeamRepository", "httpx/team/operations", {}),
    )

    assert read(resources).repositories == {"httpx": 7}


def test_each_repository_has_its_own_number() -> None:
    one = repository(
        "httpx", ("github:index/repositoryFile:RepositoryFile", "httpx/f", {"repositoryId": 1})
    )
    two = repository(
        "httpcore",
        ("github:index/repositoryFile:RepositoryFile", "httpcore/f", {"repositoryId": 2}),
    )

    assert read([*one, *two]).repositories == {"httpx": 1, "httpcore": 2}


def test_a_resource_without_outputs_says_nothing() -> None:
    resources = repository("httpx", ("github:index/repositoryFile:RepositoryFile", "f", {}))
    del resources[-1]["outputs"]

    assert read(resources).repositories == {"httpx": None}


def test_what_stands_elsewhere_in_the_state_is_no_repository() -> None:
    other = resource("github:index/repositoryFile:RepositoryFile", "f", outputs={"repositoryId": 9})
    root = {"urn": ROOT, "type": "pulumi:pulumi:Stack"}

    assert read([root, other]) == PreviousState()


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
def test_a_state_is_exported_by_the_pulumi_on_path_with_its_secrets_encrypted(
    deployment: Any, expected: PreviousState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "export.json").write_text(
        json.dumps({"version": 3, "deployment": deployment}), encoding="utf-8"
    )
    stand_in = tmp_path / "pulumi"
    stand_in.write_text('#!/bin/sh\necho "$@" >asked\ncat export.json\n', encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    assert read_previous_state("prod", tmp_path) == expected
    assert (tmp_path / "asked").read_text(
        encoding="utf-8"
    ) == "stack export --stack prod --non-interactive\n"


def test_a_state_that_cannot_be_exported_is_an_error_with_the_command_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: releases\nruntime: python\n", encoding="utf-8")
    monkeypatch.setenv("PULUMI_BACKEND_URL", (tmp_path / "no-such-state").as_uri())

    with pytest.raises(StateError, match="pulumi stack export --stack prod"):
        read_previous_state("prod", tmp_path)
