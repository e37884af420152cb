"""Events on GitHub's pages for repositories: names, owners, archives and default branches."""

from collections.abc import Callable
from functools import wraps

from commands.histories.choices import (
    Event,
    choose_repository,
    declared_repositories,
    path_of,
    put_file,
)
from commands.histories.organization import OTHER_OWNER, OWNER, Organization
from simulated_github.records.repositories import Repository

FREE_NAMES = ("delta", "epsilon", "zeta", "eta")


def of_a_repository(event: Callable[[Organization, Repository], str]) -> Event:
    """Return the event for a random repository; it does not apply where none is left."""

    @wraps(event)
    def choose_and_run(organization: Organization) -> str | None:
        repository = choose_repository(organization)
        return event(organization, repository) if repository else None

    return choose_and_run


def free_name(organization: Organization) -> str:
    names = [name for name in FREE_NAMES if organization.world.repository(OWNER, name) is None]
    return organization.random.choice(names)


@of_a_repository
def rename(organization: Organization, repository: Repository) -> str:
    old = repository.name
    new = free_name(organization)
    organization.request("PATCH", path_of(repository), {"name": new})
    return f"{old} is renamed to {new}"


@of_a_repository
def rename_case(organization: Organization, repository: Repository) -> str:
    old = repository.name
    new = old.capitalize() if old.islower() else old.lower()
    organization.request("PATCH", path_of(repository), {"name": new})
    return f"{old} is renamed to {new}"


def swap_names(organization: Organization) -> str | None:
    repositories = [
        repository for repository in declared_repositories(organization) if not repository.archived
    ]
    if len(repositories) < 2:
        return None
    first, second = organization.random.sample(repositories, 2)
    first_name, second_name = first.name, second.name
    organization.request("PATCH", path_of(first), {"name": "between"})
    organization.request("PATCH", path_of(second), {"name": first_name})
    organization.request("PATCH", path_of(first), {"name": second_name})
    return f"{first_name} and {second_name} swap their names"


def move_names_on(organization: Organization) -> str | None:
    """Give a repository a name of the past, and its name to another repository."""
    repository = choose_repository(organization)
    gamma = organization.world.repository(OWNER, "gamma")
    if repository is None or gamma is None or gamma is repository or gamma.archived:
        return None
    name = repository.name
    organization.request("PATCH", path_of(repository), {"name": f"{name}-legacy"})
    organization.request("PATCH", path_of(gamma), {"name": name})
    return f"{name} becomes {name}-legacy, and gamma becomes {name}"


def transfer(organization: Organization) -> str | None:
    if len(declared_repositories(organization)) < 2:
        return None  # at least one entry must be left
    repository = choose_repository(organization)
    if repository is None:
        return None
    name = repository.name
    organization.request("POST", f"{path_of(repository)}/transfer", {"new_owner": OTHER_OWNER})
    return f"{name} is transferred"


@of_a_repository
def archive(organization: Organization, repository: Repository) -> str:
    organization.request("PATCH", path_of(repository), {"archived": True})
    return f"{repository.name} is archived"


def unarchive(organization: Organization) -> str | None:
    repository = choose_repository(organization, archived=True)
    if repository is None:
        return None
    organization.request("PATCH", path_of(repository), {"archived": False})
    return f"{repository.name} is unarchived"


def delete_and_recreate(organization: Organization) -> str | None:
    repository = choose_repository(organization, archived=None)
    if repository is None:
        return None
    name = repository.name
    organization.request("DELETE", path_of(repository))
    organization.request("POST", f"/orgs/{OWNER}/repos", {"name": name, "auto_init": True})
    created = organization.repository_named(name)
    for script in ("install", "build", "publish"):
        put_file(organization, created, f"scripts/{script}", "#!/bin/sh -e\n")
    return f"{name} is deleted and created again"


def delete(organization: Organization) -> str | None:
    if len(declared_repositories(organization)) < 2:
        return None  # at least one entry must be left
    repository = choose_repository(organization, archived=None)
    if repository is None:
        return None
    organization.request("DELETE", path_of(repository))
    return f"{repository.name} is deleted"


@of_a_repository
def change_default_branch(organization: Organization, repository: Repository) -> str:
    old = repository.default_branch
    new = "trunk" if old != "trunk" else "main"
    path = path_of(repository)
    if f"refs/heads/{new}" not in repository.git.refs:
        sha = repository.git.refs[repository.default_ref]
        organization.request("POST", f"{path}/git/refs", {"ref": f"refs/heads/{new}", "sha": sha})
    organization.request("PATCH", path, {"default_branch": new})
    if organization.random.random() < 0.5:
        organization.request("DELETE", f"{path}/git/refs/heads/{old}")
        return f"the default branch of {repository.name} is renamed from {old} to {new}"
    return f"the default branch of {repository.name} is {new}, and {old} stays"
