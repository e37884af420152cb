"""What has to hold on GitHub before the first write: for every rule what breaks it, and what does not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from stacks import preflight
from stacks.on_github import AppOnGitHub, OnGitHub, RepositoryOnGitHub, TeamOnGitHub
from stacks.preflight import APP_PERMISSIONS, RULES, Situation, leftovers, problems
from stacks.recorded import Recorded
from stacks.settings import Problem
from tests.stacks.settings.sound import settings

Rule = Callable[[Situation], Iterator[Problem]]
SOUND = OnGitHub(
    plan="free",
    scopes=frozenset({"repo", "workflow", "admin:org"}),
    is_owner=True,
    owners=frozenset({"owner-1"}),
    missing_people=frozenset(),
    teams={},
    repositories={"httpx": RepositoryOnGitHub(1, "httpx", archived=False, private=False)},
    app=None,
)
APP: dict[str, Any] = {"applied_by": {"app": "release-stack", "id": 5}}


def situation(found: OnGitHub = SOUND, recorded: Recorded | None = None, **changes: Any) -> Situation:
    return Situation(settings(**changes), recorded or Recorded(), found)


def on_github(**changes: Any) -> OnGitHub:
    return replace(SOUND, **changes)


def repositories(*names: str, **changes: Any) -> dict[str, RepositoryOnGitHub]:
    """Repositories of these names, numbered from one."""
    plain = {"archived": False, "private": False, **changes}
    return {name.lower(): RepositoryOnGitHub(number, name, **plain) for number, name in enumerate(names, 1)}


def teams(*slugs: str, secret: bool = False, people: frozenset[str] = frozenset()) -> dict[str, TeamOnGitHub]:
    return {slug: TeamOnGitHub(number, slug, secret, people) for number, slug in enumerate(slugs, 1)}


def test_a_sound_situation() -> None:
    assert problems(situation()) == []
    assert leftovers(situation()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_has_nothing_against_a_sound_situation(rule: Rule) -> None:
    assert list(rule(situation())) == []


def test_every_rule_is_in_the_table_once() -> None:
    """A rule is a function of a situation that yields problems."""
    annotations = {name: getattr(value, "__annotations__", {}) for name, value in vars(preflight).items()}
    rules = {name for name, wanted in annotations.items() if wanted == {"situation": Situation, "return": Iterator[Problem]}}

    assert rules == {rule.__name__ for rule in RULES}
    assert len(rules) == len(RULES)


# The token


@pytest.mark.parametrize("missing", ["repo", "workflow", "admin:org"])
def test_a_token_without_a_scope(missing: str) -> None:
    assert SOUND.scopes is not None
    [problem] = problems(situation(on_github(scopes=SOUND.scopes - {missing})))

    assert (problem.path, problem.value) == ("GITHUB_TOKEN", f"without the scope {missing}")
    assert problem.allowed.startswith(f"a token with the scopes repo, workflow, admin:org; {missing} is for ")
    assert problem.remedy == "add the scope to the token, or make a new one"


def test_a_token_without_any_scope() -> None:
    assert len(problems(situation(on_github(scopes=frozenset())))) == 3


def test_a_token_that_has_permissions_in_place_of_scopes() -> None:
    assert problems(situation(on_github(scopes=None))) == []


def test_a_token_with_more_scopes_than_needed() -> None:
    assert problems(situation(on_github(scopes=frozenset({"repo", "workflow", "admin:org", "gist"})))) == []


def test_a_token_of_somebody_who_does_not_own_the_organisation() -> None:
    assert problems(situation(on_github(is_owner=False))) == [
        Problem(
            "GITHUB_TOKEN",
            "the token of somebody who does not own the organisation",
            "a token of an organisation owner, or a GitHub App under releases:applied-by",
            "use an owner's token",
        )
    ]


def test_an_app_owns_nothing_and_has_no_scopes() -> None:
    app = AppOnGitHub(5, dict.fromkeys(APP_PERMISSIONS, "write"))

    assert problems(situation(on_github(is_owner=None, scopes=frozenset(), app=app), **APP)) == []


@pytest.mark.parametrize(
    ("app", "allowed"),
    [
        (None, "an app and its own id; there is no such app"),
        (AppOnGitHub(6, dict.fromkeys(APP_PERMISSIONS, "write")), "an app and its own id, which is 6"),
    ],
)
def test_an_app_that_is_not_the_declared_one(app: AppOnGitHub | None, allowed: str) -> None:
    assert problems(situation(on_github(is_owner=None, app=app), **APP)) == [
        Problem("releases:applied-by", "release-stack with the id 5", allowed, "copy both from the page of the app's settings")
    ]


INSUFFICIENT = [
    (permission, needed, level)
    for permission, (needed, _) in APP_PERMISSIONS.items()
    for level in {"write": (None, "read"), "read": (None,)}[needed]
]


@pytest.mark.parametrize(("permission", "needed", "level"), INSUFFICIENT)
def test_an_app_without_a_permission(permission: str, needed: str, level: str | None) -> None:
    permissions = {**dict.fromkeys(APP_PERMISSIONS, "write"), permission: level}
    app = AppOnGitHub(5, {name: granted for name, granted in permissions.items() if granted})

    [problem] = problems(situation(on_github(is_owner=None, app=app), **APP))

    assert (problem.path, problem.value) == (
        "releases:applied-by",
        f"release-stack without the permission {permission}: {needed}",
    )
    assert f"{permission}: {needed}" in problem.allowed
    assert problem.remedy == "grant the permission in the app's settings, and accept it in the organisation's"


def test_an_app_with_just_the_permissions_it_needs() -> None:
    app = AppOnGitHub(5, {permission: needed for permission, (needed, _) in APP_PERMISSIONS.items()})

    assert problems(situation(on_github(is_owner=None, app=app), **APP)) == []


# People


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"members": ["a", "Gone-1"]}}, "operations.members[1]"),
        ({"maintainers": {"members": ["a", "b"], "team-maintainers": ["Gone-1"]}}, "maintainers.team-maintainers[0]"),
        ({"repositories": {"httpx": {"reviewers": {"users": ["a", "Gone-1"]}}}}, "repositories.httpx.reviewers.users[1]"),
        ({"defaults": {"reviewers": {"users": ["Gone-1"]}}}, "defaults.reviewers.users[0]"),
    ],
)
def test_somebody_whom_github_does_not_know(changes: dict[str, Any], place: str) -> None:
    assert problems(situation(on_github(missing_people=frozenset({"gone-1"})), **changes)) == [
        Problem(f"releases:{place}", "'Gone-1'", "the login of somebody on GitHub", "correct the login, or remove it")
    ]


def test_a_missing_reviewer_of_the_defaults_is_one_problem_for_all_repositories() -> None:
    names = ["a", "b", "c"]
    found = on_github(missing_people=frozenset({"gone-1"}), repositories=repositories(*names))
    defaults = {"reviewers": {"users": ["Gone-1"]}}

    assert len(problems(situation(found, defaults=defaults, repositories=dict.fromkeys(names)))) == 1


@pytest.mark.parametrize("role", ["operations", "maintainers"])
def test_an_owner_among_the_members(role: str) -> None:
    team: dict[str, Any] = {role: {"members": ["a", "b", "Owner-1"]}}

    [problem] = problems(situation(**team))

    assert (problem.path, problem.value) == (f"releases:{role}.members[2]", "'Owner-1'")
    assert "GitHub shows an owner as a maintainer of every team" in problem.allowed
    assert problem.remedy == f"move Owner-1 to releases:{role}.team-maintainers"


def test_an_owner_among_the_team_maintainers() -> None:
    assert problems(situation(operations={"members": ["a"], "team-maintainers": ["Owner-1"]})) == []


# Teams


def test_a_team_that_is_there_already() -> None:
    assert problems(situation(on_github(teams=teams("operations")))) == [
        Problem(
            "releases:operations.name",
            "'operations'",
            "a name that no team has yet: this stack did not make that team, and will not take it over unasked",
            "`pulumi config set --path 'releases:operations.existing' operations` to use it as it is, or another name",
        )
    ]


def test_a_team_that_this_stack_made() -> None:
    assert problems(situation(on_github(teams=teams("operations")), Recorded(teams={"operations": 1}))) == []


def test_a_team_of_the_new_name_that_is_another_one() -> None:
    found = on_github(teams=teams("operations", "release-ops"))
    renamed = {"name": "Release ops", "members": ["a", "b"]}

    [problem] = problems(situation(found, Recorded(teams={"operations": 1}), operations=renamed))

    assert (problem.path, problem.value) == ("releases:operations.name", "'Release ops'")


def test_a_team_of_this_stack_that_is_about_to_be_renamed() -> None:
    renamed = {"name": "Release ops", "members": ["a", "b"]}

    assert (
        problems(situation(on_github(teams=teams("operations")), Recorded(teams={"operations": 1}), operations=renamed)) == []
    )


def no_team(place: str, slug: str) -> Problem:
    return Problem(
        f"releases:{place}", f"'{slug}'", "the slug of a team of the organisation", "correct the slug, or create the team"
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"existing": "core"}}, "operations.existing"),
        ({"maintainers": {"existing": "core"}}, "maintainers.existing"),
        ({"repositories": {"httpx": {"teams": {"core": "read"}}}}, "repositories.httpx.teams.core"),
        ({"repositories": {"httpx": {"reviewers": {"teams": ["core"]}}}}, "repositories.httpx.reviewers.teams[0]"),
        ({"defaults": {"teams": {"core": "read"}}}, "defaults.teams.core"),
        ({"defaults": {"reviewers": {"teams": ["core"]}}}, "defaults.reviewers.teams[0]"),
    ],
)
def test_an_existing_team_that_is_not_there(changes: dict[str, Any], place: str) -> None:
    assert problems(situation(**changes)) == [no_team(place, "core")]
    assert problems(situation(on_github(teams=teams("core")), **changes)) == []


def test_the_maintainers_as_reviewers_before_their_team_is_made() -> None:
    assert problems(situation(defaults={"reviewers": {"teams": ["maintainers"]}})) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"existing": "core"}}, "operations.existing"),
        ({"repositories": {"httpx": {"reviewers": {"teams": ["core", "docs"]}}}}, "repositories.httpx.reviewers.teams[0]"),
        ({"repositories": {"httpx": {"reviewers": {"teams": ["docs", "core"]}}}}, "repositories.httpx.reviewers.teams[1]"),
        ({"defaults": {"reviewers": {"teams": ["core"]}}}, "defaults.reviewers.teams[0]"),
    ],
)
def test_a_secret_team_that_should_review(changes: dict[str, Any], place: str) -> None:
    found = {**teams("docs"), **teams("core", secret=True)}

    assert problems(situation(on_github(teams=found), **changes)) == [
        Problem(f"releases:{place}", "'core'", "a visible team: GitHub takes no secret team as reviewer", "make it visible")
    ]


def test_a_secret_team_that_only_has_access() -> None:
    found = on_github(teams=teams("core", secret=True))

    assert problems(situation(found, defaults={"teams": {"core": "read"}})) == []


def test_a_team_of_this_stack_that_somebody_made_secret() -> None:
    """It is made visible again before anything else."""
    found = on_github(teams=teams("operations", "maintainers", secret=True))
    recorded = Recorded(teams={"operations": 1, "maintainers": 2})

    assert problems(situation(found, recorded, defaults={"reviewers": {"teams": ["maintainers"]}})) == []


# Repositories


def test_a_repository_that_is_not_there() -> None:
    assert problems(situation(on_github(repositories={}))) == [
        Problem(
            "releases:repositories.httpx",
            "no repository of the organisation, or hidden from this token",
            "a repository that exists",
            "correct the name, say `create: true` to have it made, or remove the entry",
        )
    ]


def test_a_repository_that_is_to_be_created() -> None:
    assert problems(situation(on_github(repositories={}), repositories={"httpx": {"create": True}})) == []


def test_a_repository_to_be_created_that_is_there() -> None:
    assert problems(situation(repositories={"httpx": {"create": True}})) == [
        Problem(
            "releases:repositories.httpx.create",
            "true",
            "a repository that is not there yet",
            "remove `create`: the repository exists",
        )
    ]


@pytest.mark.parametrize(
    ("entry", "recorded"),
    [({"create": True}, {"httpx": 1}), ({"create": True}, {"httpx": None}), ({"create": True, "formerly": "old"}, {"old": 1})],
)
def test_a_repository_that_this_stack_created(entry: dict[str, Any], recorded: dict[str, int | None]) -> None:
    assert problems(situation(recorded=Recorded(repositories=recorded), repositories={"httpx": entry})) == []


def test_a_name_in_another_case() -> None:
    assert problems(situation(on_github(repositories=repositories("HTTPX")))) == [
        Problem("releases:repositories.httpx", "'httpx'", "the name as GitHub writes it, HTTPX", "correct the key")
    ]


def test_an_archived_repository() -> None:
    assert problems(situation(on_github(repositories=repositories("httpx", archived=True)))) == [
        Problem(
            "releases:repositories.httpx",
            "archived",
            "a repository that can be written to",
            "unarchive it on GitHub, or remove the entry",
        )
    ]


@pytest.mark.parametrize("plan", ["free", "team"])
def test_a_private_repository_on_a_plan_without_private_gates(plan: str) -> None:
    assert problems(situation(on_github(plan=plan, repositories=repositories("httpx", private=True)))) == [
        Problem(
            "releases:repositories.httpx",
            f"private, on the {plan} plan",
            "a public repository: in private ones, required reviewers need the Enterprise plan",
            "make the repository public, or remove the entry",
        )
    ]


@pytest.mark.parametrize("plan", ["enterprise", None])
def test_a_private_repository_on_a_plan_with_private_gates_or_unknown(plan: str | None) -> None:
    assert problems(situation(on_github(plan=plan, repositories=repositories("httpx", private=True)))) == []


def test_what_is_wrong_with_a_repository_that_is_not_declared_is_nobodys_business() -> None:
    listed = {**repositories("broadcaster", archived=True, private=True), **SOUND.repositories}

    assert problems(situation(on_github(repositories=listed))) == []


# Renames


def test_a_repository_that_was_renamed_on_github() -> None:
    found = on_github(repositories=repositories("httpx2"))

    assert problems(situation(found, Recorded(repositories={"httpx": 1}))) == [
        Problem(
            "releases:repositories.httpx",
            "called httpx2 on GitHub now",
            "the name that the repository has on GitHub",
            "rename the key to httpx2 and say `formerly: httpx` in its entry",
        )
    ]


def test_an_entry_that_was_renamed_without_saying_so() -> None:
    assert problems(situation(recorded=Recorded(repositories={"requests-next": 1}))) == [
        Problem(
            "releases:repositories.httpx",
            "the repository that this stack knows as requests-next",
            "`formerly: requests-next`, so that its environment, secrets, workflow and rulesets are kept",
            "pulumi config set --path 'releases:repositories.httpx.formerly' requests-next",
        )
    ]


def test_an_entry_that_was_renamed_and_says_so() -> None:
    recorded = Recorded(repositories={"requests-next": 1})

    assert problems(situation(recorded=recorded, repositories={"httpx": {"formerly": "requests-next"}})) == []


def test_an_entry_that_was_removed() -> None:
    found = on_github(repositories=repositories("httpx", "httpcore"))

    assert problems(situation(found, Recorded(repositories={"httpx": 1, "httpcore": 2}))) == []


def test_an_entry_that_was_removed_and_its_repository_was_renamed() -> None:
    found = on_github(repositories=repositories("httpx", "httpcore2"))

    assert problems(situation(found, Recorded(repositories={"httpx": 1, "httpcore": 2}))) == []


def test_an_entry_that_was_removed_after_its_repository_was_deleted() -> None:
    assert problems(situation(recorded=Recorded(repositories={"httpx": 1, "httpcore": 2}))) == [
        Problem(
            "releases:repositories.httpcore",
            "removed here, and the repository itself is gone from GitHub",
            "a state that does not name it any more",
            "run `pulumi refresh` once, then `pulumi up`",
        )
    ]


def test_an_entry_that_was_removed_before_anything_was_set_up() -> None:
    assert problems(situation(recorded=Recorded(repositories={"httpx": 1, "httpcore": None}))) == []


def test_a_former_name_of_another_repository() -> None:
    found = on_github(repositories=repositories("httpx", "httpcore"))
    recorded = Recorded(repositories={"httpcore": 2})

    assert problems(situation(found, recorded, repositories={"httpx": {"formerly": "httpcore"}})) == [
        Problem(
            "releases:repositories.httpx.formerly",
            "'httpcore'",
            "the earlier name of this very repository; httpcore is another one",
            "remove `formerly`, and `httpcore` is taken down as a removed entry",
        )
    ]


def test_a_former_name_that_is_history() -> None:
    """After the `up` that renamed it, the state knows the new name alone."""
    recorded = Recorded(repositories={"httpx": 1})

    assert problems(situation(recorded=recorded, repositories={"httpx": {"formerly": "requests-next"}})) == []


# What is no reason to stop


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


def test_everything_is_found_at_once() -> None:
    found = on_github(
        scopes=frozenset({"repo"}),
        is_owner=False,
        missing_people=frozenset({"operator-1"}),
        owners=frozenset({"operator-2"}),
        teams=teams("maintainers"),
        repositories={},
    )

    assert [problem.path for problem in problems(situation(found))] == [
        "GITHUB_TOKEN",
        "GITHUB_TOKEN",
        "GITHUB_TOKEN",
        "releases:operations.members[0]",
        "releases:operations.members[1]",
        "releases:maintainers.name",
        "releases:repositories.httpx",
    ]
