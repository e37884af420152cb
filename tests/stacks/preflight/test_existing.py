"""Objects of the gate's names that exist: of another origin, of another state, or unrecorded."""

from dataclasses import replace
from typing import Any

import pytest

from stacks.preflight import Situation, problems
from stacks.preflight.existing import replaced_publishers
from stacks.previous_state import RecordedRepository
from stacks.snapshot import (
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
    WorkflowOnGitHub,
)
from tests.stacks.preflight.gates import (
    WORKFLOW,
    gate_situation,
    recorded_repository,
    repository_on_github,
    with_environment,
)

EMPTY = RepositoryOnGitHub(1, "httpx", archived=False, private=False)
FOREIGN = WorkflowOnGitHub(WORKFLOW, "on: push\n")
OURS = repository_on_github().workflows[WORKFLOW]
STACK = "urn:pulumi:prod::releases"
COMPONENT = f"{STACK}::releases:index:ReleaseRepository"


def first_up(on_github: RepositoryOnGitHub, **changes: Any) -> Situation:
    """Return the situation of a repository of which nothing is recorded."""
    return gate_situation(on_github, RecordedRepository("httpx"), **changes)


def without(*places: str) -> RecordedRepository:
    """Return the recorded repository without some of its resources."""
    recorded = recorded_repository()
    resources = {place: item for place, item in recorded.resources.items() if place not in places}
    return replace(recorded, resources=resources)


def test_a_foreign_file_at_the_path_of_the_workflow() -> None:
    [problem] = problems(first_up(replace(EMPTY, workflows={WORKFLOW: FOREIGN})))

    assert problem.value == f"a repository with a file at '{WORKFLOW}' that no stack wrote"
    assert problem.remedy == "pulumi config set --path 'repositories.httpx.replace-workflow' true"


def test_a_comment_about_a_release_stack_is_no_mark() -> None:
    file = WorkflowOnGitHub(WORKFLOW, "# Not written by the release stack of encode\non: push\n")

    [problem] = problems(first_up(replace(EMPTY, workflows={WORKFLOW: file})))

    assert problem.value.endswith("that no stack wrote")


def test_a_workflow_of_version_0_1_0_is_a_mark() -> None:
    text = "# This file is managed by the release stack of encode: ...\non: push\n"

    [problem] = problems(
        first_up(replace(EMPTY, workflows={WORKFLOW: WorkflowOnGitHub(WORKFLOW, text)}))
    )

    assert problem.value.startswith(f"set up by a stack of this project already ({WORKFLOW})")


def test_a_foreign_file_may_be_replaced() -> None:
    entry = {"httpx": {"replace-workflow": True}}

    assert (
        problems(first_up(replace(EMPTY, workflows={WORKFLOW: FOREIGN}), repositories=entry)) == []
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("environment: pypi", "names the environment pypi"),
        ("timeout-minutes: 5", "has no environment"),
    ],
)
def test_a_replaced_file_publishes_from_earlier_commits(line: str, words: str) -> None:
    """A tag starts the workflow that its commit has."""
    [warning] = replaced_publishers(replacing(line))

    assert f"'release' publishes with twine upload and {words}. A tag on an earlier" in warning


def test_a_replaced_file_that_waits_at_the_gate() -> None:
    assert list(replaced_publishers(replacing("environment: deploy"))) == []


def replacing(line: str) -> Situation:
    """Return the situation of a foreign workflow that `up` replaces; its job has one more line."""
    text = (
        "on: push\njobs:\n  release:\n    runs-on: ubuntu-latest\n"
        f"    {line}\n    steps:\n      - run: twine upload dist/*\n"
    )
    entry = {"httpx": {"replace-workflow": True}}
    file = WorkflowOnGitHub(WORKFLOW, text)
    return first_up(replace(EMPTY, workflows={WORKFLOW: file}), repositories=entry)


def test_a_foreign_file_at_another_path_is_left_alone() -> None:
    files = {
        ".github/workflows/test.yml": WorkflowOnGitHub(".github/workflows/test.yml", "on: push")
    }

    assert problems(first_up(replace(EMPTY, workflows=files))) == []


def test_a_moved_workflow_does_not_overwrite_a_foreign_file() -> None:
    path = ".github/workflows/release.yml"
    files = {WORKFLOW: OURS, path: WorkflowOnGitHub(path, "on: push\n")}
    on_github = replace(repository_on_github(), workflows=files)

    [problem] = problems(gate_situation(on_github, repositories={"httpx": {"workflow": path}}))

    assert f"a file at '{path}' that no stack wrote" in problem.value


def test_a_file_of_ours_whose_response_was_lost_is_written_again() -> None:
    assert problems(gate_situation(recorded=without("publish.yml"))) == []


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"workflows": {}}, "Release tags: who may create them"),
        ({"rulesets": ()}, WORKFLOW),
    ],
)
def test_a_repository_of_another_state(change: dict[str, Any], mark: str) -> None:
    """One of the two marks is enough."""
    on_github = replace(repository_on_github(), environments={}, **change)

    [problem] = problems(first_up(on_github))

    assert problem.value.startswith("set up by a stack of this project already (")
    assert mark in problem.value
    assert problem.remedy.startswith("remove the entry where another stack declares it: ")


def test_no_policy_of_another_stack_is_to_be_deleted() -> None:
    on_github = repository_on_github()
    assert on_github.environments["deploy"].policies

    [problem] = problems(first_up(on_github))

    assert "DELETE" not in problem.remedy


def test_a_ruleset_of_the_organization_is_no_mark() -> None:
    rulesets = tuple(
        replace(ruleset, source_type="Organization")
        for ruleset in repository_on_github().rulesets
        if ruleset.target == "tag"
    )

    assert problems(first_up(replace(EMPTY, rulesets=rulesets))) == []


def test_the_workflow_of_a_lost_state_may_be_replaced() -> None:
    """Nothing else is left that an import could record."""
    on_github = replace(EMPTY, workflows={WORKFLOW: OURS})
    entry = {"httpx": {"replace-workflow": True}}

    assert problems(first_up(on_github, repositories=entry)) == []


@pytest.mark.parametrize(
    ("place", "number"), [("tags-created", 11), ("tags-kept", 12), ("review", 13)]
)
def test_a_ruleset_that_was_not_recorded_is_imported(place: str, number: int) -> None:
    [problem] = problems(gate_situation(recorded=without(place)))

    assert "which an earlier `pulumi up` created and did not record" in problem.value
    assert problem.remedy == (
        f"pulumi import github:index/repositoryRuleset:RepositoryRuleset 'httpx/{place}' "
        f"'httpx:{number}' --parent 'parent={COMPONENT}::httpx' "
        "--yes --skip-preview --protect=false --generate-code=false"
    )


def test_a_policy_that_was_not_recorded_is_imported() -> None:
    [problem] = problems(gate_situation(recorded=without("deploy/tags")))

    gate = "releases:index:ReleaseRepository$releases:index:DeployEnvironment::httpx/deploy"
    assert problem.remedy == (
        "pulumi import github:index/repositoryEnvironmentDeploymentPolicy:"
        "RepositoryEnvironmentDeploymentPolicy 'httpx/deploy/tags' 'httpx:deploy:7' "
        f"--parent 'parent={STACK}::{gate}' "
        "--yes --skip-preview --protect=false --generate-code=false"
    )


def test_a_foreign_policy_beside_an_unrecorded_one() -> None:
    policies = (
        DeploymentPolicyOnGitHub(7, "*", "tag"),
        DeploymentPolicyOnGitHub(8, "main", "branch"),
    )

    remedies = [
        problem.remedy
        for problem in problems(
            gate_situation(with_environment(policies=policies), without("deploy/tags"))
        )
    ]

    assert len(remedies) == 2
    assert remedies[1].endswith("deployment-branch-policies/8")


def test_policies_of_an_environment_before_the_first_up() -> None:
    """The declared one, too: GitHub refuses a second one."""
    policies = (
        DeploymentPolicyOnGitHub(7, "*", "tag"),
        DeploymentPolicyOnGitHub(8, "main", "branch"),
    )
    environment = EnvironmentOnGitHub("deploy", policy_kind="custom", policies=policies)

    [problem] = problems(first_up(replace(EMPTY, environments={"deploy": environment})))

    base = "gh api -X DELETE repos/encode/httpx/environments/deploy/deployment-branch-policies"
    assert "lets the tag *, the branch main deploy already" in problem.value
    assert problem.remedy == f"{base}/7 && {base}/8"


@pytest.mark.parametrize("policies", [(), None])
def test_an_environment_that_up_takes_over(
    policies: tuple[DeploymentPolicyOnGitHub, ...] | None,
) -> None:
    environment = EnvironmentOnGitHub("deploy", policies=policies)

    assert problems(first_up(replace(EMPTY, environments={"deploy": environment}))) == []
