"""Checks of the declared repositories on GitHub, by their present and former names."""

from collections.abc import Iterator

from stacks.preflight.situation import Situation
from stacks.settings import RepositorySettings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display
from stacks.snapshot import RepositoryOnGitHub

# In private repositories, required reviewers need the Enterprise plan. Source:
# https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers
PLANS_WITHOUT_PRIVATE_GATES = ("free", "team")


def check_repositories(situation: Situation) -> Iterator[Problem]:
    for repository in situation.settings.repositories:
        on_github = situation.snapshot.repositories.get(repository.name.lower())
        if on_github:
            yield from repository_problems(situation, repository, on_github)
        elif not repository.create:
            yield missing_repository(situation, repository)


def repository_problems(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub
) -> Iterator[Problem]:
    """Yield the first problem of a repository that exists, if it has one."""
    place = path(("repositories", repository.name))
    recorded = situation.previous_state.repositories.keys()
    if repository.create and not {repository.name, repository.formerly} & recorded:
        yield Problem(
            f"{place}.create",
            "true",
            "a repository that does not exist yet; this one does",
            f"pulumi config rm --path '{place}.create'",
        )
    elif on_github.name != repository.name:
        yield Problem(
            place,
            f"spelled differently on GitHub: {on_github.name}",
            "the name as GitHub writes it",
            f"rename the key to {on_github.name}",
        )
    elif on_github.archived:
        yield Problem(
            place,
            "archived",
            "a repository that can be written to",
            f"gh repo unarchive {situation.owner}/{repository.name} --yes; it may be archived "
            "again after `pulumi up`",
        )
    elif on_github.private and situation.snapshot.plan in PLANS_WITHOUT_PRIVATE_GATES:
        yield Problem(
            place,
            f"private, on the {situation.snapshot.plan} plan",
            "a public repository: in private ones, required reviewers need the Enterprise plan",
            "make the repository public, or remove the entry",
        )


def missing_repository(situation: Situation, repository: RepositorySettings) -> Problem:
    place = path(("repositories", repository.name))
    renamed = repository_with_id(
        situation, situation.previous_state.repositories.get(repository.name)
    )
    if renamed:
        return Problem(
            place,
            f"called {renamed.name} on GitHub now",
            "the name that the repository has on GitHub",
            f"rename the key to {renamed.name}, also under `secrets`, and add "
            f"`formerly: {repository.name}` to the entry",
        )
    return Problem(
        place,
        "not a repository of the organization, or hidden from this token",
        "a repository that exists",
        "correct the name, add `create: true` to the entry to create it, or remove the entry",
    )


def repository_with_id(
    situation: Situation, repository_id: int | None
) -> RepositoryOnGitHub | None:
    """Return the repository that has an id, if it still exists; ids survive a rename."""
    return next(
        (
            on_github
            for on_github in situation.snapshot.repositories.values()
            if repository_id is not None and on_github.id == repository_id
        ),
        None,
    )


def check_renamed_entries(situation: Situation) -> Iterator[Problem]:
    """Require `formerly` where a key was renamed.

    Without it, the stack would set up the new name and then remove the old one: through GitHub's
    redirects that is the same repository, and its approval gate would be deleted.
    """
    declared = {repository.name: repository for repository in situation.settings.repositories}
    former = {repository.formerly for repository in declared.values()}
    for old, repository_id in situation.previous_state.repositories.items():
        if old in declared or old in former:
            continue
        on_github = repository_with_id(situation, repository_id)
        if on_github and on_github.name in declared:
            place = path(("repositories", on_github.name))
            yield Problem(
                place,
                f"the repository that the state calls {old}",
                f"`formerly: {old}`, which keeps its environment, secrets, workflow and rulesets",
                f"pulumi config set --path '{place}.formerly' {old}",
            )
        elif on_github is None and repository_id is not None:
            yield deleted_repository(old)


def deleted_repository(name: str) -> Problem:
    """Describe an entry whose repository was deleted first; the provider would fail."""
    return Problem(
        path(("repositories", name)),
        "removed from the stack file, and its repository is deleted on GitHub",
        "a state without this repository",
        "run `pulumi refresh` once, then `pulumi up`",
    )


def check_former_names(situation: Situation) -> Iterator[Problem]:
    for repository, on_github in situation.existing:
        recorded_id = situation.previous_state.repositories.get(repository.formerly or "")
        if recorded_id and on_github.id != recorded_id:
            place = path(("repositories", repository.name, "formerly"))
            yield Problem(
                place,
                display(repository.formerly),
                f"an earlier name of this repository; {repository.formerly} is another repository",
                f"pulumi config rm --path '{place}'; `pulumi up` then removes what the stack "
                f"created for {repository.formerly}",
            )
