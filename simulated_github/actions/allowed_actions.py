"""The check of a workflow's actions against the settings of repository and organization.

Both settings must allow an action. Sources: GitHub's docs, "Managing GitHub Actions settings for a
repository" (allowed actions; pinning by a full commit SHA, from which reusable workflows are
exempt); public issue threads for the messages, and for the end of such a run,
`startup_failure` without any job (shaharia-lab/goai pull request 81, DataDog/dd-trace-rb pull
request 6136). Assumptions: no creator is verified, so `verified_allowed` allows nothing; an image
counts as pinned by its digest.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from simulated_github.actions.workflow_files import Document, reusable_workflows, used_actions
from simulated_github.records.actions import ActionsSettings
from simulated_github.records.repositories import Repository

_PINNED = re.compile(r".*@([0-9a-f]{40}|sha256:[0-9a-f]{64})\Z")
_GITHUB_OWNERS = ("actions", "github")


def startup_refusal(repository: Repository, document: Document) -> str | None:
    """Return GitHub's message when a workflow may not start, or None when it may."""
    actions = [name for name in used_actions(document) if not name.startswith("./")]
    workflows = [name for name in reusable_workflows(document) if not name.startswith("./")]
    for settings in _settings(repository):
        forbidden_actions = [
            name for name in [*actions, *workflows] if not _is_allowed(settings, repository, name)
        ]
        if forbidden_actions:
            return _message(forbidden_actions, repository, _allowed_sources(settings, repository))
        unpinned_actions = [name for name in actions if not _PINNED.match(name)]
        if settings.sha_pinning_required and unpinned_actions:
            return _message(unpinned_actions, repository, "be pinned to a full-length commit SHA")
    return None


def _settings(repository: Repository) -> list[ActionsSettings]:
    organization = repository.organization
    return [*([organization.actions] if organization else []), repository.actions]


def _is_allowed(settings: ActionsSettings, repository: Repository, name: str) -> bool:
    publisher = name.partition("/")[0].lower()
    if settings.allowed_actions == "all" or publisher == repository.owner.login.lower():
        return True
    if settings.allowed_actions == "local_only":
        return False
    if settings.github_owned_allowed and publisher in _GITHUB_OWNERS:
        return True
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in settings.patterns)


def _allowed_sources(settings: ActionsSettings, repository: Repository) -> str:
    sources = [f"from a repository owned by {repository.owner.login}"]
    if settings.allowed_actions == "selected":
        sources += ["created by GitHub"] if settings.github_owned_allowed else []
        sources += ["verified in the GitHub Marketplace"] if settings.verified_allowed else []
        if settings.patterns:
            sources.append(f"match one of the patterns: {', '.join(settings.patterns)}")
    return f"be {_join(sources, 'or')}"


def _message(names: Sequence[str], repository: Repository, requirement: str) -> str:
    actions = list(dict.fromkeys(names))
    subject = f"The actions {_join(actions, 'and')} are"
    if len(actions) == 1:
        subject = f"The action {actions[0]} is"
    place = repository.full_name
    return f"{subject} not allowed in {place} because all actions must {requirement}."


def _join(items: Sequence[str], conjunction: str) -> str:
    if len(items) < 3:
        return f" {conjunction} ".join(items)
    return f"{', '.join(items[:-1])}, {conjunction} {items[-1]}"
