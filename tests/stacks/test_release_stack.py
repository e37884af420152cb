"""The args that components get from the settings."""

import asyncio
from typing import Any

import pytest

from components.rulesets import ADMIN_ROLE, MAINTAIN_ROLE
from publish_workflow.publish import PublishSettings, publish_workflow
from stacks.ids import Ids
from stacks.records import Records
from stacks.release_stack import MAX_CONCURRENT_REPOSITORIES, ReleaseStack, secret_value
from stacks.settings import Secret
from tests.components.registrations import Registrations, declare, id_of
from tests.stacks.settings.configurations import settings

SECRETS = {"httpx": {"PYPI_TOKEN": "hunter2"}}
MAINTAINERS = id_of("maintainers/team")
OPERATIONS = id_of("operations/team")


def resources_of(ids: Ids | None = None, **changes: Any) -> Registrations:
    records = Records(ids or Ids())
    stack = ReleaseStack(settings(**{"secrets": SECRETS, **changes}), records)
    return declare(stack.deploy)


def bypass_actors(resources: Registrations, ruleset: str) -> list[tuple[str, int | None]]:
    return [
        (actor["actorType"], actor.get("actorId")) for actor in resources[ruleset]["bypassActors"]
    ]


def test_teams_and_repositories_become_components() -> None:
    resources = resources_of(repositories={"httpx": None, "httpcore": None})

    assert [resource.name for resource in resources.of_kind("ManagedTeam")] == [
        "maintainers",
        "operations",
    ]
    assert [resource.name for resource in resources.of_kind("ReleaseRepository")] == [
        "httpcore",
        "httpx",
    ]


def test_a_managed_team_has_its_members() -> None:
    resources = resources_of(
        operations={
            "name": "Ops",
            "description": "Signs off.",
            "team-maintainers": ["a"],
            "members": ["b"],
        }
    )

    assert resources["operations/team"].inputs == {
        "name": "Ops",
        "description": "Signs off.",
        "privacy": "closed",
    }
    assert resources["operations/a"]["role"] == "maintainer"
    assert resources["operations/b"]["role"] == "member"


def test_both_teams_have_access_to_every_repository() -> None:
    resources = resources_of(
        repositories={"httpx": None, "httpcore": {"maintainers-permission": "read"}}
    )

    access = {
        resource.name: (resource["teamId"], resource["permission"])
        for resource in resources.of_kind("TeamRepository")
    }
    assert access == {
        "httpcore/team/maintainers": (MAINTAINERS, "pull"),
        "httpcore/team/operations": (OPERATIONS, "maintain"),
        "httpx/team/maintainers": (MAINTAINERS, "push"),
        "httpx/team/operations": (OPERATIONS, "maintain"),
    }


def test_an_extra_team_has_access_by_its_slug() -> None:
    access = resources_of(defaults={"teams": {"docs": "triage"}})["httpx/team/@docs"]

    assert access["teamId"] == "docs"
    assert access["permission"] == "triage"


def test_operations_and_extra_reviewers_approve() -> None:
    resources = resources_of(
        Ids(people={"tomchristie": 21}, teams={"security": 13}),
        defaults={"reviewers": {"users": ["tomchristie"], "teams": ["security", "maintainers"]}},
    )

    assert resources["httpx/deploy/environment"]["reviewers"] == [
        {"teams": [int(OPERATIONS), 13, int(MAINTAINERS)], "users": [21]},
    ]


@pytest.mark.parametrize(
    ("creators", "bypass"),
    [
        (
            "maintain",
            [("RepositoryRole", MAINTAIN_ROLE.actor_id), ("RepositoryRole", ADMIN_ROLE.actor_id)],
        ),
        ("maintainers", [("Team", int(MAINTAINERS)), ("Team", int(OPERATIONS))]),
        ("operations", [("Team", int(OPERATIONS))]),
    ],
)
def test_tag_creators_bypass_the_creation_ruleset(
    creators: str, bypass: list[tuple[str, int]]
) -> None:
    assert (
        bypass_actors(resources_of(defaults={"tag-creators": creators}), "httpx/tags-created")
        == bypass
    )


def test_admins_or_an_app_bypass_review() -> None:
    app = {"app": "release-stack", "id": 12}

    assert bypass_actors(resources_of(), "httpx/review") == [("OrganizationAdmin", None)]
    assert bypass_actors(resources_of(applied_by=app), "httpx/review") == [("Integration", 12)]


def test_existing_teams_are_referenced_by_id_or_slug() -> None:
    resources = resources_of(
        Ids(teams={"ops": 11}), operations={"existing": "ops"}, maintainers={"existing": "core"}
    )

    assert resources.of_kind("Team") == []
    assert resources.of_kind("TeamMembership") == []
    assert resources["httpx/team/operations"]["teamId"] == "11"
    assert resources["httpx/team/maintainers"]["teamId"] == "core"
    assert resources["httpx/deploy/environment"]["reviewers"] == [{"teams": [11], "users": []}]


def test_the_workflow_text_follows_the_settings() -> None:
    resources = resources_of(
        repositories={"httpx": {"release-tags": "v*", "secrets": ["DOCS_KEY", "PYPI_TOKEN"]}}
    )

    expected = PublishSettings("encode", "httpx", "v*", "deploy", ["DOCS_KEY", "PYPI_TOKEN"])
    assert resources["httpx/publish.yml"]["file"] == ".github/workflows/publish.yml"
    assert resources["httpx/publish.yml"]["content"] == publish_workflow(expected)


def test_only_the_value_of_a_secret_is_secret() -> None:
    secret = resources_of()["httpx/deploy/PYPI_TOKEN"]

    assert secret["value"] == "hunter2"
    assert {
        name: resource.secrets for name, resource in resources_of().items() if resource.secrets
    } == {secret.name: {"value"}}


@pytest.mark.parametrize(("value", "is_known"), [("hunter2", True), (None, False)])
def test_a_missing_value_is_unknown_and_secret(value: str | None, is_known: bool) -> None:
    """Only a preview accepts a missing value."""

    async def check_marks() -> None:
        output = secret_value(Secret("PYPI_TOKEN", value))
        assert await output.is_known() is is_known
        assert await output.is_secret()

    asyncio.run(check_marks())


def test_every_option_reaches_the_components() -> None:
    options = {
        "release-tags": "v*",
        "approvals": 2,
        "wait-minutes": 30,
        "create": True,
        "formerly": "old",
    }
    resources = resources_of(repositories={"httpx": options})

    assert resources["httpx/deploy/tags"]["tagPattern"] == "v*"
    assert resources["httpx/deploy/environment"]["waitTimer"] == 30
    assert resources["httpx/review"]["rules"]["pullRequest"]["requiredApprovingReviewCount"] == 2
    assert resources.of_kind("Repository")[0]["name"] == "httpx"
    assert resources["httpx"].aliases == ["old"]


def test_a_new_repository_changes_no_other_resource() -> None:
    before = resources_of()
    after = resources_of(repositories={"httpx": None, "httpcore": None})

    assert {name for name in after if name not in before} == {
        name for name in after if name.startswith("httpcore")
    }
    assert before == {name: resource for name, resource in after.items() if name in before}


def test_a_changed_entry_changes_its_own_resources_only() -> None:
    entries: dict[str, Any] = {"httpx": None, "httpcore": None}
    changed = {
        "release-tags": "v*",
        "approvals": 2,
        "wait-minutes": 5,
        "teams": {"docs": "read"},
        "secrets": [],
    }
    before = resources_of(repositories=entries)
    after = resources_of(repositories={**entries, "httpcore": changed})

    different = {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
    assert different
    assert {name.split("/")[0] for name in different} == {"httpcore"}


def test_more_repositories_than_the_limit_are_all_declared() -> None:
    names = [f"package-{number}" for number in range(2 * MAX_CONCURRENT_REPOSITORIES + 1)]

    resources = resources_of(
        repositories=dict.fromkeys(names),
        secrets={name: {"PYPI_TOKEN": "hunter2"} for name in names},
    )

    assert {resource.name for resource in resources.of_kind("ReleaseRepository")} == set(names)
    assert len(resources.of_kind("RepositoryRuleset")) == 3 * len(names)
