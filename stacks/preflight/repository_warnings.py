"""Warnings about declared repositories: leftover secrets and missing scripts."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from stacks.preflight.situation import Situation, shell_loop, summarize_names
from stacks.publishing import pypi_token_names, workflow_scripts
from stacks.snapshot import Scripts


def repository_secrets(situation: Situation) -> Iterator[str]:
    """Warn about leftover repository secrets: every workflow on every branch can read them."""
    repositories: dict[str, list[str]] = defaultdict(list)
    for repository, on_github in situation.existing:
        for secret in pypi_token_names(repository):
            if secret in on_github.secrets:
                repositories[secret].append(repository.name)
    for secret, names in repositories.items():
        kind = f"the repository secret {secret}"
        subject = summarize_names(names, f"still has {kind}", f"repositories still have {kind}")
        command = shell_loop(names, f"gh secret delete {secret} --repo {situation.owner}/{{}}")
        yield (
            f"{subject}. It bypasses the approval gate: any workflow on any branch can read it. "
            f"Delete it: {command}"
        )


def missing_scripts(situation: Situation) -> Iterator[str]:
    """Warn about scripts that the publish workflow runs and the default branch lacks.

    A release fails there, and its tag cannot be moved to a later commit.
    """
    for paths, names in group_by_scripts(situation, Scripts.missing):
        scripts = ", ".join(paths)
        subject = summarize_names(names, f"lacks {scripts}", f"repositories lack {scripts}")
        pronoun = pronoun_for(paths)
        yield (
            f"{subject}. The publish workflow runs {pronoun}, so a release would fail. Add "
            f"{pronoun} to the default branch, or choose another layout with `publish`"
        )


def scripts_without_execute_permission(situation: Situation) -> Iterator[str]:
    for paths, names in group_by_scripts(situation, Scripts.not_executable):
        text = f"{', '.join(paths)} without execute permission"
        subject = summarize_names(names, f"has {text}", f"repositories have {text}")
        yield (
            f"{subject}. The publish workflow runs {pronoun_for(paths)}, so a release would fail. "
            f"In each repository: git update-index --chmod=+x {' '.join(paths)}"
        )


def group_by_scripts(
    situation: Situation, select: Callable[[Scripts, Sequence[str]], list[str]]
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Group repositories by the scripts that `select` picks from those their workflows run.

    Repositories whose scripts could not be read are left out.
    """
    names: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for repository, on_github in situation.existing:
        scripts = on_github.scripts
        if scripts and (paths := select(scripts, workflow_scripts(repository))):
            names[tuple(paths)].append(repository.name)
    yield from names.items()


def pronoun_for(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"
