"""The checks of GitHub before `pulumi up` writes anything.

Every rule is a pure function of a `Situation`. `RULES` lists the rules whose problems block
`pulumi up`; `WARNING_RULES` lists the rest.
"""

from collections.abc import Callable, Iterator

from stacks.preflight import (
    gate,
    identity,
    lifecycle,
    organization,
    people,
    repositories,
    repository_warnings,
    teams,
    token,
)
from stacks.preflight.situation import Situation
from stacks.settings.problems import Problem

__all__ = ["RULES", "WARNING_RULES", "Situation", "problems", "warnings"]

RULES: tuple[Callable[[Situation], Iterator[Problem]], ...] = (
    token.check_token_scopes,
    token.check_token_owner,
    token.check_app,
    people.check_users,
    people.check_owner_roles,
    people.check_removed_people,
    people.check_lost_memberships,
    teams.check_managed_teams,
    teams.check_switched_teams,
    teams.check_deleted_teams,
    teams.check_existing_teams,
    teams.check_secret_teams,
    teams.check_lost_grants,
    identity.check_lost_repositories,
    identity.check_renamed_repositories,
    identity.check_former_names,
    lifecycle.check_archived_repositories,
    lifecycle.check_removed_entries,
    lifecycle.check_default_branches,
    repositories.check_missing_repositories,
    repositories.check_repositories,
    gate.check_environment_names,
    gate.check_unseen_gates,
)
WARNING_RULES: tuple[Callable[[Situation], Iterator[str]], ...] = (
    repository_warnings.repository_secrets,
    organization.organization_secrets,
    organization.hidden_secrets,
    organization.workflow_tokens,
    people.undeclared_members,
    lifecycle.unused_publishers,
    gate.unseen_gates,
    repository_warnings.missing_scripts,
    repository_warnings.scripts_without_execute_permission,
)


def problems(situation: Situation) -> list[Problem]:
    """Return every problem that blocks `pulumi up`, each once.

    A value in the defaults counts for many repositories and is still one problem.
    """
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(situation)))


def warnings(situation: Situation) -> list[str]:
    """Return the problems that do not block `pulumi up`, each with the command that fixes it."""
    return [warning for rule in WARNING_RULES for warning in rule(situation)]
