"""Rules for the repositories, their options and their secrets."""

from collections.abc import Iterable, Iterator

from stacks.settings.declaration import Declaration, RepositoryEntry
from stacks.settings.model import key_of
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display, join_names
from stacks.settings.resolved import (
    RepositorySettings,
    publishing_repositories,
    resolve_repositories,
    resolve_team,
)

MOST_REVIEWERS = (
    6  # https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment
)


def check_missing_repositories(declaration: Declaration) -> Iterator[Problem]:
    """Require a repository."""
    if not declaration.repositories:
        yield Problem(
            path(("repositories",)),
            "empty" if declaration.repositories is not None else "missing",
            "at least one repository's name",
            "pulumi config set --path repositories.REPOSITORY.approvals 1",
        )


def check_duplicate_repositories(declaration: Declaration) -> Iterator[Problem]:
    """Require each repository only once."""
    for _, name in repeated_names(declaration.repositories or {}):
        yield Problem(
            path(("repositories", name)),
            display(name),
            "each repository once (case does not matter)",
            "remove one of the two",
        )


def check_reused_former_names(declaration: Declaration) -> Iterator[Problem]:
    """Require that no other entry has or had a former name.

    A name whose case alone changed is a former name of its own entry.
    """
    names = {name.lower(): name for name in declaration.repositories or {}}
    former: set[str] = set()
    for name, entry in declaration.entries():
        old = entry.formerly
        if old is None:
            continue
        reused = names.get(old.lower(), name) != name or old == name
        if reused or old.lower() in former:
            yield Problem(
                path(("repositories", name, "formerly")),
                display(old),
                "the former name of this entry, which no other entry has or had",
                f"remove the entry {old} if it is the same repository, or remove `formerly` "
                "if it is not",
            )
        former.add(old.lower())


def check_duplicate_names(declaration: Declaration) -> Iterator[Problem]:
    """Require each secret, user and team only once in a list."""
    for location, options in declaration.option_layers():
        lists = {
            ("secrets",): options.secret_names,
            ("reviewers", "users"): options.reviewers.users,
            ("reviewers", "teams"): options.reviewers.teams,
        }
        for key, names in lists.items():
            for index, name in repeated_names(names):
                yield Problem(
                    path((*location, *key, index)),
                    display(name),
                    "each name once",
                    "remove one of the two",
                )


def check_archived_entries(declaration: Declaration) -> Iterator[Problem]:
    """Require that an archived repository is not created, and not retired as well."""
    for name, entry in declaration.entries():
        if entry.archived and entry.create:
            yield Problem(
                path(("repositories", name, "create")),
                "true, and so is `archived`",
                "one of the two: an archived repository exists, and GitHub changes nothing in it",
                f"{removal(name, 'create')}, which deletes nothing",
            )
        if entry.archived and entry.retired:
            yield Problem(
                path(("repositories", name, "retired")),
                "true, and so is `archived`",
                "one of the two: `retired` changes the gate, which GitHub only allows after the "
                "repository is unarchived",
                removal(name, "retired"),
            )


def check_retired_entries(declaration: Declaration) -> Iterator[Problem]:
    """Require that a retired entry has no options, which would have no effect."""
    for name, entry in declaration.entries():
        for key in options_of_retired(entry) if entry.retired else ():
            yield Problem(
                path(("repositories", name, key)),
                "an option of a retired entry",
                "only `retired` and `formerly`: the entry keeps nothing but a closed environment",
                removal(name, key),
            )


def options_of_retired(entry: RepositoryEntry) -> list[str]:
    """Return the keys of an entry that have no effect once it is retired."""
    options = [key_of(RepositoryEntry, option) for option in entry.declared_options()]
    return [*options, *(["create"] if entry.create else [])]


def removal(name: str, key: str) -> str:
    """Return the command that removes an option of an entry."""
    return f"pulumi config rm --path '{path(('repositories', name, key))}'"


def check_acceptances(declaration: Declaration) -> Iterator[Problem]:
    """Require a reason and a date for each finding that is accepted."""
    for finding, acceptance in (declaration.accept or {}).items():
        if not (acceptance.reason or "").strip():
            yield incomplete_acceptance(
                finding, "reason", "why the finding is accepted", "'REASON'"
            )
        if not acceptance.until:
            yield incomplete_acceptance(
                finding, "until", "the last day on which the finding is accepted", "YYYY-MM-DD"
            )


def incomplete_acceptance(finding: str, key: str, allowed: str, value: str) -> Problem:
    place = path(("accept", finding, key))
    return Problem(place, "missing", allowed, f"pulumi config set --path '{place}' {value}")


def check_stray_secrets(declaration: Declaration) -> Iterator[Problem]:
    """Require that a repository declares each secret with a value."""
    repositories = {repository.name: repository for repository in resolve_repositories(declaration)}
    for name, values in (declaration.secrets or {}).items():
        if name not in repositories:
            yield stray_secrets(name, list(repositories))
            continue
        for secret in values:
            if secret not in repositories[name].secret_names:
                yield stray_secret(repositories[name], secret)


def stray_secrets(name: str, repositories: list[str]) -> Problem:
    """Return the problem of secrets without a repository."""
    place = path(("secrets", name))
    return Problem(
        place,
        "",
        f"secrets of declared repositories: {join_names(repositories)}",
        f"add `{name}:` to `repositories`, or remove the secrets: "
        f"pulumi config rm --path '{place}'",
    )


def stray_secret(repository: RepositorySettings, secret: str) -> Problem:
    """Return the problem of a secret that its repository does not declare."""
    place = path(("secrets", repository.name, secret))
    remove = f"pulumi config rm --path '{place}'"
    if repository.retired:
        allowed = f"no secrets: {repository.name} is retired and does not publish"
        return Problem(place, "", allowed, f"revoke it where it was issued, and run {remove}")
    if not repository.has_token:
        allowed = (
            f"no secrets: {repository.name} uses {repository.layout}, which publishes without a "
            "token"
        )
        advice = f"remove the value, and revoke it after the first release without it: {remove}"
        return Problem(place, "", allowed, advice)
    return Problem(
        place,
        "",
        f"the secrets declared for {repository.name}: {join_names(repository.secret_names)}",
        f"add {secret} to the `secrets` of {repository.name}, or remove the value: {remove}",
    )


def check_reviewer_limit(declaration: Declaration) -> Iterator[Problem]:
    """Require no more reviewers than GitHub allows."""
    for repository in publishing_repositories(declaration):
        count = 1 + len(repository.reviewers.users) + len(repository.reviewers.teams)
        if count > MOST_REVIEWERS:
            yield Problem(
                path(repository.place("reviewers")),
                f"{count} reviewers, including the operations team",
                f"at most {MOST_REVIEWERS}: GitHub's limit for an environment",
                "list a team in place of several people",
            )


def check_repeated_teams(declaration: Declaration) -> Iterator[Problem]:
    """Require other teams than operations and maintainers."""
    slugs = {resolve_team(role, team).slug: role for role, team in declaration.teams()}
    for repository in publishing_repositories(declaration):
        teams = [("teams", slug) for slug in repository.teams]
        reviewers = [("reviewers", slug) for slug in repository.reviewers.teams]
        for key, slug in [*teams, *reviewers]:
            # The maintainers approve no deployment unless they are listed there.
            if slug in slugs and (key, slugs[slug]) != ("reviewers", "maintainers"):
                yield Problem(
                    path(repository.place(key)),
                    display(slug),
                    f"other teams than the two; {slug} is the {slugs[slug]} team, which is always "
                    "included",
                    "remove it",
                )


def check_stack_repository(declaration: Declaration) -> Iterator[Problem]:
    """Require that operations alone can write to the repository of the stack."""
    for repository in publishing_repositories(declaration):
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
                    "set it to `read` or `triage` in this entry",
                )


def stack_problem(repository: RepositorySettings, key: str, value: str, remedy: str) -> Problem:
    """Return the problem of write access to the stack's repository.

    Its path is the repository's entry even if the defaults are the cause, which may be right for
    other repositories.
    """
    return Problem(
        path(("repositories", repository.name, key)),
        value,
        f"read or triage: {repository.name} holds this stack, and a user who can write to it can "
        "use every token",
        remedy,
    )


def repeated_names(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the index and the name of each repetition: GitHub ignores upper and lower case."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.lower() in seen:
            yield index, name
        seen.add(name.lower())
