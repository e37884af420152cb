"""Settings of a world file that GitHub's API checks: they obey its rules."""

from typing import Any

import httpx
import pytest

from simulated_github import WorldError, create_app
from simulated_github.world.world_file import parse
from tests.simulated_github.helpers.api_calls import expect_ok
from tests.simulated_github.helpers.checked_transport import connect

WIDGET = "/repos/acme/widget"
TAGS: dict[str, Any] = {
    "name": "Tags",
    "target": "tag",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}},
    "rules": [{"type": "creation"}],
}
GATE = {
    "reviewers": {"users": ["ann"], "teams": ["Core Team"]},
    "prevent-self-review": True,
    "can-admins-bypass": False,
    "wait-timer": 5,
    "deployment-policies": {"branches": ["main"], "tags": ["*"]},
    "secrets": {"pypi_token": "x"},
}


def build_document(repository: dict[str, Any] | None = None, **organization: Any) -> dict[str, Any]:
    """Return a world with one repository and one team that may read it."""
    return {
        "users": ["boss", "ann", "bob", "visitor"],
        "kinds": {"package": {"environments": {"deploy": GATE}}},
        "organizations": {
            "acme": {
                "owners": ["boss"],
                "members": ["ann", "bob"],
                "teams": {"Core Team": {"members": ["bob"], "repositories": {"read": ["widget"]}}},
                "repositories": {"widget": repository or {}},
                **organization,
            }
        },
        "apps": {"bot": {"installed-in": "acme"}},
    }


def start(document: dict[str, Any]) -> httpx.Client:
    """Start the world, and return a client of its owner."""
    return connect(create_app(parse(document)), {"authorization": "Bearer token-boss"})


def find_problems(document: dict[str, Any]) -> list[str]:
    with pytest.raises(WorldError) as caught:
        create_app(parse(document))
    return str(caught.value).splitlines()[1:]


def test_an_environment_has_all_of_its_rules() -> None:
    owner = start(build_document({"environments": {"deploy": GATE}}))
    deploy = f"{WIDGET}/environments/deploy"

    environment = expect_ok(owner.get(deploy))
    rules = {rule["type"]: rule for rule in environment["protection_rules"]}
    reviewers = rules["required_reviewers"]["reviewers"]
    policies = expect_ok(owner.get(f"{deploy}/deployment-branch-policies"))["branch_policies"]
    assert [entry["type"] for entry in reviewers] == ["User", "Team"]
    assert rules["required_reviewers"]["prevent_self_review"] is True
    assert rules["wait_timer"]["wait_timer"] == 5
    assert environment["can_admins_bypass"] is False
    assert [(p["type"], p["name"]) for p in policies] == [("branch", "main"), ("tag", "*")]
    secrets = expect_ok(owner.get(f"{deploy}/secrets"))["secrets"]
    assert [secret["name"] for secret in secrets] == ["PYPI_TOKEN"]


def test_a_repository_adds_environments_to_its_kind() -> None:
    added = {"a/b": {"protected-branches": True}}
    owner = start(build_document({"like": "package", "environments": added}))

    environments = expect_ok(owner.get(f"{WIDGET}/environments"))["environments"]
    assert [environment["name"] for environment in environments] == ["a/b", "deploy"]
    assert environments[0]["deployment_branch_policy"]["protected_branches"] is True


def test_rulesets_may_name_actors_and_repositories() -> None:
    actors = [
        {"actor_type": "Team", "actor_id": "Core Team", "bypass_mode": "always"},
        {"actor_type": "Integration", "actor_id": "bot", "bypass_mode": "always"},
        {"actor_type": "RepositoryRole", "actor_id": "admin", "bypass_mode": "always"},
    ]
    conditions = TAGS["conditions"] | {"repository_id": {"repository_ids": ["widget"]}}
    document = build_document(
        {"rulesets": [TAGS | {"bypass_actors": actors}]},
        plan="team",
        rulesets=[TAGS | {"name": "All tags", "conditions": conditions}],
    )
    owner = start(document)

    own, inherited = expect_ok(owner.get(f"{WIDGET}/rulesets?includes_parents=true"))
    assert [own["name"], inherited["name"]] == ["Tags", "All tags"]
    assert inherited["source_type"] == "Organization"
    state = expect_ok(owner.get("/_simulator/state"))
    team = state["organizations"]["acme"]["teams"]["core-team"]["id"]
    stored = expect_ok(owner.get(f"{WIDGET}/rulesets/{own['id']}"))["bypass_actors"]
    assert [actor["actor_id"] for actor in stored] == [team, state["apps"]["bot"], 5]


def test_invitations_are_pending() -> None:
    document = build_document({"invitations": {"maintain": ["visitor"]}})
    acme = document["organizations"]["acme"]
    acme["teams"]["Core Team"]["invitations"] = {"maintainer": ["visitor"]}
    acme["invitations"] = {"admin": ["visitor"]}
    owner = start(document)

    assert [i["role"] for i in expect_ok(owner.get("/orgs/acme/invitations"))] == ["admin"]
    pending = expect_ok(owner.get("/orgs/acme/teams/core-team/invitations"))
    assert [invitation["login"] for invitation in pending] == ["visitor"]
    assert [i["permissions"] for i in expect_ok(owner.get(f"{WIDGET}/invitations"))] == ["maintain"]
    expect_ok(owner.post("/_simulator/people/visitor/accept"))
    members = expect_ok(owner.get("/orgs/acme/teams/core-team/members"))
    assert [member["login"] for member in members] == ["bob", "visitor"]


def test_the_settings_of_actions_are_set() -> None:
    organization = {
        "enabled-repositories": "selected",
        "selected-repositories": ["widget"],
        "allowed-actions": "selected",
        "patterns-allowed": ["actions/*"],
        "can-approve-pull-request-reviews": True,
    }
    repository = {"actions": {"allowed-actions": "local_only"}}
    owner = start(build_document(repository, actions=organization))
    permissions = "/orgs/acme/actions/permissions"

    enabled = expect_ok(owner.get(f"{permissions}/repositories"))["repositories"]
    selected = expect_ok(owner.get(f"{permissions}/selected-actions"))
    workflow = expect_ok(owner.get(f"{permissions}/workflow"))
    assert [entry["name"] for entry in enabled] == ["widget"]
    assert selected["patterns_allowed"] == ["actions/*"]
    assert workflow["can_approve_pull_request_reviews"] is True
    own = expect_ok(owner.get(f"{WIDGET}/actions/permissions"))
    assert own["allowed_actions"] == "local_only"


def test_an_archived_repository_has_its_settings() -> None:
    owner = start(build_document({"archived": True, "environments": {"deploy": GATE}}))

    assert expect_ok(owner.get(WIDGET))["archived"] is True
    assert expect_ok(owner.get(f"{WIDGET}/environments/deploy"))["protection_rules"]


def test_a_reset_restores_the_settings() -> None:
    owner = start(build_document({"environments": {"deploy": GATE}}))
    before = expect_ok(owner.get("/_simulator/state"))
    expect_ok(owner.delete(f"{WIDGET}/environments/deploy"))

    expect_ok(owner.post("/_simulator/reset"))

    assert expect_ok(owner.get("/_simulator/state")) == before


def build_gate_document(**fields: Any) -> dict[str, Any]:
    return build_document({"environments": {"deploy": fields}}, base_permission="none")


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        (
            build_gate_document(reviewers={"users": ["bob", "visitor"]}),
            "repositories.widget.environments.deploy.reviewers",
            "the user 'visitor' has no access to acme/widget, so GitHub leaves it out",
        ),
        (
            build_document(
                {"environments": {"deploy": GATE}}, teams={"Core Team": {"members": ["bob"]}}
            ),
            "repositories.widget.environments.deploy.reviewers",
            "the team 'Core Team' has no access to acme/widget",
        ),
        (
            build_document(
                {"environments": {"deploy": GATE}}, teams={"Core Team": {"privacy": "secret"}}
            ),
            "repositories.widget.environments.deploy.reviewers",
            "the team 'Core Team' is secret",
        ),
        (
            build_gate_document(reviewers={"teams": ["nobody"]}),
            "repositories.widget.environments.deploy.reviewers.teams",
            "'nobody' is not a team of acme",
        ),
        (
            build_gate_document(**{"prevent-self-review": True}),
            "repositories.widget.environments.deploy",
            "must have at least one reviewer",
        ),
        (
            build_gate_document(**{"wait-timer": 50_000}),
            "repositories.widget.environments.deploy",
            "wait_timer",
        ),
        (
            build_gate_document(**{"protected-branches": True, "deployment-policies": {}}),
            "repositories.widget.environments.deploy",
            "cannot have the same value",
        ),
        (
            build_gate_document(secrets={"GITHUB_X": "y"}),
            "repositories.widget.environments.deploy.secrets.GITHUB_X",
            "must not start with GITHUB_",
        ),
        (
            build_document({"visibility": "private", "environments": {"deploy": GATE}}),
            "repositories.widget.environments.deploy",
            "billing plan",
        ),
        (
            build_document({"rulesets": [TAGS | {"rule": []}]}),
            "repositories.widget.rulesets[0]",
            '"rule" is not a permitted key',
        ),
        (
            build_document(
                {"rulesets": [TAGS | {"bypass_actors": [{"actor_type": "Team", "actor_id": "x"}]}]}
            ),
            "repositories.widget.rulesets[0].bypass_actors",
            "'x' is not a team of acme",
        ),
        (
            build_document(rulesets=[TAGS], plan="team"),
            "rulesets[0]",
            "",
        ),
        (
            build_document({"invitations": {"read": ["ann"]}}),
            "repositories.widget.invitations.read",
            "'ann' is a member of acme",
        ),
        (
            build_document(invitations={"member": ["ann"]}),
            "invitations.member",
            "'ann' is a member of acme",
        ),
        (
            build_document(
                {"collaborators": {"read": ["visitor"]}, "invitations": {"read": ["visitor"]}}
            ),
            "repositories.widget.invitations.read",
            "'visitor' is a collaborator",
        ),
        (
            build_document(
                {"actions": {"enabled": True}}, actions={"enabled-repositories": "none"}
            ),
            "repositories.widget.actions",
            "prevented by the owning organization",
        ),
        (
            build_document(owners=[], actions={"allowed-actions": "all"}),
            "actions",
            "organizations.acme.owners has no owner",
        ),
    ],
)
def test_what_github_refuses_is_a_problem_of_the_file(
    document: dict[str, Any], place: str, message: str
) -> None:
    problems = find_problems(document)

    assert any(
        problem.startswith(f"organizations.acme.{place}: ") and message in problem
        for problem in problems
    ), problems


def test_every_refusal_is_reported_at_once() -> None:
    document = build_document(
        {"environments": {"a": {"wait-timer": -1}, "b": {"prevent-self-review": True}}},
        invitations={"member": ["ann"]},
    )

    assert len(find_problems(document)) == 3
