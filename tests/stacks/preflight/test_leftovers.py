"""What is no reason to stop, but is said."""

from stacks.on_github import OnGitHub, RepositoryOnGitHub
from stacks.preflight import leftovers
from stacks.recorded import Recorded
from tests.stacks.preflight.situations import on_github, situation, teams


def with_secrets(*names: str) -> OnGitHub:
    return on_github(repositories={"httpx": RepositoryOnGitHub(1, "httpx", False, False, frozenset(names))})


def test_a_declared_secret_that_is_still_one_of_the_repository() -> None:
    assert leftovers(situation(with_secrets("PYPI_TOKEN", "CODECOV_TOKEN"))) == [
        "PYPI_TOKEN still exists as a secret of the repository encode/httpx, where any workflow can read it past the gate. "
        "Delete it: gh secret delete PYPI_TOKEN --repo encode/httpx"
    ]


def test_a_secret_that_is_not_declared_is_nobodys_business() -> None:
    assert leftovers(situation(with_secrets("CODECOV_TOKEN"))) == []


def test_a_repository_that_is_yet_to_be_created_has_no_secrets() -> None:
    assert leftovers(situation(on_github(repositories={}), repositories={"httpx": {"create": True}})) == []


def test_people_in_a_team_who_are_not_declared() -> None:
    members = frozenset({"operator-1", "stranger-2", "stranger-1"})
    found = on_github(teams=teams("operations", people=members))

    assert leftovers(situation(found, Recorded(teams={"operations": 1}))) == [
        f"{login} is in the team operations, or invited to it, without being declared. Add the login under "
        f"releases:operations, or remove the person: gh api -X DELETE orgs/encode/teams/operations/memberships/{login}"
        for login in ("stranger-1", "stranger-2")
    ]


def test_people_are_declared_whatever_the_case_of_their_login() -> None:
    found = on_github(teams=teams("operations", people=frozenset({"operator-1", "operator-2"})))
    operations = {"members": ["Operator-1"], "team-maintainers": ["OPERATOR-2"]}

    assert leftovers(situation(found, Recorded(teams={"operations": 1}), operations=operations)) == []


def test_the_people_of_a_team_that_is_not_of_this_stack_are_nobodys_business() -> None:
    assert leftovers(situation(on_github(teams=teams("operations", people=frozenset({"stranger-1"}))))) == []
