"""`docs/configuration.md`, made from the models of the settings: every key with its type, default and meaning."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from publish_workflow.layouts import LAYOUTS
from stacks.settings.declaration import (
    Declaration,
    DeclaredApp,
    DeclaredTeam,
    RepositoryEntry,
)
from stacks.settings.model import (
    StackFileModel,
    annotation_of,
    is_model,
    key_of,
    kind_of,
    limits_of,
    range_of,
    required,
)
from stacks.settings.names import (
    APP_SLUG,
    LOGIN,
    REPOSITORY,
    SECRET_NAME,
    SLUG,
    TAG_PATTERN,
    TEAM_NAME,
    Kind,
)
from stacks.settings.options import DEFAULTS, WITHOUT, Options, Reviewers, is_unavailable
from stacks.settings.workflow_names import (
    COMMAND,
    PYTHON_VERSION,
    RUNNER,
    SCOPE,
    SCOPES,
    VARIABLE_NAME,
    VARIABLE_VALUE,
    WORKFLOW_PATH,
)

EXAMPLE = """\
config:
  github:owner: encode
  stack-repository: release-stack
  operations:
    description: Signs off every release.
    members: [operator-1, operator-2]
  maintainers:
    name: Core developers
    team-maintainers: [owner-1]
    members: [maintainer-1, maintainer-2, maintainer-3]
  defaults:
    release-tags: v*
  repositories:
    httpx:
    starlette: {publish: trusted-publishing, approvals: 2, teams: {docs: triage}}
    uvicorn:
      tag-creators: operations
      wait-minutes: 30
      reviewers: {users: [security-1]}
      secrets: [PYPI_TOKEN, DOCS_KEY]
      publish-install: pip install --require-hashes -r requirements/publish.txt
      environment-variables: {SOURCE_DATE_EPOCH: "315532800"}
  secrets:
    httpx: {PYPI_TOKEN: {secure: v1:Xt2c...}}
"""

PAGE = """\
<!-- Made by scripts/document from stacks/settings/declared.py and names.py: change those. -->

# Configuration

A stack is declared in the `config` of its file, `Pulumi.<stack>.yaml`. Edit the file, or let Pulumi do it:

    pulumi config set --path 'repositories.httpx.approvals' 2
    pulumi config set --path 'secrets.httpx.PYPI_TOKEN' --secret

`pulumi preview` checks everything and reports all problems at once. Keys that are not on this page are errors. The first line
of `Pulumi.prod.yaml` makes editors complete and check the file as you write; Pulumi keeps it when it changes the file.

```yaml
{example}```

## The organization

`github:owner` is the login of the organization. The token belongs into the environment variable `GITHUB_TOKEN`.

{declaration}
## A team

`operations` and `maintainers` each need at least one person, or `existing`.

{team}
## Options of repositories

In `defaults` they are for all repositories, in an entry of `repositories` for that one alone. What an entry
says replaces what the defaults say; lists and mappings are never joined.

{options}
### Reviewers

{reviewers}
### Layouts

{layouts}
An option that a layout does without is an error in an entry. In the defaults it is for the repositories whose layout has it,
and an error where there is none. [publish-workflow.md](publish-workflow.md) says what each layout protects.

### Permissions

What the publishing job's `GITHUB_TOKEN` may do beside reading the repository, and what that costs: every program that the job
installs or runs may do it as well.

{permissions}
### Only in an entry

{repository}
An entry without options is the name alone, `httpx:`. Where only a command can be given,
`pulumi config set --path 'repositories.httpx' ''` writes the same.

## Secrets

The values stand below `secrets`, by repository and name, and nowhere else. Each is encrypted; one in plain text is an
error. A preview does without values that are missing; `pulumi up` names each of them and the command that stores it.

## Who applies the stack

`applied-by` is left out where an owner of the organization applies it. A GitHub App needs both keys.

{app}
## Names

{names}"""

PLAIN: dict[Any, str] = {bool: "true or false", str: "a text"}
OF_WORKFLOWS = (
    WORKFLOW_PATH,
    PYTHON_VERSION,
    RUNNER,
    VARIABLE_NAME,
    VARIABLE_VALUE,
    COMMAND,
    SCOPE,
)
KINDS = (LOGIN, SLUG, TEAM_NAME, REPOSITORY, SECRET_NAME, TAG_PATTERN, APP_SLUG, *OF_WORKFLOWS)


def page() -> str:
    """The whole page."""
    own = {
        name: field
        for name, field in RepositoryEntry.model_fields.items()
        if name not in Options.model_fields
    }
    return PAGE.format(
        example=EXAMPLE,
        declaration=keys(Declaration.model_fields),
        team=keys(DeclaredTeam.model_fields),
        options=options(),
        reviewers=keys(Reviewers.model_fields),
        layouts=layouts(),
        permissions=permissions(),
        repository=keys(own),
        app=keys(DeclaredApp.model_fields),
        names=names(),
    )


def keys(fields: Mapping[str, FieldInfo]) -> str:
    described = (
        [f"`{field.alias}`", words(field), str(field.description)] for field in fields.values()
    )
    return table(["key", "what it is", "meaning"], described)


def options() -> str:
    described = (
        [f"`{field.alias}`", words(field), default(DEFAULTS[name]), str(field.description)]
        for name, field in Options.model_fields.items()
    )
    return table(["key", "what it is", "default", "meaning"], described)


def layouts() -> str:
    described = (
        [
            f"`{layout.name}`",
            codes(layout.scripts),
            codes(
                key_of(Options, option)
                for option in WITHOUT
                if not is_unavailable(layout.name, option)
            ),
        ]
        for layout in LAYOUTS.values()
    )
    return table(["layout", "scripts of the repository that it runs", "options"], described)


def codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def permissions() -> str:
    described = ([f"`{name}`", codes(scope.levels), scope.cost] for name, scope in SCOPES.items())
    return table(["permission", "levels", "what it costs"], described)


def names() -> str:
    described = ([kind.name, kind.allowed, example(kind)] for kind in KINDS)
    return table(["name", "what is allowed", "such as"], described)


def table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def default(value: Any) -> str:
    """The default of an option, as it would be written."""
    if isinstance(value, StackFileModel) or value == {}:
        return "none"
    return (
        f"`{json.dumps(value)}`" if isinstance(value, list | bool) or value == "*" else f"`{value}`"
    )


def words(field: FieldInfo) -> str:
    """What stands at a key."""
    smallest, _ = limits_of(field)
    return (
        type_words(annotation_of(field))
        if smallest is None
        else f"a whole number {range_of(field)}"
    )


def type_words(annotation: Any) -> str:
    if kind := kind_of(annotation):
        return f"[{kind.name}](#names)"
    inner = required(annotation)
    arguments = get_args(inner)
    if get_origin(inner) is Literal:
        return f"one of {', '.join(f'`{value}`' for value in arguments)}"
    if get_origin(inner) is list:
        return f"a list, each {type_words(arguments[0])}"
    if get_origin(inner) is dict:
        return f"a mapping from {type_words(arguments[0])} to {type_words(arguments[1])}"
    return (
        MODELS[inner]
        if is_model(inner)
        else PLAIN[inner]
        if inner is not SecretStr
        else "an encrypted value"
    )


MODELS: dict[type[StackFileModel], str] = {
    DeclaredTeam: "[a team](#a-team)",
    Options: "[options](#options-of-repositories)",
    RepositoryEntry: "[options](#options-of-repositories), or nothing",
    Reviewers: "[reviewers](#reviewers)",
    DeclaredApp: "[an app](#who-applies-the-stack)",
}


def example(kind: Kind) -> str:
    """The example of a kind, which has its own quotes where YAML needs them."""
    return kind.example if "'" in kind.example else f"`{kind.example}`"
