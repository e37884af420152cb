"""Each way in which a workflow and its gate may not fit together, planted, and said in one sentence with the remedy."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from inspect import get_annotations, isfunction
from typing import Any

import pytest

from stacks.consistency import rules as together
from stacks.consistency.rules import RULES, Finding, Gate
from stacks.consistency.tag_patterns import COMMON, is_a_tag, samples
from stacks.consistency.workflow_facts import facts
from tests.stacks.consistency.texts import FITTING, planted

GATE = Gate("deploy", frozenset({"PYPI_TOKEN"}), "v*", frozenset({"refs/tags/v*"}))


def found(text: str = FITTING, **gate: Any) -> list[tuple[str, str]]:
    """The option and the value of everything that does not fit."""
    return [(finding.option, finding.value) for finding in every(text, **gate)]


def every(text: str = FITTING, **gate: Any) -> list[Finding]:
    read = facts(text)
    assert read is not None
    return [finding for rule in RULES for finding in rule(read, replace(GATE, **gate))]


def test_a_workflow_that_fits_its_gate() -> None:
    assert found() == []


def test_every_rule_is_in_the_table_once() -> None:
    own = [
        value
        for value in vars(together).values()
        if isfunction(value) and value.__module__ == together.__name__
    ]
    rules: list[Callable[..., Any]] = [
        each for each in own if get_annotations(each)["return"] == Iterator[Finding]
    ]

    assert tuple(rules) == RULES


# The environment


@pytest.mark.parametrize(
    ("written", "said"),
    [("environment: staging", "'staging'"), ("timeout-minutes: 5", "no environment")],
)
def test_another_environment_than_the_declared_one(written: str, said: str) -> None:
    [first, second] = every(planted("environment:\n      name: deploy", written))

    assert first == Finding(
        "publish",
        f"a workflow that names {said}",
        "one whose publishing job names the declared environment, 'deploy': any other has no gate",
        "name 'deploy' there: correct the layout's text in publish_workflow/",
    )
    assert (
        second.value == "a workflow whose job 'publish' reaches PYPI_TOKEN without the environment"
    )


def test_a_second_environment_beside_it() -> None:
    assert found(planted("  build:\n", "  build:\n    environment: staging\n")) == [
        ("publish", "a workflow that names 'staging'")
    ]


def test_the_declared_environment_is_another_one() -> None:
    assert ("publish", "a workflow that names 'deploy'") in found(environment="release")


def test_upper_and_lower_case_make_no_difference_to_github() -> None:
    assert found(planted("name: deploy", "name: Deploy")) == []


def test_a_secret_that_is_read_outside_of_the_environment() -> None:
    text = planted(
        "run: scripts/build",
        "run: scripts/build\n        env: {TOKEN: '${{ secrets.PYPI_TOKEN }}'}",
    )

    assert found(text) == [
        ("publish", "a workflow whose job 'build' reaches PYPI_TOKEN without the environment")
    ]


def test_an_identity_token_that_is_given_outside_of_the_environment() -> None:
    assert found(planted("contents: read", "id-token: write")) == [
        (
            "publish",
            "a workflow whose job 'build' reaches an identity token without the environment",
        )
    ]


# The secrets


def test_a_secret_that_is_read_and_not_declared() -> None:
    [finding] = every(secrets=frozenset())

    assert finding == Finding(
        "secrets",
        "without PYPI_TOKEN, which the workflow reads",
        "every secret that the workflow reads: PYPI_TOKEN",
        "declare PYPI_TOKEN under `secrets`, or choose a layout that does without it",
    )


def test_a_secret_that_is_declared_and_never_read() -> None:
    [finding] = every(secrets=frozenset({"PYPI_TOKEN", "DOCS_KEY"}))

    assert finding == Finding(
        "secrets",
        "naming DOCS_KEY, which the workflow never reads",
        "the secrets that the workflow reads: PYPI_TOKEN",
        "remove DOCS_KEY from `secrets`, and revoke it where it was issued",
    )


def test_every_secret_at_once_is_none_that_is_declared() -> None:
    values = [value for _, value in found(planted("secrets.PYPI_TOKEN", "toJSON(secrets)"))]

    assert values == [
        "without every secret at once, which the workflow reads",
        "naming PYPI_TOKEN, which the workflow never reads",
    ]


# What starts it


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  push:\n", "  workflow_dispatch:\n  push:\n", "workflow_dispatch"),
        ("  push:\n", "  pull_request_target:\n  push:\n", "pull_request_target"),
        ("    tags:\n", "    branches: [main]\n    tags:\n", "branches"),
    ],
)
def test_something_beside_a_tag_that_starts_it(old: str, new: str, said: str) -> None:
    [finding] = every(planted(old, new))

    assert (finding.option, finding.value) == ("publish", f"a workflow that {said} can start")
    assert finding.allowed == "one that a pushed tag starts and nothing else"


def test_every_push_starts_it() -> None:
    assert found(planted("  push:\n    tags:\n      - 'v*'\n", "  push:\n"))[0] == (
        "publish",
        "a workflow that every push can start",
    )


# The tags


@pytest.mark.parametrize(
    ("text", "gate", "said"),
    [
        (
            planted("'v*'", "'*'"),
            {},
            "'0.21.1' is a release for the workflow's trigger, and not for the deployment policy and",
        ),
        (
            FITTING,
            {"tag_policy": "v1*"},
            "a release for the workflow's trigger and the tag rulesets, and not for",
        ),
        (
            FITTING,
            {"rulesets": frozenset({"refs/tags/v1*"})},
            "and the deployment policy, and not for the tag rulesets",
        ),
        (
            FITTING,
            {"rulesets": frozenset({"v*"})},
            "and the deployment policy, and not for the tag rulesets",
        ),
        (
            FITTING,
            {"rulesets": frozenset({"refs/tags/v*", "refs/tags/v1*"})},
            "policy, and not for the tag rulesets",
        ),
        (
            planted("'v*'", "'v**'"),
            {},
            "'v1/rc/1' is a release for the workflow's trigger, and not for the deployment policy",
        ),
        (
            planted("'v*'", "'v+'"),
            {"tag_policy": "v+", "rulesets": frozenset({"refs/tags/v+"})},
            "for the workflow's trigger",
        ),
    ],
)
def test_a_tag_that_is_a_release_for_one_and_not_for_another(
    text: str, gate: dict[str, Any], said: str
) -> None:
    [finding] = every(text, **gate)

    assert finding.option == "release_tags"
    assert said in finding.value
    assert finding.allowed == "a pattern that all three read alike"


@pytest.mark.parametrize(
    ("trigger", "remedy"),
    [("v+", "write a plain pattern"), ("*", "give the workflow the declared")],
)
def test_the_remedy_tells_a_bad_pattern_from_a_bad_layout(trigger: str, remedy: str) -> None:
    [finding] = every(
        planted("'v*'", f"'{trigger}'"), tag_policy="v+", rulesets=frozenset({"refs/tags/v+"})
    )

    assert finding.remedy.startswith(remedy)


def test_a_pattern_that_no_tag_fits() -> None:
    nothing = "v[9-0]"
    text = planted("'v*'", f"'{nothing}'")

    assert found(text, tag_policy=nothing, rulesets=frozenset({f"refs/tags/{nothing}"})) == [
        ("release_tags", "'v[9-0]', by which no tag is a release")
    ]


def test_a_pattern_is_tried_on_common_tags_and_on_some_that_it_was_made_for() -> None:
    made = samples("pkg-[0-9]*")

    assert set(COMMON) < set(made)
    assert {"pkg-0", "pkg-01", "pkg-01.2.3"} <= set(made)


@pytest.mark.parametrize(
    "name", ["", "a b", "a..b", "/a", "a/", ".a", "a.lock", "a*b", "a[b", "-a", "a/.b", "a~1"]
)
def test_what_git_takes_for_no_tag_is_not_tried(name: str) -> None:
    assert not is_a_tag(name)


def test_the_common_tags_are_some() -> None:
    assert all(map(is_a_tag, COMMON))
