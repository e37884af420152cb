"""Names of repositories that change on GitHub: in case alone, and to the name of another one."""

import re

import pytest

from tests.integration.living.identities.living_stack import LivingStack
from tests.integration.on_github import rename_entry, rename_repository


def test_a_rename_that_changes_case_alone(living: LivingStack) -> None:
    before = living.repository("Widget")
    rename_repository(living, "Widget", "widget")

    assert "rename the key to widget" in living.blocked_up().output
    rename_entry(living, "Widget", "widget")
    living.follow_commands(living.blocked_up())
    living.up()

    after = living.repository("widget")
    assert after["environments"] == before["environments"]
    assert after["rulesets"].keys() == before["rulesets"].keys()
    assert living.plan() == {}


def test_case_changes_with_formerly_at_once(living: LivingStack) -> None:
    for old, new in (("Widget", "WIDGET"), ("gadget", "Gadget")):
        rename_repository(living, old, new)
    rename_entry(living, "Widget", "WIDGET", formerly="Widget")
    living.repositories["Gadget"] = {**living.repositories.pop("gadget"), "formerly": "gadget"}
    living.configure()

    living.up()

    for name in ("WIDGET", "Gadget"):
        assert "deploy" in living.repository(name)["environments"]
    assert living.plan() == {}


@pytest.mark.parametrize("new", ["gizmo", "widget"])
def test_a_key_that_changes_before_the_name(living: LivingStack, new: str) -> None:
    gate = living.repository("Widget")["environments"]
    rename_entry(living, "Widget", new, formerly="Widget")

    output = living.blocked_up().output
    [command] = {match[0] for match in re.finditer(r"gh api -X PATCH .* --silent", output)}
    living.run(command)
    living.up()

    assert living.repository(new)["environments"] == gate
    assert living.plan() == {}


def test_a_key_in_another_spelling(living: LivingStack) -> None:
    rename_entry(living, "Widget", "widget")

    assert "rename the key to Widget" in living.blocked_up().output
    rename_entry(living, "widget", "Widget")

    living.up()
    assert living.plan() == {}


def test_a_name_that_another_repository_takes(living: LivingStack) -> None:
    """The stack goes on with the repository of the recorded number, under its new name."""
    gate = living.repository("gadget")["environments"]
    rename_repository(living, "gadget", "gadget-legacy")
    rename_repository(living, "gadget2", "gadget")

    blocked = living.blocked_up()
    assert living.follow_commands(blocked) == ["scripts/rename gadget=gadget-legacy"]
    living.repositories["gadget-legacy"] = living.repositories.pop("gadget")
    living.configure()
    living.up()

    assert living.repository("gadget-legacy")["environments"] == gate
    assert living.repository("gadget")["environments"] == {}
    assert living.plan() == {}


def test_names_that_move_on_by_two(living: LivingStack) -> None:
    numbers = {name: living.repository(name)["id"] for name in ("gadget", "Widget")}
    rename_repository(living, "gadget", "gadget-legacy")
    rename_repository(living, "Widget", "gadget")

    living.follow_commands(living.blocked_up())
    living.repositories["gadget-legacy"] = living.repositories.pop("gadget")
    rename_entry(living, "Widget", "gadget")
    living.up()

    assert living.repository("gadget-legacy")["id"] == numbers["gadget"]
    assert living.repository("gadget")["environments"]["deploy"]["secrets"].keys() == {"PYPI_TOKEN"}
    assert living.plan() == {}
