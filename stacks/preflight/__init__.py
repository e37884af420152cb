"""What must hold on GitHub before `pulumi up` writes anything.

Every rule is a pure function of a `Situation`. `RULES` lists the rules whose problems block
`pulumi up`; `WARNING_RULES` lists the rest.
"""

from collections.abc import Callable, Iterator

from stacks.preflight import organization, repositories, repository_warnings, teams, token
from stacks.preflight.situation import Situation
from stacks.settings.problems import Problem

__all__ = ["RULES", "WARNING_RULES", "Situation", "problems", "warnings"]

RULES: tuple[Callable[[Situation], Iterator[Problem]], ...] = (
    token.token_has_its_scopes,
    token.token_belongs_to_an_owner,
    token.app_is_the_declared_one,
    teams.users_exist,
    teams.owners_are_team_maintainers,
    teams.managed_teams_are_ours,
    teams.other_teams_exist,
    teams.reviewing_teams_are_visible,
    repositories.repositories_can_be_set_up,
    repositories.renamed_entries_say_so,
    repositories.former_names_fit,
)
WARNING_RULES: tuple[Callable[[Situation], Iterator[str]], ...] = (
    repository_warnings.repository_secrets,
    organization.organization_secrets,
    organization.hidden_secrets,
    organization.workflow_tokens,
    teams.undeclared_members,
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
