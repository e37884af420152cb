"""All events with how often each is chosen.

An event changes the organization and returns what happened in a few words, or `None` where it does
not apply now.
"""

import httpx

from commands.histories import (
    gate_events,
    people_events,
    repository_events,
    stack_file_events,
    state_events,
)
from commands.histories.choices import Event
from commands.histories.organization import Organization

EVENTS: dict[Event, int] = {
    repository_events.rename: 3,
    repository_events.rename_case: 2,
    repository_events.swap_names: 2,
    repository_events.move_names_on: 2,
    repository_events.transfer: 1,
    repository_events.archive: 2,
    repository_events.unarchive: 2,
    repository_events.delete_and_recreate: 2,
    repository_events.delete: 1,
    repository_events.change_default_branch: 2,
    people_events.rename_person: 2,
    people_events.leave: 1,
    people_events.delete_account: 1,
    people_events.remove_team_access: 2,
    gate_events.weaken_environment: 4,
    gate_events.add_branch_policy: 1,
    gate_events.delete_environment: 2,
    gate_events.weaken_ruleset: 4,
    gate_events.change_workflow: 3,
    stack_file_events.remove_entry: 2,
    stack_file_events.add_entry: 2,
    stack_file_events.change_options: 3,
    stack_file_events.switch_layout: 2,
    stack_file_events.move_workflow: 1,
    stack_file_events.switch_team: 1,
    state_events.refresh: 2,
    state_events.replace_environment: 2,
    state_events.lose_state: 1,
    state_events.restore_first_state: 1,
    state_events.second_stack: 1,
    state_events.second_stack_with_the_teams: 1,
    people_events.delete_team: 1,
}


def choose_event(organization: Organization) -> Event:
    [event] = organization.random.choices(list(EVENTS), weights=list(EVENTS.values()))
    return event


def happen(organization: Organization, event: Event) -> str | None:
    """Let an event happen, and return what it was; `None` where it does not apply."""
    try:
        return event(organization)
    except httpx.HTTPStatusError as error:
        # GitHub refuses it, for example in an archived repository.
        return f"{event.__name__} is refused with {error.response.status_code}"
