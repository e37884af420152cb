"""The selected repositories that may use an organization's secret or variable.

Source: GitHub's docs, REST pages "Secrets" and "Variables": adding and removing a repository is a
409 unless the visibility is `selected`.
"""

from collections.abc import Callable

from simulated_github.errors import Conflict
from simulated_github.http.fields import Integer, body, list_of
from simulated_github.http.request import Request
from simulated_github.http.requirements import Requirement
from simulated_github.http.responses import Response, no_content, page
from simulated_github.http.routing import Operation
from simulated_github.records.actions import NamedValue
from simulated_github.shapes import repositories


def repository_selection_operations(
    noun: str,
    path: str,
    find_item: Callable[[Request], NamedValue],
    read: Requirement,
    write: Requirement,
) -> list[Operation]:
    """Return the four operations on the selected repositories of a secret or a variable."""

    def list_selected(request: Request) -> Response:
        return page(
            request,
            request.world.existing_repositories(find_item(request).repositories),
            lambda repository: repositories.simple(request.links, repository),
            "repositories",
        )

    def replace(request: Request) -> Response:
        _require_selected(find_item(request)).repositories = tuple(
            request.body["selected_repository_ids"]
        )
        return no_content()

    def add(request: Request) -> Response:
        item = _require_selected(find_item(request))
        item.repositories = tuple(
            dict.fromkeys((*item.repositories, request.number("repository_id")))
        )
        return no_content()

    def remove(request: Request) -> Response:
        item = _require_selected(find_item(request))
        number = request.number("repository_id")
        item.repositories = tuple(
            repository_id for repository_id in item.repositories if repository_id != number
        )
        return no_content()

    repository_path = f"{path}/{{repository_id}}"
    fields = body(selected_repository_ids=list_of(Integer(), required=True))
    return [
        Operation(f"actions/list-selected-repos-for-org-{noun}", "GET", path, list_selected, read),
        Operation(
            f"actions/set-selected-repos-for-org-{noun}", "PUT", path, replace, write, fields
        ),
        Operation(f"actions/add-selected-repo-to-org-{noun}", "PUT", repository_path, add, write),
        Operation(
            f"actions/remove-selected-repo-from-org-{noun}",
            "DELETE",
            repository_path,
            remove,
            write,
        ),
    ]


def _require_selected(item: NamedValue) -> NamedValue:
    if item.visibility != "selected":
        raise Conflict("Visibility must be set to selected for this operation.")
    return item
