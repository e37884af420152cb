"""The organization as GitHub has it, read in a few requests."""

from typing import Any

import httpx
import pytest

from stacks.github_api import Credentials, GitHubReader
from stacks.previous_state import PreviousState
from stacks.settings.problems import GitHubError, Problem
from stacks.snapshot import (
    AppOnGitHub,
    RepositoryOnGitHub,
    Scripts,
    Snapshot,
    TeamOnGitHub,
)
from stacks.snapshot.model import scripts_in
from stacks.snapshot.reading import read_organization, read_scripts
from tests.stacks.api_responses import BASE_URL, TOKEN, StubbedGitHub
from tests.stacks.settings.configurations import settings

SCRIPT_PATHS = ["scripts/install", "scripts/build", "scripts/publish"]
MEMBERS = ["operator-1", "operator-2", "maintainer-1", "maintainer-2", "maintainer-3"]


def users(*logins: str) -> list[dict[str, str]]:
    return [{"login": login} for login in logins]


def team(number: int, slug: str, privacy: str = "closed") -> dict[str, Any]:
    return {"id": number, "slug": slug, "privacy": privacy}


def repository(
    number: int, name: str, *, archived: bool = False, private: bool = False
) -> dict[str, Any]:
    return {"id": number, "name": name, "archived": archived, "private": private}


def pages(**changes: Any) -> dict[str, Any]:
    """Return the pages of an organization with one repository, no teams and every declared user.

    `changes` are pages by path.
    """
    scopes = {"X-OAuth-Scopes": "repo, workflow, admin:org"}
    return {
        "/orgs/encode": httpx.Response(200, json={"plan": {"name": "free"}}, headers=scopes),
        "/orgs/encode/members?role=admin": users("Owner-1"),
        "/orgs/encode/members?role=member": users(*MEMBERS),
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
        "/orgs/encode/actions/permissions": {
            "enabled_repositories": "all",
            "allowed_actions": "all",
        },
        **changes,
    }


def read_snapshot(
    github: StubbedGitHub, previous_state: PreviousState | None = None, **changes: Any
) -> Snapshot:
    with github.reader() as reader:
        return read_organization(reader, settings(**changes), previous_state or PreviousState())


def test_an_organization_without_surprises() -> None:
    assert read_snapshot(StubbedGitHub(pages())) == Snapshot(
        plan="free",
        scopes=frozenset({"repo", "workflow", "admin:org"}),
        is_owner=True,
        owners=frozenset({"owner-1"}),
        unknown_logins=frozenset(),
        teams={},
        repositories={"httpx": RepositoryOnGitHub(1, "httpx", archived=False, private=False)},
        app=None,
    )


def test_an_organization_costs_thirteen_requests() -> None:
    github = StubbedGitHub(pages())

    read_snapshot(github)

    assert len(github.requests) == 13


def test_each_declared_repository_costs_one_more_request() -> None:
    names = [f"r{number}" for number in range(50)]
    items = [repository(number, name) for number, name in enumerate([*names, "broadcaster"])]
    secrets: dict[str, Any] = {
        f"/repos/encode/{name}/actions/secrets": {"secrets": []} for name in names
    }
    github = StubbedGitHub(pages(**{"/orgs/encode/repos": items, **secrets}))

    snapshot = read_snapshot(github, repositories=dict.fromkeys(names))

    assert len(github.requests) == 12 + 50
    assert snapshot.repositories["broadcaster"] == RepositoryOnGitHub(
        50, "broadcaster", archived=False, private=False
    )


def test_a_token_that_reads_neither_plan_nor_scopes() -> None:
    snapshot = read_snapshot(StubbedGitHub(pages(**{"/orgs/encode": {"login": "encode"}})))

    assert snapshot.plan is None
    assert snapshot.scopes is None


@pytest.mark.parametrize(
    ("membership", "owner"), [({"role": "member"}, False), (None, False), ({"role": "admin"}, True)]
)
def test_the_token_belongs_to_an_owner_or_not(membership: Any, owner: bool) -> None:
    assert (
        read_snapshot(
            StubbedGitHub(pages(**{"/user/memberships/orgs/encode": membership}))
        ).is_owner
        is owner
    )


def test_only_logins_outside_the_organization_are_read() -> None:
    outside = pages(**{"/orgs/encode/members?role=member": users("Operator-1", "maintainer-1")})
    github = StubbedGitHub(outside, people={"operator-2": 2, "maintainer-3": 6})

    snapshot = read_snapshot(github)

    assert snapshot.unknown_logins == {"maintainer-2"}
    [query] = [request.content for request in github.requests if b"user(login" in request.content]
    assert b"operator-1" not in query


def test_the_logins_of_reviewers_are_read_too() -> None:
    snapshot = read_snapshot(
        StubbedGitHub(pages()), repositories={"httpx": {"reviewers": {"users": ["Missing-1"]}}}
    )

    assert snapshot.unknown_logins == {"missing-1"}


def test_an_invitation_by_email_is_ignored() -> None:
    """It has no login."""
    members = [*users(*MEMBERS), {"login": None, "email": "user@example.org"}]

    assert (
        read_snapshot(
            StubbedGitHub(pages(**{"/orgs/encode/members?role=member": members}))
        ).unknown_logins
        == frozenset()
    )


def test_managed_teams_have_their_members_and_invitations() -> None:
    github = StubbedGitHub(
        pages(
            **{
                "/orgs/encode/teams": [
                    team(1, "maintainers"),
                    team(2, "docs", "secret"),
                    team(3, "release-ops"),
                ],
                "/orgs/encode/teams/maintainers/members": users("Maintainer-1"),
                "/orgs/encode/teams/maintainers/invitations": users("Invited-1"),
            }
        )
    )

    snapshot = read_snapshot(github, PreviousState(teams={"maintainers": 1}))

    assert snapshot.teams == {
        "maintainers": TeamOnGitHub(
            1, "maintainers", secret=False, people=frozenset({"maintainer-1", "invited-1"})
        ),
        "docs": TeamOnGitHub(2, "docs", secret=True),
        "release-ops": TeamOnGitHub(3, "release-ops", secret=False),
    }


def test_a_renamed_team_is_recognized_by_its_id() -> None:
    github = StubbedGitHub(
        pages(
            **{
                "/orgs/encode/teams": [team(1, "old-name")],
                "/orgs/encode/teams/old-name/members": users("maintainer-1"),
                "/orgs/encode/teams/old-name/invitations": [],
            }
        )
    )

    assert read_snapshot(github, PreviousState(teams={"maintainers": 1})).teams[
        "old-name"
    ].people == {"maintainer-1"}


def test_the_members_of_an_existing_team_are_not_read() -> None:
    github = StubbedGitHub(pages(**{"/orgs/encode/teams": [team(1, "core")]}))

    assert (
        read_snapshot(
            github, PreviousState(teams={"maintainers": 1}), maintainers={"existing": "core"}
        )
        .teams["core"]
        .people
        == frozenset()
    )


def test_the_secret_names_of_a_declared_repository() -> None:
    items = [repository(1, "HTTPX", archived=True, private=True)]
    secrets = {"secrets": [{"name": "PYPI_TOKEN"}, {"name": "CODECOV_TOKEN"}]}

    snapshot = read_snapshot(
        StubbedGitHub(
            pages(**{"/orgs/encode/repos": items, "/repos/encode/HTTPX/actions/secrets": secrets})
        )
    )

    assert snapshot.repositories == {
        "httpx": RepositoryOnGitHub(
            1, "HTTPX", True, True, frozenset({"PYPI_TOKEN", "CODECOV_TOKEN"})
        )
    }


def test_the_scripts_of_existing_declared_repositories() -> None:
    items = [repository(1, "HTTPX"), repository(2, "httpcore"), repository(3, "broadcaster")]
    secrets: dict[str, Any] = {
        f"/repos/encode/{name}/actions/secrets": {"secrets": []} for name in ("HTTPX", "httpcore")
    }
    scripts = {"HTTPX": {"build": 0o100755}, "httpcore": None, "broadcaster": {"build": 0o100755}}
    github = StubbedGitHub(pages(**{"/orgs/encode/repos": items, **secrets}), scripts=scripts)

    snapshot = read_snapshot(
        github, repositories={"HTTPX": None, "httpcore": None, "sansio": {"create": True}}
    )

    assert snapshot.scripts == {"httpx": Scripts({"build": True}), "httpcore": Scripts({})}
    assert github.paths.count("/api/graphql") == 1
    assert b"sansio" not in next(
        request.content for request in github.requests if request.method == "POST"
    )


def test_one_request_reads_the_scripts_of_fifty_repositories() -> None:
    names = [f"r{number}" for number in range(101)]
    secrets: dict[str, Any] = {
        f"/repos/encode/{name}/actions/secrets": {"secrets": []} for name in names
    }
    items = [repository(number, name) for number, name in enumerate(names)]
    github = StubbedGitHub(
        pages(**{"/orgs/encode/repos": items, **secrets}), scripts={name: {} for name in names}
    )

    snapshot = read_snapshot(github, repositories=dict.fromkeys(names))

    assert set(snapshot.scripts) == set(names)
    assert github.paths.count("/api/graphql") == 3


def test_organization_secrets_of_declared_and_default_names() -> None:
    names = ("PYPI_TOKEN", "DOCS_KEY", "CODECOV_TOKEN")
    items = {"secrets": [{"name": name, "visibility": "all"} for name in names]}

    snapshot = read_snapshot(
        StubbedGitHub(pages(**{"/orgs/encode/actions/secrets": items})),
        defaults={"secrets": ["DOCS_KEY"]},
    )

    assert [secret.name for secret in snapshot.actions.secrets] == ["PYPI_TOKEN", "DOCS_KEY"]


def test_without_an_existing_repository_no_scripts_are_read() -> None:
    github = StubbedGitHub(pages(**{"/orgs/encode/repos": []}))

    assert read_snapshot(github, repositories={"httpx": {"create": True}}).scripts == {}
    assert "/api/graphql" not in github.paths


def test_a_repository_that_github_hides_has_no_scripts() -> None:
    assert read_snapshot(StubbedGitHub(pages())).scripts == {}


def test_an_app_is_read_instead_of_a_membership() -> None:
    github = StubbedGitHub(
        pages(**{"/apps/release-stack": {"id": 5, "permissions": {"contents": "write"}}})
    )

    snapshot = read_snapshot(github, applied_by={"app": "release-stack", "id": 5})

    assert snapshot.app == AppOnGitHub(5, {"contents": "write"})
    assert snapshot.is_owner is None
    assert "/user/memberships/orgs/encode" not in github.paths


def test_an_app_that_does_not_exist() -> None:
    assert (
        read_snapshot(StubbedGitHub(pages()), applied_by={"app": "release-stack", "id": 5}).app
        is None
    )


@pytest.mark.parametrize(
    ("responses", "value"),
    [
        ({"/users/encode": {"login": "encode", "type": "User"}}, "'encode', the account of a user"),
        ({}, "'encode', unknown to GitHub, or hidden from this token"),
    ],
)
def test_an_owner_that_is_not_an_organization(responses: dict[str, Any], value: str) -> None:
    with pytest.raises(GitHubError) as error:
        read_snapshot(StubbedGitHub(responses))

    assert list(error.value.problems) == [
        Problem(
            "github:owner",
            value,
            "an organization: only organizations have teams",
            "pulumi config set github:owner ORGANIZATION",
        )
    ]


# Scripts


def test_one_request_reads_scripts_of_several_repositories() -> None:
    github = StubbedGitHub(
        scripts={"HTTPX": {"install": 0o100755, "build": 0o100644}, "httpcore": {}}
    )

    with github.reader() as reader:
        scripts = read_scripts(reader, "encode", ["HTTPX", "httpcore"])

    assert scripts == {"httpx": Scripts({"install": True, "build": False}), "httpcore": Scripts({})}
    assert len(github.requests) == 1


def test_a_repository_without_the_directory_has_no_scripts() -> None:
    github = StubbedGitHub(scripts={"httpx": None})

    with github.reader() as reader:
        assert read_scripts(reader, "encode", ["httpx", "hidden"]) == {"httpx": Scripts({})}


def test_a_query_without_data_is_an_error() -> None:
    refusing = httpx.MockTransport(
        lambda _: httpx.Response(200, json={"data": None, "errors": [{"type": "INTERNAL"}]})
    )

    with GitHubReader(Credentials(BASE_URL, TOKEN), refusing) as reader, pytest.raises(GitHubError):
        read_scripts(reader, "encode", ["httpx"])


@pytest.mark.parametrize(
    ("mode", "executable"),
    [(0o100755, True), (0o100644, False), (0o120000, True)],
    ids=["executable", "plain", "link"],
)
def test_the_mode_has_the_execute_permission(mode: int, executable: bool) -> None:
    assert scripts_in([{"name": "build", "mode": mode}]) == Scripts({"build": executable})


def test_a_directory_is_not_a_script() -> None:
    assert scripts_in([{"name": "build", "mode": 0o040000}]).missing(["scripts/build"]) == [
        "scripts/build"
    ]


def test_missing_scripts_and_scripts_not_executable() -> None:
    scripts = Scripts({"install": True, "publish": False})

    assert scripts.missing(SCRIPT_PATHS) == ["scripts/build"]
    assert scripts.not_executable(SCRIPT_PATHS) == ["scripts/publish"]
