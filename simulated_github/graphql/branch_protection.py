"""Classic branch protection in GraphQL responses.

An App needs `administration:read`. Source: ossf/scorecard issue 1097, merge-me-action issue 1581.
Assumption: the same error without any protection; other users than admins get null and an empty
list.
"""

from typing import Any

from simulated_github.graphql.connections import connect, connection, refuse_items
from simulated_github.graphql.nodes import FieldError, Info, Node, require_permission
from simulated_github.graphql.teams import team_node
from simulated_github.http.request import Request
from simulated_github.records.branch_protection import Actors, BranchProtection
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import branch_protection as rules
from simulated_github.shapes.links import Json
from simulated_github.world.ids import node_id


def list_protections(
    info: Info, request: Request, repository: Repository, paging: dict[str, Any]
) -> Json:
    """Return the protection rules of a repository that the token may see."""
    is_admin = request.role_on(repository) is Role.ADMIN
    fields = connect(
        info,
        repository.branch_protections.values() if is_admin else (),
        paging,
        lambda protection: _protection_node(repository, protection),
    )
    try:
        require_permission(request, "administration:read")
    except FieldError as error:
        return refuse_items(fields, error)
    return fields


def _protection_node(repository: Repository, protection: BranchProtection) -> Node:
    """Return a protection rule as an object of a response."""
    return Node("BranchProtectionRule", repository, protection)


def find_for_ref(request: Request, repository: Repository, ref: str) -> Node | None:
    """Return the protection rule that applies to a ref; raise FieldError for an App without it."""
    require_permission(request, "administration:read")
    protection = rules.find_protection(repository, ref)
    if protection is None or request.role_on(repository) is not Role.ADMIN:
        return None
    return _protection_node(repository, protection)


def branch_protection_rule(
    request: Request, repository: Repository, record: BranchProtection
) -> Json:
    """Return the fields of a protection rule."""
    reviews = record.reviews
    checks = record.checks
    contexts = checks.checks if checks else ()
    return {
        "id": node_id("BranchProtectionRule", record.id),
        "databaseId": record.id,
        "pattern": record.pattern,
        "repository": Node("Repository", repository),
        "allowsDeletions": record.allows_deletions,
        "allowsForcePushes": record.allows_force_pushes,
        "blocksCreations": record.blocks_creations,
        "isAdminEnforced": record.enforces_admins,
        "lockAllowsFetchAndMerge": record.allows_fork_syncing,
        "lockBranch": record.locked,
        "requiresCommitSignatures": record.signatures,
        "requiresConversationResolution": record.conversation_resolution,
        "requiresDeployments": False,
        "requiredDeploymentEnvironments": [],
        "requiresLinearHistory": record.linear_history,
        "restrictsPushes": record.pushers is not None,
        "requiresStatusChecks": checks is not None,
        "requiresStrictStatusChecks": checks is not None and checks.strict,
        "requiredStatusCheckContexts": [context for context, _app_id in contexts],
        "requiredStatusChecks": [
            {"context": context, "app": _app_node(request, app_id)} for context, app_id in contexts
        ],
        "requiresApprovingReviews": reviews is not None,
        "requiredApprovingReviewCount": reviews.approvals if reviews else None,
        "dismissesStaleReviews": reviews is not None and reviews.dismisses_stale,
        "requiresCodeOwnerReviews": reviews is not None and reviews.by_code_owners,
        "requireLastPushApproval": reviews is not None and reviews.of_last_push,
        "restrictsReviewDismissals": reviews is not None and reviews.dismissers is not None,
        "bypassForcePushAllowances": _allowances("BypassForcePushAllowance", request, record, None),
        "bypassPullRequestAllowances": _allowances(
            "BypassPullRequestAllowance", request, record, reviews.bypassers if reviews else None
        ),
        "pushAllowances": _allowances("PushAllowance", request, record, record.pushers),
        "reviewDismissalAllowances": _allowances(
            "ReviewDismissalAllowance", request, record, reviews.dismissers if reviews else None
        ),
    }


def _app_node(request: Request, app_id: int | None) -> Node | None:
    app = request.world.apps.get(app_id or 0)
    return Node("App", app) if app else None


def _allowances(
    kind: str, request: Request, record: BranchProtection, actors: Actors | None
) -> Any:
    """Return a connection of allowances, without those of deleted actors."""
    return connection(
        lambda: enumerate(_list_actors(request, actors or Actors())),
        lambda pair: Node(kind, kind, record, *pair),
    )


def _list_actors(request: Request, actors: Actors) -> list[Node]:
    world = request.world
    users = (world.users[user_id] for user_id in actors.users)
    teams = (world.team(team_id) for team_id in actors.teams)
    apps = (_app_node(request, app_id) for app_id in actors.apps)
    return [
        *(Node("User", user) for user in users if world.user(user.login) is user),
        *(team_node(*pair) for pair in teams if pair),
        *(app for app in apps if app),
    ]


def allowance(
    _request: Request, kind: str, record: BranchProtection, number: int, actor: Node
) -> Json:
    """Return the fields of an allowance of one actor."""
    return {
        "id": node_id(kind, record.id * 1000 + number),
        "actor": actor,
    }
