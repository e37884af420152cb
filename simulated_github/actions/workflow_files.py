"""A workflow file as a document: which events start it, and what it says of its jobs. Pure functions, no rules of a repository.

Source: GitHub's docs, "Workflow syntax for GitHub Actions". PyYAML reads the key ``on`` as true. Assumption: a condition
(``if``) of any other form than a comparison of ``github.repository`` with a text holds.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from simulated_github.rules.patterns import matches_filters

WORKFLOWS = ".github/workflows"
#: In ``wanted``: every secret that there is. Source: zizmor's docs, audit ``overprovisioned-secrets``: a job that names
#: the whole context, or a part of it by an expression, is handed all of it.
EVERY_SECRET = "*"
_SECRET = re.compile(r"\bsecrets\s*(?:\.\s*|\[\s*')([A-Za-z_][A-Za-z0-9_]*)")
_ALL_SECRETS = re.compile(r"\$\{\{(?:(?!\}\}).)*\bsecrets\s*(?:[),}]|\[\s*[^'\s])", re.DOTALL)
_SAME_REPOSITORY = re.compile(
    r"(?:\$\{\{)?\s*github\.repository\s*==\s*'(?P<name>[^']*)'\s*(?:\}\})?\s*\Z"
)

Document = dict[Any, Any]


def is_workflow(path: str) -> bool:
    """Whether a path is where workflow files are."""
    return (
        path.startswith(f"{WORKFLOWS}/")
        and path.count("/") == 2
        and path.endswith((".yml", ".yaml"))
    )


@lru_cache(maxsize=512)
def parse(data: bytes) -> Document | None:
    """The document, which is only to be read, or None when the text is no workflow."""
    try:
        document = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError):
        return None
    return (
        document if isinstance(document, dict) and isinstance(document.get("jobs"), dict) else None
    )


def workflow_name(document: Document, path: str) -> str:
    """What the workflow is called; its path where it says nothing."""
    return str(document.get("name") or path)


def jobs(document: Document) -> dict[str, Document]:
    """The jobs by their keys."""
    return {str(key): job for key, job in document["jobs"].items() if isinstance(job, dict)}


def _events(document: Document) -> dict[str, Any]:
    events = document.get("on", document.get(True))
    if isinstance(events, dict):
        return {str(event): filters for event, filters in events.items()}
    return dict.fromkeys(as_strings(events)) if events else {}


def runs_on_push(document: Document, ref: str) -> bool:
    """Whether a workflow's ``on: push`` lets a ref through."""
    events = _events(document)
    filters = events.get("push") or {}
    return "push" in events and isinstance(filters, dict) and _filtered(filters, ref)


def _filtered(filters: Document, ref: str) -> bool:
    kind, other = ("tags", "branches") if ref.startswith("refs/tags/") else ("branches", "tags")
    short = ref.split("/", 2)[2]
    if kind in filters:
        return matches_filters(as_strings(filters[kind]), short)
    if f"{kind}-ignore" in filters:
        return not matches_filters(as_strings(filters[f"{kind}-ignore"]), short)
    return not (other in filters or f"{other}-ignore" in filters)


def dispatch_inputs(document: Document) -> dict[str, Document] | None:
    """The inputs of a workflow's ``workflow_dispatch``; None when it has no such trigger."""
    events = _events(document)
    if "workflow_dispatch" not in events:
        return None
    declared = events["workflow_dispatch"]
    found = declared.get("inputs") if isinstance(declared, dict) else None
    return {str(key): one or {} for key, one in found.items()} if isinstance(found, dict) else {}


def as_strings(value: Any) -> list[str]:
    """One text or a list of them, as a list."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def environment_name(job: Document) -> str | None:
    """The environment that a job names."""
    named = job.get("environment")
    found = named.get("name") if isinstance(named, dict) else named
    return None if found is None else str(found)


def secret_names(document: Document, job: Document) -> tuple[str, ...]:
    """The names of the secrets that a job names, itself or in the workflow's ``env``; ``*`` when it may read any."""
    text = "\n".join(_texts([job, document.get("env")]))
    every = [EVERY_SECRET] if _ALL_SECRETS.search(text) or job.get("secrets") == "inherit" else []
    return tuple(dict.fromkeys([*(found.upper() for found in _SECRET.findall(text)), *every]))


def _texts(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def used_actions(document: Document) -> list[str]:
    """What the steps of all jobs use, as it is written: ``actions/checkout@v6``, ``./here``, ``docker://image``."""
    steps = [
        step
        for job in jobs(document).values()
        for step in job.get("steps") or []
        if isinstance(step, dict)
    ]
    return [str(step["uses"]) for step in steps if "uses" in step]


def reusable_workflows(document: Document) -> list[str]:
    """The workflows that jobs call."""
    return [str(job["uses"]) for job in jobs(document).values() if "uses" in job]


def runner_labels(job: Document) -> tuple[str, ...]:
    """What a job runs on."""
    runs_on = job.get("runs-on") or []
    return tuple(as_strings(runs_on.get("labels") or [] if isinstance(runs_on, dict) else runs_on))


def condition_holds(condition: str | None, repository: str) -> bool:
    """Whether a job's ``if`` lets it run in a repository (``owner/name``). Case does not matter, as in all comparisons."""
    found = _SAME_REPOSITORY.match(condition or "")
    return found is None or found["name"].lower() == repository.lower()
