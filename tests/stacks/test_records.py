"""What an `up` records of repositories and teams."""

from typing import Any

import pytest

from components.frozen_resources import FrozenResource
from stacks.ids import Ids
from stacks.previous_state import PreviousState, RecordedRepository, RecordedResource
from stacks.records import Records
from tests.stacks.settings.configurations import settings

COMPONENT = "urn:pulumi:prod::releases::releases:index:ReleaseRepository::httpx"
ENVIRONMENT = (
    "urn:pulumi:prod::releases::releases:index:ReleaseRepository$releases:index:DeployEnvironment"
    "::httpx/deploy"
)
PUBLISHER = {
    "owner": "encode",
    "repositoryName": "httpx",
    "workflowName": "publish.yml",
    "environmentName": "deploy",
}
FORMER_PUBLISHER = {**PUBLISHER, "workflowName": "release.yml"}
REPLACED = {"commit": "a1", "path": ".github/workflows/publish.yml"}
IDS = Ids(
    people={"tomchristie": 7, "stranger": 8},
    teams={"core": 12, "docs": 13, "operations": 11},
    repositories={"httpx": 1},
)


def state(**attributes: Any) -> PreviousState:
    entry = RecordedRepository("httpx", **attributes)
    return PreviousState(repositories={"httpx": entry.id}, entries={"httpx": entry})


def record(records: Records, options: dict[str, Any] | None = None, **changes: Any) -> Any:
    declared = settings(repositories={"httpx": options}, **changes)
    return records.of_repository(declared, declared.repositories[0])


def test_only_names_of_the_entry_are_recorded() -> None:
    reviewers = {"users": ["TomChristie", "unknown"], "teams": ["maintainers"]}

    recorded = record(
        Records(IDS),
        {"reviewers": reviewers, "teams": {"docs": "read", "hidden": "read"}},
    )

    assert recorded["repository_id"] == 1
    assert recorded["people"] == {"tomchristie": 7}
    assert recorded["teams"] == {"docs": 13}


def test_existing_teams_of_a_role_are_recorded() -> None:
    assert record(Records(IDS), maintainers={"existing": "core"})["teams"] == {"core": 12}


@pytest.mark.parametrize(
    ("options", "publishers"),
    [
        (None, [FORMER_PUBLISHER]),
        ({"publish": "trusted-publishing"}, [FORMER_PUBLISHER, PUBLISHER]),
        (
            {"publish": "trusted-publishing", "workflow": ".github/workflows/release.yml"},
            [FORMER_PUBLISHER],
        ),
        ({"retired": True}, [FORMER_PUBLISHER]),
        ({"publish": "trusted-publishing", "archived": True}, [FORMER_PUBLISHER]),
    ],
)
def test_a_trusted_publisher_is_recorded_once_for_good(
    options: dict[str, Any] | None, publishers: list[dict[str, str]]
) -> None:
    records = Records(IDS, state(trusted_publishers=(FORMER_PUBLISHER,)))

    assert record(records, options)["trusted_publishers"] == publishers


def test_a_replaced_workflow_is_carried_over() -> None:
    newer = {**REPLACED, "commit": "b2"}
    previous_state = state(replaced_workflow=REPLACED)

    assert record(Records(IDS, previous_state))["replaced_workflow"] == REPLACED
    assert record(Records(IDS, previous_state, {"httpx": newer}))["replaced_workflow"] == newer


def test_a_renamed_entry_keeps_its_records() -> None:
    records = Records(IDS, state(trusted_publishers=(PUBLISHER,)))
    declared = settings(repositories={"httpx2": {"formerly": "httpx"}})

    recorded = records.of_repository(declared, declared.repositories[0])

    assert recorded["trusted_publishers"] == [PUBLISHER]


def test_an_archived_entry_keeps_the_recorded_names() -> None:
    records = Records(IDS, state(people={"stranger": 8}, teams={"core": 12}))

    recorded = record(records, {"archived": True, "reviewers": {"users": ["tomchristie"]}})

    assert recorded["people"] == {"stranger": 8}
    assert recorded["teams"] == {"core": 12}


def test_the_recorded_resources_of_an_archived_entry_are_frozen() -> None:
    resources = {
        "team/operations": RecordedResource("u1", "t1", "httpx/team/operations", parent=COMPONENT),
        "deploy/tags": RecordedResource("u2", "t2", "httpx/deploy/tags", parent=ENVIRONMENT),
    }
    records = Records(IDS, state(resources=resources))
    [archived] = settings(repositories={"httpx": {"archived": True}}).repositories
    [declared] = settings().repositories

    assert records.frozen_resources(archived) == [
        FrozenResource("team/operations", "t1", in_environment=False),
        FrozenResource("deploy/tags", "t2", in_environment=True),
    ]
    assert records.frozen_resources(declared) is None
