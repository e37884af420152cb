"""Secrets in plain text are found in the stack file, and never repeated."""

from pathlib import Path

import pytest

from stacks.settings import Problem
from stacks.settings.stack_file import ENCRYPTED, plain_secrets, read_config, unencrypted_secrets

EXPOSED = "because the file and its history contain it; then:"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "Pulumi.prod.yaml"


def stack_file_problems(file: Path) -> list[Problem]:
    config, problems = read_config(file)
    return [*problems, *plain_secrets(config, "releases")]


def problems_of(file: Path, text: str) -> list[Problem]:
    file.write_text(text, encoding="utf-8")
    problems = stack_file_problems(file)
    assert "hunter2" not in str(problems)
    return problems


def plain(key: str) -> Problem:
    revoke = "the token on PyPI" if key.endswith(".PYPI_TOKEN") else "it at its issuer"
    remedy = f"revoke {revoke}, {EXPOSED} pulumi config set --path '{key}' --secret"
    return Problem(key, "", ENCRYPTED, remedy)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "config:\n",
        "config: {}\n",
        "encryptionsalt: v1:abc\n",
        "config: {releases:secrets: {}}\n",
        "config: {releases:secrets: {httpx: {PYPI_TOKEN: {secure: AAAB}}}}\n",
        "config: {releases:secrets: {secure: AAAB}}\n",
        "config: {releases:secrets: {httpx: {secure: AAAB}}}\n",
        "config: {releases:secrets: {httpx: {PYPI_TOKEN: }}}\n",
        "config: {releases:secrets: {secure: {PYPI_TOKEN: {secure: AAAB}}}}\n",
        "config: {github:token: {secure: AAAB}, releases:stack-repository: release-stack}\n",
        "config: {github:appAuth: {id: 1, installationId: 2, pemFile: {secure: AAAB}}}\n",
        "config: {github:appAuth: {secure: AAAB}}\n",
        "config: {other:secrets: {httpx: hunter2}}\n",
    ],
)
def test_a_file_with_nothing_in_plain_text(file: Path, text: str) -> None:
    assert problems_of(file, text) == []


def test_no_file(file: Path) -> None:
    assert stack_file_problems(file) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("config: {releases:secrets: {httpx: {PYPI_TOKEN: hunter2}}}", "secrets.httpx.PYPI_TOKEN"),
        ("config: {releases:secrets: {httpx: {PYPI_TOKEN: 12345}}}", "secrets.httpx.PYPI_TOKEN"),
        ("config: {releases:secrets: {a.b: {PYPI_TOKEN: hunter2}}}", 'secrets["a.b"].PYPI_TOKEN'),
        ("config: {releases:secrets: {httpx: hunter2}}", "secrets.httpx"),
        ("config: {releases:secrets: hunter2}", "secrets"),
        ("config: {releases:secrets: {httpx: [hunter2, {secure: AAAB}]}}", "secrets.httpx[0]"),
        (
            "config: {releases:secrets: {httpx: {PYPI_TOKEN: {secret: hunter2}}}}",
            "secrets.httpx.PYPI_TOKEN.secret",
        ),
        (
            "config: {releases:secrets: {secure: {PYPI_TOKEN: hunter2}}}",
            "secrets.secure.PYPI_TOKEN",
        ),
        ("config: {secrets: {httpx: {PYPI_TOKEN: hunter2}}}", "secrets.httpx.PYPI_TOKEN"),
        ("config: {releases:config:secrets: {httpx: hunter2}}", "secrets.httpx"),
        ("config: {'releases:secrets.httpx': hunter2}", "secrets.httpx"),
    ],
)
def test_a_secret_in_plain_text(file: Path, text: str, place: str) -> None:
    assert problems_of(file, text) == [plain(place)]


def test_every_secret_in_plain_text_is_named(file: Path) -> None:
    text = """
    config:
      releases:secrets:
        httpx: {PYPI_TOKEN: hunter2, OTHER: {secure: AAAB}}
        httpcore: &same {PYPI_TOKEN: hunter2}
        starlette: *same
    """

    assert problems_of(file, text) == [
        plain("secrets.httpx.PYPI_TOKEN"),
        plain("secrets.httpcore.PYPI_TOKEN"),
        plain("secrets.starlette.PYPI_TOKEN"),
    ]


def test_the_providers_token_in_plain_text(file: Path) -> None:
    assert problems_of(file, "config: {github:token: hunter2}") == [
        Problem(
            "github:token",
            "",
            f"{ENCRYPTED}, or the environment variable GITHUB_TOKEN",
            f"revoke it on GitHub, {EXPOSED} pulumi config rm github:token",
        )
    ]


@pytest.mark.parametrize("value", ["{id: 1, pemFile: hunter2}", '\'{"pemFile": "hunter2"}\''])
def test_an_apps_key_in_plain_text(file: Path, value: str) -> None:
    assert problems_of(file, f"config: {{github:appAuth: {value}}}") == [
        Problem(
            "github:appAuth",
            "",
            f"{ENCRYPTED}, or an installation token in the environment variable GITHUB_TOKEN",
            f"revoke it on GitHub, {EXPOSED} pulumi config rm github:appAuth",
        )
    ]


@pytest.mark.parametrize(
    "content",
    [b"config: {releases:secrets: hunter2", b"config: \xff\xfehunter2", b"config:\n\thunter2"],
)
def test_invalid_yaml_is_a_problem_without_a_quote(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    [problem] = stack_file_problems(file)
    assert problem.path == "Pulumi.prod.yaml"
    assert problem.value == ""
    assert problem.allowed == "YAML in UTF-8"
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("text", ["- config\n", "config: [a]\n", "hunter2\n"])
def test_a_file_of_another_shape_is_left_to_the_engine(file: Path, text: str) -> None:
    assert problems_of(file, text) == []


def test_plain_values_from_another_source_are_reported() -> None:
    values = {"secrets": {"httpx": {"PYPI_TOKEN": "hunter2"}}}

    assert unencrypted_secrets(values, encrypted=[]) == [plain("secrets.httpx.PYPI_TOKEN")]
    assert unencrypted_secrets(values, encrypted=["secrets"]) == []
    assert unencrypted_secrets({"secrets": {}}, encrypted=[]) == []
    assert unencrypted_secrets({}, encrypted=[]) == []
