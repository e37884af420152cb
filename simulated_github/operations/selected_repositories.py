"""The repositories that an organization's secret or variable is for, when it is for selected ones.

Source: GitHub's docs, REST pages "Secrets" and "Variables": adding and removing one is a 409 unless the visibility is
``selected``.
"""

from collections.abc import Callable
from typing import Protocol

from simulated_github.errors import Conflict
from simulated_github.http.fields import Integer, body, list_of
from simulated_github.http.request import Request
from simulated_github.http.requirements import Requirement
from simulated_github.http.responses import Response, no_content, page
from simulated_github.http.routing import Operation
from simulated_github.records.repositories import Repository
from simulated_github.shapes import repositories


class Shared(Protocol):
    """What an organization shares with repositories."""

    visibility: str
    repositories: tuple[int, ...]


def is_shared(visibility: str, chosen: tuple[int, ...], repository: Repository) -> bool:
    """Whether a repository may use what has this visibility."""
    if visibility == "selected":
        return repository.id in chosen
    return visibility == "all" or repository.private


def chosen_operations(
    noun: str, path: str, find: Callable[[Request], Shared], read: Requirement, write: Requirement
) -> list[Operation]:
    """The four operations on the list of repositories of a secret or a variable."""

    def listed(request: Request) -> Response:
        known = request.world.repositories
        found = [known[number] for number in find(request).repositories if number in known]
        return page(request, found, lambda r: repositories.simple(request.links, r), "repositories")

    def replace(request: Request) -> Response:
        _selected(find(request)).repositories = tuple(request.body["selected_repository_ids"])
        return no_content()

    def add(request: Request) -> Response:
        found = _selected(find(request))
        found.repositories = tuple(
            dict.fromkeys((*found.repositories, request.number("repository_id")))
        )
        return no_content()

    def remove(request: Request) -> Response:
        found, number = _selected(find(request)), request.number("repository_id")
        found.repositories = tuple(other for other in found.repositories if other != number)
        return no_content()

    one = f"{path}/{{repository_id}}"
    chosen = body(selected_repository_ids=list_of(Integer(), required=True))
    return [
        Operation(f"actions/list-selected-repos-for-org-{noun}", "GET", path, listed, read),
        Operation(
            f"actions/set-selected-repos-for-org-{noun}", "PUT", path, replace, write, chosen
        ),
        Operation(f"actions/add-selected-repo-to-org-{noun}", "PUT", one, add, write),
        Operation(f"actions/remove-selected-repo-from-org-{noun}", "DELETE", one, remove, write),
    ]


def _selected(found: Shared) -> Shared:
    if found.visibility != "selected":
        raise Conflict("Visibility must be set to selected for this operation.")
    return found
