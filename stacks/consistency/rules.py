"""Rules over the workflow of a repository and the gate around it.

Whether a user can approve a release is a rule of the settings: `stacks.settings.people_rules`.
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
from stacks.consistency.workflow_facts import JobFacts, WorkflowFacts
from stacks.settings.problems import display, join_names


@dataclass(frozen=True)
class Gate:
    """What the stack declares around a workflow, as GitHub gets it.

    Attributes:
        environment: The name of the environment.
        secrets: The names of its secrets.
        tag_policy: The pattern of its only deployment policy.
        rulesets: The patterns of refs that the tag rulesets include.
    """

    environment: str
    secrets: frozenset[str]
    tag_policy: str
    rulesets: frozenset[str]


@dataclass(frozen=True)
class Finding:
    """A contradiction: its option, the present value, what is allowed, and the remedy."""

    option: str
    value: str
    allowed: str
    remedy: str


LAYOUT_REMEDY = "correct the layout's text in publish_workflow/"
PLAIN_PATTERN_REMEDY = "write a plain pattern such as '*' or 'v*'"


def check_triggers(facts: WorkflowFacts, _: Gate) -> Iterator[Finding]:
    """Report a workflow that a branch or a user can start."""
    triggers = sorted((facts.events - {"push"}) | (facts.filters - {"tags"}))
    if triggers or not facts.tags:
        yield Finding(
            "publish",
            f"a workflow that {join_names(triggers) if triggers else 'every push'} can start",
            "a workflow that only a pushed tag can start",
            f"leave only `push: tags:` under `on`: {LAYOUT_REMEDY}",
        )


def check_environments(facts: WorkflowFacts, gate: Gate) -> Iterator[Finding]:
    """Report other environments: GitHub creates a missing environment without protection."""
    named = sorted({job.environment for job in facts.jobs if job.environment})
    undeclared = [display(name) for name in named if name.lower() != gate.environment.lower()]
    for environment in undeclared if named else ["no environment"]:
        yield Finding(
            "publish",
            f"a workflow that names {environment}",
            f"a publishing job that names the declared environment, '{gate.environment}': any "
            "other has no gate",
            f"name '{gate.environment}' there: {LAYOUT_REMEDY}",
        )


def check_credentials(facts: WorkflowFacts, gate: Gate) -> Iterator[Finding]:
    """Report jobs outside of the environment that read secrets or get an identity token.

    There the environment's secrets are empty, and every user who can push a tag gets the token.
    """
    for job in facts.jobs:
        reads = [*sorted(job.secrets), *(["an identity token"] if job.identity else [])]
        if reads and not waits_at_gate(job, gate):
            yield Finding(
                "publish",
                f"a workflow whose job {display(job.key)} reads {join_names(reads)} without the "
                "environment",
                f"secrets and identity tokens only in jobs that wait at '{gate.environment}'",
                f"move that step to the publishing job: {LAYOUT_REMEDY}",
            )


def waits_at_gate(job: JobFacts, gate: Gate) -> bool:
    return (job.environment or "").lower() == gate.environment.lower()


def check_undeclared_secrets(facts: WorkflowFacts, gate: Gate) -> Iterator[Finding]:
    secrets = secrets_read(facts)
    for secret in sorted(secrets - gate.secrets):
        yield Finding(
            "secrets",
            f"without {secret}, which the workflow reads",
            f"every secret that the workflow reads: {join_names(sorted(secrets))}",
            f"declare {secret} under `secrets`, or choose a layout that does not read it",
        )


def check_unused_secrets(facts: WorkflowFacts, gate: Gate) -> Iterator[Finding]:
    """Report secrets that the workflow does not read: they can only be stolen."""
    secrets = secrets_read(facts)
    for secret in sorted(gate.secrets - secrets):
        yield Finding(
            "secrets",
            f"naming {secret}, which the workflow never reads",
            f"the secrets that the workflow reads: {join_names(sorted(secrets))}",
            f"remove {secret} from `secrets`, and revoke it at its issuer",
        )


def secrets_read(facts: WorkflowFacts) -> frozenset[str]:
    return frozenset[str]().union(*(job.secrets for job in facts.jobs))


def check_tag_patterns(facts: WorkflowFacts, gate: Gate) -> Iterator[Finding]:
    """Report tags that trigger, policy and rulesets treat differently.

    A tag that starts the workflow and cannot deploy is stuck; one that no ruleset includes can be
    created and moved by every user with write access.
    """
    yield from pattern_findings(facts.tags, gate.tag_policy, gate.rulesets)


@lru_cache(maxsize=1024)
def pattern_findings(
    trigger: tuple[str, ...], policy: str, rulesets: frozenset[str]
) -> tuple[Finding, ...]:
    """Return at most one finding. Cached, because most repositories share a few patterns."""
    tags = samples(policy)
    for tag in tags:
        accepted = {
            "the workflow's trigger": trigger_accepts(trigger, tag),
            "the deployment policy": policy_accepts(policy, tag),
            "the tag rulesets": all(ruleset_accepts(include, tag) for include in rulesets),
        }
        if len(set(accepted.values())) == 2:
            value = (
                f"{display(policy)}; {display(tag)} is a release for "
                f"{join_places(accepted, True)}, and not for {join_places(accepted, False)}"
            )
            allowed = "a pattern that all three read alike"
            return (Finding("release_tags", value, allowed, pattern_remedy(trigger, policy)),)
    if not any(policy_accepts(policy, tag) for tag in tags):
        value = f"{display(policy)}, which matches no tag"
        return (
            Finding(
                "release_tags", value, "a pattern that matches some tags", PLAIN_PATTERN_REMEDY
            ),
        )
    return ()


def pattern_remedy(trigger: tuple[str, ...], policy: str) -> str:
    """Return the remedy: a trigger that differs from the policy comes from the layout."""
    if trigger == (policy,):
        return PLAIN_PATTERN_REMEDY
    return f"give the workflow only the declared pattern: {LAYOUT_REMEDY}"


def join_places(accepted: dict[str, bool], value: bool) -> str:
    return " and ".join(place for place, accepts in accepted.items() if accepts is value)


RULES: tuple[Callable[[WorkflowFacts, Gate], Iterator[Finding]], ...] = (
    check_triggers,
    check_environments,
    check_credentials,
    check_undeclared_secrets,
    check_unused_secrets,
    check_tag_patterns,
)
