"""The repositories, their options and their secrets."""

import json
from datetime import date
from typing import Any

import pytest

from stacks.settings import Problem
from stacks.settings.repository_rules import repeated_names
from stacks.settings.resolved import Acceptance
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


@pytest.mark.parametrize(
    ("acceptance", "keys"),
    [
        ({}, ["reason", "until"]),
        ({"reason": "x"}, ["until"]),
        ({"until": "2027-06-30"}, ["reason"]),
        ({"reason": " ", "until": "2027-06-30"}, ["reason"]),
        ({"reason": None, "until": None}, ["reason", "until"]),
    ],
)
def test_an_acceptance_that_is_incomplete(acceptance: dict[str, Any], keys: list[str]) -> None:
    commands = {
        "reason": "pulumi config set --path 'accept[\"admin/httpx\"].reason' 'REASON'",
        "until": "pulumi config set --path 'accept[\"admin/httpx\"].until' YYYY-MM-DD",
    }
    incomplete = problems(accept={"admin/httpx": acceptance})

    assert [problem.remedy for problem in incomplete] == [commands[key] for key in keys]
    assert {problem.value for problem in incomplete} == {"missing"}


@pytest.mark.parametrize("until", ["2027-06-30", "2027-06-30 00:00:00 +0000 UTC"])
@pytest.mark.parametrize("as_text", [True, False])
def test_an_acceptance(until: str, as_text: bool) -> None:
    acceptance = {"reason": "Maintains the mirror", "until": until}
    value = json.dumps(acceptance) if as_text else acceptance

    assert settings(accept={"admin/httpx": value}).accept == {
        "admin/httpx": Acceptance("Maintains the mirror", date(2027, 6, 30))
    }


@pytest.mark.parametrize(
    ("acceptance", "place", "remedy"),
    [
        ({"until": "soon"}, "until", "write a date such as '2027-06-30'"),
        ({"until": 2027}, "until", "write a date such as '2027-06-30'"),
        ({"reason": 5}, "reason", "put it in quotes"),
        ({"untill": "x"}, "untill", "write until, or remove the key"),
    ],
)
def test_an_acceptance_of_a_wrong_shape(
    acceptance: dict[str, Any], place: str, remedy: str
) -> None:
    [problem] = problems(accept={"admin/httpx": acceptance})

    assert problem.path == f'accept["admin/httpx"].{place}'
    assert problem.remedy == remedy


# Secrets


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
