"""Faults that are planted in the rules, each with a short history that must find it.

A fault replaces a piece of a file in a copy of the program. The history is run with that copy, and
the check of the gate must then report a problem.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commands.histories import (
    gate_events,
    people_events,
    repository_events,
    stack_file_events,
    state_events,
)
from commands.histories.choices import Event
from commands.histories.gate_events import change_environment, change_ruleset
from commands.histories.history import Outcome, run_events
from commands.histories.organization import Organization, Start
from commands.sandbox import CODE, FILES, PROJECT

RULES = "stacks/preflight/__init__.py"
GATE = "stacks/preflight/gate.py"
DIFFERENCES = "stacks/gate/differences.py"


class TextError(Exception):
    """The text that a planted fault replaces is not in its file."""


@dataclass(frozen=True)
class PlantedFault:
    """A fault: the text of a file that is replaced, and the events of the history that finds it."""

    name: str
    file: str
    text: str
    replacement: str
    events: Sequence[Event]

    def plant(self, directory: Path) -> Path:
        """Copy the program to `directory` with the fault, and return the directory."""
        for name in (*CODE, *FILES):
            source = PROJECT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, directory / name, ignore=ignored)
            else:
                directory.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, directory / name)
        path = directory / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.text) != 1:
            raise TextError(f"{self.file} does not have {self.text!r} once")
        path.write_text(text.replace(self.text, self.replacement), encoding="utf-8")
        return directory


def environment_event(change: str) -> Event:
    def event(organization: Organization) -> str | None:
        return change_environment(organization, change)

    event.__name__ = f"the environment {change}"
    return event


def ruleset_event(change: str) -> Event:
    def event(organization: Organization) -> str | None:
        return change_ruleset(organization, change)

    event.__name__ = f"a ruleset is {change}"
    return event


def without_rule(rule: str, *history: Event) -> PlantedFault:
    """Return the fault that a rule is missing in the table of rules."""
    return PlantedFault(f"without {rule}", RULES, f"    {rule},\n", "", history)


def blind_to(condition: str, *history: Event) -> PlantedFault:
    """Return the fault that a comparison of a gate never finds a difference."""
    return PlantedFault(
        f"blind to {condition}", DIFFERENCES, f"if {condition}:", "if False:", history
    )


PLANTED_FAULTS: tuple[PlantedFault, ...] = (
    without_rule("gate.check_drift", environment_event("has no reviewers")),
    without_rule("identity.check_lost_repositories", repository_events.delete_and_recreate),
    without_rule("identity.check_renamed_repositories", repository_events.swap_names),
    without_rule("teams.check_switched_teams", stack_file_events.switch_team),
    without_rule("teams.check_lost_grants", people_events.remove_team_access),
    without_rule(
        "lifecycle.check_archived_repositories",
        repository_events.archive,
        stack_file_events.update_workflow,
    ),
    without_rule(
        "lifecycle.check_default_branches",
        repository_events.change_default_branch,
        stack_file_events.update_workflow,
    ),
    without_rule("existing.check_second_stacks", state_events.second_stack_with_the_teams),
    without_rule(
        "people.check_removed_people", people_events.rename_person, stack_file_events.remove_person
    ),
    without_rule(
        "people.check_lost_memberships", people_events.leave, stack_file_events.remove_person
    ),
    without_rule(
        "people.check_users", people_events.rename_person_and_reuse_login, state_events.refresh
    ),
    PlantedFault(
        "without environment_drift",
        GATE,
        "    environment_drift,\n    policy",
        "    policy",
        [environment_event("lets admins bypass it")],
    ),
    PlantedFault(
        "without policy_drift",
        GATE,
        "    policy_drift,\n    ruleset",
        "    ruleset",
        [gate_events.add_branch_policy],
    ),
    PlantedFault(
        "without ruleset_drift",
        GATE,
        "    ruleset_drift,\n    secret",
        "    secret",
        [ruleset_event("deleted")],
    ),
    PlantedFault(
        "without workflow_drift",
        GATE,
        "    workflow_drift,\n)\n\n\ndef drifts(",
        ")\n\n\ndef drifts(",
        [gate_events.edit_workflow],
    ),
    blind_to(
        "on_github.prevent_self_review != expected.prevent_self_review",
        environment_event("allows self-review"),
    ),
    blind_to(
        "on_github.can_admins_bypass != expected.can_admins_bypass",
        environment_event("lets admins bypass it"),
    ),
    blind_to(
        "on_github.policy_kind != expected.policy_kind", environment_event("is open to every ref")
    ),
    blind_to("on_github.enforcement != expected.enforcement", ruleset_event("disabled")),
    blind_to("on_github.exclude != expected.exclude", ruleset_event("narrowed")),
    PlantedFault(
        "blind to added reviewers",
        DIFFERENCES,
        "sorted(present - declared)",
        "()",
        [environment_event("has another reviewer")],
    ),
    PlantedFault(
        "blind to added bypass actors",
        DIFFERENCES,
        "sorted(map(actor_text, on_github.bypass_actors - declared))",
        "()",
        [ruleset_event("bypassed")],
    ),
    PlantedFault(
        "blind to missing rules",
        DIFFERENCES,
        "sorted(expected.keys() - on_github.keys())",
        "()",
        [ruleset_event("emptied")],
    ),
)


def find_fault(start: Start, fault: PlantedFault, directory: Path) -> Outcome:
    """Run the history of a fault with the fault planted; the program is copied to `directory`."""
    return run_events(start, fault.events, fault.plant(directory))
