"""People: accounts join, change their login, accept invitations, leave, and are deleted.

GitHub has no API for it: its users do this on its pages. What follows is the same here.
"""

import re
from typing import Any

from simulated_github.control.requests import (
    ControlRequest,
    UnknownNameError,
    read_fields,
    to_json,
)
from simulated_github.http.responses import Response
from simulated_github.records.accounts import Organization, User
from simulated_github.world import memberships
from simulated_github.world.building import add_user
from simulated_github.world.world import World

#: Source: the message of GitHub's page to sign up, and the limit of 39 characters in its docs.
_LOGIN = re.compile(r"(?=.{1,39}\Z)[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z")


def list_people(request: ControlRequest) -> Response:
    """List the people, without bots and deleted accounts."""
    world = request.simulation.world
    return to_json([_shape(world, user) for user in world.people()])


def get(request: ControlRequest) -> Response:
    """Return one person."""
    return _respond(request, _find_person(request))


def join(request: ControlRequest) -> Response:
    """Register an account with a login that is free, and return it with its token."""
    world = request.simulation.world
    login = _read_login(request)
    _check_login(world, login, None)
    token = request.simulation.unused_token(login)
    user = add_user(world, login, token)
    return to_json(_shape(world, user) | {"token": token}, 201)


def rename(request: ControlRequest) -> Response:
    """Change the login of an account; id, tokens and memberships stay, and the old login is free.

    Source: GitHub's docs, "Changing your username".
    """
    user = _find_person(request)
    login = _read_login(request)
    _check_login(request.simulation.world, login, user)
    request.simulation.world.rename_user(user, login)
    return _respond(request, user)


def delete(request: ControlRequest) -> Response:
    """Delete an account, unless it is the only owner of an organization.

    Source: GitHub's docs, "Deleting your personal account".
    """
    world = request.simulation.world
    user = _find_person(request)
    for organization in world.organizations.values():
        _check_other_owner(organization, user)
    world.remove_user(user)
    return Response(204)


def accept_invitations(request: ControlRequest) -> Response:
    """Accept the pending invitations of a person, and return what they joined.

    With `organization` or `repository` in the body, accept that invitation alone.
    """
    world = request.simulation.world
    user = _find_person(request)
    fields = read_fields(request.document, {}, {"organization": str, "repository": str})
    pending = _pending_invitations(world, user)
    selected = (
        pending
        if not fields
        else [
            (kind, name) for kind, name in pending if fields.get(kind, "").lower() == name.lower()
        ]
    )
    unknown = [
        f"{kind}: {user.login} has no pending invitation to {name!r}"
        for kind, name in fields.items()
        if name.lower() not in [pending_name.lower() for _, pending_name in selected]
    ]
    if unknown or not selected:
        raise ValueError("; ".join(unknown) or f"{user.login} has no pending invitation")
    for kind, name in selected:
        if kind == "organization":
            memberships.accept(_find_organization(world, name), user)
        else:
            owner, _, repository_name = name.partition("/")
            repository = world.repository(owner, repository_name)
            if repository is not None:
                memberships.accept_repository(world, repository, user)
    return _respond(request, user)


def leave_organization(request: ControlRequest) -> Response:
    """Let a member leave an organization, unless no owner would be left.

    Source: GitHub's docs, "Removing yourself from an organization".
    """
    world = request.simulation.world
    user = _find_person(request)
    organization = _find_organization(world, request.params["org"])
    if user.id not in organization.members:
        raise UnknownNameError(f"{user.login} is not a member of {organization.login}.")
    _check_other_owner(organization, user)
    memberships.leave(world, organization, user)
    return Response(204)


def _shape(world: World, user: User) -> dict[str, Any]:
    organizations = {
        organization.login: organization.members[user.id]
        for organization in world.organizations.values()
        if user.id in organization.members
    }
    return {
        "id": user.id,
        "login": user.login,
        "organizations": organizations,
        "invitations": [name for _, name in _pending_invitations(world, user)],
    }


def _respond(request: ControlRequest, user: User) -> Response:
    return to_json(_shape(request.simulation.world, user))


def _pending_invitations(world: World, user: User) -> list[tuple[str, str]]:
    """Return the kind (`organization` or `repository`) and the name of each invitation."""
    for organization in world.organizations.values():
        memberships.expire_invitations(world, organization)
    organizations = [
        ("organization", organization.login)
        for organization in world.organizations.values()
        if user.id in organization.invitations
    ]
    repositories = [
        ("repository", repository.full_name)
        for repository in world.repositories.values()
        if user.id in repository.invitations
        and not memberships.has_expired(world, repository.invitations[user.id])
    ]
    return organizations + repositories


def _find_person(request: ControlRequest) -> User:
    user = request.simulation.world.user(request.params["login"])
    if user is None or user.kind != "User":
        raise UnknownNameError(f"{request.params['login']!r} is not the login of a person.")
    return user


def _find_organization(world: World, login: str) -> Organization:
    organization = world.organization(login)
    if organization is None:
        raise UnknownNameError(f"{login!r} is not the login of an organization.")
    return organization


def _read_login(request: ControlRequest) -> str:
    login: str = read_fields(request.document, {"login": str})["login"]
    return login


def _check_login(world: World, login: str, user: User | None) -> None:
    """Raise ValueError for an invalid login, or one that another account has."""
    if not _LOGIN.match(login):
        raise ValueError(
            f"login: {login!r} is not 1 to 39 letters, digits and single hyphens between them"
        )
    holder = world.user(login)
    if world.organization(login) is not None or holder not in (None, user):
        raise ValueError(f"login: {login!r} is in use")


def _check_other_owner(organization: Organization, user: User) -> None:
    if memberships.is_last_owner(organization, user):
        raise ValueError(
            f"{user.login} is the only owner of {organization.login}: make another member an owner"
        )
