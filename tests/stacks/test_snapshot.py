"""The organization as GitHub has it, read in a few requests."""

from typing import Any

import httpx
import pytest

from stacks.previous_state import PreviousState
from stacks.repository_scripts import Scripts
from stacks.settings.problems import GitHubError, Problem
from stacks.snapshot import (
    AppOnGitHub,
    RepositoryOnGitHub,
    Snapshot,
    TeamOnGitHub,
    read_organization,
)
from tests.stacks.answers import Answers
from tests.stacks.settings.configurations import settings

EVERYBODY = ["operator-1", "operator-2", "maintainer-1", "maintainer-2", "maintainer-3"]


def people(*logins: str) -> list[dict[str, str]]:
    return [{"login": login} for login in logins]


def team(number: int, slug: str, privacy: str = "closed") -> dict[str, Any]:
    return {"id": number, "slug": slug, "privacy": privacy}


def repository(
    number: int, name: str, *, archived: bool = False, private: bool = False
) -> dict[str, Any]:
    return {"id": number, "name": name, "archived": archived, "private": private}


def pages(**changes: Any) -> dict[str, Any]:
    """An organization in which everybody is, with one repository and no teams; `changes` are pages by path."""
    scopes = {"X-OAuth-Scopes": "repo, workflow, admin:org"}
    return {
        "/orgs/encode": httpx.Response(200, json={"plan": {"name": "free"}}, headers=scopes),
        "/orgs/encode/members?role=admin": people("Owner-1"),
        "/orgs/encode/members?role=member": people(*EVERYBODY),
        "/user/memberships/orgs/encode": {"role": "admin"},
        "/orgs/encode/teams": [],
        "/orgs/encode/repos": [repository(1, "httpx")],
        "/repos/encode/httpx/actions/secrets": {"secrets": []},
        "/orgs/encode/actions/secrets": {"secrets": []},
        "/orgs/encode/dependabot/secrets": {"secrets": []},
        "/orgs/encode/codespaces/secrets": {"secrets": []},
        "/orgs/encode/actions/permissions/workflow": {
            "default_workflow_permissions": "read",
            "can_approve_pull_request_reviews": False,
        },
        **changes,
    }


def read(answers: Answers, previous_state: PreviousState | None = None, **changes: Any) -> Snapshot:
    with answers.reader() as reader:
        return read_organization(reader, settings(**changes), previous_state or PreviousState())


def test_an_organization_as_it_is() -> None:
    assert read(Answers(pages())) == Snapshot(
        plan="free",
        scopes=frozenset({"repo", "workflow", "admin:org"}),
        is_owner=True,
        owners=frozenset({"owner-1"}),
        missing_people=frozenset(),
        teams={},
        repositories={"httpx": RepositoryOnGitHub(1, "httpx", archived=False, private=False)},
        app=None,
    )


def test_it_costs_twelve_requests_where_everybody_is_in_the_organization() -> None:
    answers = Answers(pages())

    read(answers)

    assert len(answers.asked) == 12


def test_each_declared_repository_costs_one_request_more_and_no_other_does() -> None:
    names = [f"r{number}" for number in range(50)]
    listed = [repository(number, name) for number, name in enumerate([*names, "broadcaster"])]
    secrets: dict[str, Any] = {
        f"/repos/encode/{name}/actions/secrets": {"secrets": []} for name in names
    }
    answers = Answers(pages(**{"/orgs/encode/repos": listed, **secrets}))

    found = read(answers, repositories=dict.fromkeys(names))

    assert len(answers.asked) == 11 + 50
    assert found.repositories["broadcaster"] == RepositoryOnGitHub(
        50, "broadcaster", archived=False, private=False
    )


def test_a_token_that_sees_neither_plan_nor_scopes() -> None:
    found = read(Answers(pages(**{"/orgs/encode": {"login": "encode"}})))

    assert (found.plan, found.scopes) == (None, None)


@pytest.mark.parametrize(
    ("membership", "owner"), [({"role": "member"}, False), (None, False), ({"role": "admin"}, True)]
)
def test_whether_the_token_belongs_to_an_owner(membership: Any, owner: bool) -> None:
    assert read(Answers(pages(**{"/user/memberships/orgs/encode": membership}))).is_owner is owner


def test_people_outside_the_organization_are_looked_for_and_only_they() -> None:
    outside = pages(**{"/orgs/encode/members?role=member": people("Operator-1", "maintainer-1")})
    answers = Answers(outside, people={"operator-2": 2, "maintainer-3": 6})

    found = read(answers)

    assert found.missing_people == {"maintainer-2"}
    [asked] = [request.content for request in answers.asked if b"user(login" in request.content]
    assert b"operator-1" not in asked


def test_reviewers_are_looked_for_too() -> None:
    found = read(Answers(pages()), repositories={"httpx": {"reviewers": {"users": ["Nobody-1"]}}})

    assert found.missing_people == {"nobody-1"}


def test_people_without_a_login_are_no_people() -> None:
    """An invitation by e-mail has none."""
    members = [*people(*EVERYBODY), {"login": None, "email": "somebody@example.org"}]

    assert (
        read(Answers(pages(**{"/orgs/encode/members?role=member": members}))).missing_people
        == frozenset()
    )


def test_teams_that_the_stack_made_are_read_with_their_people_and_invitations() -> None:
    answers = Answers(
        pages(
            **{
                "/orgs/encode/teams": [
                    team(1, "maintainers"),
                    team(2, "docs", "secret"),
                    team(3, "release-ops"),
                ],
                "/orgs/encode/teams/maintainers/members": people("Maintainer-1"),
                "/orgs/encode/teams/maintainers/invitations": people("Invited-1"),
            }
        )
    )

    found = read(answers, PreviousState(teams={"maintainers": 1}))

    assert found.teams == {
        "maintainers": TeamOnGitHub(
            1, "maintainers", secret=False, people=frozenset({"maintainer-1", "invited-1"})
        ),
        "docs": TeamOnGitHub(2, "docs", secret=True),
        "release-ops": TeamOnGitHub(3, "release-ops", secret=False),
    }


def test_a_renamed_team_is_known_by_its_number() -> None:
    answers = Answers(
        pages(
            **{
                "/orgs/encode/teams": [team(1, "old-name")],
                "/orgs/encode/teams/old-name/members": people("maintainer-1"),
                "/orgs/encode/teams/old-name/invitations": [],
            }
        )
    )

    assert read(answers, PreviousState(teams={"maintainers": 1})).teams["old-name"].people == {
        "maintainer-1"
    }


def test_the_people_of_an_existing_team_are_nobodys_business() -> None:
    answers = Answers(pages(**{"/orgs/encode/teams": [team(1, "core")]}))

    assert (
        read(answers, PreviousState(teams={"maintainers": 1}), maintainers={"existing": "core"})
        .teams["core"]
        .people
        == frozenset()
    )


def test_the_secrets_of_a_declared_repository_are_known_by_name() -> None:
    listed = [repository(1, "HTTPX", archived=True, private=True)]
    secrets = {"secrets": [{"name": "PYPI_TOKEN"}, {"name": "CODECOV_TOKEN"}]}

    found = read(
        Answers(
            pages(**{"/orgs/encode/repos": listed, "/repos/encode/HTTPX/actions/secrets": secrets})
        )
    )

    assert found.repositories == {
        "httpx": RepositoryOnGitHub(
            1, "HTTPX", True, True, frozenset({"PYPI_TOKEN", "CODECOV_TOKEN"})
        )
    }


def test_the_scripts_of_declared_repositories_that_are_there_are_looked_up_together() -> None:
    listed = [repository(1, "HTTPX"), repository(2, "httpcore"), repository(3, "broadcaster")]
    secrets: dict[str, Any] = {
        f"/repos/encode/{name}/actions/secrets": {"secrets": []} for name in ("HTTPX", "httpcore")
    }
    scripts = {"HTTPX": {"build": 0o100755}, "httpcore": None, "broadcaster": {"build": 0o100755}}
    answers = Answers(pages(**{"/orgs/encode/repos": listed, **secrets}), scripts=scripts)

    found = read(
        answers, repositories={"HTTPX": None, "httpcore": None, "sansio": {"create": True}}
    )

    assert found.scripts == {"httpx": Scripts({"build": True}), "httpcore": Scripts({})}
    assert answers.paths.count("/api/graphql") == 1
    assert b"sansio" not in next(
        request.content for request in answers.asked if request.method == "POST"
    )


def test_scripts_cost_a_request_for_fifty_repositories() -> None:
    names = [f"r{number}" for number in range(101)]
    secrets: dict[str, Any] = {
        f"/repos/encode/{name}/actions/secrets": {"secrets": []} for name in names
    }
    listed = [repository(number, name) for number, name in enumerate(names)]
    answers = Answers(
        pages(**{"/orgs/encode/repos": listed, **secrets}), scripts={name: {} for name in names}
    )

    found = read(answers, repositories=dict.fromkeys(names))

    assert set(found.scripts) == set(names)
    assert answers.paths.count("/api/graphql") == 3


def test_secrets_of_the_organization_are_looked_for_under_declared_names_and_the_usual_one() -> (
    None
):
    names = ("PYPI_TOKEN", "DOCS_KEY", "CODECOV_TOKEN")
    listed = {"secrets": [{"name": name, "visibility": "all"} for name in names]}

    found = read(
        Answers(pages(**{"/orgs/encode/actions/secrets": listed})),
        defaults={"secrets": ["DOCS_KEY"]},
    )

    assert [secret.name for secret in found.actions.secrets] == ["PYPI_TOKEN", "DOCS_KEY"]


def test_where_no_declared_repository_is_there_no_scripts_are_looked_up() -> None:
    answers = Answers(pages(**{"/orgs/encode/repos": []}))

    assert read(answers, repositories={"httpx": {"create": True}}).scripts == {}
    assert "/api/graphql" not in answers.paths


def test_a_repository_that_github_does_not_answer_for_is_left_out() -> None:
    assert read(Answers(pages())).scripts == {}


def test_an_app_is_read_in_place_of_a_membership() -> None:
    answers = Answers(
        pages(**{"/apps/release-stack": {"id": 5, "permissions": {"contents": "write"}}})
    )

    found = read(answers, applied_by={"app": "release-stack", "id": 5})

    assert found.app == AppOnGitHub(5, {"contents": "write"})
    assert found.is_owner is None
    assert "/user/memberships/orgs/encode" not in answers.paths


def test_an_app_that_nobody_has() -> None:
    assert read(Answers(pages()), applied_by={"app": "release-stack", "id": 5}).app is None


@pytest.mark.parametrize(
    ("others", "value"),
    [
        ({"/users/encode": {"login": "encode", "type": "User"}}, "'encode', a person's account"),
        ({}, "'encode', unknown to GitHub, or hidden from this token"),
    ],
)
def test_an_owner_that_is_no_organization(others: dict[str, Any], value: str) -> None:
    with pytest.raises(GitHubError) as error:
        read(Answers(others))

    assert list(error.value.problems) == [
        Problem(
            "github:owner",
            value,
            "an organization: only organizations have teams",
            "pulumi config set github:owner ORGANIZATION",
        )
    ]
