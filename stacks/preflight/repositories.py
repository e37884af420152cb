"""Rules on declared repositories that are missing, or that cannot be set up."""

from collections.abc import Iterator

from stacks.preflight.identity import publisher_note
from stacks.preflight.situation import Situation
from stacks.settings import RepositorySettings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem
from stacks.snapshot import RepositoryOnGitHub

# In private repositories, required reviewers need the Enterprise plan. Source:
# https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers
PLANS_WITHOUT_PRIVATE_GATES = ("free", "team")


def check_repositories(situation: Situation) -> Iterator[Problem]:
    for repository, on_github in situation.existing:
        yield from repository_problems(situation, repository, on_github)


def check_missing_repositories(situation: Situation) -> Iterator[Problem]:
    """Require that a declared repository exists; the rules on identity report recorded ones."""
    recorded = situation.previous_state.repositories
    for repository in situation.settings.repositories:
        key = situation.recorded_key(repository)
        exists = repository.name.lower() in situation.snapshot.repositories
        if exists or repository.create or (key is not None and recorded[key] is not None):
            continue
        if current := situation.snapshot.redirects.get(repository.name.lower()):
            name = situation.snapshot.repositories[current].name
            yield Problem(
                path(("repositories", repository.name)),
                f"called {name} on GitHub now",
                "the name that the repository has on GitHub",
                f"rename the key to {name}, also under `secrets`",
            )
            continue
        yield Problem(
            path(("repositories", repository.name)),
            "not a repository of the organization, or hidden from this token",
            "a repository that exists",
            "correct the name, add `create: true` to the entry to create it, or remove the entry",
        )


def repository_problems(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub
) -> Iterator[Problem]:
    """Yield the first problem of a repository that exists, if it has one."""
    place = path(("repositories", repository.name))
    recorded = situation.recorded_key(repository)
    if repository.create and recorded is None:
        yield Problem(
            f"{place}.create",
            "true",
            "a repository that does not exist yet; this one does",
            f"pulumi config rm --path '{place}.create'",
        )
    elif on_github.name != repository.name and recorded is None:
        yield Problem(
            place,
            f"spelled differently on GitHub: {on_github.name}",
            "the name as GitHub writes it",
            f"rename the key to {on_github.name}",
        )
    elif cannot_have_gate(situation, on_github) and not repository.archived:
        remedy = f"pulumi config rm --path '{place}'"
        if recorded:
            note = publisher_note(situation, recorded)
            remedy += f"; then scripts/forget {recorded}, which leaves it as it is{note}"
        yield Problem(
            place,
            f"private, on the {situation.snapshot.plan} plan",
            "a public repository: in private ones, required reviewers need the Enterprise plan",
            f"{remedy}; or make the repository public",
        )


def cannot_have_gate(situation: Situation, on_github: RepositoryOnGitHub) -> bool:
    """Return whether GitHub ignores the gate of a repository, which is private on a small plan.

    Source: https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments
    (when a repository becomes private, its protection rules and environment secrets are ignored).
    """
    return on_github.private and situation.snapshot.plan in PLANS_WITHOUT_PRIVATE_GATES
