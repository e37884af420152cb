"""The scenario of a rehearsal: one declared repository, and everything known before the start."""

from pathlib import Path
from typing import Any

import pytest

from commands.rehearsal import scenario as scenario_module
from commands.rehearsal.errors import ChoiceError
from commands.rehearsal.organization import MADE_UP_MAINTAINER
from commands.rehearsal.scenario import ReleaseScenario, choose_scenario
from simulated_github.world.building import build
from stacks.settings import SettingsError
from tests.commands.rehearsal.declarations import (
    CONFIGURATION,
    configuration_of_httpx,
    configuration_with,
)


def scenario_of_httpx(options: dict[str, Any] | None = None, **values: Any) -> ReleaseScenario:
    return choose_scenario(configuration_of_httpx(options, **values))


def test_only_the_rehearsed_repository_is_declared() -> None:
    many = configuration_with(repositories={f"package-{number:03}": None for number in range(500)})

    scenario = choose_scenario(many, "package-321")

    assert [repository.name for repository in scenario.settings.repositories] == ["package-321"]
    assert scenario.notes == ()


def test_the_first_repository_is_the_default() -> None:
    assert choose_scenario(CONFIGURATION).full_name == "encode/httpcore"
    assert choose_scenario(CONFIGURATION, "HTTPX").full_name == "encode/httpx"


def test_the_defaults_of_a_scenario() -> None:
    scenario = choose_scenario(CONFIGURATION)

    assert scenario.tag == "0.2.0"
    assert scenario.version == "0.2.0"
    assert scenario.layout == "scripts"
    assert scenario.has_token
    assert scenario.secrets == ("PYPI_TOKEN",)
    assert scenario.workflow == ".github/workflows/publish.yml"


def test_the_stacks_own_repository_is_not_offered() -> None:
    own = {"maintainers-permission": "read"}
    configuration = configuration_with(
        stack_repository="a-stack", repositories={"a-stack": own, "httpx": None}
    )

    assert choose_scenario(configuration).full_name == "encode/httpx"
    with pytest.raises(ChoiceError, match="one of the declared repositories: httpx"):
        choose_scenario(configuration, "a-stack")


def test_an_unknown_repository_is_refused() -> None:
    with pytest.raises(ChoiceError) as refused:
        choose_scenario(CONFIGURATION, "nope")

    assert str(refused.value).splitlines()[:2] == [
        "REPOSITORY is 'nope'",
        "    allowed: one of the declared repositories: httpcore, httpx",
    ]


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(ChoiceError) as refused:
        choose_scenario(CONFIGURATION, layout="fancy")

    assert str(refused.value).splitlines()[:2] == [
        "--layout is 'fancy'",
        "    allowed: one of scripts, scripts-single, trusted-publishing",
    ]


def test_a_configuration_with_problems_is_refused() -> None:
    with pytest.raises(SettingsError, match="nonsense"):
        choose_scenario(configuration_with(nonsense=1))


def test_the_stack_files_defaults_are_kept() -> None:
    scenario = scenario_of_httpx({"approvals": 2}, defaults={"release-tags": "v*", "approvals": 1})

    assert scenario.repository.release_tags == "v*"
    assert scenario.repository.approvals == 2


def test_options_that_cannot_be_rehearsed_are_left_out() -> None:
    options = {"create": True, "formerly": "old", "publish-install": "pip install twine"}

    scenario = scenario_of_httpx(options, defaults={"wait-minutes": 5})

    assert not scenario.repository.create
    assert scenario.repository.formerly is None
    assert scenario.repository.wait_minutes == 0
    assert scenario.repository.publish_install == "scripts/install"
    assert len(scenario.notes) == 4


def test_another_layout_leaves_out_the_options_it_lacks() -> None:
    configuration = configuration_of_httpx(
        {"secrets": ["PYPI_TOKEN"], "permissions": {"packages": "read"}, "timeout-minutes": 7}
    )

    scenario = choose_scenario(configuration, layout="trusted-publishing")

    assert scenario.layout == "trusted-publishing"
    assert scenario.repository.timeout_minutes == 7
    assert scenario.secrets == ()
    assert scenario.notes == (
        "the layout is trusted-publishing in place of scripts",
        "secrets is left out, because that layout does not have it",
        "permissions is left out, because that layout does not have it",
    )


def test_the_declared_layout_by_name_changes_nothing() -> None:
    configuration = configuration_of_httpx({"publish": "scripts-single", "deploys-docs": True})

    scenario = choose_scenario(configuration, layout="scripts-single")

    assert scenario == choose_scenario(configuration)
    assert scenario.repository.deploys_docs


def test_the_keys_of_the_real_github_are_left_out() -> None:
    real = {"github:token": {"secure": "abc"}, "github:baseUrl": "https://ghe.example/"}

    scenario = choose_scenario({**CONFIGURATION, **real})

    keys = [key for key in scenario.configuration if key.startswith("github:")]
    assert keys == ["github:owner"]


def test_keys_may_have_the_name_of_the_project_as_prefix() -> None:
    prefixed = {
        key if ":" in key else f"releases:{key}": value for key, value in CONFIGURATION.items()
    }

    assert choose_scenario(prefixed) == choose_scenario(CONFIGURATION)


def test_encrypted_secrets_are_not_read() -> None:
    secrets = {"httpx": {"PYPI_TOKEN": {"secure": "abc"}}}

    scenario = choose_scenario(configuration_with(secrets=secrets))

    assert "secrets" not in scenario.configuration


def test_a_layout_without_a_token_has_no_secrets() -> None:
    scenario = choose_scenario(CONFIGURATION, layout="trusted-publishing")

    assert not scenario.has_token
    assert scenario.secrets == ()
    assert scenario.upload_secret == ""


def test_another_secret_uploads_if_the_usual_is_missing() -> None:
    assert scenario_of_httpx({"secrets": ["UPLOAD_KEY", "A_KEY"]}).upload_secret == "A_KEY"
    assert scenario_of_httpx({"secrets": ["A_KEY", "PYPI_TOKEN"]}).upload_secret == "PYPI_TOKEN"


def test_a_layout_with_a_token_needs_a_secret() -> None:
    with pytest.raises(ChoiceError, match="secrets is empty"):
        scenario_of_httpx({"secrets": []})


def test_a_made_up_maintainer_is_declared() -> None:
    scenario = scenario_of_httpx(maintainers={"members": ["operator-1", "operator-2"]})

    assert MADE_UP_MAINTAINER in scenario.settings.maintainers.members
    assert f"{MADE_UP_MAINTAINER} is made up" in scenario.notes[-1]


def test_the_world_has_the_people_and_the_repositories() -> None:
    scenario = scenario_of_httpx({"reviewers": {"teams": ["auditors"]}}, stack_repository="a-stack")

    world = build(scenario.world)

    names = {repository.full_name for repository in world.repositories.values()}
    assert names == {"encode/httpx", "encode/not-httpx", "encode/a-stack"}
    logins = {user.login for user in world.users.values()}
    assert {"operator-1", "owner-1", "member-1-of-auditors"} <= logins


def test_the_world_has_the_sources_of_the_package() -> None:
    scenario = scenario_of_httpx()

    repository = build(scenario.world).repository("encode", "httpx")

    assert repository is not None
    head = repository.git.refs[repository.default_ref]
    paths = scenario.package.files("0.0.1", "PYPI_TOKEN")
    assert [path for path in paths if not repository.git.entry(head, path)] == []


def test_the_world_has_the_app_that_applies_the_stack() -> None:
    scenario = scenario_of_httpx(applied_by={"app": "our-app", "id": 7})

    assert [app.slug for app in build(scenario.world).apps.values()] == ["our-app"]


def test_a_project_of_another_name_has_its_own_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenario_module, "PROJECT", tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: our-releases\n", encoding="utf-8")
    plain = {key: value for key, value in CONFIGURATION.items() if key != "repositories"}

    scenario = choose_scenario({**plain, "our-releases:repositories": {"starlette": None}})

    assert scenario.full_name == "encode/starlette"
