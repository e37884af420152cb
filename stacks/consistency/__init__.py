"""What is declared in several places has to fit together: checked before anything is planned, in a preview too.

The workflow is read back from the text that will be committed, so that a mistake in a layout is found as well as one in the
settings. No requests, no resources.
"""

import re
from functools import lru_cache

from components.deploy_environment import NAME as DEPLOY
from components.rulesets import tag_refs
from stacks.consistency.rules import RULES, Finding, Gate
from stacks.consistency.workflow_facts import facts
from stacks.publishing import workflow_text
from stacks.settings import RepositorySettings, Settings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, SettingsError

__all__ = ["check_consistency"]


def check_consistency(settings: Settings) -> None:
    """Raises `SettingsError` with everything in which a workflow and its gate do not fit together."""
    problems = [
        problem
        for repository in settings.repositories
        for problem in problems_of(settings, repository)
    ]
    if problems:
        raise SettingsError(
            "The workflows and their gates do not fit together", list(dict.fromkeys(problems))
        )


def problems_of(settings: Settings, repository: RepositorySettings) -> list[Problem]:
    text = shape(workflow_text(settings, repository), settings.owner, repository.name)
    return [
        Problem(
            path(repository.place(finding.option)), finding.value, finding.allowed, finding.remedy
        )
        for finding in findings(text, gate_of(repository))
    ]


def gate_of(repository: RepositorySettings) -> Gate:
    """What the components declare around the workflow of a repository."""
    return Gate(
        environment=DEPLOY,
        secrets=frozenset(secret.name for secret in repository.secrets),
        tag_policy=repository.release_tags,
        rulesets=frozenset({tag_refs(repository.release_tags)}),
    )


def shape(text: str, owner: str, name: str) -> str:
    """A workflow without its header and without whose it is: with the same options, all repositories have the same one."""
    return re.sub(
        rf"\b{re.escape(owner)}/{re.escape(name)}\b",
        "OWNER/REPOSITORY",
        re.sub(r"\A(?:#.*\n)+", "", text),
    )


@lru_cache(maxsize=1024)
def findings(text: str, gate: Gate) -> tuple[Finding, ...]:
    """All that does not fit. Repositories with the same options share the answer."""
    found = facts(text)
    if found is None:
        return (
            Finding(
                "publish",
                "a text that is no workflow",
                "YAML with jobs",
                "correct the layout's text in publish_workflow/",
            ),
        )
    return tuple(finding for rule in RULES for finding in rule(found, gate))
