"""Jobs of any workflow that publish to PyPI, as far as the text of the workflow shows.

A step publishes with a command such as `twine upload`, with an action, with a script of that name,
or by reading a secret that is named like a PyPI token. A reusable workflow or a local action that
gets secrets or an identity token may publish: its text is elsewhere.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stacks.consistency.workflow_facts import EVERY_SECRET, JobFacts, jobs, mapping, read_document

TOOLS = "twine|uv|flit|hatch|poetry|maturin|pdm|rye"
# Options between a tool and its command, with or without a value.
OPTION = r"(?:\s+-{1,2}[\w-]+(?:=\S+|\s+(?!upload\b|publish\b)[^\s-]\S*)?)*"
COMMANDS = re.compile(
    rf"\b(?:{TOOLS}){OPTION}\s+(?:upload|publish)\b|\bsetup\.py\b[^\n]*\bupload\b|\bscripts/publish\b"
)
ACTIONS = re.compile(r"[^/]+/[^@]*pypi[^@]*|[^/]+/poetry-publish", re.IGNORECASE)
MATURIN = re.compile(r"[^/]+/maturin-action", re.IGNORECASE)
# Names of variables of the uploaders, and of secrets that projects use for PyPI's tokens.
TOKEN_NAME = re.compile(
    r"PYPI|TWINE|UV_PUBLISH|FLIT_|HATCH_INDEX|MATURIN|PDM_PUBLISH|POETRY_", re.IGNORECASE
)

# Uploads to PyPI's index for tests do not count.
TEST_INDEX = re.compile(r"test[._-]?pypi", re.IGNORECASE)


@dataclass(frozen=True)
class PublishingJob:
    """A job that publishes, or that may do so.

    Attributes:
        key: Its key in the workflow.
        environment: The environment that it names, or `None`.
        reason: What shows it, such as `twine upload`.
    """

    key: str
    environment: str | None
    reason: str


@lru_cache(maxsize=1024)
def publishing_jobs(text: str) -> tuple[PublishingJob, ...] | None:
    """Return the jobs of a workflow that publish, or `None` for a text that is no workflow."""
    document = read_document(text)
    if document is None:
        return None
    documents = mapping(document.get("jobs"))
    return tuple(
        PublishingJob(facts.key, facts.environment, reason)
        for facts in jobs(document)
        if (reason := publishing_reason(mapping(documents[facts.key]), facts))
    )


def publishing_reason(job: Mapping[str, Any], facts: JobFacts) -> str | None:
    """Return what shows that a job publishes or may publish, or `None`."""
    return next((reason for reason in reasons(job, facts)), None)


def reasons(job: Mapping[str, Any], facts: JobFacts) -> Iterator[str]:
    """Yield everything that shows that a job publishes."""
    steps = job.get("steps")
    for step in steps if isinstance(steps, list) else ():
        yield from step_reasons(mapping(step))
    yield from sorted(f"the secret {name}" for name in facts.secrets if is_token_name(name))
    has_credentials = facts.identity or bool(facts.secrets) or EVERY_SECRET in facts.secrets
    if has_credentials:
        if isinstance(job.get("uses"), str):
            yield f"the reusable workflow {job['uses']}, which gets secrets or an identity token"
        for step in steps if isinstance(steps, list) else ():
            uses = str(mapping(step).get("uses", ""))
            if uses.startswith("./"):
                yield f"the local action {uses}, in a job with secrets or an identity token"


def is_token_name(name: str) -> bool:
    """Return whether a secret is named like a token of PyPI."""
    return bool(TOKEN_NAME.search(name)) and not TEST_INDEX.search(name)


def step_reasons(step: Mapping[str, Any]) -> Iterator[str]:
    """Yield what shows that a step publishes."""
    uses = str(step.get("uses") or "")
    inputs = mapping(step.get("with"))
    index = str(inputs.get("repository-url", inputs.get("repository_url", "")))
    if ACTIONS.match(uses) and not TEST_INDEX.search(index):
        yield uses.partition("@")[0]
    command = str(inputs.get("command", ""))
    if MATURIN.match(uses) and command in ("publish", "upload"):
        yield f"{uses.partition('@')[0]} with the command {command}"
    script = str(step.get("run") or "").replace("\\\n", " ")
    for line in script.splitlines():
        match = COMMANDS.search(line.split(" #")[0])
        if match and not TEST_INDEX.search(line):
            yield " ".join(match[0].split())
