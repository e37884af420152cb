"""The rules between the parts of a declaration, checked when the shape of each part is right.

Every rule is a function from a declaration to its problems; `RULES` lists them. Any part of a
declaration can be left out.
"""

from collections.abc import Callable, Iterator

from stacks.settings import people_rules as people
from stacks.settings import repository_rules as repositories
from stacks.settings import workflow_rules as workflows
from stacks.settings.declaration import Declaration
from stacks.settings.problems import Problem

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
    workflows.options_of_the_defaults_have_a_layout,
    workflows.permissions_have_an_allowed_level,
    workflows.documentation_can_be_pushed,
    workflows.variables_are_no_secrets,
    workflows.secrets_can_be_variables,
    workflows.one_secret_is_the_token,
    workflows.nothing_in_plain_is_a_token,
    people.deployments_can_be_approved,
    people.pull_requests_can_be_approved,
)


def broken_rules(declaration: Declaration) -> list[Problem]:
    """Return the problems of all rules, each once.

    A value of the defaults can break a rule for every repository.
    """
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(declaration)))
