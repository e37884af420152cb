"""What has to hold for the options of publish workflows: between them, with the layout, and with the secrets."""

import re
from collections.abc import Iterator

from publish_workflow.steps import TOKEN as PYPI_TOKEN
from stacks.settings.declaration import Declaration, Location
from stacks.settings.model import key_of
from stacks.settings.options import WITHOUT, Options, is_unavailable, layouts_with
from stacks.settings.parsing import path
from stacks.settings.problems import TOKEN, Problem, listed, shown
from stacks.settings.resolved import resolve_repositories
from stacks.settings.workflow_names import OF_TWINE, SCOPES, VARIABLE_NAME


def options_are_of_the_layout(declaration: Declaration) -> Iterator[Problem]:
    """What an entry says has to mean something. The defaults are for whoever has such an option."""
    layouts = {
        repository.name: repository.layout for repository in resolve_repositories(declaration)
    }
    for name, entry in declaration.entries():
        for option in options_said(entry):
            if is_unavailable(layouts[name], option):
                yield Problem(
                    path(("repositories", name, key_of(Options, option))),
                    shown(getattr(entry, option)),
                    f"an option of {with_layouts(option)}; {name} is published by {layouts[name]}",
                    remedy_of(option),
                )


def options_of_the_defaults_are_for_somebody(declaration: Declaration) -> Iterator[Problem]:
    layouts = {repository.layout for repository in resolve_repositories(declaration)}
    for option in options_said(declaration.defaults) if declaration.defaults and layouts else ():
        if all(is_unavailable(layout, option) for layout in layouts):
            yield Problem(
                path(("defaults", key_of(Options, option))),
                shown(getattr(declaration.defaults, option)),
                f"an option of {with_layouts(option)}; no repository has such a layout",
                remedy_of(option),
            )


def options_said(options: Options) -> Iterator[str]:
    """The options that not every layout has, and that are said here."""
    return (option for option in options.chosen() if option in WITHOUT)


def with_layouts(option: str) -> str:
    layouts = layouts_with(option)
    return f"the layout{'s' if len(layouts) > 1 else ''} {' and '.join(layouts)}"


def remedy_of(option: str) -> str:
    revoked = ", and revoke its secrets where they were issued" if option == "secret_names" else ""
    return f"remove it{revoked}, or choose another layout with `publish`"


def permissions_have_such_a_level(declaration: Declaration) -> Iterator[Problem]:
    for location, options in declaration.option_layers():
        for name, level in options.permissions.items():
            if level not in SCOPES[name].levels:
                yield Problem(
                    path((*location, "permissions", name)),
                    shown(level),
                    f"{' or '.join(SCOPES[name].levels)}: GitHub has no other level of {name}",
                    "write that, or remove it",
                )


def documentation_can_be_pushed(declaration: Declaration) -> Iterator[Problem]:
    for repository in resolve_repositories(declaration):
        if repository.deploys_docs and repository.permissions.get("contents") == "read":
            yield Problem(
                path((*repository.place("permissions"), "contents")),
                "'read'",
                f"write, or nothing: {repository.name} says `deploys-docs`, which pushes to a branch",
                "remove it, or remove `deploys-docs`",
            )


def variables_are_no_secrets(declaration: Declaration) -> Iterator[Problem]:
    """A secret is given to the publishing step under its name, where it would hide the variable."""
    for repository in resolve_repositories(declaration):
        secrets = {secret.name for secret in repository.secrets}
        for name in repository.environment_variables:
            if name in secrets:
                yield Problem(
                    path((*repository.place("environment_variables"), name)),
                    f"a variable and, for {repository.name}, a secret too",
                    "variables under names that no secret has",
                    "rename one of the two",
                )


def secrets_can_be_variables(declaration: Declaration) -> Iterator[Problem]:
    """The publishing step gets each secret as a variable of its name, where one such as PATH would take the step over."""
    for location, options in declaration.option_layers():
        for index, name in enumerate(options.secret_names):
            if name not in OF_TWINE and not re.fullmatch(VARIABLE_NAME.pattern, name):
                yield Problem(
                    path((*location, "secrets", index)),
                    shown(name),
                    f"a name that can be {VARIABLE_NAME.allowed}: the publishing step gets each secret as one",
                    "declare it under another name",
                )


def one_secret_is_the_token(declaration: Declaration) -> Iterator[Problem]:
    """PYPI_TOKEN is given to twine under its own two names."""
    for repository in resolve_repositories(declaration):
        names = [secret.name for secret in repository.secrets]
        if PYPI_TOKEN in names and (both := [name for name in OF_TWINE if name in names]):
            yield Problem(
                path(repository.place("secrets")),
                f"naming {listed([PYPI_TOKEN, *both])}",
                f"{PYPI_TOKEN}, which the workflow gives to twine as {' and '.join(OF_TWINE)}, or these two without it",
                f"remove {' and '.join(both)}, or {PYPI_TOKEN}",
            )


def nothing_in_plain_is_a_token(declaration: Declaration) -> Iterator[Problem]:
    """Workflows are public, and so is the history of the stack file to everybody who can read it."""
    for location, options in declaration.option_layers():
        for place in plain_tokens(options):
            yield Problem(
                path((*location, *place)),
                "a token, which is not shown here",
                "texts that everybody may read",
                "revoke it where it was issued, name a secret under `secrets`, and set a new one under secrets",
            )


def plain_tokens(options: Options) -> Iterator[Location]:
    if TOKEN.search(options.publish_install):
        yield ("publish-install",)
    for name, value in options.environment_variables.items():
        if TOKEN.search(value):
            yield ("environment-variables", name)
