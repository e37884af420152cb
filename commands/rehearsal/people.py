"""Who plays in a rehearsal: the people that the user's own declaration names, and some who are made up where it names none."""

from collections.abc import Iterable
from dataclasses import dataclass

from commands.rehearsal.errors import ChoiceError
from stacks.settings import RepositorySettings, Settings, Team

OWNER = "organization-owner"
MAINTAINER = "invited-maintainer"


@dataclass(frozen=True)
class Cast:
    """The people of a rehearsal, by what they do in it.

    Attributes:
        owner: Owns the organization; applies the stack, unless an app does.
        author: Writes the release's pull request, and later what must not succeed.
        readers: Approve the pull request, as many as the declaration asks for.
        maintainer: Is in no team that signs off.
        pusher: Pushes the release tag.
        approver: May approve the deployment, and did not push the tag.
        maintainers_review: Whether whoever is a maintainer may approve too.
        teams: The members of teams that are there already, by slug.
    """

    owner: str
    author: str
    readers: tuple[str, ...]
    maintainer: str
    pusher: str
    approver: str
    maintainers_review: bool
    teams: dict[str, tuple[str, ...]]

    @property
    def everybody(self) -> tuple[str, ...]:
        named = (
            self.owner,
            self.author,
            *self.readers,
            self.maintainer,
            self.pusher,
            self.approver,
        )
        return unique([*named, *(login for people in self.teams.values() for login in people)])


def cast(settings: Settings) -> Cast:
    """The cast for settings with one repository. Raises `ChoiceError` when nobody but the one who pushes could approve."""
    repository, teams = settings.repositories[0], existing_teams(settings, settings.repositories[0])
    operators, maintainers = (
        people_of(team, teams) for team in (settings.operations, settings.maintainers)
    )
    by_slug = {**teams, settings.operations.slug: operators, settings.maintainers.slug: maintainers}
    reviewers = unique(
        [
            *operators,
            *repository.reviewer_users,
            *(p for slug in repository.reviewer_teams for p in by_slug[slug]),
        ]
    )
    owner = owner_of(settings)
    everybody_reviews = settings.maintainers.slug in repository.reviewer_teams
    maintainer = next(
        iter(without(maintainers, (*operators, owner, *(() if everybody_reviews else reviewers)))),
        MAINTAINER,
    )
    more = {"maintain": (owner,), "maintainers": maintainers, "operations": ()}[
        repository.tag_creators
    ]
    pusher, approver = pair((*operators, *more), reviewers)
    writers = unique(
        [
            *((maintainer, *maintainers) if repository.maintainers_permission == "write" else ()),
            *operators,
        ]
    )
    readers = without(writers, writers[:1])[: repository.approvals]
    return Cast(owner, writers[0], readers, maintainer, pusher, approver, everybody_reviews, teams)


def pair(pushers: Iterable[str], reviewers: Iterable[str]) -> tuple[str, str]:
    """Who pushes the tag, and another who approves. Rather somebody who signs off other releases, which must not be enough."""
    for pusher in pushers:
        for approver in without(reviewers, (pusher,)):
            return pusher, approver
    raise ChoiceError(
        "operations",
        "one person alone",
        "somebody who can approve what another pushed",
        "add a second person",
    )


def owner_of(settings: Settings) -> str:
    """Somebody who may own the organization: GitHub shows an owner as a maintainer of every team, never as a mere member."""
    maintainers = [login for team in settings.teams for login in team.team_maintainers]
    return next(
        iter(without(maintainers, (login for team in settings.teams for login in team.members))),
        OWNER,
    )


def existing_teams(
    settings: Settings, repository: RepositorySettings
) -> dict[str, tuple[str, ...]]:
    """The teams that are looked after elsewhere, whose people no declaration names: with some who are made up."""
    looked_after = {team.slug for team in settings.teams if not team.existing}
    named = [team.slug for team in settings.teams if team.existing]
    named += [slug for slug, _ in repository.teams] + [*repository.reviewer_teams]
    count = repository.approvals + 2
    return {
        slug: tuple(f"member-{number}-of-{slug}"[:39].rstrip("-") for number in range(1, count + 1))
        for slug in unique(named)
        if slug not in looked_after
    }


def people_of(team: Team, teams: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return teams[team.slug] if team.existing else unique([*team.members, *team.team_maintainers])


def without(people: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    taken = {login.lower() for login in others}
    return tuple(login for login in people if login.lower() not in taken)


def unique(people: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever the case, where and as it stands first."""
    found: dict[str, str] = {}
    for login in people:
        found.setdefault(login.lower(), login)
    return tuple(found.values())
