"""What has to hold for the options of publish workflows: between them, with the layout, and with the secrets."""

import re
from collections.abc import Iterator

from publish_workflow.steps import TOKEN as PYPI_TOKEN
from stacks.settings.declared import Declaration, DeclaredOptions
from stacks.settings.fields import Location
from stacks.settings.layouts import WITHOUT, lacks, layouts_with
from stacks.settings.model import kebab
from stacks.settings.names import LeftOut
from stacks.settings.parsing import path
from stacks.settings.places import deciding_places, entries, every_options, option_places
from stacks.settings.problems import TOKEN, Problem, listed, shown
from stacks.settings.resolving import resolve_repositories
from stacks.settings.scopes import SCOPES
from stacks.settings.workflow_names import OF_TWINE, VARIABLE_NAME


def options_are_of_the_layout(declaration: Declaration) -> Iterator[Problem]:
    """What an entry says has to mean something. The defaults are for whoever has such an option."""
    layouts = {
        repository.name: repository.publishing.layout
        for repository in resolve_repositories(declaration)
    }
    for name, entry in entries(declaration):
        for option in options_said(entry):
            if lacks(layouts[name], option):
                yield Problem(
                    path(("repositories", name, kebab(option))),
                    shown(getattr(entry, option)),
                    f"an option of {with_layouts(option)}; {name} is published by {layouts[name]}",
                    remedy_of(option),
                    rests_on=deciding_places(declaration, name, "publish"),
                )


def options_of_the_defaults_are_for_somebody(declaration: Declaration) -> Iterator[Problem]:
    layouts = {repository.publishing.layout for repository in resolve_repositories(declaration)}
    for option in options_said(declaration.defaults) if declaration.defaults and layouts else ():
        if all(lacks(layout, option) for layout in layouts):
            yield Problem(
                path(("defaults", kebab(option))),
                shown(getattr(declaration.defaults, option)),
                f"an option of {with_layouts(option)}; no repository has such a layout",
                remedy_of(option),
                rests_on=(path(("defaults", "publish")), f"{path(('repositories',))}.*"),
            )


def options_said(options: DeclaredOptions) -> Iterator[str]:
    """The options that not every layout has, and that are said here."""
    return (option for option in WITHOUT if getattr(options, option) is not None)


def with_layouts(option: str) -> str:
    layouts = layouts_with(option)
    return f"the layout{'s' if len(layouts) > 1 else ''} {' and '.join(layouts)}"


def remedy_of(option: str) -> str:
    revoked = ", and revoke its secrets where they were issued" if option == "secrets" else ""
    return f"remove it{revoked}, or choose another layout with `publish`"


def permissions_have_such_a_level(declaration: Declaration) -> Iterator[Problem]:
    for location, options in every_options(declaration):
        for name, level in (options.permissions or {}).items():
            if level not in SCOPES[name].levels:
                yield Problem(
                    path((*location, "permissions", name)),
                    shown(level),
                    f"{' or '.join(SCOPES[name].levels)}: GitHub has no other level of {name}",
                    "write that, or remove it",
                )


def documentation_can_be_pushed(declaration: Declaration) -> Iterator[Problem]:
    for repository in resolve_repositories(declaration):
        if (
            repository.publishing.deploys_docs
            and dict(repository.publishing.permissions).get("contents") == "read"
        ):
            yield Problem(
                path((*repository.place("permissions"), "contents")),
                "'read'",
                f"write, or nothing: {repository.name} says `deploys-docs`, which pushes to a branch",
                "remove it, or remove `deploys-docs`",
                rests_on=option_places(repository.name, "deploys_docs", "publish"),
            )


def variables_are_no_secrets(declaration: Declaration) -> Iterator[Problem]:
    """A secret is given to the publishing step under its name, where it would hide the variable."""
    for repository in resolve_repositories(declaration):
        secrets = {secret.name for secret in repository.secrets}
        for name, _ in repository.publishing.environment_variables:
            if name in secrets:
                yield Problem(
                    path((*repository.place("environment_variables"), name)),
                    f"a variable and, for {repository.name}, a secret too",
                    "variables under names that no secret has",
                    "rename one of the two",
                    rests_on=option_places(repository.name, "secrets", "publish"),
                )


def secrets_can_be_variables(declaration: Declaration) -> Iterator[Problem]:
    """The publishing step gets each secret as a variable of its name, where one such as PATH would take the step over."""
    for location, options in every_options(declaration):
        for index, name in enumerate(options.secrets or []):
            if (
                name not in OF_TWINE
                and not isinstance(name, LeftOut)
                and not re.fullmatch(VARIABLE_NAME.pattern, name)
            ):
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
                rests_on=option_places(repository.name, "secrets", "publish"),
            )


def nothing_in_plain_is_a_token(declaration: Declaration) -> Iterator[Problem]:
    """Workflows are public, and so is the history of the stack file to everybody who can read it."""
    for location, options in every_options(declaration):
        for place in plain_tokens(options):
            yield Problem(
                path((*location, *place)),
                "a token, which is not shown here",
                "texts that everybody may read",
                "revoke it where it was issued, name a secret under `secrets`, and set a new one under secrets",
            )


def plain_tokens(options: DeclaredOptions) -> Iterator[Location]:
    if TOKEN.search(options.publish_install or ""):
        yield ("publish-install",)
    for name, value in (options.environment_variables or {}).items():
        if TOKEN.search(value):
            yield ("environment-variables", name)
