"""Every contradiction between a workflow and its gate, and the problem that reports it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from inspect import get_annotations, isfunction
from typing import Any

import pytest

from stacks.consistency import rules as rules_module
from stacks.consistency.rules import RULES, Finding, Gate
from stacks.consistency.tag_patterns import COMMON, is_a_tag, samples
from stacks.consistency.workflow_facts import read_facts
from tests.stacks.consistency.texts import VALID_WORKFLOW, workflow_with

GATE = Gate("deploy", frozenset({"PYPI_TOKEN"}), "v*", frozenset({"refs/tags/v*"}))


def options_and_values(text: str = VALID_WORKFLOW, **gate: Any) -> list[tuple[str, str]]:
    """Return the option and the value of every finding."""
    return [(finding.option, finding.value) for finding in findings(text, **gate)]


def findings(text: str = VALID_WORKFLOW, **gate: Any) -> list[Finding]:
    workflow = read_facts(text)
    assert workflow is not None
    return [finding for rule in RULES for finding in rule(workflow, replace(GATE, **gate))]


def test_a_workflow_that_fits_its_gate() -> None:
    assert options_and_values() == []


def test_every_rule_is_in_the_table_once() -> None:
    own = [
        value
        for value in vars(rules_module).values()
        if isfunction(value) and value.__module__ == rules_module.__name__
    ]
    rules: list[Callable[..., Any]] = [
        function for function in own if get_annotations(function)["return"] == Iterator[Finding]
    ]

    assert tuple(rules) == RULES


# The environment


@pytest.mark.parametrize(
    ("replacement", "environment"),
    [("environment: staging", "'staging'"), ("timeout-minutes: 5", "no environment")],
)
def test_a_workflow_that_names_another_environment(replacement: str, environment: str) -> None:
    [first, second] = findings(workflow_with("environment:\n      name: deploy", replacement))

    assert first == Finding(
        "publish",
        f"a workflow that names {environment}",
        "a publishing job that names the declared environment, 'deploy': any other has no gate",
        "name 'deploy' there: correct the layout's text in publish_workflow/",
    )
    assert second.value == "a workflow whose job 'publish' reads PYPI_TOKEN without the environment"


def test_a_second_environment_in_the_workflow() -> None:
    assert options_and_values(
        workflow_with("  build:\n", "  build:\n    environment: staging\n")
    ) == [("publish", "a workflow that names 'staging'")]


def test_the_stack_declares_another_environment() -> None:
    assert ("publish", "a workflow that names 'deploy'") in options_and_values(
        environment="release"
    )


def test_environment_names_ignore_case() -> None:
    assert options_and_values(workflow_with("name: deploy", "name: Deploy")) == []


def test_a_secret_that_is_read_outside_of_the_environment() -> None:
    text = workflow_with(
        "run: scripts/build",
        "run: scripts/build\n        env: {TOKEN: '${{ secrets.PYPI_TOKEN }}'}",
    )

    assert options_and_values(text) == [
        ("publish", "a workflow whose job 'build' reads PYPI_TOKEN without the environment")
    ]


def test_an_identity_token_outside_of_the_environment() -> None:
    assert options_and_values(workflow_with("contents: read", "id-token: write")) == [
        (
            "publish",
            "a workflow whose job 'build' reads an identity token without the environment",
        )
    ]


# The secrets


def test_a_secret_that_is_read_and_not_declared() -> None:
    [finding] = findings(secrets=frozenset())

    assert finding == Finding(
        "secrets",
        "without PYPI_TOKEN, which the workflow reads",
        "every secret that the workflow reads: PYPI_TOKEN",
        "declare PYPI_TOKEN under `secrets`, or choose a layout that does not read it",
    )


def test_a_secret_that_is_declared_and_never_read() -> None:
    [finding] = findings(secrets=frozenset({"PYPI_TOKEN", "DOCS_KEY"}))

    assert finding == Finding(
        "secrets",
        "naming DOCS_KEY, which the workflow never reads",
        "the secrets that the workflow reads: PYPI_TOKEN",
        "remove DOCS_KEY from `secrets`, and revoke it at its issuer",
    )


def test_a_job_that_reads_every_secret() -> None:
    values = [
        value
        for _, value in options_and_values(workflow_with("secrets.PYPI_TOKEN", "toJSON(secrets)"))
    ]

    assert values == [
        "without every secret at once, which the workflow reads",
        "naming PYPI_TOKEN, which the workflow never reads",
    ]


# What starts it


@pytest.mark.parametrize(
    ("old", "new", "trigger"),
    [
        ("  push:\n", "  workflow_dispatch:\n  push:\n", "workflow_dispatch"),
        ("  push:\n", "  pull_request_target:\n  push:\n", "pull_request_target"),
        ("    tags:\n", "    branches: [main]\n    tags:\n", "branches"),
    ],
)
def test_another_event_starts_the_workflow(old: str, new: str, trigger: str) -> None:
    [finding] = findings(workflow_with(old, new))

    assert finding.option == "publish"
    assert finding.value == f"a workflow that {trigger} can start"
    assert finding.allowed == "a workflow that only a pushed tag can start"


def test_every_push_starts_the_workflow() -> None:
    assert options_and_values(workflow_with("  push:\n    tags:\n      - 'v*'\n", "  push:\n"))[
        0
    ] == (
        "publish",
        "a workflow that every push can start",
    )


# The tags


@pytest.mark.parametrize(
    ("text", "gate", "message"),
    [
        (
            workflow_with("'v*'", "'*'"),
            {},
            "'0.21.1' is a release for the workflow's trigger, and not for the deployment policy",
        ),
        (
            VALID_WORKFLOW,
            {"tag_policy": "v1*"},
            "a release for the workflow's trigger and the tag rulesets, and not for",
        ),
        (
            VALID_WORKFLOW,
            {"rulesets": frozenset({"refs/tags/v1*"})},
            "and the deployment policy, and not for the tag rulesets",
        ),
        (
            VALID_WORKFLOW,
            {"rulesets": frozenset({"v*"})},
            "and the deployment policy, and not for the tag rulesets",
        ),
        (
            VALID_WORKFLOW,
            {"rulesets": frozenset({"refs/tags/v*", "refs/tags/v1*"})},
            "policy, and not for the tag rulesets",
        ),
        (
            workflow_with("'v*'", "'v**'"),
            {},
            "'v1/rc/1' is a release for the workflow's trigger, and not for the deployment policy",
        ),
        (
            workflow_with("'v*'", "'v+'"),
            {"tag_policy": "v+", "rulesets": frozenset({"refs/tags/v+"})},
            "for the workflow's trigger",
        ),
    ],
)
def test_a_tag_that_is_not_a_release_everywhere(
    text: str, gate: dict[str, Any], message: str
) -> None:
    [finding] = findings(text, **gate)

    assert finding.option == "release_tags"
    assert message in finding.value
    assert finding.allowed == "a pattern that all three read alike"


@pytest.mark.parametrize(
    ("trigger", "remedy"),
    [("v+", "write a plain pattern"), ("*", "give the workflow only the declared")],
)
def test_the_remedy_for_a_bad_pattern_or_a_bad_layout(trigger: str, remedy: str) -> None:
    [finding] = findings(
        workflow_with("'v*'", f"'{trigger}'"), tag_policy="v+", rulesets=frozenset({"refs/tags/v+"})
    )

    assert finding.remedy.startswith(remedy)


def test_a_pattern_that_no_tag_matches() -> None:
    nothing = "v[9-0]"
    text = workflow_with("'v*'", f"'{nothing}'")

    assert options_and_values(
        text, tag_policy=nothing, rulesets=frozenset({f"refs/tags/{nothing}"})
    ) == [("release_tags", "'v[9-0]', which matches no tag")]


def test_a_pattern_is_tried_on_common_and_matching_tags() -> None:
    tags = samples("pkg-[0-9]*")

    assert set(COMMON) < set(tags)
    assert {"pkg-0", "pkg-01", "pkg-01.2.3"} <= set(tags)


@pytest.mark.parametrize(
    "name", ["", "a b", "a..b", "/a", "a/", ".a", "a.lock", "a*b", "a[b", "-a", "a/.b", "a~1"]
)
def test_invalid_tag_names_are_not_tried(name: str) -> None:
    assert not is_a_tag(name)


def test_the_common_tags_are_valid() -> None:
    assert all(map(is_a_tag, COMMON))
