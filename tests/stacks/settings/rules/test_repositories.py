"""The repositories, their options and their secrets."""

from typing import Any

import pytest

from stacks.settings import Problem
from stacks.settings.repository_rules import repeated_names
from tests.stacks.settings.configurations import places, problems, settings

REMOVE_ONE = "remove one of the two"


@pytest.mark.parametrize(("repositories", "value"), [(None, "missing"), ({}, "empty")])
def test_no_repository(repositories: Any, value: str) -> None:
    assert problems(repositories=repositories) == [
        Problem(
            "repositories",
            value,
            "at least one repository's name",
            "pulumi config set --path repositories.REPOSITORY.approvals 1",
        )
    ]


def test_misspelled_repositories_are_not_missing() -> None:
    assert places(repositories={"http x": None}) == ['repositories["http x"]']
    assert places(repositories=["httpx"]) == ["repositories"]


def test_the_same_repository_twice() -> None:
    assert problems(repositories={"httpx": None, "HTTPX": None}) == [
        Problem(
            "repositories.HTTPX",
            "'HTTPX'",
            "each repository once (case does not matter)",
            REMOVE_ONE,
        )
    ]


@pytest.mark.parametrize(
    "repositories",
    [
        {"httpx": {"formerly": "requests-next"}, "requests-next": None},
        {"httpx": {"formerly": "Requests-Next"}, "requests-next": None},
        {"a": {"formerly": "old"}, "httpx": {"formerly": "old"}},
        {"httpx": {"formerly": "httpx"}},
    ],
)
def test_a_former_name_of_another_entry(repositories: dict[str, Any]) -> None:
    [problem] = problems(repositories=repositories)
    old = repositories["httpx"]["formerly"]

    assert problem == Problem(
        "repositories.httpx.formerly",
        f"'{old}'",
        "the former name of this entry, which no other entry has or had",
        f"remove the entry {old} if it is the same repository, or remove `formerly` if it is not",
    )


def test_a_former_name_that_is_free() -> None:
    assert settings(
        repositories={
            "httpx": {"formerly": "requests-next"},
            "a": {"formerly": "b"},
            "c": {"approvals": 1},
        }
    )


@pytest.mark.parametrize(
    ("options", "place", "name"),
    [
        ({"secrets": ["PYPI_TOKEN", "OTHER", "PYPI_TOKEN"]}, "secrets[2]", "PYPI_TOKEN"),
        ({"reviewers": {"users": ["a", "A"]}}, "reviewers.users[1]", "A"),
        ({"reviewers": {"teams": ["core", "core"]}}, "reviewers.teams[1]", "core"),
    ],
)
@pytest.mark.parametrize("layer", ["defaults", "repositories.httpx"])
def test_a_name_twice_in_a_list(options: dict[str, Any], place: str, name: str, layer: str) -> None:
    changes = {"defaults": options} if layer == "defaults" else {"repositories": {"httpx": options}}

    assert Problem(f"{layer}.{place}", f"'{name}'", "each name once", REMOVE_ONE) in problems(
        **changes
    )


# Archived and retired


def test_a_secret_for_a_repository_that_is_not_declared() -> None:
    assert problems(secrets={"flask": {"PYPI_TOKEN": "hunter2"}}) == [
        Problem(
            "secrets.flask",
            "",
            "secrets of declared repositories: httpx",
            "add `flask:` to `repositories`, or remove the secrets: "
            "pulumi config rm --path 'secrets.flask'",
        )
    ]


def test_secrets_of_a_repository_in_another_case() -> None:
    assert places(secrets={"HTTPX": {"PYPI_TOKEN": "hunter2"}}) == ["secrets.HTTPX"]


def test_a_secret_that_the_repository_does_not_declare() -> None:
    assert problems(secrets={"httpx": {"OTHER": "hunter2", "PYPI_TOKEN": "hunter2"}}) == [
        Problem(
            "secrets.httpx.OTHER",
            "",
            "the secrets declared for httpx: PYPI_TOKEN",
            "add OTHER to the `secrets` of httpx, or remove the value: "
            "pulumi config rm --path 'secrets.httpx.OTHER'",
        )
    ]


def test_a_secret_for_a_repository_that_declares_none() -> None:
    [problem] = problems(
        repositories={"httpx": {"secrets": []}}, secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}
    )

    assert problem.allowed == "the secrets declared for httpx: none"


def test_secrets_that_are_declared() -> None:
    assert settings(
        defaults={"secrets": ["PYPI_TOKEN", "DOCS_KEY"]},
        repositories={"httpx": None, "httpcore": {"secrets": ["OTHER"]}},
        secrets={"httpx": {"PYPI_TOKEN": "x", "DOCS_KEY": "y"}, "httpcore": {"OTHER": "z"}},
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"repositories": ["httpx"]}, "repositories"),
        ({"repositories": {"httpx": ["v*"]}}, "repositories.httpx"),
        (
            {"repositories": {"httpx": {"secrets": "PYPI_TOKEN"}}},
            "repositories.httpx.secrets",
        ),
        (
            {"repositories": {"httpx": {"secrets": ["other"]}}},
            "repositories.httpx.secrets[0]",
        ),
        ({"defaults": {"secrets": ["other"]}}, "defaults.secrets[0]"),
        ({"defaults": ["v*"]}, "defaults"),
    ],
)
def test_a_mistake_elsewhere_does_not_make_a_secret_a_stray(
    changes: dict[str, Any], place: str
) -> None:
    assert (
        places(secrets={"httpx": {"PYPI_TOKEN": "hunter2", "EXTRA": "hunter2"}}, **changes)[0]
        == place
    )
    assert len(places(secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}, **changes)) == 1


def test_a_row_of_two_hundred_repositories_is_cut_short() -> None:
    [problem] = problems(
        repositories={f"r{number:03}": None for number in range(200)},
        secrets={"flask": {"PYPI_TOKEN": "hunter2"}},
    )

    assert "and 188 more" in problem.allowed
    assert len(problem.allowed) < 200


# Reviewers and teams


def reviewers(people: int, teams: int = 0) -> dict[str, Any]:
    users = [f"person-{number}" for number in range(people)]
    return {"reviewers": {"users": users, "teams": [f"team-{number}" for number in range(teams)]}}


@pytest.mark.parametrize(("people", "teams"), [(6, 0), (3, 3), (0, 6)])
def test_more_than_six_reviewers(people: int, teams: int) -> None:
    expected = (
        "7 reviewers, including the operations team",
        "at most 6: GitHub's limit for an environment",
    )
    remedy = "list a team in place of several people"

    assert problems(repositories={"httpx": reviewers(people, teams)}) == [
        Problem("repositories.httpx.reviewers", *expected, remedy)
    ]


def test_too_many_reviewers_in_the_defaults_are_one_problem() -> None:
    entries: dict[str, Any] = {
        "httpx": None,
        "httpcore": {"approvals": 1},
        "starlette": reviewers(1),
    }

    assert places(defaults=reviewers(6), repositories=entries) == ["defaults.reviewers"]


@pytest.mark.parametrize(("people", "teams"), [(5, 0), (2, 3), (0, 0)])
def test_up_to_six_reviewers(people: int, teams: int) -> None:
    assert settings(repositories={"httpx": reviewers(people, teams)})


@pytest.mark.parametrize(
    ("options", "key", "slug", "role"),
    [
        ({"teams": {"operations": "write"}}, "teams", "operations", "operations"),
        ({"teams": {"maintainers": "read"}}, "teams", "maintainers", "maintainers"),
        ({"reviewers": {"teams": ["operations"]}}, "reviewers", "operations", "operations"),
    ],
)
@pytest.mark.parametrize("layer", ["defaults", "repositories.httpx"])
def test_one_of_the_two_teams_named_again(
    options: dict[str, Any], key: str, slug: str, role: str, layer: str
) -> None:
    entries: dict[str, Any] = (
        {"httpx": options, "httpcore": None}
        if layer != "defaults"
        else {"httpx": None, "httpcore": None}
    )

    assert problems(defaults=options if layer == "defaults" else {}, repositories=entries) == [
        Problem(
            f"{layer}.{key}",
            f"'{slug}'",
            f"other teams than the two; {slug} is the {role} team, which is always included",
            "remove it",
        )
    ]


def test_a_managed_team_under_its_own_name_named_again() -> None:
    operations = {"name": "Release operations", "members": ["a", "b"]}

    assert places(operations=operations, defaults={"teams": {"release-operations": "write"}}) == [
        "defaults.teams"
    ]


def test_the_maintainers_may_review_deployments() -> None:
    assert settings(defaults={"reviewers": {"teams": ["maintainers"]}})


def test_teams_other_than_the_two() -> None:
    assert settings(defaults={"teams": {"docs": "triage"}, "reviewers": {"teams": ["security"]}})


# The stack's own repository


def stack_problem(key: str, value: str, remedy: str) -> Problem:
    allowed = (
        "read or triage: release-stack holds this stack, and a user who can write to it can use "
        "every token"
    )
    return Problem(f"repositories.release-stack.{key}", value, allowed, remedy)


@pytest.mark.parametrize("defaults", [{}, {"maintainers-permission": "write"}])
def test_maintainers_who_can_write_to_the_stack(defaults: dict[str, Any]) -> None:
    entries = {"httpx": None, "release-stack": None}

    assert problems(stack_repository="Release-Stack", defaults=defaults, repositories=entries) == [
        stack_problem("maintainers-permission", "write", "set it to `read` for this entry")
    ]


@pytest.mark.parametrize("permission", ["write", "maintain"])
def test_another_team_that_can_write_to_the_stack(permission: str) -> None:
    entry = {"maintainers-permission": "read", "teams": {"docs": permission, "readers": "read"}}

    assert problems(
        stack_repository="release-stack", repositories={"release-stack": entry, "httpx": None}
    ) == [
        stack_problem("teams", f"docs: {permission}", "set it to `read` or `triage` in this entry")
    ]


def test_a_mistyped_permission_is_the_only_problem_of_the_stack() -> None:
    entry = {"maintainers-permission": "none"}

    assert places(stack_repository="release-stack", repositories={"release-stack": entry}) == [
        "repositories.release-stack.maintainers-permission"
    ]


@pytest.mark.parametrize("permission", ["read", "triage"])
def test_a_stack_that_belongs_to_operations(permission: str) -> None:
    entry = {"maintainers-permission": permission, "teams": {"docs": "triage"}}

    assert settings(
        stack_repository="release-stack", repositories={"release-stack": entry, "httpx": None}
    )


def test_a_stack_repository_that_is_not_set_up_by_the_stack() -> None:
    assert settings(stack_repository="release-stack", defaults={"teams": {"docs": "write"}})


def test_repeated_names_ignore_case() -> None:
    assert list(repeated_names(["a", "b", "A", "b"])) == [(2, "A"), (3, "b")]
