"""The spellings of a key in a stack file."""

import pytest

from stacks.settings.configuration_keys import (
    normalize,
    options_of,
    spelling_problems,
    strip_prefixes,
)


@pytest.mark.parametrize(
    ("key", "normalized"),
    [
        ("operations", ("acme", "operations")),
        ("acme:operations", ("acme", "operations")),
        ("acme:config:operations", ("acme", "operations")),
        ("releases:operations", ("releases", "operations")),
        ("github:owner", ("github", "owner")),
        ("github:config:owner", ("github", "owner")),
        ("secrets.httpx", ("acme", "secrets.httpx")),
    ],
)
def test_a_key_is_normalized_as_the_engine_does(key: str, normalized: tuple[str, str]) -> None:
    assert normalize(key, "acme") == normalized


def test_keys_of_other_projects_are_not_options() -> None:
    config = {"acme:operations": 1, "maintainers": 2, "github:owner": 3}

    assert options_of(config, "acme") == {"operations": 1, "maintainers": 2}
    assert strip_prefixes(config, "acme") == {
        "operations": 1,
        "maintainers": 2,
        "github:owner": 3,
    }


def test_two_spellings_of_a_key_are_a_problem_that_has_both() -> None:
    [problem] = spelling_problems(["operations", "acme:config:operations"], "acme", "Pulumi.x.yaml")

    assert problem.path == "operations"
    assert problem.value == "written twice, as `operations` and as `acme:config:operations`"


def test_the_prefix_of_this_project_is_a_problem_in_another_one() -> None:
    [problem] = spelling_problems(["releases:operations", "github:owner"], "acme", "Pulumi.x.yaml")

    assert problem.path == "releases:operations"
    assert problem.remedy.startswith("sed -i.bak -E ")
    assert list(spelling_problems(["releases:operations"], "releases", "Pulumi.x.yaml")) == []


def test_a_key_with_a_misspelled_prefix_is_reported() -> None:
    config = ["release:operations", "maintainers", "github:owner", "release:other"]

    [problem] = spelling_problems(config, "releases", "Pulumi.x.yaml")

    assert problem.path == "release:operations"
    assert problem.value.startswith("ignored: ")
    assert problem.remedy == "write `operations`"


@pytest.mark.parametrize(
    "config",
    [
        ["release:operations", "operations"],
        ["release:operations", "releases:operations"],
        ["github:owner", "github:token", "github:repositories", "pulumi:defaults"],
        ["aws:region"],
    ],
)
def test_a_key_of_another_program_is_not_reported(config: list[str]) -> None:
    assert list(spelling_problems(config, "releases", "Pulumi.x.yaml")) == []
