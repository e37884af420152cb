"""Rules for the options of publish workflows, with their layouts and secrets."""

import re
from collections.abc import Iterator

from publish_workflow.steps import PYPI_TOKEN
from stacks.settings.declaration import Declaration, Location
from stacks.settings.model import key_of
from stacks.settings.options import UNAVAILABLE_VALUES, Options, is_unavailable, layouts_with
from stacks.settings.parsing import path
from stacks.settings.problems import TOKEN_PATTERN, Problem, display, join_names
from stacks.settings.resolved import publishing_repositories
from stacks.settings.workflow_names import SCOPES, TWINE_VARIABLES, VARIABLE_NAME


def check_entry_options(declaration: Declaration) -> Iterator[Problem]:
    """Require that the layout of an entry has each of its options."""
    layouts = {
        repository.name: repository.layout for repository in publishing_repositories(declaration)
    }
    for name, entry in declaration.entries():
        for option in layout_options(entry) if name in layouts else ():
            if is_unavailable(layouts[name], option):
                yield Problem(
                    path(("repositories", name, key_of(Options, option))),
                    display(getattr(entry, option)),
                    f"an option of {with_layouts(option)}; {name} uses {layouts[name]}",
                    remedy_of(option),
                )


def check_default_options(declaration: Declaration) -> Iterator[Problem]:
    """Require for each default a repository whose layout has the option."""
    layouts = {repository.layout for repository in publishing_repositories(declaration)}
    defaults = declaration.defaults if layouts else None
    for option in layout_options(defaults) if defaults else ():
        if all(is_unavailable(layout, option) for layout in layouts):
            yield Problem(
                path(("defaults", key_of(Options, option))),
                display(getattr(defaults, option)),
                f"an option of {with_layouts(option)}; no repository uses such a layout",
                remedy_of(option),
            )


def layout_options(options: Options) -> Iterator[str]:
    """Yield the options that the stack file sets here and that not every layout has."""
    return (option for option in options.declared_options() if option in UNAVAILABLE_VALUES)


def with_layouts(option: str) -> str:
    """Return the layouts that have an option, in words."""
    layouts = layouts_with(option)
    return f"the layout{'s' if len(layouts) > 1 else ''} {' and '.join(layouts)}"


def remedy_of(option: str) -> str:
    """Return what to do about an option that a layout does not have."""
    revoked = ", and revoke its secrets where they were issued" if option == "secret_names" else ""
    return f"remove it{revoked}, or choose another layout with `publish`"


def check_permission_levels(declaration: Declaration) -> Iterator[Problem]:
    """Require a level that GitHub has for the permission."""
    for location, options in declaration.option_layers():
        for name, level in options.permissions.items():
            if level not in SCOPES[name].levels:
                yield Problem(
                    path((*location, "permissions", name)),
                    display(level),
                    f"{' or '.join(SCOPES[name].levels)}: GitHub has no other level of {name}",
                    "write an allowed level, or remove the key",
                )


def check_docs_permission(declaration: Declaration) -> Iterator[Problem]:
    """Require write permission for `contents` where documentation is pushed."""
    for repository in publishing_repositories(declaration):
        if repository.deploys_docs and repository.permissions.get("contents") == "read":
            yield Problem(
                path((*repository.place("permissions"), "contents")),
                "'read'",
                f"write, or no entry: {repository.name} sets `deploys-docs`, which pushes to a "
                "branch",
                "remove it, or remove `deploys-docs`",
            )


def check_variable_names(declaration: Declaration) -> Iterator[Problem]:
    """Require different names: the publishing step gets each secret under its name, too."""
    for repository in publishing_repositories(declaration):
        for name in repository.environment_variables:
            if name in repository.secret_names:
                yield Problem(
                    path((*repository.place("environment_variables"), name)),
                    f"a variable, and also a secret of {repository.name}",
                    "a name that no secret has",
                    "rename one of the two",
                )


def check_secret_names(declaration: Declaration) -> Iterator[Problem]:
    """Require names of secrets that are safe as variables, unlike PATH."""
    for location, options in declaration.option_layers():
        for index, name in enumerate(options.secret_names):
            if name not in TWINE_VARIABLES and not re.fullmatch(VARIABLE_NAME.pattern, name):
                yield Problem(
                    path((*location, "secrets", index)),
                    display(name),
                    f"a name that can also be {VARIABLE_NAME.allowed}. The publishing step gets "
                    "each secret as a variable",
                    "rename the secret",
                )


def check_token_names(declaration: Declaration) -> Iterator[Problem]:
    """Require either PYPI_TOKEN or twine's own two names for it."""
    for repository in publishing_repositories(declaration):
        names = repository.secret_names
        twine_names = [name for name in TWINE_VARIABLES if name in names]
        if PYPI_TOKEN in names and twine_names:
            yield Problem(
                path(repository.place("secrets")),
                f"a list with {join_names([PYPI_TOKEN, *twine_names])}",
                f"either {PYPI_TOKEN}, which the workflow passes to twine as "
                f"{' and '.join(TWINE_VARIABLES)}, or these two",
                f"remove {' and '.join(twine_names)}, or {PYPI_TOKEN}",
            )


def check_plain_tokens(declaration: Declaration) -> Iterator[Problem]:
    """Require values without a token: workflow files and the stack file are readable."""
    for location, options in declaration.option_layers():
        for place in plain_tokens(options):
            yield Problem(
                path((*location, *place)),
                "a token (hidden)",
                "values that can be public",
                "revoke it where it was issued, and use a secret instead",
            )


def plain_tokens(options: Options) -> Iterator[Location]:
    """Yield the places of values in plain text that look like tokens."""
    if TOKEN_PATTERN.search(options.publish_install):
        yield ("publish-install",)
    for name, value in options.environment_variables.items():
        if TOKEN_PATTERN.search(value):
            yield ("environment-variables", name)
