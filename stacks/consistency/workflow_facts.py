"""What a workflow does, read back from its text: what starts it, and what each of its jobs can reach."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

# The loader in C takes a tenth of the time. Both leave every value a text, so that the key `on` is no boolean.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
# Names ignore upper and lower case.
# https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#secrets-context
SECRET = re.compile(
    r"\bsecrets\b(?:\s*\.\s*([a-z_][a-z0-9_-]*)|\s*\[\s*'([^']*)'\s*\])?", re.IGNORECASE
)
EVERY_SECRET = "every secret at once"
# Made by GitHub for each job, and declared by nobody.
AUTOMATIC = "GITHUB_TOKEN"


@dataclass(frozen=True)
class JobFacts:
    """A job: the environment that it waits at, the secrets that it reads, and whether it may ask for an identity token."""

    key: str
    environment: str | None
    secrets: frozenset[str]
    identity: bool


@dataclass(frozen=True)
class Facts:
    """A workflow. `filters` are the keys below `push`, `tags` the patterns of its filter for tags."""

    events: frozenset[str]
    filters: frozenset[str]
    tags: tuple[str, ...]
    jobs: tuple[JobFacts, ...]


def facts(text: str) -> Facts | None:
    """What the text of a workflow says, or nothing where it is no workflow."""
    try:
        document = yaml.load(text, Loader=LOADER)  # noqa: S506  a base loader makes nothing but texts, lists and mappings
    except yaml.YAMLError:
        return None
    if not isinstance(document, Mapping):
        return None
    events = mapping(document.get("on"))
    push = mapping(events.get("push"))
    tags = push.get("tags", [])
    return Facts(
        events=frozenset(events),
        filters=frozenset(push),
        tags=tuple(tags) if isinstance(tags, list) else (tags,),
        jobs=tuple(jobs(document)),
    )


def jobs(document: Mapping[str, Any]) -> Iterator[JobFacts]:
    """Every job; what the workflow gives to all of them is counted to each."""
    shared = frozenset(secrets_in(document.get("env")))
    for key, job in mapping(document.get("jobs")).items():
        permissions = mapping(job).get("permissions", document.get("permissions"))
        yield JobFacts(
            key=key,
            environment=environment_of(mapping(job).get("environment")),
            secrets=shared.union(secrets_in(job)) - {AUTOMATIC},
            identity=permissions == "write-all" or mapping(permissions).get("id-token") == "write",
        )


def environment_of(written: Any) -> str | None:
    """An environment is named alone, or in a mapping with its address."""
    named = mapping(written).get("name", "") if isinstance(written, Mapping) else written
    return named or None


def mapping(written: Any) -> Mapping[str, Any]:
    """A mapping as it is; of the short forms, `on: push` and `on: [push]`, every name with nothing."""
    if isinstance(written, Mapping):
        return written
    names = written if isinstance(written, list) else [written] if written else []
    return dict.fromkeys(map(str, names))


def secrets_in(written: Any) -> Iterator[str]:
    """The names of the secrets that any expression inside reads."""
    if isinstance(written, str):
        for expression in EXPRESSION.findall(written):
            yield from (
                (dotted or quoted).upper() or EVERY_SECRET
                for dotted, quoted in SECRET.findall(expression)
            )
    elif isinstance(written, Mapping):
        if written.get("secrets") == "inherit":
            yield EVERY_SECRET
        for value in written.values():
            yield from secrets_in(value)
    elif isinstance(written, list):
        for value in written:
            yield from secrets_in(value)
