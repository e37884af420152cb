"""What has to hold between the parts of a declaration, beyond the shape of each.

Every rule is a function from a declaration to the problems it sees; `RULES` lists them. A rule may meet a declaration whose
faulty parts were left out, so it assumes nothing, and says on what its problems rest.
"""

from collections.abc import Callable, Iterator

from stacks.settings import approval_rules, people_rules, repository_rules, workflow_rules
from stacks.settings.declared import Declaration
from stacks.settings.problems import Problem

Rule = Callable[[Declaration], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    people_rules.teams_have_people,
    people_rules.existing_teams_stand_alone,
    people_rules.teams_differ,
    people_rules.people_are_named_once,
    people_rules.the_app_is_complete,
    repository_rules.repositories_are_declared,
    repository_rules.repositories_are_named_once,
    repository_rules.former_names_are_free,
    repository_rules.lists_name_each_thing_once,
    repository_rules.secrets_belong_to_repositories,
    repository_rules.reviewers_are_at_most_six,
    repository_rules.the_two_teams_are_not_repeated,
    repository_rules.the_stack_belongs_to_operations,
    workflow_rules.options_are_of_the_layout,
    workflow_rules.options_of_the_defaults_are_for_somebody,
    workflow_rules.permissions_have_such_a_level,
    workflow_rules.documentation_can_be_pushed,
    workflow_rules.variables_are_no_secrets,
    workflow_rules.secrets_can_be_variables,
    workflow_rules.one_secret_is_the_token,
    workflow_rules.nothing_in_plain_is_a_token,
    approval_rules.deployments_can_be_approved,
    approval_rules.pull_requests_can_be_approved,
)


def broken(declaration: Declaration) -> list[Problem]:
    """Everything that the rules object to, each once: what the defaults say may break a rule for every repository."""
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(declaration)))
