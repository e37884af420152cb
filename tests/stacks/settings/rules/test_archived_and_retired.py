"""Rules on entries that are archived or retired."""

from typing import Any

import pytest

from stacks.settings import Problem
from tests.stacks.settings.configurations import problems, settings


def test_an_archived_repository_that_is_created() -> None:
    assert problems(repositories={"httpx": {"archived": True, "create": True}}) == [
        Problem(
            "repositories.httpx.create",
            "true, and so is `archived`",
            "one of the two: an archived repository exists, and GitHub changes nothing in it",
            "pulumi config rm --path 'repositories.httpx.create', which deletes nothing",
        )
    ]


def test_an_entry_that_is_archived_and_retired() -> None:
    [problem] = problems(repositories={"httpx": {"archived": True, "retired": True}})

    assert problem.path == "repositories.httpx.retired"
    assert problem.remedy == "pulumi config rm --path 'repositories.httpx.retired'"


@pytest.mark.parametrize(
    "options",
    [
        {"approvals": 2},
        {"publish": "trusted-publishing"},
        {"secrets": []},
        {"create": True},
        {"replace-workflow": True},
    ],
)
def test_a_retired_entry_has_no_options(options: dict[str, Any]) -> None:
    [key] = options

    assert problems(repositories={"httpx": {"retired": True, **options}}) == [
        Problem(
            f"repositories.httpx.{key}",
            "an option of a retired entry",
            "only `retired` and `formerly`: the entry keeps nothing but a closed environment",
            f"pulumi config rm --path 'repositories.httpx.{key}'",
        )
    ]


def test_a_retired_entry_may_be_renamed() -> None:
    retired = settings(repositories={"httpx": {"retired": True, "formerly": "requests-next"}})

    assert retired.repositories[0].retired
    assert retired.publishing == ()


@pytest.mark.parametrize("switch", ["archived", "retired", "create"])
def test_a_switch_may_be_off(switch: str) -> None:
    opposite = "archived" if switch == "retired" else "retired"

    assert settings(repositories={"httpx": {switch: False, opposite: True}})


def test_a_retired_entry_ignores_the_defaults() -> None:
    defaults = {"approvals": 2, "publish": "trusted-publishing", "reviewers": {"users": ["x"]}}
    [repository] = settings(
        defaults=defaults, repositories={"httpx": {"retired": True}}
    ).repositories

    assert repository.approvals == 1
    assert repository.reviewers.users == []
    assert repository.secret_names == []
    assert repository.environment_secrets == ()
    assert repository.from_defaults == frozenset()


def test_defaults_are_checked_for_publishing_entries_only() -> None:
    assert settings(
        operations={"members": ["operator-1"]},
        defaults={"reviewers": {"users": ["security-1"]}},
        repositories={"httpx": None, "requests-async": {"retired": True}},
    )


def test_a_secret_of_a_retired_entry() -> None:
    assert problems(
        repositories={"httpx": {"retired": True}}, secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}
    ) == [
        Problem(
            "secrets.httpx.PYPI_TOKEN",
            "",
            "no secrets: httpx is retired and does not publish",
            "revoke it where it was issued, and run "
            "pulumi config rm --path 'secrets.httpx.PYPI_TOKEN'",
        )
    ]


# Findings that are accepted
