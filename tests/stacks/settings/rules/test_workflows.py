"""The options of publish workflows: between them, with the layout, and with the secrets."""

from typing import Any

import pytest

from stacks.settings import Problem
from stacks.settings.options import UNAVAILABLE_VALUES, is_unavailable, layouts_with
from tests.stacks.settings.configurations import places, problems, settings

TRUSTED = {"publish": "trusted-publishing"}
HTTPX = "repositories.httpx"


def httpx_problems(**entry: Any) -> list[Problem]:
    """Return the problems of an entry of `httpx` with these options."""
    return problems(
        repositories={"httpx": {key.replace("_", "-"): value for key, value in entry.items()}}
    )


# Options and layouts


def test_which_options_are_not_for_every_layout() -> None:
    assert UNAVAILABLE_VALUES == {
        "secret_names": [],
        "publish_install": "scripts/install",
        "permissions": {},
        "deploys_docs": False,
    }
    assert layouts_with("publish_install") == ["scripts"]
    assert layouts_with("deploys_docs") == ["scripts-single"]
    assert layouts_with("secret_names") == ["scripts", "scripts-single"]
    assert layouts_with("permissions") == ["scripts", "scripts-single"]
    assert not is_unavailable("trusted-publishing", "approvals")


@pytest.mark.parametrize(
    ("layout", "option", "value", "having"),
    [
        ("scripts", "deploys-docs", True, "the layout scripts-single"),
        ("scripts", "deploys-docs", False, "the layout scripts-single"),
        ("scripts-single", "publish-install", "scripts/uploader", "the layout scripts"),
        ("trusted-publishing", "publish-install", "scripts/uploader", "the layout scripts"),
        (
            "trusted-publishing",
            "permissions",
            {"packages": "write"},
            "the layouts scripts and scripts-single",
        ),
        ("trusted-publishing", "secrets", ["DOCS_KEY"], "the layouts scripts and scripts-single"),
    ],
)
def test_an_option_that_the_layout_does_not_have(
    layout: str, option: str, value: Any, having: str
) -> None:
    [problem] = problems(repositories={"httpx": {"publish": layout, option: value}})

    assert problem.path == f"{HTTPX}.{option}"
    assert problem.allowed == f"an option of {having}; httpx uses {layout}"
    assert problem.remedy.startswith("remove it")
    assert problem.remedy.endswith("or choose another layout with `publish`")
    assert ("revoke its secrets" in problem.remedy) is (option == "secrets")


def test_the_layout_may_come_from_the_defaults() -> None:
    assert places(defaults=TRUSTED, repositories={"httpx": {"secrets": []}}) == [f"{HTTPX}.secrets"]
    assert settings(defaults=TRUSTED, repositories={"httpx": {"publish": "scripts", "secrets": []}})


def test_a_default_option_that_some_layouts_do_not_have() -> None:
    defaults = {"deploys-docs": True, "permissions": {"packages": "write"}, "secrets": ["DOCS_KEY"]}

    assert settings(
        defaults=defaults,
        repositories={"httpx": TRUSTED, "httpcore": {"publish": "scripts-single"}},
    )


def test_a_default_option_that_no_layout_has() -> None:
    [problem] = problems(
        defaults={"deploys-docs": True}, repositories={"httpx": TRUSTED, "httpcore": None}
    )

    assert problem.path == "defaults.deploys-docs"
    assert (
        problem.allowed
        == "an option of the layout scripts-single; no repository uses such a layout"
    )


def test_an_unknown_layout_is_the_only_problem_of_its_options() -> None:
    assert places(repositories={"httpx": {"publish": "scripts-singel", "deploys-docs": True}}) == [
        f"{HTTPX}.publish"
    ]
    assert places(defaults={"publish": "scripts-singel", "deploys-docs": True}) == [
        "defaults.publish"
    ]


def test_a_value_of_a_secret_for_a_repository_that_needs_none() -> None:
    [problem] = problems(
        repositories={"httpx": TRUSTED}, secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}
    )

    assert problem.path == "secrets.httpx.PYPI_TOKEN"
    assert (
        problem.allowed
        == "no secrets: httpx uses trusted-publishing, which publishes without a token"
    )
    assert problem.remedy == (
        "remove the value, and revoke it after the first release without it: "
        "pulumi config rm --path 'secrets.httpx.PYPI_TOKEN'"
    )
    assert "hunter2" not in str(problem)


# Permissions


@pytest.mark.parametrize(
    ("name", "level", "allowed"), [("id-token", "read", "write"), ("models", "write", "read")]
)
def test_a_level_that_a_permission_does_not_have(name: str, level: str, allowed: str) -> None:
    assert httpx_problems(permissions={name: level}) == [
        Problem(
            f"{HTTPX}.permissions.{name}",
            f"'{level}'",
            f"{allowed}: GitHub has no other level of {name}",
            "write an allowed level, or remove the key",
        )
    ]


def test_an_unknown_level() -> None:
    [problem] = httpx_problems(permissions={"contents": "admin"})

    assert problem.path == f"{HTTPX}.permissions.contents"
    assert problem.allowed == "'read' or 'write'"


def test_documentation_is_not_pushed_with_permission_to_read() -> None:
    [problem] = httpx_problems(
        publish="scripts-single", deploys_docs=True, permissions={"contents": "read"}
    )

    assert problem.path == f"{HTTPX}.permissions.contents"
    assert problem.value == "'read'"
    assert settings(
        repositories={
            "httpx": {
                "publish": "scripts-single",
                "deploys-docs": True,
                "permissions": {"contents": "write"},
            }
        }
    )


# Variables


def test_a_variable_that_a_secret_would_hide() -> None:
    [problem] = httpx_problems(
        environment_variables={"DOCS_KEY": "x", "TZ": "UTC"}, secrets=["DOCS_KEY"]
    )

    assert problem.path == f"{HTTPX}.environment-variables.DOCS_KEY"
    assert problem.remedy == "rename one of the two"


def test_a_default_variable_with_the_name_of_a_secret() -> None:
    defaults = {"environment-variables": {"PYPI_TOKEN": "x"}}

    assert places(defaults=defaults) == ["defaults.environment-variables.PYPI_TOKEN"]
    assert settings(defaults=defaults, repositories={"httpx": TRUSTED})


@pytest.mark.parametrize(
    ("option", "value", "place"),
    [
        (
            "environment-variables",
            {"INDEX": "pypi-AgEIcHlwaS5vcmcCJDUzZmEw"},
            "environment-variables.INDEX",
        ),
        (
            "publish-install",
            "pip install x --password ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "publish-install",
        ),
    ],
)
@pytest.mark.parametrize("layer", ["defaults", "repositories.httpx"])
def test_a_token_in_plain_text(option: str, value: Any, place: str, layer: str) -> None:
    options = {option: value}
    changes: dict[str, Any] = (
        {"defaults": options} if layer == "defaults" else {"repositories": {"httpx": options}}
    )
    [problem] = problems(**changes)

    assert problem.path == f"{layer}.{place}"
    assert problem.value == "a token (hidden)"
    assert "pypi-AgE" not in str(problem)
    assert "ghp_16C7" not in str(problem)


@pytest.mark.parametrize(
    "name", ["PATH", "BASH_ENV", "LD_PRELOAD", "RUNNER_TOOL_CACHE", "PYTHONPATH"]
)
def test_a_secret_whose_name_would_control_the_step(name: str) -> None:
    [problem] = problems(repositories={"httpx": {"secrets": ["PYPI_TOKEN", name]}})

    assert problem.path == "repositories.httpx.secrets[1]"
    assert problem.value == f"'{name}'"
    assert problem.remedy == "rename the secret"


def test_the_token_together_with_twines_own_names() -> None:
    [problem] = problems(defaults={"secrets": ["PYPI_TOKEN", "TWINE_PASSWORD"]})

    assert problem.path == "defaults.secrets"
    assert problem.value == "a list with PYPI_TOKEN, TWINE_PASSWORD"
    assert problem.remedy == "remove TWINE_PASSWORD, or PYPI_TOKEN"


def test_the_names_of_twine_without_the_token() -> None:
    [repository] = settings(defaults={"secrets": ["TWINE_USERNAME", "TWINE_PASSWORD"]}).repositories

    assert {secret.name for secret in repository.environment_secrets} == {
        "TWINE_USERNAME",
        "TWINE_PASSWORD",
    }
