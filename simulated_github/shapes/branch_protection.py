"""Classic branch protection as GitHub's API shows it."""

from simulated_github.records.accounts import App, Organization, User
from simulated_github.records.branch_protection import (
    Actors,
    BranchProtection,
    RequiredChecks,
    RequiredReviews,
)
from simulated_github.records.repositories import Repository
from simulated_github.shapes import accounts, teams
from simulated_github.shapes.links import Json, Links
from simulated_github.world.world import World

#: The keys of an App that the schema `branch-restriction-policy` has.
_APP_KEYS = ("id", "slug", "node_id", "name", "html_url", "created_at", "updated_at", "events")


def full(
    world: World, links: Links, repository: Repository, branch: str, protection: BranchProtection
) -> Json:
    """Return the protection of a branch (schemas `branch-protection` and `protected-branch`)."""
    url = protection_url(links, repository, branch)
    shape: Json = {
        "url": url,
        "enforce_admins": switch(f"{url}/enforce_admins", protection.enforces_admins),
        "required_signatures": switch(f"{url}/required_signatures", protection.signatures),
        "required_linear_history": {"enabled": protection.linear_history},
        "allow_force_pushes": {"enabled": protection.allows_force_pushes},
        "allow_deletions": {"enabled": protection.allows_deletions},
        "block_creations": {"enabled": protection.blocks_creations},
        "required_conversation_resolution": {"enabled": protection.conversation_resolution},
        "lock_branch": {"enabled": protection.locked},
        "allow_fork_syncing": {"enabled": protection.allows_fork_syncing},
    }
    if protection.checks is not None:
        shape["required_status_checks"] = _checks(url, protection.checks)
    if protection.reviews is not None:
        shape["required_pull_request_reviews"] = _reviews(
            world, links, repository, url, protection.reviews
        )
    if protection.pushers is not None:
        shape["restrictions"] = _restrictions(world, links, repository, url, protection.pushers)
    return shape


def protection_url(links: Links, repository: Repository, branch: str) -> str:
    """Return the address of a branch's protection."""
    return links.repository(repository, "branches", branch, "protection")


def switch(url: str, enabled: bool) -> Json:
    """Return a setting that has an address of its own."""
    return {"url": url, "enabled": enabled}


def _checks(url: str, checks: RequiredChecks) -> Json:
    return {
        "url": f"{url}/required_status_checks",
        "strict": checks.strict,
        "contexts": [context for context, _app_id in checks.checks],
        "contexts_url": f"{url}/required_status_checks/contexts",
        "checks": [{"context": context, "app_id": app_id} for context, app_id in checks.checks],
    }


def _reviews(
    world: World, links: Links, repository: Repository, url: str, reviews: RequiredReviews
) -> Json:
    shape: Json = {
        "url": f"{url}/required_pull_request_reviews",
        "dismiss_stale_reviews": reviews.dismisses_stale,
        "require_code_owner_reviews": reviews.by_code_owners,
        "required_approving_review_count": reviews.approvals,
        "require_last_push_approval": reviews.of_last_push,
    }
    if reviews.dismissers is not None:
        address = f"{url}/dismissal_restrictions"
        addresses = {
            "url": address,
            "users_url": f"{address}/users",
            "teams_url": f"{address}/teams",
        }
        actors = _actors(world, links, repository, reviews.dismissers)
        shape["dismissal_restrictions"] = addresses | actors
    if reviews.bypassers != Actors():
        shape["bypass_pull_request_allowances"] = _actors(
            world, links, repository, reviews.bypassers
        )
    return shape


def _actors(world: World, links: Links, repository: Repository, actors: Actors) -> Json:
    """Return actors by kind, without deleted ones."""
    organization = repository.organization
    team_table = organization.teams if organization else {}
    users = (world.users[user_id] for user_id in actors.users)
    return {
        "users": [accounts.simple(links, user) for user in users if world.user(user.login) is user],
        "teams": [
            teams.with_parent(links, organization, team_table[team_id])
            for team_id in actors.teams
            if organization is not None and team_id in team_table
        ],
        "apps": [
            accounts.github_app(links, app, _app_owner(world, app))
            for app_id in actors.apps
            if (app := world.apps.get(app_id)) is not None
        ],
    }


def _app_owner(world: World, app: App) -> Organization | User:
    owner = world.organization(app.owner_login) or world.user(app.owner_login)
    if owner is None:
        raise KeyError(app.owner_login)
    return owner


def _restrictions(
    world: World, links: Links, repository: Repository, url: str, pushers: Actors
) -> Json:
    actors = _actors(world, links, repository, pushers)
    apps = [{key: app[key] for key in _APP_KEYS} for app in actors["apps"]]
    address = f"{url}/restrictions"
    kinds = {f"{kind}_url": f"{address}/{kind}" for kind in ("users", "teams", "apps")}
    return {"url": address} | kinds | actors | {"apps": apps}
