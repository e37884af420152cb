"""Which actions a workflow may use: by the settings of its repository and of the organization, both of which must let them.

Sources: GitHub's docs, "Managing GitHub Actions settings for a repository" (which actions, and pinning by a full commit SHA, of
which reusable workflows are free); public issue threads for the sentences, and for the end of such a run, ``startup_failure``
without any job (shaharia-lab/goai pull request 81, DataDog/dd-trace-rb pull request 6136). Assumptions: nobody's mark as a
verified creator is known, so that it lets nothing through; an image counts as pinned by its digest.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from simulated_github.actions.workflow_files import Document, reusable_workflows, used_actions
from simulated_github.records.actions import ActionsSettings
from simulated_github.records.organizations import Organization
from simulated_github.records.repositories import Repository

_PINNED = re.compile(r".*@([0-9a-f]{40}|sha256:[0-9a-f]{64})\Z")
_BY_GITHUB = ("actions", "github")


def startup_refusal(repository: Repository, document: Document) -> str | None:
    """Why a workflow does not start, in GitHub's words; None when all that it uses is allowed."""
    used = [name for name in used_actions(document) if not name.startswith("./")]
    called = [name for name in reusable_workflows(document) if not name.startswith("./")]
    for settings in _settings(repository):
        strange = [name for name in [*used, *called] if not _is_allowed(settings, repository, name)]
        if strange:
            return _sentence(strange, repository, _whose(settings, repository))
        loose = [name for name in used if settings.sha_pinning_required and not _PINNED.match(name)]
        if loose:
            return _sentence(loose, repository, "be pinned to a full-length commit SHA")
    return None


def _settings(repository: Repository) -> list[ActionsSettings]:
    owner = repository.owner
    return (
        [owner.actions, repository.actions]
        if isinstance(owner, Organization)
        else [repository.actions]
    )


def _is_allowed(settings: ActionsSettings, repository: Repository, name: str) -> bool:
    publisher = name.partition("/")[0].lower()
    if settings.allowed_actions == "all" or publisher == repository.owner.login.lower():
        return True
    if settings.allowed_actions == "local_only":
        return False
    if settings.github_owned_allowed and publisher in _BY_GITHUB:
        return True
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in settings.patterns)


def _whose(settings: ActionsSettings, repository: Repository) -> str:
    """Whose actions are allowed."""
    selected = settings.allowed_actions == "selected"
    choices = [
        f"from a repository owned by {repository.owner.login}",
        *(["created by GitHub"] if selected and settings.github_owned_allowed else []),
        *(["verified in the GitHub Marketplace"] if selected and settings.verified_allowed else []),
        *(
            [f"match one of the patterns: {', '.join(settings.patterns)}"]
            if selected and settings.patterns
            else []
        ),
    ]
    return f"be {_joined(choices, 'or')}"


def _sentence(names: Sequence[str], repository: Repository, must: str) -> str:
    shown = list(dict.fromkeys(names))
    subject = (
        f"The action {shown[0]} is"
        if len(shown) == 1
        else f"The actions {_joined(shown, 'and')} are"
    )
    return f"{subject} not allowed in {repository.full_name} because all actions must {must}."


def _joined(words: Sequence[str], word: str) -> str:
    if len(words) < 3:
        return f" {word} ".join(words)
    return f"{', '.join(words[:-1])}, {word} {words[-1]}"
