"""A gate that a person weakens on GitHub stops `up`, and the message repairs it."""

from collections.abc import Callable

import pytest

from commands import preflight, repair
from commands.check_stack_file import check_stack_file
from stacks.gate import GateIds, declared_environment, declared_rulesets
from stacks.gate.bodies import environment_body, ruleset_body
from tests.integration.living.organization import OWNER, LivingStack

GADGET = f"/repos/{OWNER}/gadget"
ENVIRONMENT = f"{GADGET}/environments/deploy"
POLICIES = f"{ENVIRONMENT}/deployment-branch-policies"
WORKFLOW = ".github/workflows/publish.yml"
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}


def ruleset_path(stack: LivingStack, title: str) -> str:
    rulesets = stack.send("GET", f"{GADGET}/rulesets")
    [number] = [ruleset["id"] for ruleset in rulesets if ruleset["name"] == title]
    return f"{GADGET}/rulesets/{number}"


def remove_reviewers(stack: LivingStack) -> None:
    stack.send("PUT", ENVIRONMENT, {"deployment_branch_policy": CUSTOM})


def let_every_branch_deploy(stack: LivingStack) -> None:
    stack.send("PUT", ENVIRONMENT, {"deployment_branch_policy": None})


def delete_environment(stack: LivingStack) -> None:
    stack.send("DELETE", ENVIRONMENT)


def delete_environment_with_secret(stack: LivingStack) -> None:
    stack.send("DELETE", f"/repos/{OWNER}/widget/environments/deploy")


def recreate_environment(stack: LivingStack) -> None:
    delete_environment(stack)
    stack.send("PUT", ENVIRONMENT.replace("deploy", "Deploy"), {})


def add_branch_policy(stack: LivingStack) -> None:
    stack.send("POST", POLICIES, {"name": "main", "type": "branch"})


def replace_policy(stack: LivingStack) -> None:
    [policy] = stack.send("GET", POLICIES)["branch_policies"]
    stack.send("DELETE", f"{POLICIES}/{policy['id']}")
    stack.send("POST", POLICIES, {"name": "*", "type": "tag"})


def disable_ruleset(stack: LivingStack) -> None:
    path = ruleset_path(stack, "Release tags: who may create them")
    stack.send("PUT", path, {"enforcement": "disabled"})


def add_bypass(stack: LivingStack) -> None:
    path = ruleset_path(stack, "Release tags: never moved or deleted")
    actor = {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}
    stack.send("PUT", path, {"bypass_actors": [actor]})


def delete_rulesets(stack: LivingStack) -> None:
    for ruleset in stack.send("GET", f"{GADGET}/rulesets"):
        stack.send("DELETE", f"{GADGET}/rulesets/{ruleset['id']}")


def delete_secret(stack: LivingStack) -> None:
    stack.send("DELETE", f"/repos/{OWNER}/widget/environments/deploy/secrets/PYPI_TOKEN")


def edit_workflow(stack: LivingStack) -> None:
    stack.write_file("gadget", WORKFLOW, "on: push\njobs: {a: {steps: [{run: make}]}}\n")


def delete_workflow(stack: LivingStack) -> None:
    stack.write_file("gadget", WORKFLOW, None)


Change = Callable[[LivingStack], None]
# Changes that no other change of the same group hides.
CHANGES: tuple[tuple[Change, ...], ...] = (
    (remove_reviewers, disable_ruleset, edit_workflow),
    (delete_environment, delete_rulesets, delete_workflow),
    (recreate_environment, add_bypass, delete_environment_with_secret),
    (let_every_branch_deploy,),
    (replace_policy, add_branch_policy),
)


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: changes[0].__name__)
def test_the_message_repairs_the_gate(living: LivingStack, changes: tuple[Change, ...]) -> None:
    whole = living.gates()
    for change in changes:
        change(living)

    living.follow(living.blocked_up())

    living.apply()
    assert living.gates() == whole


def test_a_deleted_secret_that_up_would_delete(living: LivingStack) -> None:
    delete_secret(living)
    living.repositories["widget"] = {"publish": "trusted-publishing"}
    del living.sandbox.configuration["secrets"]
    living.sandbox.write_configuration()

    living.follow(living.blocked_up())

    living.apply()


def test_a_deleted_secret_that_stays_declared(
    living: LivingStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only `scripts/preflight --state` reads it: a release would fail, and no gate is weaker."""
    delete_secret(living)
    monkeypatch.chdir(living.sandbox.directory)
    for name, value in living.sandbox.environment.items():
        monkeypatch.setenv(name, value)
    assert living.up().code == 0

    assert preflight.main(["--stack", living.sandbox.stack, "--state"]) == 1

    report = capsys.readouterr().out
    assert "environment secret PYPI_TOKEN was deleted on GitHub" in report
    living.follow(report)
    living.apply()
    path = f"/repos/{OWNER}/widget/environments/deploy/secrets"
    assert [item["name"] for item in living.send("GET", path)["secrets"]] == ["PYPI_TOKEN"]
    assert preflight.main(["--stack", living.sandbox.stack, "--state"]) == 0


def test_one_script_repairs_everything(
    living: LivingStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = living.gates()
    for change in (remove_reviewers, add_branch_policy, delete_rulesets, edit_workflow):
        change(living)
    delete_environment_with_secret(living)
    monkeypatch.chdir(living.sandbox.directory)
    for name, value in living.sandbox.environment.items():
        monkeypatch.setenv(name, value)
    start = len(living.github.requests)

    assert repair.main(["--stack", living.sandbox.stack]) == 0

    script = capsys.readouterr().out
    assert [
        request.path
        for request in living.github.requests[start:]
        if request.method != "GET" and not request.path.endswith("/graphql")
    ] == []
    living.run(script)
    assert "admins may bypass it" in script
    living.apply()
    assert living.gates() == whole


def test_the_declared_bodies_are_what_the_provider_sends(living: LivingStack) -> None:
    """Each request of the repair leaves an applied gate as it is."""
    settings = check_stack_file(living.sandbox.stack_file, "releases")
    teams = {team["slug"]: team["id"] for team in living.send("GET", f"/orgs/{OWNER}/teams")}
    whole = living.gates()

    for repository in settings.repositories:
        path = f"/repos/{OWNER}/{repository.name}"
        environment = declared_environment(settings, repository, GateIds(teams))
        living.send("PUT", f"{path}/environments/deploy", environment_body(environment))
        numbers = {item["name"]: item["id"] for item in living.send("GET", f"{path}/rulesets")}
        for ruleset in declared_rulesets(settings, repository, GateIds(teams)).values():
            number = numbers.pop(ruleset.name)
            living.send("PUT", f"{path}/rulesets/{number}", ruleset_body(ruleset))
        assert numbers == {}

    assert living.gates() == whole
