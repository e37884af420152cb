"""Who may do what with a repository: people, their invitations, and teams."""

from simulated_github.errors import NotFound, ValidationFailed
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository, SignedIn
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.organizations import Organization
from simulated_github.records.people import User
from simulated_github.records.repositories import Repository, RepositoryInvitation
from simulated_github.records.roles import ROLES, Role, permissions
from simulated_github.rules import access
from simulated_github.shapes import accounts, repositories, teams

#: The older word for each role in "Get repository permissions for a user"; source: that page.
_LEGACY = {Role.MAINTAIN: "write", Role.TRIAGE: "read"}


def _shape(request: Request, who: User) -> dict[str, object]:
    role = access.role_on(request.repository, who)
    return accounts.simple(request.links, who) | {
        "permissions": permissions(role),
        "role_name": role.label,
    }


def _list(request: Request) -> Response:
    repository, affiliation = request.repository, request.query.get("affiliation", "all")
    people = [
        who for who in request.world.users.values() if _affiliated(repository, who, affiliation)
    ]
    return page(request, people, lambda who: _shape(request, who))


def _affiliated(repository: Repository, who: User, affiliation: str) -> bool:
    direct, owner = who.id in repository.collaborators, repository.owner
    member = isinstance(owner, Organization) and who.id in owner.members
    if affiliation == "direct":
        return direct
    if affiliation == "outside":
        return direct and not member
    return access.granted_role(repository, who.id) > Role.NONE


def _check(request: Request) -> Response:
    if access.granted_role(request.repository, request.person.id) is Role.NONE:
        raise NotFound
    return no_content()


def _permission(request: Request) -> Response:
    role = access.role_on(request.repository, request.person)
    shown = _LEGACY.get(role, role.label)
    return ok(
        {"permission": shown, "role_name": role.label, "user": _shape(request, request.person)}
    )


def _asked_role(request: Request, default: str = "push") -> Role:
    asked = request.body.get("permission") or request.body.get("permissions") or default
    role = ROLES.get(asked, Role.NONE)
    if role is Role.NONE:
        raise ValidationFailed(
            f"Invalid property /permission: `{asked}` is not a role of this organization."
        )
    return role


def _add(request: Request) -> Response:
    """204 for someone who is in already or in the organization, 201 with an invitation for anybody else."""
    repository, who, role = request.repository, request.person, _asked_role(request)
    owner = repository.owner
    if owner is who:
        raise ValidationFailed("Repository owner cannot be a collaborator")
    if who.id in repository.collaborators or (
        isinstance(owner, Organization) and who.id in owner.members
    ):
        repository.collaborators[who.id] = role
        return no_content()
    before = repository.invitations.get(who.id)
    number = before.id if before else request.world.ids.take("invitation")
    stamp = request.world.clock.stamp()
    invited = RepositoryInvitation(number, who.id, request.user.id, role, stamp)
    repository.invitations[who.id] = invited
    return created(
        repositories.repository_invitation(request.world, request.links, repository, invited)
    )


def _remove(request: Request) -> Response:
    repository, who = request.repository, request.person
    if who is not request.user and request.role < Role.ADMIN:
        raise NotFound
    repository.collaborators.pop(who.id, None)
    repository.invitations.pop(who.id, None)
    return no_content()


def _teams(request: Request) -> Response:
    repository, owner = request.repository, request.repository.owner
    if not isinstance(owner, Organization):
        return ok([])
    roles = {team.id: access.team_role(owner, team, repository) for team in owner.teams.values()}
    shown = [
        t for t in owner.teams.values() if roles[t.id] > Role.NONE and request.may_see(owner, t)
    ]
    return page(
        request,
        shown,
        lambda t: (
            teams.with_parent(request.links, owner, t)
            | {"permission": roles[t.id].permission, "permissions": permissions(roles[t.id])}
        ),
    )


def _invitations(request: Request) -> Response:
    repository = request.repository
    return page(
        request,
        repository.invitations.values(),
        lambda i: repositories.repository_invitation(request.world, request.links, repository, i),
    )


def _find_invitation(request: Request) -> RepositoryInvitation:
    wanted = request.number("invitation_id")
    found = next((i for i in request.repository.invitations.values() if i.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def _change_invitation(request: Request) -> Response:
    found = _find_invitation(request)
    found.role = _asked_role(request)
    return ok(
        repositories.repository_invitation(request.world, request.links, request.repository, found)
    )


def _cancel(request: Request) -> Response:
    del request.repository.invitations[_find_invitation(request).user_id]
    return no_content()


def _mine(request: Request) -> list[tuple[Repository, RepositoryInvitation]]:
    who = request.user.id
    return [
        (r, r.invitations[who]) for r in request.world.repositories.values() if who in r.invitations
    ]


def _list_mine(request: Request) -> Response:
    return page(
        request,
        _mine(request),
        lambda pair: repositories.repository_invitation(
            request.world, request.links, pair[0], pair[1]
        ),
    )


def _answer_mine(request: Request) -> Response:
    wanted = request.number("invitation_id")
    found = next(((r, i) for r, i in _mine(request) if i.id == wanted), None)
    if found is None:
        raise NotFound
    repository, invited = found
    if request.method == "PATCH" and repositories.has_expired(request.world, invited):
        raise NotFound
    del repository.invitations[invited.user_id]
    if request.method == "PATCH":
        repository.collaborators[invited.user_id] = invited.role
    return no_content()


_PATH = "/repos/{owner}/{repo}"
_PEOPLE = f"{_PATH}/collaborators"
_PUSH = OnRepository(Role.WRITE, "metadata:read")
_ADMIN = OnRepository(Role.ADMIN, "administration:write")
_INVITED = SignedIn(("repo", "repo:invite"), of_person=True)

operations = [
    Operation("repos/list-collaborators", "GET", _PEOPLE, _list, _PUSH),
    Operation("repos/check-collaborator", "GET", f"{_PEOPLE}/{{username}}", _check, _PUSH),
    Operation(
        "repos/get-collaborator-permission-level",
        "GET",
        f"{_PEOPLE}/{{username}}/permission",
        _permission,
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
        _teams,
        OnRepository(Role.READ, "administration:read", anonymous=False),
    ),
    Operation(
        "repos/list-invitations",
        "GET",
        f"{_PATH}/invitations",
        _invitations,
        OnRepository(Role.ADMIN, "administration:read"),
    ),
    Operation(
        "repos/update-invitation",
        "PATCH",
        f"{_PATH}/invitations/{{invitation_id}}",
        _change_invitation,
        _ADMIN,
        body(permissions=text("read", "write", "maintain", "triage", "admin")),
    ),
    Operation(
        "repos/delete-invitation",
        "DELETE",
        f"{_PATH}/invitations/{{invitation_id}}",
        _cancel,
        _ADMIN,
    ),
    Operation(
        "repos/list-invitations-for-authenticated-user",
        "GET",
        "/user/repository_invitations",
        _list_mine,
        _INVITED,
    ),
    Operation(
        "repos/accept-invitation-for-authenticated-user",
        "PATCH",
        "/user/repository_invitations/{invitation_id}",
        _answer_mine,
        _INVITED,
    ),
    Operation(
        "repos/decline-invitation-for-authenticated-user",
        "DELETE",
        "/user/repository_invitations/{invitation_id}",
        _answer_mine,
        _INVITED,
    ),
]
