"""Collaborators of a repository, their invitations, and its teams."""

from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request, find_by_id
from simulated_github.http.requirements import AnyToken, OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.accounts import User
from simulated_github.records.repositories import Repository, RepositoryInvitation
from simulated_github.records.roles import ROLES, Role, permissions
from simulated_github.rules import access
from simulated_github.rules.collaborators import is_affiliated, is_organization_member
from simulated_github.shapes import accounts, repositories, teams
from simulated_github.world import memberships


def _shape(request: Request, user: User) -> dict[str, object]:
    role = access.role_on(request.repository, user.id)
    return accounts.simple(request.links, user) | {
        "permissions": permissions(role),
        "role_name": role.label,
    }


def _list(request: Request) -> Response:
    repository = request.repository
    affiliation = request.query.get("affiliation", "all")
    users = [
        user
        for user in request.world.users.values()
        if is_affiliated(repository, user.id, affiliation)
    ]
    return page(request, users, lambda user: _shape(request, user))


def _check(request: Request) -> Response:
    if access.granted_role(request.repository, request.person.id) is Role.NONE:
        raise NotFound
    return no_content()


def _get_permission(request: Request) -> Response:
    role = access.role_on(request.repository, request.person.id)
    return ok(
        {
            "permission": role.legacy_permission,
            "role_name": role.label,
            "user": _shape(request, request.person),
        }
    )


def parse_role(permission: str) -> Role:
    """Return the role that a permission names; raise ValidationFailed when there is none."""
    role = ROLES.get(permission, Role.NONE)
    if role is Role.NONE:
        raise ValidationFailed(
            f"Invalid property /permission: `{permission}` is not a role of this organization."
        )
    return role


def _add(request: Request) -> Response:
    """Set the role of a collaborator or member (204), or invite another user (201)."""
    repository = request.repository
    user = request.person
    role = parse_role(request.body.get("permission") or "push")
    if repository.owner is user:
        raise ValidationFailed("Repository owner cannot be a collaborator")
    if user.id in repository.collaborators or is_organization_member(repository, user.id):
        repository.collaborators[user.id] = role
        return no_content()
    previous = repository.invitations.get(user.id)
    invitation_id = previous.id if previous else request.world.ids.take("invitation")
    stamp = request.world.clock.stamp()
    invitation = RepositoryInvitation(invitation_id, user.id, request.user.id, role, stamp)
    repository.invitations[user.id] = invitation
    return created(
        repositories.repository_invitation(request.world, request.links, repository, invitation)
    )


def _remove(request: Request) -> Response:
    """Remove a collaborator, and cancel the pending invitations that the collaborator sent.

    Source: GitHub's docs, REST page "Remove a repository collaborator".
    """
    repository = request.repository
    user = request.person
    if user is not request.user and request.role < Role.ADMIN:
        raise NotFound
    repository.collaborators.pop(user.id, None)
    repository.invitations.pop(user.id, None)
    repository.cancel_invitations_from(user.id)
    return no_content()


def _list_teams(request: Request) -> Response:
    repository = request.repository
    organization = repository.organization
    if organization is None:
        return ok([])
    roles = {
        team.id: access.team_role(organization, team, repository)
        for team in organization.teams.values()
    }
    visible = [
        team
        for team in organization.teams.values()
        if roles[team.id] > Role.NONE and request.may_see(organization, team)
    ]
    return page(
        request,
        visible,
        lambda team: (
            teams.with_parent(request.links, organization, team)
            | {"permission": roles[team.id].permission, "permissions": permissions(roles[team.id])}
        ),
    )


def _list_invitations(request: Request) -> Response:
    repository = request.repository
    return page(
        request,
        repository.invitations.values(),
        lambda i: repositories.repository_invitation(request.world, request.links, repository, i),
    )


def _find_invitation(request: Request) -> RepositoryInvitation:
    return find_by_id(request.repository.invitations, request.number("invitation_id"))


def _update_invitation(request: Request) -> Response:
    invitation = _find_invitation(request)
    invitation.role = parse_role(request.body.get("permissions") or "push")
    return ok(
        repositories.repository_invitation(
            request.world, request.links, request.repository, invitation
        )
    )


def _delete_invitation(request: Request) -> Response:
    del request.repository.invitations[_find_invitation(request).user_id]
    return no_content()


def _own_invitations(request: Request) -> list[tuple[Repository, RepositoryInvitation]]:
    user_id = request.user.id
    return [
        (repository, repository.invitations[user_id])
        for repository in request.world.repositories.values()
        if user_id in repository.invitations
    ]


def _list_own_invitations(request: Request) -> Response:
    return page(
        request,
        _own_invitations(request),
        lambda pair: repositories.repository_invitation(
            request.world, request.links, pair[0], pair[1]
        ),
    )


def _accept_or_decline_invitation(request: Request) -> Response:
    repositories_by_id = {
        invitation.id: repository for repository, invitation in _own_invitations(request)
    }
    repository = repositories_by_id.get(request.number("invitation_id"))
    if repository is None:
        raise NotFound
    if request.method == "PATCH":
        memberships.accept_repository(request.world, repository, request.user)
    else:
        del repository.invitations[request.user.id]
    return no_content()


_PATH = "/repos/{owner}/{repo}"
_PEOPLE = f"{_PATH}/collaborators"
_PUSH = OnRepository(Role.WRITE, "metadata:read")
_ADMIN = OnRepository(Role.ADMIN, "administration:write")
_INVITEE = AnyToken(("repo", "repo:invite"), user_only=True)

operations = [
    Operation("repos/list-collaborators", "GET", _PEOPLE, _list, _PUSH),
    Operation("repos/check-collaborator", "GET", f"{_PEOPLE}/{{username}}", _check, _PUSH),
    Operation(
        "repos/get-collaborator-permission-level",
        "GET",
        f"{_PEOPLE}/{{username}}/permission",
        _get_permission,
        OnRepository(Role.READ, "metadata:read", anonymous=False),
    ),
    Operation(
        "repos/add-collaborator",
        "PUT",
        f"{_PEOPLE}/{{username}}",
        _add,
        _ADMIN,
        body(permission=text()),
    ),
    Operation(
        "repos/remove-collaborator",
        "DELETE",
        f"{_PEOPLE}/{{username}}",
        _remove,
        OnRepository(Role.READ, "administration:write"),
    ),
    Operation(
        "repos/list-teams",
        "GET",
        f"{_PATH}/teams",
        _list_teams,
        OnRepository(Role.READ, "administration:read", anonymous=False),
    ),
    Operation(
        "repos/list-invitations",
        "GET",
        f"{_PATH}/invitations",
        _list_invitations,
        OnRepository(Role.ADMIN, "administration:read"),
    ),
    Operation(
        "repos/update-invitation",
        "PATCH",
        f"{_PATH}/invitations/{{invitation_id}}",
        _update_invitation,
        _ADMIN,
        body(permissions=text("read", "write", "maintain", "triage", "admin")),
    ),
    Operation(
        "repos/delete-invitation",
        "DELETE",
        f"{_PATH}/invitations/{{invitation_id}}",
        _delete_invitation,
        _ADMIN,
    ),
    Operation(
        "repos/list-invitations-for-authenticated-user",
        "GET",
        "/user/repository_invitations",
        _list_own_invitations,
        _INVITEE,
    ),
    Operation(
        "repos/accept-invitation-for-authenticated-user",
        "PATCH",
        "/user/repository_invitations/{invitation_id}",
        _accept_or_decline_invitation,
        _INVITEE,
    ),
    Operation(
        "repos/decline-invitation-for-authenticated-user",
        "DELETE",
        "/user/repository_invitations/{invitation_id}",
        _accept_or_decline_invitation,
        _INVITEE,
    ),
]
