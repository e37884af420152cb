"""Workflow files as YAML documents: their events, and the environment and secrets of each job.

Source: GitHub's docs, "Workflow syntax for GitHub Actions". PyYAML reads the key `on` as true.
Assumption: a condition (`if`) holds unless it compares `github.repository` with a text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from simulated_github.rules.patterns import matches_filters

WORKFLOWS = ".github/workflows"
#: Stands for every secret in the result of `secret_names`. Source: zizmor's docs, audit
#: `overprovisioned-secrets`: a job that refers to the whole context, or to a part of it by an
#: expression, receives all secrets.
EVERY_SECRET = "*"
_SECRET = re.compile(r"\bsecrets\s*(?:\.\s*|\[\s*')([A-Za-z_][A-Za-z0-9_]*)")
_ALL_SECRETS = re.compile(r"\$\{\{(?:(?!\}\}).)*\bsecrets\s*(?:[),}]|\[\s*[^'\s])", re.DOTALL)
_SAME_REPOSITORY = re.compile(
    r"(?:\$\{\{)?\s*github\.repository\s*==\s*'(?P<name>[^']*)'\s*(?:\}\})?\s*\Z"
)

Document = dict[Any, Any]


def is_workflow(path: str) -> bool:
    """Return whether GitHub reads the file of a path as a workflow."""
    return (
        path.startswith(f"{WORKFLOWS}/")
        and path.count("/") == 2
        and path.endswith((".yml", ".yaml"))
    )


@lru_cache(maxsize=512)
def parse(data: bytes) -> Document | None:
    """Return the document, or None when the text is no workflow.

    The document is cached, so callers must not change it.
    """
    try:
        document = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("jobs"), dict):
        return None
    return document


def workflow_name(document: Document, path: str) -> str:
    """Return the name of a workflow; without a name in the file, its path."""
    return str(document.get("name") or path)


def jobs(document: Document) -> dict[str, Document]:
    """Return the jobs by their keys."""
    return {str(key): job for key, job in document["jobs"].items() if isinstance(job, dict)}


def _events(document: Document) -> dict[str, Any]:
    """Normalize `on: push` and `on: [push]` to a mapping with None values."""
    events = document.get("on", document.get(True))
    if isinstance(events, dict):
        return {str(event): filters for event, filters in events.items()}
    return dict.fromkeys(as_strings(events)) if events else {}


def runs_on_push(document: Document, ref: str) -> bool:
    """Return whether a push to a ref starts the workflow."""
    events = _events(document)
    filters = events.get("push") or {}
    return "push" in events and isinstance(filters, dict) and _matches(filters, ref)


def _matches(filters: Document, ref: str) -> bool:
    """Return whether the filters of a push match; filters of tags alone exclude all branches."""
    is_tag = ref.startswith("refs/tags/")
    kind = "tags" if is_tag else "branches"
    opposite = "branches" if is_tag else "tags"
    name = ref.split("/", 2)[2]
    if kind in filters:
        return matches_filters(as_strings(filters[kind]), name)
    if f"{kind}-ignore" in filters:
        return not matches_filters(as_strings(filters[f"{kind}-ignore"]), name)
    return opposite not in filters and f"{opposite}-ignore" not in filters


def dispatch_inputs(document: Document) -> dict[str, Document] | None:
    """Return the inputs of `workflow_dispatch`, or None when the workflow has no such event."""
    events = _events(document)
    if "workflow_dispatch" not in events:
        return None
    trigger = events["workflow_dispatch"]
    inputs = trigger.get("inputs") if isinstance(trigger, dict) else None
    if not isinstance(inputs, dict):
        return {}
    return {str(key): definition or {} for key, definition in inputs.items()}


def as_strings(value: Any) -> list[str]:
    """Return a list of texts from one value or a list of values."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def environment_name(job: Document) -> str | None:
    """Return the name of the environment of a job, or None."""
    environment = job.get("environment")
    name = environment.get("name") if isinstance(environment, dict) else environment
    return None if name is None else str(name)


def secret_names(document: Document, job: Document) -> tuple[str, ...]:
    """Return the secrets that a job or the workflow's `env` refers to; `*` stands for all."""
    text = "\n".join(_texts([job, document.get("env")]))
    names = [name.upper() for name in _SECRET.findall(text)]
    if _ALL_SECRETS.search(text) or job.get("secrets") == "inherit":
        names.append(EVERY_SECRET)
    return tuple(dict.fromkeys(names))


def _texts(value: Any) -> Iterator[str]:
    """Yield every text value in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def used_actions(document: Document) -> list[str]:
    """Return every `uses` of the steps, such as `actions/checkout@v6` or `docker://image`."""
    steps = [
        step
        for job in jobs(document).values()
        for step in job.get("steps") or []
        if isinstance(step, dict)
    ]
    return [str(step["uses"]) for step in steps if "uses" in step]


def reusable_workflows(document: Document) -> list[str]:
    """Return the reusable workflows that jobs call."""
    return [str(job["uses"]) for job in jobs(document).values() if "uses" in job]


def runner_labels(job: Document) -> tuple[str, ...]:
    """Return the runner labels of a job."""
    runs_on = job.get("runs-on") or []
    return tuple(as_strings(runs_on.get("labels") or [] if isinstance(runs_on, dict) else runs_on))


def condition_holds(condition: str | None, repository: str) -> bool:
    """Return whether a job's `if` holds in a repository (`owner/name`), ignoring case."""
    match = _SAME_REPOSITORY.match(condition or "")
    return match is None or match["name"].lower() == repository.lower()
