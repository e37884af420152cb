"""The file that imports the objects of a lost state."""

from dataclasses import replace
from typing import Any

from commands.state_edits.lost_state import import_file
from stacks.previous_state import RecordedRepository
from tests.stacks.preflight.gates import gate_situation, repository_on_github


def file_of(**changes: Any) -> list[tuple[str, str]]:
    """Return the name and the id of each object of `httpx`, changed on GitHub."""
    on_github = replace(repository_on_github(), **changes)
    situation = gate_situation(on_github, RecordedRepository("httpx"))
    return [(item["name"], item.get("id", "")) for item in import_file(situation)["resources"]]


def test_rulesets_and_the_policy_follow_their_components() -> None:
    assert file_of() == [
        ("httpx", ""),
        ("httpx/tags-created", "httpx:11"),
        ("httpx/tags-kept", "httpx:12"),
        ("httpx/review", "httpx:13"),
        ("httpx/deploy", ""),
        ("httpx/deploy/tags", "httpx:deploy:7"),
    ]


def test_a_repository_without_a_gate_is_left_out() -> None:
    assert file_of(rulesets=(), environments={}) == []


def test_objects_of_another_origin_are_left_out() -> None:
    """A ruleset of the organization, and a policy of another pattern, are not the stack's."""
    original = repository_on_github()
    deploy = original.environments["deploy"]
    policies = tuple(replace(policy, type="branch") for policy in deploy.policies or ())
    rulesets = tuple(replace(item, source_type="Organization") for item in original.rulesets)

    environments = {"deploy": replace(deploy, policies=policies)}

    assert file_of(rulesets=rulesets, environments=environments) == []
