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
    people.check_empty_teams,
    people.check_existing_teams,
    people.check_distinct_teams,
    people.check_duplicate_logins,
    people.check_incomplete_app,
    repositories.check_missing_repositories,
    repositories.check_duplicate_repositories,
    repositories.check_reused_former_names,
    repositories.check_duplicate_names,
    repositories.check_archived_entries,
    repositories.check_retired_entries,
    repositories.check_acceptances,
    repositories.check_stray_secrets,
    repositories.check_reviewer_limit,
    repositories.check_repeated_teams,
    repositories.check_stack_repository,
    workflows.check_entry_options,
    workflows.check_default_options,
    workflows.check_permission_levels,
    workflows.check_docs_permission,
    workflows.check_variable_names,
    workflows.check_secret_names,
    workflows.check_token_names,
    workflows.check_plain_tokens,
    people.check_deployment_approvers,
    people.check_pull_request_approvers,
)


def broken_rules(declaration: Declaration) -> list[Problem]:
    """Return the problems of all rules, each once.

    A value of the defaults can break a rule for every repository.
    """
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(declaration)))
