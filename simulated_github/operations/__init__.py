"""The operations that the simulated GitHub serves, by GitHub's operation ids.

How to add an operation:

1. In the module of its noun, such as `teams`, write a handler from `Request` to `Response`.
2. Add an `Operation` to that module's table: id, method and path from GitHub, role, body.
3. List a new module in `OPERATIONS` below, and take the id out of `not_served`.
4. Declare its least role in `tests/simulated_github/helpers/least_roles.py`, and write tests.
5. Run `python -m commands.coverage`, then `pytest tests/simulated_github`.
"""

from simulated_github.http.routing import Operation
from simulated_github.operations import (
    accounts,
    actions_permissions,
    branch_protection,
    branch_renames,
    collaborators,
    commits,
    contents,
    deploy_keys,
    environments,
    git_objects,
    jobs,
    memberships,
    organization_rulesets,
    organization_secrets,
    organizations,
    pulls,
    refs,
    repositories,
    repository_secrets,
    reruns,
    reviews,
    rulesets,
    runs,
    team_members,
    team_repositories,
    teams,
    transfers,
    variables,
    workflows,
)

OPERATIONS: tuple[Operation, ...] = (
    *accounts.operations,
    *organizations.operations,
    *memberships.operations,
    *organization_secrets.operations,
    *organization_rulesets.operations,
    *teams.operations,
    *team_members.operations,
    *team_repositories.operations,
    *repositories.operations,
    *collaborators.operations,
    *transfers.operations,
    *variables.operations,
    *deploy_keys.operations,
    *actions_permissions.operations,
    *environments.operations,
    *repository_secrets.operations,
    *contents.operations,
    *commits.operations,
    *branch_renames.operations,
    *refs.operations,
    *git_objects.operations,
    *rulesets.operations,
    *branch_protection.operations,
    *pulls.operations,
    *reviews.operations,
    *runs.operations,
    *jobs.operations,
    *reruns.operations,
    *workflows.operations,
)
