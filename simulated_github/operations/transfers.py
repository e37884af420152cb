"""Transfers of repositories between organizations; the former name redirects.

Source: GitHub's docs, REST page "Transfer a repository" and "Transferring a repository": 202, with
the transfer after the response (here before it); team access ends, direct access stays.
Deliberately absent: a user as the new owner, who has to accept by email.
"""

from simulated_github.errors import Forbidden, ValidationFailed
from simulated_github.http.fields import Integer, body, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response
from simulated_github.http.routing import Operation
from simulated_github.operations.repositories import normalize_repository_name, reported_role
from simulated_github.records.roles import Role
from simulated_github.shapes import repositories


def _transfer(request: Request) -> Response:
    repository = request.repository
    fields = request.body
    world = request.world
    target = world.organization(fields["new_owner"])
    if target is None:
        raise ValidationFailed(
            "Validation Failed", ["new_owner is not an organization that can take the repository"]
        )
    if target.id == repository.owner.id:
        raise ValidationFailed(
            "Validation Failed", ["Repositories cannot be transferred to the original owner"]
        )
    if not (
        target.is_owner(request.user.id)
        or (request.user.id in target.members and target.members_can_create_repositories)
    ):
        raise Forbidden("You don't have the permission to create repositories on the new owner.")
    name = normalize_repository_name(
        request, target.login, fields.get("new_name") or repository.name
    )
    unknown = [number for number in fields.get("team_ids", ()) if number not in target.teams]
    if unknown:
        raise ValidationFailed(
            "Validation Failed", [f"Team {number} does not exist" for number in unknown]
        )
    world.move_repository(repository, target, name)
    for number in fields.get("team_ids", ()):
        target.teams[number].repositories[repository.id] = Role.READ
    return Response(
        202, repositories.minimal(request.links, repository, reported_role(request, repository))
    )


operations = [
    Operation(
        "repos/transfer",
        "POST",
        "/repos/{owner}/{repo}/transfer",
        _transfer,
        OnRepository(Role.ADMIN, "administration:write", ("repo",), writes_archived=True),
        body(new_owner=text(required=True), new_name=text(), team_ids=list_of(Integer())),
    )
]
