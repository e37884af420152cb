"""Edits of an exported state, and what a name stands for in it."""

from typing import Any

import pytest

from commands.state_edits.declared import StackFile
from commands.state_edits.deployment import GRANT, Deployment
from commands.state_edits.forget import RefusedError
from commands.state_edits.rename import check_names, parse_names
from commands.state_edits.selection import Kind, Selection, SelectionError, remains, select

STACK = "urn:pulumi:prod::releases::"
TEAM = f"{STACK}releases:index:ManagedTeam$github:index/team:Team::operations/team"
ROLE = f"{STACK}releases:index:ManagedTeam::operations"
PUBLISHER = {
    "owner": "encode",
    "repositoryName": "httpx",
    "workflowName": "publish.yml",
    "environmentName": "deploy",
}


def resource(kind: str, name: str, **attributes: Any) -> dict[str, Any]:
    """Return a resource of a state; `kind` is the last part of its type token."""
    kinds = {
        "ReleaseRepository": "releases:index:ReleaseRepository",
        "ManagedTeam": "releases:index:ManagedTeam",
    }
    token = kinds.get(kind, f"github:index/{kind[0].lower()}{kind[1:]}:{kind}")
    return {"urn": f"{STACK}{token}::{name}", "type": token, **attributes}


def repository(name: str, number: int) -> list[dict[str, Any]]:
    component = resource(
        "ReleaseRepository",
        name,
        outputs={"repository": name, "people": {"Ann": 3}, "trustedPublishers": [PUBLISHER]},
    )
    parent = {"parent": component["urn"]}
    values = {"repository": name, "repositoryId": number}
    environment = resource(
        "RepositoryEnvironment",
        f"{name}/deploy/environment",
        id=f"{name}:deploy",
        inputs={"repository": name},
        outputs={**values, "environment": "deploy", "id": f"{name}:deploy"},
        dependencies=[TEAM],
        **parent,
    )
    return [
        component,
        resource(
            "TeamRepository",
            f"{name}/team/operations",
            id=f"1:{name}",
            dependencies=[TEAM],
            propertyDependencies={"teamId": [TEAM]},
            inputs={"repository": name},
            **parent,
        ),
        environment,
        resource(
            "ActionsEnvironmentSecret",
            f"{name}/deploy/PYPI_TOKEN",
            id=f"{name}:deploy:PYPI_TOKEN",
            outputs={**values, "secretName": "PYPI_TOKEN"},
            deletedWith=environment["urn"],
            dependencies=[environment["urn"]],
            **parent,
        ),
        resource(
            "RepositoryFile",
            f"{name}/publish.yml",
            id=f"{name}:.github/workflows/publish.yml:main",
            outputs={**values, "file": ".github/workflows/publish.yml", "branch": "main"},
            **parent,
        ),
    ]


def deployment() -> Deployment:
    """Return a state with a team, a person in it, and two repositories."""
    parent = {"parent": ROLE}
    team = resource("Team", "operations/team", id="1", **parent)
    team["urn"] = TEAM
    resources = [
        resource("ManagedTeam", "operations", outputs={"people": {"Ann": 3}}),
        team,
        resource("TeamMembership", "operations/ann", id="1:ann", **parent),
        *repository("httpx", 11),
        *repository("deploy", 12),
    ]
    return Deployment({"version": 3, "deployment": {"resources": resources}})


def references(edited: Deployment) -> set[str]:
    """Return every URN that a resource refers to."""
    urns: set[str | None] = set()
    for item in edited.resources:
        urns |= {*item.get("dependencies", ()), item.get("parent"), item.get("deletedWith")}
        urns |= {urn for values in item.get("propertyDependencies", {}).values() for urn in values}
    return {urn for urn in urns if urn is not None}


def selected(name: str, kind: Kind | None = None, *, workflow: bool = False) -> Selection:
    return select(deployment(), name, kind, workflow=workflow)


@pytest.mark.parametrize(
    ("name", "workflow", "count", "number"),
    [
        ("httpx", False, 5, 11),
        ("httpx", True, 1, None),
        ("operations", False, 3, 1),
        ("ANN", False, 1, 3),
    ],
)
def test_what_a_name_stands_for(name: str, workflow: bool, count: int, number: int | None) -> None:
    selection = selected(name, workflow=workflow)

    assert len(selection.resources) == count
    assert selection.number == number


@pytest.mark.parametrize("deleted", [True, False])
@pytest.mark.parametrize("name", ["httpx", "operations", "ann"])
def test_no_reference_dangles(name: str, deleted: bool) -> None:
    edited = selected(name).forget(deployment(), deleted=deleted)

    assert references(edited) <= {item["urn"] for item in edited.resources}
    assert len(edited.resources) < len(deployment().resources)


def test_the_grants_of_a_team_that_exists_stay() -> None:
    selection = selected("operations")
    grants = {f"{STACK}{GRANT}::{name}/team/operations" for name in ("httpx", "deploy")}

    for deleted, left in ((False, grants), (True, set[str]())):
        edited = selection.forget(deployment(), deleted=deleted)
        assert {item["urn"] for item in edited.resources} & grants == left


def test_the_number_of_a_person_is_forgotten() -> None:
    edited = selected("ann").forget(deployment(), deleted=False)

    assert [item["outputs"]["people"] for item in edited.resources if "people" in str(item)] == [
        {},
        {},
        {},
    ]


@pytest.mark.parametrize(("name", "workflow"), [("http", False), ("ann", True)])
def test_a_name_that_the_state_does_not_have(name: str, workflow: bool) -> None:
    with pytest.raises(SelectionError, match="httpx"):
        selected(name, workflow=workflow)


def test_a_name_of_two_kinds() -> None:
    twice = Deployment(
        {"deployment": {"resources": [*deployment().resources, *repository("ann", 13)]}}
    )

    with pytest.raises(SelectionError, match="--kind repository or --kind person"):
        select(twice, "ann", None, workflow=False)
    assert select(twice, "ann", "person", workflow=False).kind == "person"


def test_what_stays_of_a_repository() -> None:
    text = "\n".join(remains(selected("httpx")))

    for part in ("the branch main", "environment deploy", "PYPI_TOKEN", "encode · httpx"):
        assert part in text


def test_names_are_exchanged() -> None:
    """A repository may be called like its environment."""
    edited = deployment().renamed({"httpx": "deploy", "deploy": "httpx"})
    by_name = {item["urn"].split("::")[-1]: item for item in edited.resources}

    assert by_name["deploy/deploy/environment"]["id"] == "deploy:deploy"
    assert by_name["deploy/deploy/environment"]["outputs"]["repositoryId"] == 11
    assert by_name["httpx/team/operations"]["id"] == "1:httpx"
    assert by_name["httpx/deploy/PYPI_TOKEN"]["id"] == "httpx:deploy:PYPI_TOKEN"
    assert by_name["httpx"]["outputs"]["repository"] == "httpx"
    assert references(edited) <= {item["urn"] for item in edited.resources}
    assert (
        deployment()
        .renamed({"httpx": "deploy", "deploy": "httpx"})
        .renamed({"httpx": "deploy", "deploy": "httpx"})
        .resources
        == deployment().resources
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"http": "httpx2"}, "no repository called 'http'"),
        ({"httpx": "deploy"}, "deploy=NEW"),
        ({"httpx": "new", "deploy": "NEW"}, "two repositories called"),
    ],
)
def test_names_that_cannot_be_followed(names: dict[str, str], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        check_names(deployment(), names)


@pytest.mark.parametrize("text", ["httpx", "httpx=", "=httpx"])
def test_an_argument_that_is_no_pair(text: str) -> None:
    with pytest.raises(RefusedError, match="OLD=NEW"):
        parse_names([text])


@pytest.mark.parametrize(
    ("name", "declared"),
    [("httpx", True), ("requests", True), ("deploy", False), ("operations", True)],
)
def test_what_a_stack_file_declares(name: str, declared: bool) -> None:
    options = {"repositories": {"httpx": {"formerly": "requests"}, "databases": None}}
    file = StackFile(options, "encode", "")
    kind: Kind = "role" if name == "operations" else "repository"

    assert file.declares(Selection(kind, name, ())) is declared


@pytest.mark.parametrize(
    ("options", "declared"),
    [
        ({"operations": {"members": ["Ann"]}}, True),
        ({"maintainers": {"team-maintainers": ["ann"]}}, True),
        ({"defaults": {"reviewers": {"users": ["ann"]}}}, True),
        ({"repositories": {"httpx": {"reviewers": {"users": ["ann"]}}}}, True),
        ({"operations": {"existing": "ann"}}, False),
    ],
)
def test_a_declared_person(options: dict[str, Any], declared: bool) -> None:
    assert StackFile(options, "", "").declares(Selection("person", "ann", ())) is declared


@pytest.mark.parametrize(
    ("options", "declared"),
    [
        ({"operations": {"existing": "core"}}, True),
        ({"defaults": {"teams": {"core": "read"}}}, True),
        ({"repositories": {"httpx": {"reviewers": {"teams": ["core"]}}}}, True),
        ({"operations": {"members": ["core"]}}, False),
    ],
)
def test_a_declared_team(options: dict[str, Any], declared: bool) -> None:
    assert StackFile(options, "", "").declares(Selection("team", "core", ())) is declared


def test_a_role_with_an_existing_team_is_not_managed() -> None:
    file = StackFile({"operations": {"existing": "operations"}}, "", "")

    assert not file.declares(Selection("role", "operations", ()))
