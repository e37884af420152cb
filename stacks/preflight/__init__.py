"""What has to hold on GitHub before `pulumi up` writes anything.

Every rule is a pure function of what is declared, what the state holds and what GitHub has; `RULES` lists them.
"""

from collections.abc import Callable, Iterator

from stacks.preflight import people, repositories, teams, token
from stacks.preflight.situation import Situation
from stacks.preflight.warning_rules import warnings
from stacks.settings.problems import Problem

__all__ = ["RULES", "Situation", "problems", "warnings"]

Rule = Callable[[Situation], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    token.token_has_its_scopes,
    token.token_belongs_to_an_owner,
    token.app_is_the_declared_one,
    people.people_exist,
    people.owners_are_team_maintainers,
    teams.teams_are_as_declared,
    teams.other_teams_exist,
    teams.reviewing_teams_are_visible,
    repositories.repositories_are_there,
    repositories.renamed_entries_say_so,
    repositories.former_names_fit,
)


def problems(situation: Situation) -> list[Problem]:
    """Everything that has to be put right before the first write, each once: the defaults decide for many repositories."""
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(situation)))
