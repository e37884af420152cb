"""What is no reason to stop, but that somebody should know."""

from collections.abc import Callable, Iterator, Sequence

from stacks.preflight.organization import shared_secrets, unseen_secrets, workflow_tokens
from stacks.preflight.situation import Situation
from stacks.publishing import scripts_run, tokens_of


def warnings(situation: Situation) -> list[str]:
    """What is no reason to stop, but that somebody should know: one sentence each, with the command that helps."""
    return [sentence for rule in RULES for sentence in rule(situation)]


def repository_secrets(situation: Situation) -> Iterator[str]:
    """A repository secret is read by every workflow of every branch, past the gate."""
    owner = situation.settings.owner
    for repository in situation.settings.repositories:
        there = situation.snapshot.repositories.get(repository.name.lower())
        for name in tokens_of(repository) if there else ():
            if there and name in there.secrets:
                yield (
                    f"{name} still exists as a secret of the repository {owner}/{repository.name}, where any workflow "
                    f"can read it past the gate. Delete it: gh secret delete {name} --repo {owner}/{repository.name}"
                )


def undeclared_people(situation: Situation) -> Iterator[str]:
    owner = situation.settings.owner
    for team in situation.settings.teams:
        number = situation.previous_state.teams.get(team.role)
        there = next(
            (each for each in situation.snapshot.teams.values() if each.id == number), None
        )
        for login in (
            sorted(there.people - {person.lower() for person in team.people}) if there else ()
        ):
            yield (
                f"{login} is in the team {team.slug}, or invited to it, without being declared. Add the login under "
                f"{team.role}, or remove the person: "
                f"gh api -X DELETE orgs/{owner}/teams/{team.slug}/memberships/{login}"
            )


def absent_scripts(situation: Situation) -> Iterator[str]:
    """A release fails at a script that is not there, and the tag that started it cannot be moved to a better commit."""
    for repository in situation.settings.repositories:
        found = situation.snapshot.scripts.get(repository.name.lower())
        run = scripts_run(repository)
        if found and (missing := found.missing(run)):
            yield (
                f"{repository.name} has no {' and no '.join(missing)}, which its publish workflow runs: a release would fail "
                f"there. Add {it_or_them(missing)} to the default branch, or choose another layout with `publish`"
            )
        if found and (plain := found.not_executable(run)):
            yield (
                f"{repository.name} has {' and '.join(plain)} without permission to execute {it_or_them(plain)}, as its "
                f"publish workflow does. In that repository: git update-index --chmod=+x {' '.join(plain)}"
            )


def it_or_them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


RULES: tuple[Callable[[Situation], Iterator[str]], ...] = (
    repository_secrets,
    shared_secrets,
    unseen_secrets,
    workflow_tokens,
    undeclared_people,
    absent_scripts,
)
