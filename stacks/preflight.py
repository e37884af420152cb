"""What has to hold on GitHub before `pulumi up` writes anything.

Every rule is a pure function of what is declared, what the state holds and what GitHub has; `RULES` lists them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stacks.on_github import OnGitHub, TeamOnGitHub
from stacks.recorded import Recorded
from stacks.settings import ReleaseRepository, Settings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, shown

# https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
SCOPES = {
    "repo": "environments, secrets, rulesets and files",
    "workflow": "files below .github/workflows",
    "admin:org": "teams and their members",
}
# https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
APP_PERMISSIONS = {
    "administration": ("write", "access, rulesets and environments"),
    "contents": ("write", "files"),
    "environments": ("write", "environment secrets"),
    "members": ("write", "teams and their members"),
    "secrets": ("read", "finding old repository secrets"),
    "workflows": ("write", "files below .github/workflows"),
}
# Required reviewers of private repositories belong to the Enterprise plan alone.
# https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers
PLANS_WITHOUT_PRIVATE_GATES = ("free", "team")


@dataclass(frozen=True)
class Situation:
    """Everything that a rule may look at."""

    settings: Settings
    recorded: Recorded
    found: OnGitHub


def problems(situation: Situation) -> list[Problem]:
    """Everything that has to be put right before the first write, each once: the defaults decide for many repositories."""
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(situation)))


def token_has_its_scopes(situation: Situation) -> Iterator[Problem]:
    scopes = situation.found.scopes
    if scopes is None or situation.settings.app:
        return
    for scope, purpose in SCOPES.items():
        if scope not in scopes:
            yield Problem(
                "GITHUB_TOKEN",
                f"without the scope {scope}",
                f"a token with the scopes {', '.join(SCOPES)}; {scope} is for {purpose}",
                "add the scope to the token, or make a new one",
            )


def token_belongs_to_an_owner(situation: Situation) -> Iterator[Problem]:
    if situation.found.is_owner is False:
        yield Problem(
            "GITHUB_TOKEN",
            "the token of somebody who does not own the organisation",
            "a token of an organisation owner, or a GitHub App under releases:applied-by",
            "use an owner's token",
        )


def app_is_the_declared_one(situation: Situation) -> Iterator[Problem]:
    declared, app = situation.settings.app, situation.found.app
    if declared is None:
        return
    if app is None or app.id != declared.id:
        yield Problem(
            path(("applied-by",)),
            f"{declared.slug} with the id {declared.id}",
            "an app and its own id" + (f", which is {app.id}" if app else "; there is no such app"),
            "copy both from the page of the app's settings",
        )
        return
    wanted = ", ".join(f"{name}: {level}" for name, (level, _) in APP_PERMISSIONS.items())
    for permission, (level, purpose) in APP_PERMISSIONS.items():
        if app.permissions.get(permission) not in (level, "write"):
            yield Problem(
                path(("applied-by",)),
                f"{declared.slug} without the permission {permission}: {level}",
                f"an app with {wanted}; {permission} is for {purpose}",
                "grant the permission in the app's settings, and accept it in the organisation's",
            )


def people_exist(situation: Situation) -> Iterator[Problem]:
    for place, login in named_people(situation.settings):
        if login.lower() in situation.found.missing_people:
            yield Problem(place, shown(login), "the login of somebody on GitHub", "correct the login, or remove it")


def named_people(settings: Settings) -> Iterator[tuple[str, str]]:
    for team in settings.teams:
        for index, login in enumerate(team.team_maintainers):
            yield path((team.role, "team-maintainers", index)), login
        for index, login in enumerate(team.members):
            yield path((team.role, "members", index)), login
    for repository in settings.repositories:
        for index, login in enumerate(repository.reviewer_users):
            yield path((*repository.place("reviewers"), "users", index)), login


def owners_are_team_maintainers(situation: Situation) -> Iterator[Problem]:
    for team in situation.settings.teams:
        for index, login in enumerate(team.members):
            if login.lower() in situation.found.owners:
                yield Problem(
                    path((team.role, "members", index)),
                    shown(login),
                    "members who do not own the organisation: GitHub shows an owner as a maintainer of every team, so "
                    "each refresh would find a difference",
                    f"move {login} to releases:{team.role}.team-maintainers",
                )


def teams_are_as_declared(situation: Situation) -> Iterator[Problem]:
    for team in situation.settings.teams:
        there = situation.found.teams.get(team.slug)
        if team.existing and not there:
            yield no_team(path((team.role, "existing")), team.slug)
        if there is None or team.existing:
            continue
        if team.role in situation.recorded.unfinished_teams:
            yield left_over(situation.settings.owner, team.role, there)
        elif situation.recorded.teams.get(team.role) != there.id:
            yield Problem(
                path((team.role, "name")),
                shown(team.name),
                "a name that no team has yet: this stack did not make that team, and will not take it over unasked",
                f"`pulumi config set --path 'releases:{team.role}.existing' {team.slug}` to use it as it is, or another name",
            )


def left_over(owner: str, role: str, team: TeamOnGitHub) -> Problem:
    """The provider records a team only after everything about it went well: an answer that got lost leaves one behind."""
    return Problem(
        path((role, "name")),
        f"{shown(team.slug)}, a team that an earlier `pulumi up` began to make and did not record",
        "a name that no team has yet, as it was before that `up`",
        f"gh api -X DELETE orgs/{owner}/teams/{team.slug}, unless somebody uses it by now; then `pulumi up`",
    )


def other_teams_exist(situation: Situation) -> Iterator[Problem]:
    managed = {team.slug for team in situation.settings.teams}
    for repository in situation.settings.repositories:
        for slug, _ in repository.teams:
            if slug not in situation.found.teams:
                yield no_team(path((*repository.place("teams"), slug)), slug)
        for index, slug in enumerate(repository.reviewer_teams):
            if slug not in situation.found.teams and slug not in managed:
                yield no_team(path((*repository.place("reviewers"), "teams", index)), slug)


def no_team(place: str, slug: str) -> Problem:
    return Problem(place, shown(slug), "the slug of a team of the organisation", "correct the slug, or create the team")


def reviewing_teams_are_visible(situation: Situation) -> Iterator[Problem]:
    """https://docs.github.com/en/rest/deployments/environments: a secret team cannot review deployments."""
    for place, slug in reviewing_teams(situation.settings):
        team = situation.found.teams.get(slug)
        if team and team.secret:
            yield Problem(place, shown(slug), "a visible team: GitHub takes no secret team as reviewer", "make it visible")


def reviewing_teams(settings: Settings) -> Iterator[tuple[str, str]]:
    """The existing teams that review deployments; those that the stack looks after are made visible by it."""
    if settings.operations.existing:
        yield path(("operations", "existing")), settings.operations.slug
    managed = {team.slug for team in settings.teams if not team.existing}
    for repository in settings.repositories:
        for index, slug in enumerate(repository.reviewer_teams):
            if slug not in managed:
                yield path((*repository.place("reviewers"), "teams", index)), slug


def repositories_are_there(situation: Situation) -> Iterator[Problem]:
    for repository in situation.settings.repositories:
        there = situation.found.repositories.get(repository.name.lower())
        place = path(("repositories", repository.name))
        if there is None:
            if not repository.create:
                yield missing_repository(situation, repository, place)
        elif repository.create and not {repository.name, repository.formerly} & situation.recorded.repositories.keys():
            yield Problem(
                f"{place}.create", "true", "a repository that is not there yet", "remove `create`: the repository exists"
            )
        elif there.name != repository.name:
            yield Problem(place, shown(repository.name), f"the name as GitHub writes it, {there.name}", "correct the key")
        elif there.archived:
            yield Problem(
                place, "archived", "a repository that can be written to", "unarchive it on GitHub, or remove the entry"
            )
        elif there.private and situation.found.plan in PLANS_WITHOUT_PRIVATE_GATES:
            yield Problem(
                place,
                f"private, on the {situation.found.plan} plan",
                "a public repository: in private ones, required reviewers need the Enterprise plan",
                "make the repository public, or remove the entry",
            )


def missing_repository(situation: Situation, repository: ReleaseRepository, place: str) -> Problem:
    number = situation.recorded.repositories.get(repository.name)
    renamed = next((there for there in situation.found.repositories.values() if number and there.id == number), None)
    if renamed:
        remedy = f"rename the key to {renamed.name} and say `formerly: {repository.name}` in its entry"
        return Problem(place, f"called {renamed.name} on GitHub now", "the name that the repository has on GitHub", remedy)
    return Problem(
        place,
        "no repository of the organisation, or hidden from this token",
        "a repository that exists",
        "correct the name, say `create: true` to have it made, or remove the entry",
    )


def renamed_entries_say_so(situation: Situation) -> Iterator[Problem]:
    """A renamed key would be set up anew and then taken down under its old name, through GitHub's redirects: the gate too."""
    declared = {repository.name: repository for repository in situation.settings.repositories}
    former = {repository.formerly for repository in declared.values()}
    for old, number in situation.recorded.repositories.items():
        if old in declared or old in former:
            continue
        now = next((there for there in situation.found.repositories.values() if there.id == number), None)
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
        number = situation.recorded.repositories.get(repository.formerly or "")
        there = situation.found.repositories.get(repository.name.lower())
        if number and there and there.id != number:
            yield Problem(
                path(("repositories", repository.name, "formerly")),
                shown(repository.formerly),
                f"the earlier name of this very repository; {repository.formerly} is another one",
                f"remove `formerly`, and `{repository.formerly}` is taken down as a removed entry",
            )


RULES: tuple[Callable[[Situation], Iterator[Problem]], ...] = (
    token_has_its_scopes,
    token_belongs_to_an_owner,
    app_is_the_declared_one,
    people_exist,
    owners_are_team_maintainers,
    teams_are_as_declared,
    other_teams_exist,
    reviewing_teams_are_visible,
    repositories_are_there,
    renamed_entries_say_so,
    former_names_fit,
)


def leftovers(situation: Situation) -> list[str]:
    """What is no reason to stop, but that somebody should know: one sentence each, with the command that helps."""
    return [*repository_secrets(situation), *undeclared_people(situation)]


def repository_secrets(situation: Situation) -> Iterator[str]:
    """A repository secret is read by every workflow of every branch, past the gate."""
    owner = situation.settings.owner
    for repository in situation.settings.repositories:
        there = situation.found.repositories.get(repository.name.lower())
        for secret in repository.secrets if there else ():
            if there and secret.name in there.secrets:
                yield (
                    f"{secret.name} still exists as a secret of the repository {owner}/{repository.name}, where any workflow "
                    f"can read it past the gate. Delete it: gh secret delete {secret.name} --repo {owner}/{repository.name}"
                )


def undeclared_people(situation: Situation) -> Iterator[str]:
    owner = situation.settings.owner
    for team in situation.settings.teams:
        number = situation.recorded.teams.get(team.role)
        there = next((each for each in situation.found.teams.values() if each.id == number), None)
        for login in sorted(there.people - {person.lower() for person in team.people}) if there else ():
            yield (
                f"{login} is in the team {team.slug}, or invited to it, without being declared. Add the login under "
                f"releases:{team.role}, or remove the person: "
                f"gh api -X DELETE orgs/{owner}/teams/{team.slug}/memberships/{login}"
            )
