"""What has to hold between the parts of a declaration, beyond the shape of each.

Every rule is a function from a declaration to the problems it sees; `RULES` lists them. A rule may meet a declaration whose
faulty parts were left out, so it assumes nothing, and says on what its problems rest.
"""

from collections.abc import Callable, Iterator

from stacks.settings.declaration import Declaration
from stacks.settings.problems import Problem
from stacks.settings.rules import people, repositories, workflows

Rule = Callable[[Declaration], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    people.teams_have_people,
    people.existing_teams_stand_alone,
    people.teams_differ,
    people.people_are_named_once,
    people.the_app_is_complete,
    repositories.repositories_are_declared,
    repositories.repositories_are_named_once,
    repositories.former_names_are_free,
    repositories.lists_name_each_thing_once,
    repositories.secrets_belong_to_repositories,
    repositories.reviewers_are_at_most_six,
    repositories.the_two_teams_are_not_repeated,
    repositories.the_stack_belongs_to_operations,
    workflows.options_are_of_the_layout,
    workflows.options_of_the_defaults_are_for_somebody,
    workflows.permissions_have_such_a_level,
    workflows.documentation_can_be_pushed,
    workflows.variables_are_no_secrets,
    workflows.secrets_can_be_variables,
    workflows.one_secret_is_the_token,
    workflows.nothing_in_plain_is_a_token,
    people.deployments_can_be_approved,
    people.pull_requests_can_be_approved,
)


def broken_rules(declaration: Declaration) -> list[Problem]:
    """Everything that the rules object to, each once: what the defaults say may break a rule for every repository."""
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(declaration)))
