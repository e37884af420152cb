"""From a sound declaration to settings."""

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import ValidationError

from publish_workflow.layouts import LAYOUTS
from stacks.settings import RepositorySettings, Secret, Team
from stacks.settings.options import Options, Reviewers
from stacks.settings.resolved import App
from tests.stacks.settings.configurations import settings


def httpx(**changes: Any) -> RepositorySettings:
    return next(
        repository for repository in settings(**changes).repositories if repository.name == "httpx"
    )


KNOWN_DEFAULTS: dict[str, Any] = {
    "release_tags": "*",
    "tag_creators": "maintain",
    "approvals": 1,
    "wait_minutes": 0,
    "reviewers": {"users": [], "teams": []},
    "teams": {},
    "maintainers_permission": "write",
    "secret_names": ["PYPI_TOKEN"],
    "layout": "scripts",
    "workflow": ".github/workflows/publish.yml",
    "python_version": "3.x",
    "runner": "ubuntu-latest",
    "timeout_minutes": 30,
    "environment_variables": {},
    "publish_install": "scripts/install",
    "permissions": {},
    "deploys_docs": False,
}


def test_a_repository_with_a_name_alone_has_every_default() -> None:
    repository = httpx()

    assert repository.model_dump(exclude={"environment_secrets"}) == {
        **Options.model_validate({}).model_dump(),
        **KNOWN_DEFAULTS,
        "name": "httpx",
        "formerly": None,
        "create": False,
        "archived": False,
        "retired": False,
        "from_defaults": frozenset(),
    }
    assert repository.environment_secrets == (Secret("PYPI_TOKEN"),)


OPTIONS: dict[str, Any] = {
    "release-tags": "v*",
    "tag-creators": "operations",
    "approvals": 2,
    "wait-minutes": 30,
    "reviewers": {"users": ["tomchristie"], "teams": ["security"]},
    "teams": {"docs": "triage", "core": "maintain"},
    "maintainers-permission": "triage",
    "secrets": ["TEST_TOKEN", "DOCS_KEY"],
    "publish": "scripts-single",
    "workflow": ".github/workflows/release.yaml",
    "python-version": "3.13",
    "runner": "ubuntu-24.04-arm",
    "timeout-minutes": 60,
    "environment-variables": {"TZ": "UTC", "PYTHONUTF8": "1"},
    "permissions": {"pages": "write", "contents": "write"},
    "deploys-docs": True,
}


@pytest.mark.parametrize(
    "changes",
    [{"defaults": OPTIONS}, {"repositories": {"httpx": OPTIONS}}],
    ids=["defaults", "entry"],
)
def test_every_option_can_be_set_for_all_repositories_or_for_one(changes: dict[str, Any]) -> None:
    people = {"operations": {"members": ["a", "b", "c"]}}

    repository = httpx(**people, **changes)

    assert repository == RepositorySettings(
        name="httpx",
        release_tags="v*",
        tag_creators="operations",
        approvals=2,
        wait_minutes=30,
        reviewers=Reviewers(users=["tomchristie"], teams=["security"]),
        teams={"core": "maintain", "docs": "triage"},
        maintainers_permission="triage",
        secret_names=["DOCS_KEY", "TEST_TOKEN"],
        environment_secrets=(Secret("DOCS_KEY"), Secret("TEST_TOKEN")),
        layout="scripts-single",
        workflow=".github/workflows/release.yaml",
        python_version="3.13",
        runner="ubuntu-24.04-arm",
        timeout_minutes=60,
        environment_variables={"PYTHONUTF8": "1", "TZ": "UTC"},
        permissions={"contents": "write", "pages": "write"},
        deploys_docs=True,
        from_defaults=frozenset(OPTIONS) if "defaults" in changes else frozenset(),
    )
    assert list(repository.teams) == ["core", "docs"]


def test_publish_install_applies_to_a_separate_publishing_job() -> None:
    command = "pip install -r requirements/publish.txt"

    assert httpx(defaults={"publish-install": command}).publish_install == command


@pytest.mark.parametrize("layer", ["defaults", "entry"])
def test_without_a_token_there_are_no_secrets(layer: str) -> None:
    layout = {"publish": "trusted-publishing"}
    repository = httpx(
        **({"defaults": layout} if layer == "defaults" else {"repositories": {"httpx": layout}})
    )

    assert repository.environment_secrets == ()
    assert not repository.has_token
    assert httpx().has_token


def test_a_default_applies_to_the_layouts_that_have_the_option() -> None:
    defaults = {
        "secrets": ["PYPI_TOKEN", "DOCS_KEY"],
        "permissions": {"packages": "write"},
        "publish-install": "scripts/uploader",
        "deploys-docs": True,
        "timeout-minutes": 10,
    }
    entries = {layout: {"publish": layout} for layout in LAYOUTS}
    repositories = {
        repository.name: repository
        for repository in settings(defaults=defaults, repositories=entries).repositories
    }

    trusted = repositories["trusted-publishing"]
    assert trusted.environment_secrets == ()
    assert trusted.permissions == {}
    assert trusted.timeout_minutes == 10
    assert {name: repository.publish_install for name, repository in repositories.items()} == {
        "scripts": "scripts/uploader",
        "scripts-single": "scripts/install",
        "trusted-publishing": "scripts/install",
    }
    assert [name for name, repository in repositories.items() if repository.deploys_docs] == [
        "scripts-single"
    ]
    assert [
        name for name, repository in repositories.items() if repository.environment_secrets
    ] == [
        "scripts",
        "scripts-single",
    ]


def test_an_entry_overrides_the_defaults_and_never_adds_to_them() -> None:
    entry = {
        "secrets": [],
        "teams": {},
        "reviewers": {},
        "approvals": 1,
        "wait-minutes": 0,
        "release-tags": "*",
    }
    repository = httpx(
        defaults={**OPTIONS, "tag-creators": "maintainers"}, repositories={"httpx": entry}
    )

    assert repository.environment_secrets == ()
    assert repository.teams == {}
    assert repository.reviewers == Reviewers()
    assert repository.approvals == 1
    assert repository.wait_minutes == 0
    assert repository.release_tags == "*"
    assert repository.tag_creators == "maintainers"


@pytest.mark.parametrize(
    ("defaults", "entry", "place"),
    [
        (None, None, ("repositories", "httpx", "wait-minutes")),
        ({"wait-minutes": 5}, None, ("defaults", "wait-minutes")),
        ({"wait-minutes": 5}, {"approvals": 2}, ("defaults", "wait-minutes")),
        ({"wait-minutes": 5}, {"wait-minutes": 0}, ("repositories", "httpx", "wait-minutes")),
        ({"approvals": 2}, None, ("repositories", "httpx", "wait-minutes")),
    ],
)
def test_an_option_is_decided_by_the_entry_before_the_defaults(
    defaults: Any, entry: Any, place: tuple[str, ...]
) -> None:
    assert httpx(defaults=defaults, repositories={"httpx": entry}).place("wait_minutes") == place


def test_an_override_changes_no_other_repository() -> None:
    before = settings(repositories={"httpx": None, "httpcore": None})
    after = settings(repositories={"httpx": OPTIONS | {"approvals": 1}, "httpcore": None})

    assert [repository for repository in before.repositories if repository.name == "httpcore"] == [
        repository for repository in after.repositories if repository.name == "httpcore"
    ]


def test_a_repository_that_is_created_or_had_another_name() -> None:
    repository = httpx(repositories={"httpx": {"create": True, "formerly": "requests-next"}})

    assert repository.create
    assert repository.formerly == "requests-next"


def test_the_order_of_the_file_does_not_matter() -> None:
    names = ["uvicorn", "httpx", "databases"]

    assert settings(repositories=dict.fromkeys(names)) == settings(
        repositories=dict.fromkeys(reversed(names))
    )


def test_a_team_with_nothing_but_people() -> None:
    assert settings().operations == Team(
        role="operations",
        name="operations",
        slug="operations",
        members=("operator-1", "operator-2"),
    )


def test_a_team_with_everything() -> None:
    team = {
        "name": "Release Operations",
        "description": "Signs off.",
        "team-maintainers": ["owner-1"],
        "members": ["a"],
    }
    operations = settings(operations=team).operations

    assert operations == Team(
        role="operations",
        name="Release Operations",
        slug="release-operations",
        description="Signs off.",
        members=("a",),
        team_maintainers=("owner-1",),
    )
    assert operations.people == ("owner-1", "a")


def test_an_existing_team() -> None:
    assert settings(maintainers={"existing": "core"}).maintainers == Team(
        "maintainers", name="core", slug="core", existing=True
    )


def test_both_teams_in_one_order() -> None:
    assert [team.role for team in settings().teams] == ["maintainers", "operations"]


@pytest.mark.parametrize(
    ("app", "expected"),
    [({}, None), ({"app": "release-stack", "id": 12}, App("release-stack", 12))],
)
def test_who_applies_the_stack(app: dict[str, Any], expected: App | None) -> None:
    assert settings(applied_by=app).app == expected


def test_the_owner_and_the_repository_of_the_stack() -> None:
    assert settings().owner == "encode"
    assert settings().stack_repository is None
    assert settings(stack_repository="release-stack").stack_repository == "release-stack"


def test_a_secret_has_its_value_and_does_not_show_it() -> None:
    stack_settings = settings(secrets={"httpx": {"PYPI_TOKEN": "hunter2"}})

    [secret] = stack_settings.repositories[0].environment_secrets
    assert secret.value == "hunter2"
    assert (
        "hunter2"
        not in f"{stack_settings!r} {stack_settings} {secret!r} {stack_settings.repositories!r}"
    )


@pytest.mark.parametrize("values", [{}, {"PYPI_TOKEN": ""}])
def test_a_secret_without_a_value_is_missing(values: dict[str, str]) -> None:
    assert httpx(secrets={"httpx": values}).environment_secrets == (Secret("PYPI_TOKEN", None),)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        settings().owner = "kludex"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        httpx().approvals = 3  # type: ignore[misc]
