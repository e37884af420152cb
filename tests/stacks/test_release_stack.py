"""From settings to components: who is wired to what."""

import asyncio
from typing import Any

import pytest

from components.rulesets import ADMIN_ROLE, MAINTAIN_ROLE
from publish_workflow.publish import PublishSettings, publish_workflow
from stacks.ids import Ids
from stacks.release_stack import MOST_UNDER_WAY, ReleaseStack, secret_value
from stacks.settings import Secret, Settings
from tests.components.declaring import Plan, declare, number_of
from tests.stacks.settings.sound import settings

SECRETS = {"httpx": {"PYPI_TOKEN": "hunter2"}}
MAINTAINERS, OPERATIONS = number_of("maintainers/team"), number_of("operations/team")


def declared(ids: Ids | None = None, **changes: Any) -> Plan:
    return deployed(settings(**{"secrets": SECRETS, **changes}), ids or Ids())


def deployed(given: Settings, ids: Ids) -> Plan:
    return declare(ReleaseStack(given, ids).deploy)


def bypassing(plan: Plan, ruleset: str) -> list[tuple[str, int | None]]:
    return [(actor["actorType"], actor.get("actorId")) for actor in plan[ruleset]["bypassActors"]]


def test_both_teams_and_every_repository_are_declared() -> None:
    plan = declared(repositories={"httpx": None, "httpcore": None})

    assert [each.name for each in plan.of_kind("ManagedTeam")] == ["maintainers", "operations"]
    assert [each.name for each in plan.of_kind("ReleaseRepository")] == ["httpcore", "httpx"]


def test_a_managed_team_has_its_people() -> None:
    plan = declared(
        operations={
            "name": "Ops",
            "description": "Signs off.",
            "team-maintainers": ["a"],
            "members": ["b"],
        }
    )

    assert plan["operations/team"].inputs == {
        "name": "Ops",
        "description": "Signs off.",
        "privacy": "closed",
    }
    assert (plan["operations/a"]["role"], plan["operations/b"]["role"]) == ("maintainer", "member")


def test_the_two_teams_have_access_to_every_repository() -> None:
    plan = declared(repositories={"httpx": None, "httpcore": {"maintainers-permission": "read"}})

    access = {
        each.name: (each["teamId"], each["permission"]) for each in plan.of_kind("TeamRepository")
    }
    assert access == {
        "httpcore/team/maintainers": (MAINTAINERS, "pull"),
        "httpcore/team/operations": (OPERATIONS, "maintain"),
        "httpx/team/maintainers": (MAINTAINERS, "push"),
        "httpx/team/operations": (OPERATIONS, "maintain"),
    }


def test_a_team_beside_the_two_has_its_permission_by_its_slug() -> None:
    access = declared(defaults={"teams": {"docs": "triage"}})["httpx/team/@docs"]

    assert (access["teamId"], access["permission"]) == ("docs", "triage")


def test_operations_review_deployments_and_the_declared_others_beside_them() -> None:
    plan = declared(
        Ids(people={"tomchristie": 21}, teams={"security": 13}),
        defaults={"reviewers": {"users": ["tomchristie"], "teams": ["security", "maintainers"]}},
    )

    assert plan["httpx/deploy/environment"]["reviewers"] == [
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
def test_who_creates_release_tags(creators: str, bypass: list[tuple[str, int]]) -> None:
    assert bypassing(declared(defaults={"tag-creators": creators}), "httpx/tags-created") == bypass


def test_the_organizations_admins_apply_the_stack_or_an_app_does() -> None:
    app = {"app": "release-stack", "id": 12}

    assert bypassing(declared(), "httpx/review") == [("OrganizationAdmin", None)]
    assert bypassing(declared(applied_by=app), "httpx/review") == [("Integration", 12)]


def test_existing_teams_are_not_declared_and_are_known_by_number_where_one_is_needed() -> None:
    plan = declared(
        Ids(teams={"ops": 11}), operations={"existing": "ops"}, maintainers={"existing": "core"}
    )

    assert plan.of_kind("Team") == plan.of_kind("TeamMembership") == []
    assert plan["httpx/team/operations"]["teamId"] == "11"
    assert plan["httpx/team/maintainers"]["teamId"] == "core"
    assert plan["httpx/deploy/environment"]["reviewers"] == [{"teams": [11], "users": []}]


def test_the_workflow_is_the_one_of_the_settings() -> None:
    plan = declared(
        repositories={"httpx": {"release-tags": "v*", "secrets": ["DOCS_KEY", "PYPI_TOKEN"]}}
    )

    expected = PublishSettings("encode", "httpx", "v*", "deploy", ["DOCS_KEY", "PYPI_TOKEN"])
    assert plan["httpx/publish.yml"]["file"] == ".github/workflows/publish.yml"
    assert plan["httpx/publish.yml"]["content"] == publish_workflow(expected)


def test_a_secret_goes_to_its_repository_and_stays_secret() -> None:
    secret = declared()["httpx/deploy/PYPI_TOKEN"]

    assert secret["value"] == "hunter2"
    assert {name: each.secrets for name, each in declared().items() if each.secrets} == {
        secret.name: {"value"}
    }


@pytest.mark.parametrize(("value", "known"), [("hunter2", True), (None, False)])
def test_a_secret_without_a_value_is_unknown_and_secret_all_the_same(
    value: str | None, known: bool
) -> None:
    """Only a preview gets here without one."""

    async def kept() -> tuple[bool, bool]:
        output = secret_value(Secret("PYPI_TOKEN", value))
        return await output.is_known(), await output.is_secret()

    assert asyncio.run(kept()) == (known, True)


def test_every_option_reaches_the_components() -> None:
    options = {
        "release-tags": "v*",
        "approvals": 2,
        "wait-minutes": 30,
        "create": True,
        "formerly": "old",
    }
    plan = declared(repositories={"httpx": options})

    assert plan["httpx/deploy/tags"]["tagPattern"] == "v*"
    assert plan["httpx/deploy/environment"]["waitTimer"] == 30
    assert plan["httpx/review"]["rules"]["pullRequest"]["requiredApprovingReviewCount"] == 2
    assert plan.of_kind("Repository")[0]["name"] == "httpx"
    assert plan["httpx"].aliases == ("old",)


def test_a_new_repository_adds_its_own_resources_and_changes_no_other() -> None:
    before = declared()
    after = declared(repositories={"httpx": None, "httpcore": None})

    assert {name for name in after if name not in before} == {
        name for name in after if name.startswith("httpcore")
    }
    assert before == {name: each for name, each in after.items() if name in before}


def test_a_change_of_one_repository_changes_only_its_own_resources() -> None:
    entries: dict[str, Any] = {"httpx": None, "httpcore": None}
    changed = {
        "release-tags": "v*",
        "approvals": 2,
        "wait-minutes": 5,
        "teams": {"docs": "read"},
        "secrets": [],
    }
    before, after = (
        declared(repositories=entries),
        declared(repositories={**entries, "httpcore": changed}),
    )

    different = {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
    assert different
    assert {name.split("/")[0] for name in different} == {"httpcore"}


def test_more_repositories_than_are_declared_at_a_time_are_all_declared() -> None:
    names = [f"package-{number}" for number in range(2 * MOST_UNDER_WAY + 1)]

    plan = declared(
        repositories=dict.fromkeys(names),
        secrets={name: {"PYPI_TOKEN": "hunter2"} for name in names},
    )

    assert {each.name for each in plan.of_kind("ReleaseRepository")} == set(names)
    assert len(plan.of_kind("RepositoryRuleset")) == 3 * len(names)
