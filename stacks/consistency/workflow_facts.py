"""The facts about a workflow, parsed from its text: its triggers, and what each job reads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

# The loader in C takes a tenth of the time. Both read every value as text, so that the key `on` is
# not a boolean.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
# Names ignore case. Source:
# https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#secrets-context
SECRET = re.compile(
    r"\bsecrets\b(?:\s*\.\s*([a-z_][a-z0-9_-]*)|\s*\[\s*'([^']*)'\s*\])?", re.IGNORECASE
)
EVERY_SECRET = "every secret at once"
# GitHub creates it for each job; the stack does not declare it.
JOB_TOKEN = "GITHUB_TOKEN"


@dataclass(frozen=True)
class JobFacts:
    """A job: its environment, the secrets it reads, and whether it can get an identity token."""

    key: str
    environment: str | None
    secrets: frozenset[str]
    identity: bool


@dataclass(frozen=True)
class WorkflowFacts:
    """A workflow: `filters` are the keys under `push`, `tags` the patterns of its tag filter."""

    events: frozenset[str]
    filters: frozenset[str]
    tags: tuple[str, ...]
    jobs: tuple[JobFacts, ...]


def read_document(text: str) -> Mapping[str, Any] | None:
    """Return a workflow as a mapping, or `None` for a text that is not a workflow."""
    try:
        document = yaml.load(text, Loader=LOADER)  # noqa: S506  only texts, lists, mappings
    except yaml.YAMLError:
        return None
    return document if isinstance(document, Mapping) else None


def read_facts(text: str) -> WorkflowFacts | None:
    """Return the facts about a workflow, or `None` for a text that is not a workflow."""
    document = read_document(text)
    if document is None:
        return None
    events = mapping(document.get("on"))
    push = mapping(events.get("push"))
    tags = push.get("tags", [])
    return WorkflowFacts(
        events=frozenset(events),
        filters=frozenset(push),
        tags=tuple(tags) if isinstance(tags, list) else (tags,),
        jobs=tuple(jobs(document)),
    )


def jobs(document: Mapping[str, Any]) -> Iterator[JobFacts]:
    """Yield every job, with the secrets and permissions that the workflow gives to all jobs."""
    shared = frozenset(secrets_in(document.get("env")))
    for key, job in mapping(document.get("jobs")).items():
        permissions = mapping(job).get("permissions", document.get("permissions"))
        yield JobFacts(
            key=key,
            environment=environment_of(mapping(job).get("environment")),
            secrets=shared.union(secrets_in(job)) - {JOB_TOKEN},
            identity=permissions == "write-all" or mapping(permissions).get("id-token") == "write",
        )


def environment_of(value: Any) -> str | None:
    """Return the name of an environment, from `environment: deploy` or a mapping with `name`."""
    named = mapping(value).get("name", "") if isinstance(value, Mapping) else value
    return named or None


def mapping(value: Any) -> Mapping[str, Any]:
    """Normalize `on: push` and `on: [push]` to a mapping with `None` values."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list):
        return dict.fromkeys(map(str, value))
    return {str(value): None} if value else {}


def secrets_in(value: Any) -> Iterator[str]:
    """Yield the names of the secrets that the expressions in a value read."""
    if isinstance(value, str):
        for expression in EXPRESSION.findall(value):
            yield from (
                (dotted or quoted).upper() or EVERY_SECRET
                for dotted, quoted in SECRET.findall(expression)
            )
    elif isinstance(value, Mapping):
        if value.get("secrets") == "inherit":
            yield EVERY_SECRET
        for element in value.values():
            yield from secrets_in(element)
    elif isinstance(value, list):
        for element in value:
            yield from secrets_in(element)
