"""The check that a workflow fits the gate around it, before anything is planned, in a preview too.

The check parses the text that will be committed, so it reports mistakes of a layout as well as of
the settings. It sends no request and declares no resource.
"""

import re
from functools import lru_cache

from components.deploy_environment import DEPLOY
from components.rulesets import tag_refs
from stacks.consistency.rules import RULES, Finding, Gate
from stacks.consistency.workflow_facts import read_facts
from stacks.publishing import workflow_text
from stacks.settings import RepositorySettings, Settings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, SettingsError

__all__ = ["check_consistency"]


def check_consistency(settings: Settings) -> None:
    """Raise `SettingsError` listing every contradiction between a workflow and its gate."""
    problems = [
        problem
        for repository in settings.publishing
        for problem in problems_of(settings, repository)
    ]
    if problems:
        raise SettingsError("The workflows do not match their gates", list(dict.fromkeys(problems)))


def problems_of(settings: Settings, repository: RepositorySettings) -> list[Problem]:
    text = strip_names(workflow_text(settings, repository), settings.owner, repository.name)
    return [
        Problem(
            path(repository.place(finding.option)), finding.value, finding.allowed, finding.remedy
        )
        for finding in findings(text, gate_of(repository))
    ]


def gate_of(repository: RepositorySettings) -> Gate:
    """Return the gate that the components declare for a repository."""
    return Gate(
        environment=DEPLOY,
        secrets=frozenset(secret.name for secret in repository.environment_secrets),
        tag_policy=repository.release_tags,
        rulesets=frozenset({tag_refs(repository.release_tags)}),
    )


def strip_names(text: str, owner: str, name: str) -> str:
    """Return a workflow without its header and its repository's name.

    Repositories with equal options share it, and the check is cached.
    """
    return re.sub(
        rf"\b{re.escape(owner)}/{re.escape(name)}\b",
        "OWNER/REPOSITORY",
        re.sub(r"\A(?:#.*\n)+", "", text),
    )


@lru_cache(maxsize=1024)
def findings(text: str, gate: Gate) -> tuple[Finding, ...]:
    """Return every contradiction. Cached, because most repositories have equal options."""
    workflow = read_facts(text)
    if workflow is None:
        return (
            Finding(
                "publish",
                "a text that is not a workflow",
                "YAML with jobs",
                "correct the layout's text in publish_workflow/",
            ),
        )
    return tuple(finding for rule in RULES for finding in rule(workflow, gate))
