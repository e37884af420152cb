"""Repositories in GraphQL responses, with their collaborators."""

from collections.abc import Sequence
from typing import Any

from simulated_github.graphql import branch_protection, git_objects, rulesets
from simulated_github.graphql.connections import connect
from simulated_github.graphql.nodes import FieldError, Info, Node
from simulated_github.graphql.teams import team_node
from simulated_github.http.request import Request
from simulated_github.records.accounts import Organization, Team
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.rules.collaborators import is_affiliated, role_sources
from simulated_github.shapes.links import Json
from simulated_github.world.ids import node_id


def find_repository(request: Request, owner: str, name: str, follow_renames: bool) -> Node:
    """Return a repository by its name or, with `follow_renames`, by a former one.

    Raise FieldError when it does not exist, or when the token may not see it.
    """
    repository = request.world.repository(owner, name)
    if repository is None and follow_renames:
        repository = request.world.redirect_target(owner, name)
    if repository is None or not request.role_on(repository):
        raise FieldError(
            "NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'."
        )
    return Node("Repository", repository)


def repository(request: Request, record: Repository) -> Json:
    """Return the fields of a repository."""
    settings = record.settings
    role = request.role_on(record)
    return {
        "id": node_id("Repository", record.id),
        "databaseId": record.id,
        "name": record.name,
        "nameWithOwner": record.full_name,
        "owner": Node(record.owner.kind, record.owner),
        "url": request.links.repository_page(record),
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
        "description": settings["description"],
        "isArchived": record.archived,
        "isEmpty": not record.git.refs,
        "isFork": False,
        "isInOrganization": record.organization is not None,
        "isPrivate": record.private,
        "isTemplate": settings["is_template"],
        "visibility": record.visibility.upper(),
        "viewerCanAdminister": role is Role.ADMIN,
        "viewerPermission": role.name,
        "autoMergeAllowed": settings["allow_auto_merge"],
        "deleteBranchOnMerge": settings["delete_branch_on_merge"],
        "mergeCommitAllowed": settings["allow_merge_commit"],
        "rebaseMergeAllowed": settings["allow_rebase_merge"],
        "squashMergeAllowed": settings["allow_squash_merge"],
        "branchProtectionRules": lambda info, **paging: branch_protection.list_protections(
            info, request, record, paging
        ),
        "collaborators": _collaborators(request, record),
        "defaultBranchRef": git_objects.ref_node(record, record.default_ref),
        "environment": lambda _info, name: _find_environment(record, name),
        "environments": lambda info, names, **paging: _environments(info, record, names, paging),
        "object": lambda _info, expression=None, oid=None: git_objects.find_object(
            request, record, expression, oid
        ),
        "ref": lambda _info, qualified_name: _find_ref(record, qualified_name),
        "ruleset": lambda _info, database_id, include_parents: rulesets.find_in_repository(
            record, database_id, include_parents
        ),
        "rulesets": lambda info, targets, include_parents, **paging: rulesets.list_in_repository(
            info, record, targets, include_parents, paging
        ),
    }


def _find_ref(record: Repository, name: str) -> Node | None:
    names = (name, f"refs/{name}", f"refs/heads/{name}", f"refs/tags/{name}")
    return next((node for ref in names if (node := git_objects.ref_node(record, ref))), None)


def _find_environment(record: Repository, name: str) -> Node | None:
    environment = record.find_environment(name)
    return Node("Environment", environment) if environment else None


def _environments(
    info: Info, record: Repository, names: Sequence[str] | None, paging: dict[str, Any]
) -> Json:
    selected = [
        environment
        for environment in record.environments.values()
        if not names or environment.name in names
    ]
    return connect(
        info,
        sorted(selected, key=lambda environment: environment.name.lower()),
        paging,
        lambda environment: Node("Environment", environment),
    )


def _collaborators(request: Request, record: Repository) -> Any:
    """Return the field `collaborators`, which needs push access.

    Source: GitHub's public responses (electron/repos-using-electron issue 26 has the entry in
    `errors`, refined-github issue 8553 the present message).
    """

    def resolve(
        info: Info,
        affiliation: str | None = None,
        login: str | None = None,
        query: str | None = None,
        **paging: Any,
    ) -> Json:
        if request.role_on(record) < Role.WRITE:
            raise FieldError(
                "FORBIDDEN", "You do not have permission to view repository collaborators."
            )
        text = (query or "").lower()
        users = [
            user
            for user in request.world.users.values()
            if login in (None, user.login)
            and text in f"{user.login} {user.name or ''}".lower()
            and is_affiliated(record, user.id, (affiliation or "ALL").lower())
        ]
        return connect(
            info,
            users,
            paging,
            lambda user: Node("User", user),
            lambda user: {
                "permission": access.role_on(record, user.id).name,
                "permissionSources": lambda _info: _permission_sources(record, user.id),
            },
        )

    return resolve


def _permission_sources(record: Repository, user_id: int) -> list[Json] | None:
    """Return what grants a user a role; null for a repository without an organization."""
    organization = record.organization
    if organization is None:
        return None
    return [
        {
            "organization": Node("Organization", organization),
            "permission": role.legacy_permission.upper(),
            "roleName": role.label,
            "source": _source_node(organization, source),
        }
        for source, role in role_sources(record, user_id)
    ]


def _source_node(organization: Organization, source: Organization | Repository | Team) -> Node:
    if isinstance(source, Team):
        return team_node(organization, source)
    return Node(type(source).__name__, source)
