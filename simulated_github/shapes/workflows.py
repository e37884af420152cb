"""Workflows as the API shows them."""

from simulated_github.records.repositories import Repository
from simulated_github.records.workflows import Workflow
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id


def workflow(links: Links, repository: Repository, found: Workflow) -> Json:
    """A workflow."""
    owner, name, parts = repository.owner.login, repository.name, found.path.split("/")
    return {
        "id": found.id,
        "node_id": node_id("Workflow", found.id),
        "name": found.name,
        "path": found.path,
        "state": found.state,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "url": links.api("repos", owner, name, "actions", "workflows", str(found.id)),
        "html_url": links.html(owner, name, "blob", repository.default_branch, *parts),
        "badge_url": links.html(owner, name, "actions", "workflows", parts[-1], "badge.svg"),
    }
