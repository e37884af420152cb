"""What no safe workflow can be written from.

The stack's settings are checked with better words before they come here; this is the last look at what goes into a file that
runs beside a secret.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields

from publish_workflow.errors import Problem, PublishSettingsError, shown
from publish_workflow.layouts import LAYOUTS, OPTIONS
from publish_workflow.settings import PublishSettings
from publish_workflow.steps import TOKEN

NAME = re.compile(r"[A-Za-z0-9._-]+")
SECRET = re.compile(r"(?!GITHUB_)[A-Z_][A-Z0-9_]*")
# GitHub sets variables with these beginnings itself; twine's two come with the token.
VARIABLE = re.compile(
    r"(?!(?:GITHUB|RUNNER|ACTIONS)_|TWINE_(?:USERNAME|PASSWORD)$)[A-Za-z_][A-Za-z0-9_]*"
)
OF_TWINE = ("TWINE_USERNAME", "TWINE_PASSWORD")
EXPRESSION = "${{"
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
PERMISSIONS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "actions",
            "artifact-metadata",
            "attestations",
            "checks",
            "contents",
            "deployments",
            "discussions",
            "issues",
            "packages",
            "pages",
            "pull-requests",
            "security-events",
            "statuses",
        ),
        frozenset({"read", "write"}),
    ),
    "id-token": frozenset({"write"}),
    "models": frozenset({"read"}),
}
MINUTES = range(1, 361)
DEFAULTS = {field.name: field.default for field in fields(PublishSettings)}
NAMES = ("owner", "repository")
TEXTS = ("release_tags", "environment", "python_version", "runner", "publish_install")


def check(settings: PublishSettings) -> None:
    """Raises `PublishSettingsError` with everything that is wrong."""
    place = f"{settings.owner}/{settings.repository}"
    found = [problem for rule in RULES for problem in rule(settings)]
    if found:
        raise PublishSettingsError(f"No publish workflow can be written for {shown(place)}", found)


def names(settings: PublishSettings) -> Iterator[Problem]:
    for name in NAMES:
        value = getattr(settings, name)
        if not NAME.fullmatch(value):
            yield Problem(
                kebab(name),
                shown(value),
                "letters, digits, `.`, `-` and `_`",
                "write the name as GitHub shows it",
            )


def texts(settings: PublishSettings) -> Iterator[Problem]:
    for name in TEXTS:
        value = getattr(settings, name)
        if not is_text(value) or not value.strip():
            yield unwritable(kebab(name), shown(value))


def layout(settings: PublishSettings) -> Iterator[Problem]:
    known = LAYOUTS.get(settings.layout)
    if known is None:
        yield Problem("publish", shown(settings.layout), ", ".join(LAYOUTS), "write one of these")
        return
    for name in sorted(OPTIONS - known.options):
        if getattr(settings, name) != DEFAULTS[name] and getattr(settings, name):
            having = ", ".join(each.name for each in LAYOUTS.values() if name in each.options)
            yield Problem(
                kebab(name),
                "",
                f"this option in the layout {having}, not in {known.name}",
                "remove it",
            )


def timeout(settings: PublishSettings) -> Iterator[Problem]:
    if type(settings.timeout_minutes) is not int or settings.timeout_minutes not in MINUTES:
        yield Problem(
            "timeout-minutes",
            shown(settings.timeout_minutes),
            "1 to 360",
            "write a number of minutes",
        )


def secrets(settings: PublishSettings) -> Iterator[Problem]:
    for name in settings.secrets:
        if not SECRET.fullmatch(name):
            yield Problem(
                "secrets",
                shown(name),
                "upper-case letters, digits and underscores",
                "rename the secret",
            )
        if name in OF_TWINE and TOKEN in settings.secrets:
            yield Problem(
                "secrets",
                shown(name),
                f"{TOKEN} alone, which twine gets under this name",
                "remove one of the two",
            )


def variables(settings: PublishSettings) -> Iterator[Problem]:
    """The values are never shown: somebody may have written a token where it does not belong."""
    for name, value in settings.environment_variables.items():
        place = f"environment-variables.{name}" if is_text(name) else "environment-variables"
        if not VARIABLE.fullmatch(name):
            allowed = "letters, digits and underscores, and no name that GitHub or the token's twine variables have"
            yield Problem("environment-variables", shown(name), allowed, "use another name")
        if name in settings.secrets:
            yield Problem(place, "", "a name that no secret has", "remove one of the two")
        if not is_text(value):
            yield unwritable(place, "")


def permissions(settings: PublishSettings) -> Iterator[Problem]:
    for name, level in settings.permissions.items():
        if name not in PERMISSIONS:
            yield Problem("permissions", shown(name), ", ".join(PERMISSIONS), "write one of these")
        elif level not in PERMISSIONS[name]:
            yield Problem(
                f"permissions.{name}",
                shown(level),
                " or ".join(sorted(PERMISSIONS[name])),
                "write what is allowed",
            )


RULES: tuple[Callable[[PublishSettings], Iterator[Problem]], ...] = (
    names,
    layout,
    texts,
    timeout,
    secrets,
    variables,
    permissions,
)


def is_text(value: object) -> bool:
    """Whether this is one line of text, in which GitHub would not look for an expression."""
    return isinstance(value, str) and value.isprintable() and EXPRESSION not in value


def unwritable(place: str, value: str) -> Problem:
    allowed = "one line of text that can be printed, without an expression (`${{`)"
    return Problem(place, value, allowed, "write a plain value; a secret goes under `secrets`")


def kebab(name: str) -> str:
    return name.replace("_", "-")
