"""An event, and what several of them choose: a declared repository, and a file in it."""

import base64
from collections.abc import Callable

from commands.histories.organization import OWNER, Organization
from simulated_github.records.repositories import Repository

Event = Callable[[Organization], str | None]


WORKFLOW = ".github/workflows/publish.yml"


def declared_repositories(organization: Organization) -> list[Repository]:
    """Return the repositories that the entries mean and that the organization still owns."""
    ids = {organization.repositories.get(key) for key in organization.entries}
    return [
        repository
        for repository in organization.world.repositories.values()
        if repository.id in ids and repository.owner.login == OWNER
    ]


def choose_repository(
    organization: Organization, *, archived: bool | None = False
) -> Repository | None:
    """Return a random declared repository; `archived` may be `None` for any."""
    repositories = [
        repository
        for repository in declared_repositories(organization)
        if archived is None or repository.archived == archived
    ]
    return organization.random.choice(repositories) if repositories else None


def path_of(repository: Repository) -> str:
    return f"/repos/{repository.full_name}"


def put_file(organization: Organization, repository: Repository, path: str, text: str) -> None:
    body = {
        "message": "Change",
        "content": base64.b64encode(text.encode()).decode(),
        "branch": repository.default_branch,
    }
    head = repository.git.refs[repository.default_ref]
    if entry := repository.git.entry(head, path):
        body["sha"] = entry.sha
    organization.request("PUT", f"{path_of(repository)}/contents/{path}", body)
