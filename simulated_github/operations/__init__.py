"""The table of operations: everything that the simulated GitHub serves, by GitHub's operation ids."""

from simulated_github.operations import (
    accounts,
    commits,
    contents,
    environments,
    memberships,
    organisations,
    repositories,
    repository_secrets,
    rulesets,
    team_members,
    team_repositories,
    teams,
)
from simulated_github.routing import Operation

OPERATIONS: tuple[Operation, ...] = (
    *accounts.operations,
    *organisations.operations,
    *memberships.operations,
    *teams.operations,
    *team_members.operations,
    *team_repositories.operations,
    *repositories.operations,
    *environments.operations,
    *repository_secrets.operations,
    *contents.operations,
    *commits.operations,
    *rulesets.operations,
)
