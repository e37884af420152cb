"""The last check of the values in a workflow file, which runs beside a secret.

These checks keep a value in its place in the text: in its line, its quotes or its expression.
`stacks.settings` decides which values make sense: which options a layout has, which permissions and
variables are allowed, and how long a job may take. Those rules are not repeated here.
"""

import re
from collections.abc import Callable, Iterator

from publish_workflow.errors import Problem, PublishSettingsError, format_value
from publish_workflow.layouts import PublishSettings

# Inside quotes in an expression: `github.repository == 'owner/repository'`.
NAME = re.compile(r"[A-Za-z0-9._-]+")
# Inside an expression, `secrets.NAME`, or the key of a variable.
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PERMISSION = re.compile(r"[a-z]+(?:-[a-z]+)*")
LEVELS = ("read", "write")
EXPRESSION = "${{"
NAMES = ("owner", "repository")
TEXTS = ("release_tags", "environment", "python_version", "runner", "publish_install")


def check_settings(settings: PublishSettings) -> None:
    """Raise `PublishSettingsError` listing every value that cannot be written safely."""
    problems = [problem for rule in RULES for problem in rule(settings)]
    if problems:
        repository = format_value(f"{settings.owner}/{settings.repository}")
        raise PublishSettingsError(f"Cannot write a publish workflow for {repository}", problems)


def check_names(settings: PublishSettings) -> Iterator[Problem]:
    for field in NAMES:
        value = getattr(settings, field)
        if not NAME.fullmatch(value):
            yield Problem(
                option(field),
                format_value(value),
                "letters, digits, `.`, `-` and `_`",
                "write the name as GitHub shows it",
            )


def check_texts(settings: PublishSettings) -> Iterator[Problem]:
    for field in TEXTS:
        value = getattr(settings, field)
        if not is_line(value) or not value.strip():
            yield unsafe_text(option(field), format_value(value))


def check_timeout(settings: PublishSettings) -> Iterator[Problem]:
    if type(settings.timeout_minutes) is not int:
        yield Problem(
            "timeout-minutes",
            format_value(settings.timeout_minutes),
            "a whole number",
            "write a number of minutes",
        )


def check_secrets(settings: PublishSettings) -> Iterator[Problem]:
    for name in settings.secrets:
        if not IDENTIFIER.fullmatch(name):
            yield unsafe_name("secrets", name)


def check_variables(settings: PublishSettings) -> Iterator[Problem]:
    """Yield problems without the variables' values, because a value may be a misplaced token."""
    for name, value in settings.environment_variables.items():
        if not IDENTIFIER.fullmatch(name):
            yield unsafe_name("environment-variables", name)
        elif not is_line(value):
            yield unsafe_text(f"environment-variables.{name}", "")


def check_permissions(settings: PublishSettings) -> Iterator[Problem]:
    for name, level in settings.permissions.items():
        if not PERMISSION.fullmatch(name):
            yield Problem(
                "permissions",
                format_value(name),
                "lowercase letters and hyphens",
                "write the permission as GitHub documents it",
            )
        elif level not in LEVELS:
            yield Problem(
                f"permissions.{name}", format_value(level), " or ".join(LEVELS), "write one of them"
            )


RULES: tuple[Callable[[PublishSettings], Iterator[Problem]], ...] = (
    check_names,
    check_texts,
    check_timeout,
    check_secrets,
    check_variables,
    check_permissions,
)


def is_line(value: object) -> bool:
    """Return whether a value is one line of printable text without an expression."""
    return isinstance(value, str) and value.isprintable() and EXPRESSION not in value


def unsafe_text(path: str, value: str) -> Problem:
    allowed = "one line of printable text, without an expression (`${{`)"
    return Problem(path, value, allowed, "write a plain value, and a secret under `secrets`")


def unsafe_name(path: str, name: str) -> Problem:
    return Problem(
        path,
        format_value(name),
        "letters, digits and underscores",
        "write a name with only these characters",
    )


def option(field: str) -> str:
    """Return the key in the stack file that sets a field."""
    return field.replace("_", "-")
