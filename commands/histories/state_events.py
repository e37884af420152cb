"""Events for the state: a refresh, a replacement, a loss, a backup, and a second stack."""

import json
from copy import deepcopy
from typing import Any

from commands.histories.organization import REFRESH, UP, Organization
from commands.sandbox import Sandbox

ENVIRONMENT = "/deploy/environment"


def refresh(organization: Organization) -> str | None:
    result = organization.pulumi(*REFRESH)
    return f"pulumi refresh ends with {result.code}"


def replace_environment(organization: Organization) -> str | None:
    """Run `up --replace` on the environment of a repository."""
    urns = organization.urns(ENVIRONMENT)
    if not urns:
        return None
    urn = organization.random.choice(urns)
    result = organization.pulumi("up", "--yes", "--skip-preview", "--replace", urn)
    return f"up --replace {urn.rsplit('::', 1)[-1]} ends with {result.code}"


def lose_state(organization: Organization) -> str | None:
    """Lose the state; the operator restores its backup only when `up` is blocked."""
    if organization.backup is not None:
        return None
    organization.backup = organization.export_state()
    if not organization.backup["deployment"].get("resources"):
        organization.backup = None
        return None
    empty = deepcopy(organization.backup)
    empty["deployment"]["resources"] = []
    organization.import_state(empty)
    return "the state is lost"


def restore_first_state(organization: Organization) -> str | None:
    """Restore the state of the start, as from an old backup."""
    organization.import_state(organization.first_state)
    return "an old backup of the state is restored"


def second_stack(organization: Organization) -> str | None:
    """Apply the same stack file with an empty state, as a second stack does."""
    return apply_second_stack(organization, deepcopy(organization.configuration))


def second_stack_with_the_teams(organization: Organization) -> str | None:
    """Apply the same repositories with the teams of the first stack as existing ones."""
    teams = {role: {"existing": role} for role in ("operations", "maintainers")}
    return apply_second_stack(organization, {**deepcopy(organization.configuration), **teams})


def apply_second_stack(organization: Organization, configuration: dict[str, Any]) -> str:
    github = organization.github
    with Sandbox(github.url, saved=organization.saved, live=False) as second:
        if organization.program:
            second.use_program(organization.program)
        second.configuration = configuration
        second.write_configuration()
        empty = {**organization.first_state, "deployment": {}}
        second.pulumi("stack", "import", "--force", standard_input=json.dumps(empty))
        start = len(github.requests)
        result = second.pulumi(*UP, check=False)
    writes = [
        f"{request.method} {request.path}"
        for request in github.requests[start:]
        if request.method != "GET" and not request.path.endswith("/graphql")
    ]
    if writes:
        organization.problems.append(f"a second stack writes: {', '.join(writes[:3])}")
    return f"`up` of a second stack ends with {result.code} after {len(writes)} writes"
