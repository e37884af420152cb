"""The checks of GitHub before `pulumi up` writes anything.

Every rule is a pure function of a `Situation`. `RULES` lists the rules whose problems block
`pulumi up`. `FINDING_RULES` lists those that `accept` may silence, by the kind of their findings;
some findings block, and the rest are warnings. `WARNING_RULES` lists the other warnings.
"""

from collections.abc import Callable, Iterator

from stacks.preflight import (
    access,
    commits,
    existing,
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
from stacks.preflight.findings import Finding, SortedFindings, sort_findings
from stacks.preflight.situation import Situation
from stacks.settings.problems import Problem

__all__ = ["FINDING_RULES", "RULES", "WARNING_RULES", "Situation", "problems", "unseen", "warnings"]

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
    access.check_reviewers,
    identity.check_lost_repositories,
    identity.check_renamed_repositories,
    identity.check_early_renames,
    identity.check_former_names,
    lifecycle.check_archived_repositories,
    lifecycle.check_removed_entries,
    lifecycle.check_default_branches,
    repositories.check_missing_repositories,
    repositories.check_repositories,
    gate.check_environment_names,
    gate.check_unseen_gates,
    gate.check_drift,
    existing.check_second_stacks,
    existing.check_duplicates,
    existing.check_foreign_policies,
    existing.check_foreign_workflows,
    commits.check_commits,
)
FINDING_RULES: dict[str, Callable[[Situation], Iterator[Finding]]] = {
    "repository-secret": repository_warnings.repository_secrets,
    "environment-secret": repository_warnings.environment_secrets,
    "organization-secret": organization.organization_secrets,
    "publishing-workflow": repository_warnings.publishing_workflows,
    "unreadable-workflow": repository_warnings.unreadable_workflows,
    "disabled-workflow": repository_warnings.disabled_workflows,
    "missing-scripts": repository_warnings.missing_scripts,
    "script-not-executable": repository_warnings.scripts_without_execute_permission,
    "actions-disabled": organization.disabled_actions,
    "actions-policy": organization.forbidden_actions,
    "merge-methods": commits.merge_methods,
    "base-permission": access.base_permission,
    "direct-access": access.direct_access,
    "team-access": access.team_access,
    "workflow-tokens": organization.workflow_tokens,
}
# Kinds that need what only `scripts/preflight` reads, for some repositories at least.
DEEP_KINDS = frozenset(
    {"environment-secret", "disabled-workflow", "actions-disabled", "actions-policy"}
)
WARNING_RULES: tuple[Callable[[Situation], Iterator[str]], ...] = (
    organization.hidden_secrets,
    organization.hidden_token_permissions,
    organization.unseen_parts,
    people.undeclared_members,
    access.unknown_access,
    lifecycle.unused_publishers,
    existing.replaced_publishers,
    gate.unseen_gates,
)


# The warnings about what the token cannot read.
UNSEEN_RULES = (
    organization.hidden_secrets,
    organization.hidden_token_permissions,
    organization.unseen_parts,
    gate.unseen_gates,
)


def problems(situation: Situation) -> list[Problem]:
    """Return every problem that blocks `pulumi up`, each once.

    A value in the defaults counts for many repositories and is still one problem.
    """
    found_by_rules = (problem for rule in RULES for problem in rule(situation))
    return list(dict.fromkeys([*found_by_rules, *findings(situation).problems]))


def warnings(situation: Situation) -> list[str]:
    """Return the problems that do not block `pulumi up`, each with the command that fixes it."""
    texts = [warning for rule in WARNING_RULES for warning in rule(situation)]
    return [*findings(situation).warnings, *texts]


def unseen(situation: Situation) -> list[str]:
    """Return the warnings about what the token cannot read; `warnings` has them, too."""
    return [warning for rule in UNSEEN_RULES for warning in rule(situation)]


def findings(situation: Situation) -> SortedFindings:
    """Return the findings that the stack file does not accept, as problems and warnings."""
    return sort_findings(
        [finding for rule in FINDING_RULES.values() for finding in rule(situation)],
        situation.settings.accept,
        situation.today,
        unevaluated=frozenset() if situation.deep else DEEP_KINDS,
        kinds=frozenset(FINDING_RULES),
    )
