"""What the workflow of a repository and everything around it have to agree on: rules over both.

That somebody can approve a release is a rule of the settings, in `approval_rules.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from stacks.consistency.tag_patterns import (
    policy_accepts,
    ruleset_accepts,
    samples,
    trigger_accepts,
)
from stacks.consistency.workflow_facts import Facts, JobFacts
from stacks.settings.problems import listed, shown


@dataclass(frozen=True)
class Gate:
    """What is declared around a workflow, in the forms in which GitHub gets it.

    Attributes:
        environment: The name of the environment.
        secrets: The names of its secrets.
        tag_policy: The pattern of its only deployment policy.
        rulesets: What the tag rulesets include, as patterns of whole refs.
    """

    environment: str
    secrets: frozenset[str]
    tag_policy: str
    rulesets: frozenset[str]


@dataclass(frozen=True)
class Finding:
    """Something that does not fit: which option it is about, what is there, what has to be, and what to do."""

    option: str
    value: str
    allowed: str
    remedy: str


TEMPLATE = "correct the layout's text in publish_workflow/"
PLAIN = "write a plain pattern such as '*' or 'v*'"


def only_tags_start_it(facts: Facts, _: Gate) -> Iterator[Finding]:
    """A workflow that a branch or a person can start is anybody's."""
    others = sorted((facts.events - {"push"}) | (facts.filters - {"tags"}))
    if others or not facts.tags:
        yield Finding(
            "publish",
            f"a workflow that {listed(others) if others else 'every push'} can start",
            "one that a pushed tag starts and nothing else",
            f"leave nothing but `push: tags:` under `on`: {TEMPLATE}",
        )


def it_waits_at_the_declared_environment(facts: Facts, gate: Gate) -> Iterator[Finding]:
    """GitHub makes an environment that is named and not there, without any protection."""
    named = sorted({job.environment for job in facts.jobs if job.environment})
    for other in (
        [each for each in named if each.lower() != gate.environment.lower()]
        if named
        else ["no environment"]
    ):
        yield Finding(
            "publish",
            f"a workflow that names {shown(other) if named else other}",
            f"one whose publishing job names the declared environment, '{gate.environment}': any other has no gate",
            f"name '{gate.environment}' there: {TEMPLATE}",
        )


def what_it_reads_is_behind_the_gate(facts: Facts, gate: Gate) -> Iterator[Finding]:
    """Outside of the environment its secrets are empty, and an identity token is given to whoever pushed a tag."""
    for job in facts.jobs:
        reached = [*sorted(job.secrets), *(["an identity token"] if job.identity else [])]
        if reached and not waits(job, gate):
            yield Finding(
                "publish",
                f"a workflow whose job {shown(job.key)} reaches {listed(reached)} without the environment",
                f"secrets and identity tokens in jobs that wait at '{gate.environment}' alone",
                f"move that step to the publishing job: {TEMPLATE}",
            )


def waits(job: JobFacts, gate: Gate) -> bool:
    return (job.environment or "").lower() == gate.environment.lower()


def every_secret_that_it_reads_is_declared(facts: Facts, gate: Gate) -> Iterator[Finding]:
    for secret in sorted(secrets_read(facts) - gate.secrets):
        yield Finding(
            "secrets",
            f"without {secret}, which the workflow reads",
            f"every secret that the workflow reads: {listed(sorted(secrets_read(facts)))}",
            f"declare {secret} under `secrets`, or choose a layout that does without it",
        )


def every_declared_secret_is_read(facts: Facts, gate: Gate) -> Iterator[Finding]:
    """A secret that nothing reads can only be stolen."""
    for secret in sorted(gate.secrets - secrets_read(facts)):
        yield Finding(
            "secrets",
            f"naming {secret}, which the workflow never reads",
            f"the secrets that the workflow reads: {listed(sorted(secrets_read(facts)))}",
            f"remove {secret} from `secrets`, and revoke it where it was issued",
        )


def secrets_read(facts: Facts) -> frozenset[str]:
    return frozenset[str]().union(*(job.secrets for job in facts.jobs))


def the_same_tags_are_releases_everywhere(facts: Facts, gate: Gate) -> Iterator[Finding]:
    """A tag that starts the workflow and may not deploy is stuck; one that no ruleset covers is anybody's to make or move."""
    yield from read_differently(facts.tags, gate.tag_policy, gate.rulesets)


@lru_cache(maxsize=1024)
def read_differently(
    trigger: tuple[str, ...], policy: str, rulesets: frozenset[str]
) -> tuple[Finding, ...]:
    """What the same few patterns of nearly all repositories come to, found once."""
    tags = samples(policy)
    for tag in tags:
        read = {
            "the workflow's trigger": trigger_accepts(trigger, tag),
            "the deployment policy": policy_accepts(policy, tag),
            "the tag rulesets": all(ruleset_accepts(include, tag) for include in rulesets),
        }
        if len(set(read.values())) == 2:
            value = f"{shown(policy)}; {shown(tag)} is a release for {said(read, True)}, and not for {said(read, False)}"
            return (
                Finding(
                    "release_tags",
                    value,
                    "a pattern that all three read alike",
                    remedy(trigger, policy),
                ),
            )
    if not any(policy_accepts(policy, tag) for tag in tags):
        return (
            Finding(
                "release_tags",
                f"{shown(policy)}, by which no tag is a release",
                "a pattern that some tag fits",
                PLAIN,
            ),
        )
    return ()


def remedy(trigger: tuple[str, ...], policy: str) -> str:
    """A trigger of its own is no pattern that somebody declared."""
    return (
        PLAIN
        if trigger == (policy,)
        else f"give the workflow the declared pattern alone: {TEMPLATE}"
    )


def said(read: dict[str, bool], answer: bool) -> str:
    return " and ".join(place for place, accepted in read.items() if accepted is answer)


RULES: tuple[Callable[[Facts, Gate], Iterator[Finding]], ...] = (
    only_tags_start_it,
    it_waits_at_the_declared_environment,
    what_it_reads_is_behind_the_gate,
    every_secret_that_it_reads_is_declared,
    every_declared_secret_is_read,
    the_same_tags_are_releases_everywhere,
)
