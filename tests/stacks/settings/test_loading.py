"""From the engine's values to settings, or to one error with every problem and no secret."""

import json
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import config as engine

from stacks.settings import Problem, SettingsError
from stacks.settings.loading import (
    LARGE_CONFIGURATION,
    LARGEST_CONFIGURATION,
    load,
    parse_settings,
)
from stacks.settings.model import decode
from stacks.settings.names import LOGIN
from tests.stacks.settings.configurations import NO_FILE, VALID, configuration, error

ORGANIZATION = "the login of the organization"
PROJECT = "acme"
SECRETS = f"{PROJECT}:secrets"
SET_OWNER = "pulumi config set github:owner ORGANIZATION"


def owner_problems(owner: str | None, **environ: str) -> list[Problem]:
    with pytest.raises(SettingsError) as refused:
        parse_settings(configuration(), owner, NO_FILE, environ)
    return list(refused.value.problems)


@pytest.mark.parametrize("owner", [None, ""])
def test_no_owner(owner: str | None) -> None:
    assert owner_problems(owner) == [Problem("github:owner", "missing", ORGANIZATION, SET_OWNER)]


def test_a_bad_owner() -> None:
    assert owner_problems("github.com/encode") == [
        Problem(
            "github:owner", "'github.com/encode'", f"{ORGANIZATION}; {LOGIN.allowed}", SET_OWNER
        )
    ]


def test_another_owner_in_the_environment() -> None:
    assert owner_problems("encode", GITHUB_OWNER="kludex") == [
        Problem(
            "github:owner",
            "'encode'",
            "the same organization as in the environment variable GITHUB_OWNER, which the "
            "provider prefers: 'kludex'",
            "unset GITHUB_OWNER",
        )
    ]


@pytest.mark.parametrize("environ", [{}, {"GITHUB_OWNER": "Encode"}, {"GITHUB_OWNER": ""}])
def test_the_same_owner_in_the_environment(environ: dict[str, str]) -> None:
    assert parse_settings(configuration(), "encode", NO_FILE, environ).owner == "encode"


def test_a_configuration_too_large_for_the_engine() -> None:
    with pytest.raises(SettingsError) as refused:
        parse_settings(configuration(), "encode", NO_FILE, {}, size=LARGEST_CONFIGURATION + 1)

    [problem] = refused.value.problems
    assert problem.path == "maintainers"
    assert problem.value == "the largest part of 112 KiB of configuration"
    assert (
        problem.allowed
        == "112 KiB: the operating system starts no program with a larger configuration"
    )
    assert "move some of the repositories to a second stack" in problem.remedy


def test_a_configuration_just_small_enough() -> None:
    assert parse_settings(configuration(), "encode", NO_FILE, {}, size=LARGEST_CONFIGURATION)


def test_the_error_names_the_file_and_has_every_problem_in_order() -> None:
    with pytest.raises(SettingsError) as refused:
        parse_settings(
            configuration(operations={"members": ["x y", "a"]}, repository={}),
            None,
            Path("Pulumi.dev.yaml"),
            {},
            size=10**6,
        )

    assert str(refused.value).startswith(
        "Pulumi.dev.yaml cannot be used: 4 problems, nothing was changed\n  github:owner"
    )
    assert [problem.path for problem in refused.value.problems] == [
        "github:owner",
        "maintainers",
        "operations.members[0]",
        "repository",
    ]


# Secrets

PLACED: dict[str, dict[str, Any]] = {
    "in its place, with another mistake": {
        "secrets": {"httpx": {"PYPI_TOKEN": "hunter2"}},
        "defaults": {"approvals": 0},
    },
    "for no repository": {"secrets": {"flask": {"PYPI_TOKEN": "hunter2"}}},
    "under a bad name": {"secrets": {"httpx": {"pypi-token": "hunter2"}}},
    "without a name": {"secrets": {"httpx": "hunter2"}},
    "in a list": {"secrets": {"httpx": {"PYPI_TOKEN": ["hunter2"]}}},
    "too deep": {"secrets": {"httpx": {"PYPI_TOKEN": {"value": "hunter2"}}}},
    "in an entry": {"repositories": {"httpx": "hunter2"}},
    "among the names of secrets": {
        "repositories": {"httpx": {"secrets": {"PYPI_TOKEN": "hunter2"}}}
    },
    "as an option": {"repositories": {"httpx": {"approvals": "hunter2"}}},
    "in the defaults": {"defaults": {"secrets": "hunter2"}},
    "at the top": {"pypi-token": "hunter2"},
}


@pytest.mark.parametrize("changes", PLACED.values(), ids=PLACED)
def test_no_secret_value_is_ever_in_an_error(changes: dict[str, Any]) -> None:
    raw = configuration(**changes)
    encrypted = [key for key, text in raw.items() if "hunter2" in text]

    with pytest.raises(SettingsError) as refused:
        parse_settings(raw, "encode", NO_FILE, {}, encrypted=encrypted)

    texts = [
        str(refused.value),
        repr(refused.value),
        repr(refused.value.problems),
        repr(refused.value.args),
    ]
    assert "hunter2" not in "".join(texts)
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


@pytest.mark.parametrize("changes", PLACED.values(), ids=PLACED)
def test_a_token_in_plain_text_is_never_displayed(changes: dict[str, Any]) -> None:
    token = "pypi-AgEIcHlwaS5vcmcCJDUzZmEw"
    raw = {key: text.replace("hunter2", token) for key, text in configuration(**changes).items()}

    with pytest.raises(SettingsError) as refused:
        parse_settings(raw, "encode", NO_FILE, {}, encrypted=[])

    assert token not in f"{refused.value} {refused.value!r} {refused.value.problems}"


def test_a_plain_secret_of_an_unknown_repository_is_two_problems(
    tmp_path: Path,
) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text("config: {secrets: {flask: {PYPI_TOKEN: hunter2}}}", encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        parse_settings(
            configuration(secrets={"flask": {"PYPI_TOKEN": "hunter2"}}), "encode", file, {}
        )

    assert [problem.path for problem in refused.value.problems] == [
        "secrets.flask",
        "secrets.flask.PYPI_TOKEN",
    ]
    assert refused.value.problems[1].remedy.startswith("revoke the token on PyPI, because")


def test_a_misspelled_prefix_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text("config: {release:operations: {members: [operator-1]}}", encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        parse_settings(configuration(operations=None), "encode", file, {})

    assert [problem.path for problem in refused.value.problems] == ["release:operations"]


def test_a_whole_mapping_of_secrets_in_one_encrypted_text() -> None:
    raw = configuration(secrets=json.dumps({"httpx": {"PYPI_TOKEN": "hunter2"}}))

    assert (
        parse_settings(raw, "encode", NO_FILE, {}).repositories[0].environment_secrets[0].value
        == "hunter2"
    )


def test_a_valid_configuration_has_no_error() -> None:
    with pytest.raises(AssertionError, match="accepted without a problem"):
        error()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1]}', {"a": [1]}),
        ('["a"]', ["a"]),
        ("httpx", "httpx"),
        ("123", "123"),
        ("true", "true"),
        ("[not json", "[not json"),
        ("", ""),
    ],
)
def test_mappings_and_lists_arrive_as_json_and_the_rest_as_text(text: str, value: object) -> None:
    assert decode(text) == value


# From the engine


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty directory that is the working directory of the stack `prod`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_OWNER", raising=False)
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
    monkeypatch.setattr(pulumi, "get_project", lambda: PROJECT)
    return tmp_path


SetConfiguration = Callable[[dict[str, str], list[str]], None]


@pytest.fixture
def set_configuration(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SetConfiguration]:
    """Return a function that passes a configuration as the language host does."""
    assert project.is_dir()

    def set_configuration(values: dict[str, str], secret_keys: list[str]) -> None:
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(values))
        engine.set_all_config(values, secret_keys)

    yield set_configuration
    engine.set_all_config({}, [])


def engine_configuration(**changes: Any) -> dict[str, str]:
    """Return the engine's values with the defaults of `Pulumi.yaml`, by full key."""
    empty = {"defaults": "{}", "secrets": "{}", "applied-by": "{}", "stack-repository": ""}
    named = {
        f"{PROJECT}:{key}": text for key, text in {**empty, **configuration(**changes)}.items()
    }
    return {"github:owner": "encode", **named}


def test_the_configuration_of_the_engine_is_loaded(set_configuration: SetConfiguration) -> None:
    set_configuration(engine_configuration(secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}), [SECRETS])

    settings = load()

    assert settings.owner == "encode"
    assert settings.app is None
    assert settings.stack_repository is None
    assert settings.operations.members == tuple(VALID["operations"]["members"])
    assert settings.repositories[0].environment_secrets[0].value == "hunter2"


def test_an_unknown_key_of_the_engine_is_a_problem(set_configuration: SetConfiguration) -> None:
    set_configuration(engine_configuration(**{"repositories.httpcore": "x"}), [])

    with pytest.raises(SettingsError) as refused:
        load()

    [problem] = refused.value.problems
    assert problem.path == "repositories.httpcore"
    assert problem.value == "an unknown key"


def test_an_encrypted_value_in_the_wrong_place_is_hidden(
    set_configuration: SetConfiguration,
) -> None:
    set_configuration(
        engine_configuration(repositories={"httpx": "hunter2"}), [f"{PROJECT}:repositories"]
    )

    with pytest.raises(SettingsError) as refused:
        load()

    assert [problem.path for problem in refused.value.problems] == ["repositories.httpx"]
    assert "hunter2" not in str(refused.value)


def test_the_file_of_the_stack_is_read_for_secrets_in_plain_text(
    project: Path, set_configuration: SetConfiguration
) -> None:
    secrets = {"httpx": {"PYPI_TOKEN": "hunter2"}}
    set_configuration(engine_configuration(secrets=secrets), [SECRETS])
    (project / "Pulumi.prod.yaml").write_text(
        json.dumps({"config": {"secrets": secrets}}), encoding="utf-8"
    )

    with pytest.raises(SettingsError, match=r"Pulumi\.prod\.yaml cannot be used: 1 problem"):
        load()


def test_a_plain_secret_in_another_file_is_reported(set_configuration: SetConfiguration) -> None:
    set_configuration(engine_configuration(secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}), [])

    with pytest.raises(SettingsError) as refused:
        load()

    assert [problem.path for problem in refused.value.problems] == ["secrets.httpx.PYPI_TOKEN"]


def configuration_of_size(size: int) -> dict[str, str]:
    """Return the engine's values with a size in bytes."""
    secrets = {"httpx": {"PYPI_TOKEN": ""}}
    secrets["httpx"]["PYPI_TOKEN"] = "x" * (
        size - len(json.dumps(engine_configuration(secrets=secrets)))
    )
    return engine_configuration(secrets=secrets)


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", texts.append)
    return texts


def test_a_small_configuration_is_loaded_in_silence(
    set_configuration: SetConfiguration, warnings: list[str]
) -> None:
    set_configuration(configuration_of_size(LARGE_CONFIGURATION), [SECRETS])

    assert load()
    assert warnings == []


def test_a_large_configuration_is_loaded_with_a_warning(
    set_configuration: SetConfiguration, warnings: list[str]
) -> None:
    set_configuration(configuration_of_size(LARGE_CONFIGURATION + 1024), [SECRETS])

    assert load()
    assert [text.split(".")[0] for text in warnings] == [
        "The configuration has 81 of at most 112 KiB"
    ]


def test_a_configuration_that_is_too_large_is_refused(
    set_configuration: SetConfiguration, warnings: list[str]
) -> None:
    set_configuration(configuration_of_size(LARGEST_CONFIGURATION + 1024), [SECRETS])

    with pytest.raises(SettingsError) as refused:
        load()

    [problem] = refused.value.problems
    assert problem.path == "secrets"
    assert problem.value == "the largest part of 113 KiB of configuration"
    assert warnings == []
