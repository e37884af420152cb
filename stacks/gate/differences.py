"""The differences between a gate on GitHub and an expected one, in words for a message."""

from collections.abc import Iterator, Mapping
from typing import Any

from stacks.snapshot import BypassActorOnGitHub, EnvironmentOnGitHub, RulesetOnGitHub

# Roles of a repository by GitHub's own numbers.
ROLES = {1: "read", 2: "maintain", 3: "triage", 4: "write", 5: "admin"}
KINDS = {
    "all": "every branch and tag may deploy",
    "protected": "every protected branch may deploy",
    "custom": "only branches and tags of deployment policies may deploy",
}


def environment_differences(
    on_github: EnvironmentOnGitHub, expected: EnvironmentOnGitHub
) -> list[str]:
    """Return how an environment differs from the expected one, without its policies."""
    return [*reviewer_differences(on_github, expected), *rule_differences(on_github, expected)]


def reviewer_differences(
    on_github: EnvironmentOnGitHub, expected: EnvironmentOnGitHub
) -> Iterator[str]:
    """Yield the reviewers that are missing, and those that were added."""
    for kind, present, declared in (
        ("team", on_github.reviewer_team_ids, expected.reviewer_team_ids),
        ("user", on_github.reviewer_user_ids, expected.reviewer_user_ids),
    ):
        for number in sorted(declared - present):
            yield f"the {kind} with the number {number} is no required reviewer"
        for number in sorted(present - declared):
            yield f"the {kind} with the number {number} is a required reviewer, too"


def rule_differences(
    on_github: EnvironmentOnGitHub, expected: EnvironmentOnGitHub
) -> Iterator[str]:
    """Yield the protection rules that differ."""
    if on_github.prevent_self_review != expected.prevent_self_review:
        yield "the user who started a release may approve it"
    if on_github.can_admins_bypass != expected.can_admins_bypass:
        yield "admins may bypass it"
    if on_github.wait_minutes != expected.wait_minutes:
        yield f"it waits {on_github.wait_minutes} minutes, not {expected.wait_minutes}"
    if on_github.policy_kind != expected.policy_kind:
        yield KINDS[on_github.policy_kind]


def ruleset_differences(on_github: RulesetOnGitHub, expected: RulesetOnGitHub) -> list[str]:
    """Return how a ruleset differs from the expected one.

    What GitHub does not show counts as a bypass.
    """
    return [
        *scope_differences(on_github, expected),
        *bypass_differences(on_github, expected),
        *parameter_differences(on_github.rules, expected.rules),
    ]


def scope_differences(on_github: RulesetOnGitHub, expected: RulesetOnGitHub) -> Iterator[str]:
    """Yield differences in whether a ruleset applies, and to which refs."""
    if on_github.enforcement != expected.enforcement:
        yield f"its enforcement is `{on_github.enforcement}`"
    if on_github.target != expected.target:
        yield f"it is for a {on_github.target}"
    if on_github.include != expected.include:
        yield f"it covers {', '.join(sorted(on_github.include)) or 'no ref'}"
    if on_github.exclude != expected.exclude:
        yield f"it leaves out {', '.join(sorted(on_github.exclude)) or 'no ref'}"
    if on_github.name != expected.name:
        yield f"it is called {on_github.name}"


def bypass_differences(on_github: RulesetOnGitHub, expected: RulesetOnGitHub) -> Iterator[str]:
    """Yield the actors that may bypass a ruleset and should not, and the other way round."""
    if on_github.bypass_actors is None:
        yield "GitHub does not show this token who may bypass it"
        return
    declared = expected.bypass_actors or frozenset()
    for actor in sorted(map(actor_text, on_github.bypass_actors - declared)):
        yield f"{actor} may bypass it"
    for actor in sorted(map(actor_text, declared - on_github.bypass_actors)):
        yield f"{actor} may not bypass it"


def actor_text(actor: BypassActorOnGitHub) -> str:
    """Return an actor for a message."""
    if actor.actor_type == "RepositoryRole":
        text = f"the role {ROLES.get(actor.actor_id or 0, actor.actor_id)}"
    elif actor.actor_id is None:
        text = actor.actor_type
    else:
        text = f"{actor.actor_type} {actor.actor_id}"
    return text if actor.mode == "always" else f"{text} ({actor.mode})"


def parameter_differences(
    on_github: Mapping[str, Mapping[str, Any]], expected: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Yield rules that are missing, were added, or have other parameters.

    GitHub adds parameters over time. Those that are not declared do not count.
    """
    for kind in sorted(expected.keys() - on_github.keys()):
        yield f"the rule `{kind}` is missing"
    for kind in sorted(on_github.keys() - expected.keys()):
        yield f"the rule `{kind}` was added"
    for kind in sorted(expected.keys() & on_github.keys()):
        for name, value in expected[kind].items():
            if on_github[kind].get(name) != value:
                yield f"`{name}` of the rule `{kind}` is {on_github[kind].get(name)}"
