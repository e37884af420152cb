"""The fields of GraphQL's `Query`: users, organizations, teams, repositories and git objects."""

import stat
from typing import Any

from graphql import GraphQLResolveInfo

from simulated_github.errors import APIError
from simulated_github.git.objects import Entry
from simulated_github.http.request import Request
from simulated_github.records.repositories import Repository
from simulated_github.world.ids import node_id


class UnresolvedError(Exception):
    """An object that does not exist, or that the token may not see."""


class Query:
    """The fields of `Query`, resolved for a request."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def viewer(self, _info: GraphQLResolveInfo[Any]) -> dict[str, Any]:
        """Return the user that sends the request."""
        return self._user(self._request.user.login)

    def user(self, _info: GraphQLResolveInfo[Any], login: str) -> dict[str, Any]:
        """Return a user by login."""
        return self._user(login)

    def _user(self, login: str) -> dict[str, Any]:
        user = self._request.world.user(login)
        if user is None:
            raise UnresolvedError(f"Could not resolve to a User with the login of '{login}'.")
        return _node("User", user.id) | {
            "login": user.login,
            "name": user.name,
            "email": user.email or "",
            "url": self._request.links.html(user.login),
        }

    def organization(self, _info: GraphQLResolveInfo[Any], login: str) -> dict[str, Any]:
        """Return an organization by login."""
        organization = self._request.world.organization(login)
        if organization is None:
            raise UnresolvedError(
                f"Could not resolve to an Organization with the login of '{login}'."
            )
        url = self._request.links.html(organization.login)
        return _node("Organization", organization.id) | {
            "login": organization.login,
            "name": organization.name or organization.login,
            "url": url,
            "team": self._team_resolver(login),
        }

    def _team_resolver(self, login: str) -> Any:
        def resolve(_info: GraphQLResolveInfo[Any], slug: str) -> dict[str, Any] | None:
            request = self._request
            inner = Request(request.world, "GET", "", {}, {}, request.links, request.token)
            inner.params = {"org": login, "team_slug": slug}
            try:
                team = inner.team
            except APIError:
                return None
            return _node("Team", team.id) | {
                "slug": team.slug,
                "name": team.name,
                "description": team.description,
                "privacy": "VISIBLE" if team.privacy == "closed" else "SECRET",
            }

        return resolve

    def repository(
        self,
        _info: GraphQLResolveInfo[Any],
        owner: str,
        name: str,
        followRenames: bool,  # noqa: N803  GitHub's spelling
    ) -> dict[str, Any]:
        """Return a repository by its name, or by a former one."""
        request = self._request
        repository = request.world.repository(owner, name)
        if repository is None and followRenames:
            repository = request.world.redirect_target(owner, name)
        if repository is None or not request.role_on(repository):
            raise UnresolvedError(
                f"Could not resolve to a Repository with the name '{owner}/{name}'."
            )
        branch = (
            {"name": repository.default_branch, "prefix": "refs/heads/"}
            if repository.default_ref in repository.git.refs
            else None
        )
        return _node("Repository", repository.id) | {
            "name": repository.name,
            "nameWithOwner": repository.full_name,
            "isPrivate": repository.private,
            "isArchived": repository.archived,
            "url": request.links.html(repository.owner.login, repository.name),
            "viewerPermission": request.role_on(repository).name,
            "defaultBranchRef": branch,
            "object": lambda _info, expression=None, oid=None: git_object(
                repository, expression or oid or ""
            ),
        }


def _node(kind: str, number: int) -> dict[str, Any]:
    return {"id": node_id(kind, number), "databaseId": number}


def git_object(repository: Repository, expression: str) -> dict[str, Any] | None:
    """Return the object of an expression for `git rev-parse`, or None.

    Supported are a revision (`HEAD`, a branch, a tag, a sha) and `REVISION:PATH`. Source:
    `Repository.object` in GitHub's public GraphQL schema.
    """
    revision, colon, path = expression.partition(":")
    commit = repository.git.resolve(repository.default_ref if revision == "HEAD" else revision)
    if commit is None:
        return None
    if not colon:
        return _object("Commit", commit) | {
            "message": repository.git.commit_object(commit).message.decode()
        }
    entry = repository.git.entry(commit, path)
    if entry is None:
        return None
    return _tree(repository, commit, entry) if stat.S_ISDIR(entry.mode) else _blob(entry)


def _tree(repository: Repository, commit: str, directory: Entry) -> dict[str, Any]:
    return _object("Tree", directory.sha) | {
        "entries": [
            {
                "name": entry.name,
                "path": entry.path,
                "mode": entry.mode,
                "type": "tree" if entry.is_directory else "blob",
                "oid": entry.sha,
            }
            for entry in repository.git.children(commit, directory.path)
        ]
    }


def _blob(entry: Entry) -> dict[str, Any]:
    return _object("Blob", entry.sha) | {"byteSize": len(entry.data or b"")}


def _object(kind: str, sha: str) -> dict[str, Any]:
    return {"__typename": kind, "id": node_id(kind, int(sha[:12], 16)), "oid": sha}
