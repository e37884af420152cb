"""What has to hold between the parts of a declaration, beyond the shape of each.

Every rule is a function from a declaration to the problems it sees; `RULES` lists them. A rule may meet a declaration whose
faulty parts were left out, so it assumes nothing.
"""

from collections.abc import Callable, Iterable, Iterator

from stacks.settings.declared import Declaration, DeclaredRepository, DeclaredTeam
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, shown
from stacks.settings.resolved import ReleaseRepository
from stacks.settings.resolving import resolve_repositories, resolve_team

Rule = Callable[[Declaration], Iterator[Problem]]
MOST_REVIEWERS = 6  # https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment


def broken(declaration: Declaration) -> list[Problem]:
    """Everything that the rules object to."""
    return [problem for rule in RULES for problem in rule(declaration)]


def declared_teams(declaration: Declaration) -> Iterator[tuple[str, DeclaredTeam | None]]:
    yield "operations", declaration.operations
    yield "maintainers", declaration.maintainers


def teams_have_people(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declared_teams(declaration):
        if not (team and (team.members or team.team_maintainers or team.existing)):
            yield Problem(
                path((role,)),
                "an empty team" if team else "missing",
                "at least one person under `members` or `team-maintainers`, or an `existing` team's slug",
                f"pulumi config set --path 'releases:{role}.members[0]' LOGIN",
            )


def existing_teams_stand_alone(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declared_teams(declaration):
        if team and team.existing and (team.members or team.team_maintainers or team.name or team.description):
            yield Problem(
                path((role, "existing")),
                shown(team.existing),
                "either `existing`, or a name and people, not both",
                "remove `existing` to have the stack look after the team, or remove the other keys",
            )


def teams_differ(declaration: Declaration) -> Iterator[Problem]:
    operations, maintainers = (resolve_team(role, team) for role, team in declared_teams(declaration))
    if operations.slug == maintainers.slug:
        yield Problem(
            path(("maintainers",)),
            shown(maintainers.slug),
            "two different teams: merging and publishing are different matters",
            "name another team",
        )


def people_are_named_once(declaration: Declaration) -> Iterator[Problem]:
    for role, team in declared_teams(declaration):
        for key, index, login in repeated(team):
            yield Problem(
                path((role, key, index)),
                shown(login),
                "each person once in a team, as member or as team maintainer (GitHub ignores upper and lower case)",
                "remove one of the two",
            )


def repeated(team: DeclaredTeam | None) -> Iterator[tuple[str, int, str]]:
    seen: set[str] = set()
    for key, logins in (("team-maintainers", team.team_maintainers), ("members", team.members)) if team else ():
        for index, login in enumerate(logins):
            if login.lower() in seen:
                yield key, index, login
            seen.add(login.lower())


def lists_name_each_thing_once(declaration: Declaration) -> Iterator[Problem]:
    for location, options in every_options(declaration):
        reviewers = options.reviewers
        lists = {
            ("secrets",): options.secrets or [],
            ("reviewers", "users"): reviewers.users if reviewers else [],
            ("reviewers", "teams"): reviewers.teams if reviewers else [],
        }
        for key, names in lists.items():
            for index, name in doubles(names):
                yield Problem(path((*location, *key, index)), shown(name), "each name once", "remove one of the two")


def doubles(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.lower() in seen:
            yield index, name
        seen.add(name.lower())


def every_options(declaration: Declaration) -> Iterator[tuple[tuple[str, ...], DeclaredRepository]]:
    """Each mapping of options with its place: the defaults, and every entry that says something."""
    if declaration.defaults:
        yield ("defaults",), DeclaredRepository.model_construct(**dict(declaration.defaults))
    for name, entry in (declaration.repositories or {}).items():
        if entry:
            yield ("repositories", name), entry


def repositories_are_declared(declaration: Declaration) -> Iterator[Problem]:
    if not declaration.repositories:
        yield Problem(
            path(("repositories",)),
            "empty" if declaration.repositories is not None else "missing",
            "at least one repository's name",
            "add a line such as `httpx:` under releases:repositories",
        )


def repositories_are_named_once(declaration: Declaration) -> Iterator[Problem]:
    names = [*(declaration.repositories or {})]
    formerly = {entry.formerly: name for name, entry in (declaration.repositories or {}).items() if entry and entry.formerly}
    for _, name in doubles(names):
        yield Problem(
            path(("repositories", name)),
            shown(name),
            "each repository once (GitHub ignores upper and lower case)",
            "remove one of the two",
        )
    for old, name in formerly.items():
        if old.lower() in {other.lower() for other in names}:
            yield Problem(
                path(("repositories", name, "formerly")),
                shown(old),
                "a name that no entry has any more",
                f"remove the entry {old}, or remove `formerly` when {old} is another repository",
            )


def secrets_belong_to_repositories(declaration: Declaration) -> Iterator[Problem]:
    repositories = {repository.name: repository for repository in resolve_repositories(declaration)}
    for name, values in (declaration.secrets or {}).items():
        if name not in repositories:
            yield Problem(
                path(("secrets", name)),
                "",
                f"secrets of declared repositories: {', '.join(repositories) or 'none'}",
                f"add `{name}:` under releases:repositories, or remove the secrets: "
                f"pulumi config rm --path '{path(('secrets', name))}'",
            )
            continue
        declared = [secret.name for secret in repositories[name].secrets]
        for secret in values:
            if secret not in declared:
                yield Problem(
                    path(("secrets", name, secret)),
                    "",
                    f"the secrets declared for {name}: {', '.join(declared) or 'none'}",
                    f"add {secret} to the `secrets` of {name}, or remove the value: "
                    f"pulumi config rm --path '{path(('secrets', name, secret))}'",
                )


def reviewers_are_at_most_six(declaration: Declaration) -> Iterator[Problem]:
    for repository in resolve_repositories(declaration):
        count = 1 + len(repository.reviewer_users) + len(repository.reviewer_teams)
        if count > MOST_REVIEWERS:
            yield Problem(
                path(("repositories", repository.name, "reviewers")),
                f"{count} reviewers, counting the operations team",
                f"at most {MOST_REVIEWERS}: GitHub takes no more for one environment",
                "name a team in place of several people",
            )


def the_two_teams_are_not_repeated(declaration: Declaration) -> Iterator[Problem]:
    slugs = {resolve_team(role, team).slug: role for role, team in declared_teams(declaration)}
    for repository in resolve_repositories(declaration):
        named = {slug: "teams" for slug, _ in repository.teams} | dict.fromkeys(repository.reviewer_teams, "reviewers")
        for slug, key in named.items():
            if slug in slugs and not (key == "reviewers" and slugs[slug] == "maintainers"):
                yield Problem(
                    path(("repositories", repository.name, key)),
                    shown(slug),
                    f"teams beside the two; {slug} is the {slugs[slug]} team, which is always there",
                    "remove it",
                )


def deployments_can_be_approved(declaration: Declaration) -> Iterator[Problem]:
    """Nobody may approve what they started, so one person must not be the only one to do both."""
    operations = resolve_team("operations", declaration.operations)
    if operations.existing or len(operations.people) != 1:
        return
    for repository in resolve_repositories(declaration):
        others = {user.lower() for user in repository.reviewer_users} - {operations.people[0].lower()}
        if others or repository.reviewer_teams or repository.tag_creators == "maintainers":
            continue
        yield Problem(
            path(("operations",)),
            f"{operations.people[0]} alone",
            "two people at least: who pushes a release tag cannot approve its deployment, and the tags of "
            f"{repository.name} belong to this team",
            "add a second person to operations, name further reviewers, or let the maintainers create tags",
        )
        return


def pull_requests_can_be_approved(declaration: Declaration) -> Iterator[Problem]:
    """The author's own approval does not count, so `approvals` people are needed beside the author."""
    teams = [resolve_team(role, team) for role, team in declared_teams(declaration)]
    if any(team.existing for team in teams):
        return
    for repository in resolve_repositories(declaration):
        people = approvers_of_pull_requests(repository, declaration)
        if people is not None and repository.approvals > len(people) - 1:
            yield Problem(
                path(("repositories", repository.name, "approvals")),
                str(repository.approvals),
                f"at most {max(len(people) - 1, 0)}: {len(people)} people can write to {repository.name}, and nobody approves "
                "their own pull request",
                "lower `approvals`, or add people to the teams",
            )


def approvers_of_pull_requests(repository: ReleaseRepository, declaration: Declaration) -> set[str] | None:
    """Who may give an approval that counts; unknown (`None`) where an existing team may write."""
    if any(permission in ("write", "maintain") for _, permission in repository.teams):
        return None
    people = {login.lower() for login in resolve_team("operations", declaration.operations).people}
    if repository.maintainers_permission == "write":
        people |= {login.lower() for login in resolve_team("maintainers", declaration.maintainers).people}
    return people


def the_stack_belongs_to_operations(declaration: Declaration) -> Iterator[Problem]:
    """Who can merge to the repository of the stack holds every key, whatever the gates say."""
    for repository in resolve_repositories(declaration):
        if not declaration.stack_repository or repository.name.lower() != declaration.stack_repository.lower():
            continue
        if repository.maintainers_permission == "write":
            yield stack_problem(repository.name, "maintainers-permission", "write", "set it to `read` for this entry")
        for slug, permission in repository.teams:
            if permission in ("write", "maintain"):
                yield stack_problem(repository.name, "teams", f"{slug}: {permission}", "give that team `read` at most here")


def stack_problem(name: str, key: str, value: str, remedy: str) -> Problem:
    return Problem(
        path(("repositories", name, key)),
        value,
        f"read or triage: {name} holds this stack, and whoever can write to it holds every token",
        remedy,
    )


def the_app_is_complete(declaration: Declaration) -> Iterator[Problem]:
    app = declaration.applied_by
    if app and bool(app.app) != bool(app.id):
        yield Problem(
            path(("applied-by",)),
            "incomplete",
            "the app's slug and its numeric id, both on the page of the app's settings",
            "pulumi config set --path 'releases:applied-by.app' SLUG; pulumi config set --path 'releases:applied-by.id' ID",
        )


RULES: tuple[Rule, ...] = (
    teams_have_people,
    existing_teams_stand_alone,
    teams_differ,
    people_are_named_once,
    lists_name_each_thing_once,
    repositories_are_declared,
    repositories_are_named_once,
    secrets_belong_to_repositories,
    reviewers_are_at_most_six,
    the_two_teams_are_not_repeated,
    deployments_can_be_approved,
    pull_requests_can_be_approved,
    the_stack_belongs_to_operations,
    the_app_is_complete,
)
