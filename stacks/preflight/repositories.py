"""What has to hold on GitHub for the repositories, by the names they have and had."""

from collections.abc import Iterator

from stacks.preflight.situation import Situation
from stacks.settings import RepositorySettings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, shown

# Required reviewers of private repositories belong to the Enterprise plan alone.
# https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers
PLANS_WITHOUT_PRIVATE_GATES = ("free", "team")


def repositories_are_there(situation: Situation) -> Iterator[Problem]:
    for repository in situation.settings.repositories:
        there = situation.snapshot.repositories.get(repository.name.lower())
        place = path(("repositories", repository.name))
        if there is None:
            if not repository.create:
                yield missing_repository(situation, repository, place)
        elif (
            repository.create
            and not {repository.name, repository.formerly}
            & situation.previous_state.repositories.keys()
        ):
            yield Problem(
                f"{place}.create",
                "true",
                "a repository that is not there yet",
                "remove `create`: the repository exists",
            )
        elif there.name != repository.name:
            yield Problem(
                place,
                shown(repository.name),
                f"the name as GitHub writes it, {there.name}",
                "correct the key",
            )
        elif there.archived:
            yield Problem(
                place,
                "archived",
                "a repository that can be written to",
                "unarchive it on GitHub, or remove the entry",
            )
        elif there.private and situation.snapshot.plan in PLANS_WITHOUT_PRIVATE_GATES:
            yield Problem(
                place,
                f"private, on the {situation.snapshot.plan} plan",
                "a public repository: in private ones, required reviewers need the Enterprise plan",
                "make the repository public, or remove the entry",
            )


def missing_repository(situation: Situation, repository: RepositorySettings, place: str) -> Problem:
    number = situation.previous_state.repositories.get(repository.name)
    renamed = next(
        (
            there
            for there in situation.snapshot.repositories.values()
            if number and there.id == number
        ),
        None,
    )
    if renamed:
        remedy = (
            f"rename the key to {renamed.name} and say `formerly: {repository.name}` in its entry"
        )
        return Problem(
            place,
            f"called {renamed.name} on GitHub now",
            "the name that the repository has on GitHub",
            remedy,
        )
    return Problem(
        place,
        "no repository of the organization, or hidden from this token",
        "a repository that exists",
        "correct the name, say `create: true` to have it made, or remove the entry",
    )


def renamed_entries_say_so(situation: Situation) -> Iterator[Problem]:
    """A renamed key would be set up anew and then taken down under its old name, through GitHub's redirects: the gate too."""
    declared = {repository.name: repository for repository in situation.settings.repositories}
    former = {repository.formerly for repository in declared.values()}
    for old, number in situation.previous_state.repositories.items():
        if old in declared or old in former:
            continue
        now = next(
            (there for there in situation.snapshot.repositories.values() if there.id == number),
            None,
        )
        if now and now.name in declared:
            yield Problem(
                path(("repositories", now.name)),
                f"the repository that this stack knows as {old}",
                f"`formerly: {old}`, so that its environment, secrets, workflow and rulesets are kept",
                f"pulumi config set --path '{path(('repositories', now.name))}.formerly' {old}",
            )
        elif now is None and number is not None:
            yield gone(old)


def gone(name: str) -> Problem:
    """The provider cannot delete what went away with a repository; a refresh forgets it."""
    return Problem(
        path(("repositories", name)),
        "removed here, and the repository itself is gone from GitHub",
        "a state that does not name it any more",
        "run `pulumi refresh` once, then `pulumi up`",
    )


def former_names_fit(situation: Situation) -> Iterator[Problem]:
    for repository in situation.settings.repositories:
        number = situation.previous_state.repositories.get(repository.formerly or "")
        there = situation.snapshot.repositories.get(repository.name.lower())
        if number and there and there.id != number:
            yield Problem(
                path(("repositories", repository.name, "formerly")),
                shown(repository.formerly),
                f"the earlier name of this very repository; {repository.formerly} is another one",
                f"remove `formerly`, and `{repository.formerly}` is taken down as a removed entry",
            )
