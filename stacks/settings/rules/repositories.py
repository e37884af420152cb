"""What has to hold for the repositories, their options and their secrets."""

from collections.abc import Iterable, Iterator

from stacks.settings.declaration import Declaration
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, listed, shown
from stacks.settings.resolved import RepositorySettings, resolve_repositories, resolve_team

MOST_REVIEWERS = (
    6  # https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment
)


def repositories_are_declared(declaration: Declaration) -> Iterator[Problem]:
    if not declaration.repositories:
        yield Problem(
            path(("repositories",)),
            "empty" if declaration.repositories is not None else "missing",
            "at least one repository's name",
            "pulumi config set --path repositories.REPOSITORY ''",
        )


def repositories_are_named_once(declaration: Declaration) -> Iterator[Problem]:
    for _, name in doubles(declaration.repositories or {}):
        yield Problem(
            path(("repositories", name)),
            shown(name),
            "each repository once (GitHub ignores upper and lower case)",
            "remove one of the two",
        )


def former_names_are_free(declaration: Declaration) -> Iterator[Problem]:
    names = {name.lower() for name in declaration.repositories or {}}
    former: set[str] = set()
    for name, entry in declaration.entries():
        old = entry.formerly
        if old and old.lower() in names | former:
            yield Problem(
                path(("repositories", name, "formerly")),
                shown(old),
                "the name that this entry had, which no other entry has or had",
                f"remove the entry {old} when it is this repository, or remove `formerly` when it is another one",
            )
        former |= {old.lower()} if old else set()


def lists_name_each_thing_once(declaration: Declaration) -> Iterator[Problem]:
    for location, options in declaration.option_layers():
        lists = {
            ("secrets",): options.secret_names,
            ("reviewers", "users"): options.reviewers.users,
            ("reviewers", "teams"): options.reviewers.teams,
        }
        for key, names in lists.items():
            for index, name in doubles(names):
                yield Problem(
                    path((*location, *key, index)),
                    shown(name),
                    "each name once",
                    "remove one of the two",
                )


def secrets_belong_to_repositories(declaration: Declaration) -> Iterator[Problem]:
    repositories = {repository.name: repository for repository in resolve_repositories(declaration)}
    for name, values in (declaration.secrets or {}).items():
        if name not in repositories:
            yield stray_secrets(name, list(repositories))
            continue
        for secret in values:
            if secret not in [each.name for each in repositories[name].secrets]:
                yield stray_secret(repositories[name], secret)


def stray_secrets(name: str, repositories: list[str]) -> Problem:
    place = path(("secrets", name))
    return Problem(
        place,
        "",
        f"secrets of declared repositories: {listed(repositories)}",
        f"add `{name}:` under repositories, or remove the secrets: pulumi config rm --path '{place}'",
    )


def stray_secret(repository: RepositorySettings, secret: str) -> Problem:
    place = path(("secrets", repository.name, secret))
    remove = f"pulumi config rm --path '{place}'"
    if not repository.has_token:
        allowed = (
            f"no secrets: {repository.name} is published by {repository.layout}, which needs none"
        )
        advice = f"remove the value, and revoke it after the first release without it: {remove}"
        return Problem(
            place,
            "",
            allowed,
            advice,
        )
    return Problem(
        place,
        "",
        f"the secrets declared for {repository.name}: {listed(each.name for each in repository.secrets)}",
        f"add {secret} to the `secrets` of {repository.name}, or remove the value: {remove}",
    )


def reviewers_are_at_most_six(declaration: Declaration) -> Iterator[Problem]:
    for repository in resolve_repositories(declaration):
        count = 1 + len(repository.reviewers.users) + len(repository.reviewers.teams)
        if count > MOST_REVIEWERS:
            yield Problem(
                path(repository.place("reviewers")),
                f"{count} reviewers, counting the operations team",
                f"at most {MOST_REVIEWERS}: GitHub takes no more for one environment",
                "name a team in place of several people",
            )


def the_two_teams_are_not_repeated(declaration: Declaration) -> Iterator[Problem]:
    slugs = {resolve_team(role, team).slug: role for role, team in declaration.teams()}
    for repository in resolve_repositories(declaration):
        named = {
            "teams": list(repository.teams),
            "reviewers": repository.reviewers.teams,
        }
        for key, slug in ((key, slug) for key, names in named.items() for slug in names):
            # The maintainers have no say at the gate unless they are named there.
            if slug in slugs and (key, slugs[slug]) != ("reviewers", "maintainers"):
                yield Problem(
                    path(repository.place(key)),
                    shown(slug),
                    f"teams beside the two; {slug} is the {slugs[slug]} team, which is always there",
                    "remove it",
                )


def the_stack_belongs_to_operations(declaration: Declaration) -> Iterator[Problem]:
    """Who can merge to the repository of the stack holds every key, whatever the gates say."""
    for repository in resolve_repositories(declaration):
        if repository.name.lower() != (declaration.stack_repository or "").lower():
            continue
        if repository.maintainers_permission == "write":
            yield stack_problem(
                repository, "maintainers-permission", "write", "set it to `read` for this entry"
            )
        for slug, permission in repository.teams.items():
            if permission in ("write", "maintain"):
                yield stack_problem(
                    repository,
                    "teams",
                    f"{slug}: {permission}",
                    "give that team `read` at most here",
                )


def stack_problem(repository: RepositorySettings, key: str, value: str, remedy: str) -> Problem:
    """It is put right in the entry of the repository, also where the defaults decided: for others they may be fine."""
    return Problem(
        path(("repositories", repository.name, key)),
        value,
        f"read or triage: {repository.name} holds this stack, and whoever can write to it holds every token",
        remedy,
    )


def doubles(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the index and the name of each repetition: GitHub ignores upper and lower case."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.lower() in seen:
            yield index, name
        seen.add(name.lower())
