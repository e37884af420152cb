"""What an organization has before the first `up` is named, with what resolves it."""

import json
from typing import Any

import pytest

from commands import preflight
from tests.integration.living.organization import OWNER, LivingStack

GADGET = f"/repos/{OWNER}/gadget"
ENVIRONMENT = f"{GADGET}/environments/deploy"
POLICIES = f"{ENVIRONMENT}/deployment-branch-policies"
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}
RELEASE = """\
on:
  push:
    tags: ['*']
jobs:
  release:
    runs-on: ubuntu-latest
    permissions: {id-token: write, contents: read}
    steps:
      - uses: actions/checkout@v4
      - uses: pypa/gh-action-pypi-publish@release/v1
"""


def create_environment(stack: LivingStack, *policies: tuple[str, str]) -> None:
    stack.send("PUT", ENVIRONMENT, {"deployment_branch_policy": CUSTOM})
    for name, kind in policies:
        stack.send("POST", POLICIES, {"name": name, "type": kind})


def policies(stack: LivingStack) -> list[tuple[str, str]]:
    items = stack.send("GET", POLICIES)["branch_policies"]
    return [(item["name"], item["type"]) for item in items]


@pytest.mark.parametrize(
    "existing", [[("main", "branch"), ("*", "tag")], [("nightly", "tag")]], ids=["both", "other"]
)
def test_an_environment_with_policies(
    new_stack: LivingStack, existing: list[tuple[str, str]]
) -> None:
    create_environment(new_stack, *existing)

    output = new_stack.blocked_up()

    assert all(f"the {kind} {name}" in output for name, kind in existing)
    new_stack.follow(output)
    new_stack.apply()
    assert policies(new_stack) == [("*", "tag")]


def review_ruleset(**changes: Any) -> dict[str, Any]:
    rule = {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
    }
    return {
        "name": "reviews everywhere",
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [],
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [{"type": "pull_request", "parameters": rule}],
        **changes,
    }


def test_a_ruleset_of_the_organization(new_stack: LivingStack) -> None:
    conditions = {
        "ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []},
        "repository_name": {"include": ["~ALL"], "exclude": []},
    }
    new_stack.send("POST", f"/orgs/{OWNER}/rulesets", review_ruleset(conditions=conditions))

    output = new_stack.blocked_up()

    assert "'reviews everywhere' of the organization, whose rule `pull_request`" in output
    new_stack.follow(output)
    new_stack.apply()


def test_a_ruleset_of_a_repository(new_stack: LivingStack) -> None:
    new_stack.send("POST", f"{GADGET}/rulesets", review_ruleset(name="old reviews"))

    output = new_stack.blocked_up()

    assert "'old reviews' of the repository" in output
    new_stack.follow(output)
    new_stack.apply()


def test_no_way_to_merge(new_stack: LivingStack) -> None:
    new_stack.send("PATCH", GADGET, {"allow_squash_merge": False, "allow_rebase_merge": False})
    linear = review_ruleset(rules=[{"type": "required_linear_history"}])
    new_stack.send("POST", f"{GADGET}/rulesets", linear)

    output = new_stack.blocked_up()

    assert "gadget allows no merge method that its rules allow" in output
    new_stack.follow(output)
    new_stack.apply()
    assert new_stack.send("GET", GADGET)["allow_squash_merge"] is True


@pytest.mark.parametrize(
    "permissions",
    [
        {"enabled_repositories": "all", "allowed_actions": "selected"},
        {"enabled_repositories": "all", "allowed_actions": "local_only"},
        {"enabled_repositories": "none"},
    ],
    ids=["selected", "local", "off"],
)
def test_an_actions_policy_of_the_organization(
    new_stack: LivingStack, permissions: dict[str, Any]
) -> None:
    endpoint = f"/orgs/{OWNER}/actions/permissions"
    new_stack.send("PUT", endpoint, permissions)
    if permissions.get("allowed_actions") == "selected":
        selected = {"github_owned_allowed": True, "patterns_allowed": ["a/b@*"]}
        new_stack.send("PUT", f"{endpoint}/selected-actions", selected)

    new_stack.follow(new_stack.blocked_up())

    new_stack.apply()
    assert "startup_failure" not in conclusions(new_stack)


def conclusions(stack: LivingStack) -> list[str | None]:
    """Push a release tag as an operator, and return the conclusions of its runs."""
    branch = stack.send("GET", f"{GADGET}/branches/main")
    tag = {"ref": "refs/tags/1.0", "sha": branch["commit"]["sha"]}
    stack.send("POST", f"{GADGET}/git/refs", tag, person="ann")
    runs = stack.send("GET", f"{GADGET}/actions/runs")["workflow_runs"]
    assert runs
    return [run["conclusion"] for run in runs]


def test_another_workflow_that_publishes(new_stack: LivingStack) -> None:
    new_stack.write_file("gadget", ".github/workflows/release.yml", RELEASE)

    output = new_stack.blocked_up()

    assert "gadget has .github/workflows/release.yml, whose job 'release' publishes" in output
    new_stack.follow(output)
    new_stack.apply()
    assert [path["name"] for path in workflows(new_stack)] == ["publish.yml"]


def workflows(stack: LivingStack) -> Any:
    return stack.send("GET", f"{GADGET}/contents/.github/workflows")


def test_an_accepted_workflow(new_stack: LivingStack) -> None:
    """The command in the message accepts it."""
    new_stack.write_file("gadget", ".github/workflows/release.yml", RELEASE)
    [command] = [
        line.strip().removeprefix("or accept it: ")
        for line in new_stack.blocked_up().splitlines()
        if "or accept it: " in line
    ]

    new_stack.run(command)

    new_stack.apply()
    assert [path["name"] for path in workflows(new_stack)] == ["publish.yml", "release.yml"]


def test_a_foreign_file_and_missing_scripts(new_stack: LivingStack) -> None:
    text = RELEASE.replace("    steps:", "    environment: pypi\n    steps:")
    new_stack.write_file("gadget", ".github/workflows/publish.yml", text)
    for name in ("install", "build"):
        new_stack.write_file("gadget", f"scripts/{name}", None)

    output = new_stack.blocked_up()

    assert "a file at '.github/workflows/publish.yml' that no stack wrote" in output
    assert "gadget lacks scripts/install, scripts/build" in output
    new_stack.run("pulumi config set --path 'repositories.gadget.replace-workflow' true")
    for name in ("install", "build"):
        new_stack.write_file("gadget", f"scripts/{name}", "#!/bin/sh -e\n")
    new_stack.apply()


def test_preflight_sees_what_up_does_not_read(
    new_stack: LivingStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It needs no state, no secret and no engine."""
    new_stack.send("PUT", f"{GADGET}/actions/permissions", {"enabled": False})
    new_stack.send("PUT", f"{GADGET}/collaborators/writer-1", {"permission": "admin"})
    stack_file = new_stack.sandbox.stack_file
    monkeypatch.chdir(new_stack.sandbox.directory)
    monkeypatch.setenv("GITHUB_BASE_URL", f"{new_stack.github.url}/")
    monkeypatch.setenv("GITHUB_TOKEN", "token-boss")
    monkeypatch.setenv("PATH", "/usr/bin")
    before = stack_file.read_text()

    assert preflight.main([]) == 1

    report = capsys.readouterr().out
    assert "acme: 2 repositories declared" in report
    assert "1 problem blocks `pulumi up`:\n  gadget has GitHub Actions switched off" in report
    assert "gadget has writer-1 as a collaborator with the role admin" in report
    assert stack_file.read_text() == before
    new_stack.send("PUT", f"{GADGET}/actions/permissions", {"enabled": True})
    assert preflight.main([]) == 0
    assert "Nothing blocks `pulumi up`." in capsys.readouterr().out


def test_preflight_without_a_token(
    new_stack: LivingStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(new_stack.sandbox.directory)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)

    assert preflight.main([]) == 1

    assert "GITHUB_TOKEN is missing" in capsys.readouterr().err


def test_a_second_stack_stops(living: LivingStack) -> None:
    """A lost state looks the same: neither takes over the gate."""
    living.run("pulumi stack init second")
    (living.sandbox.directory / "Pulumi.second.yaml").write_text(
        json.dumps(
            {
                "config": {
                    "github:owner": OWNER,
                    "operations": {"existing": "operations"},
                    "maintainers": {"existing": "maintainers"},
                    "repositories": {"gadget": {"publish": "trusted-publishing"}},
                }
            }
        )
    )
    living.sandbox.stack = "second"

    output = living.blocked_up()

    assert "set up by a stack of this project already" in output


def test_classic_protection_that_binds_admins(new_stack: LivingStack) -> None:
    protection = f"{GADGET}/branches/main/protection"
    body = {
        "required_status_checks": None,
        "enforce_admins": True,
        "required_pull_request_reviews": {"required_approving_review_count": 1},
        "restrictions": None,
    }
    new_stack.send("PUT", protection, body)

    output = new_stack.blocked_up()

    assert "classic branch protection of main refuses the commit" in output
    assert new_stack.follow(output) == [
        f"gh api -X DELETE {protection.removeprefix('/')}/enforce_admins"
    ]
    new_stack.apply()
    left = new_stack.send("GET", protection)
    assert left["required_pull_request_reviews"]["required_approving_review_count"] == 1
