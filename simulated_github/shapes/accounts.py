"""People, organizations, Apps and memberships as the API shows them."""

from typing import Any

from simulated_github.records.organizations import Invitation, Organization
from simulated_github.records.people import App, Installation, User
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id

Json = dict[str, Any]


def simple(links: Links, account: User | Organization) -> Json:
    """An account in short, as it stands inside other answers (``simple-user``)."""
    api = links.api("users", account.login)
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id(account.kind, account.id),
        "avatar_url": links.html("avatars", str(account.id)),
        "gravatar_id": "",
        "url": api,
        "html_url": links.html(account.login),
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def public_user(links: Links, account: User | Organization) -> Json:
    """An account in full (``public-user``)."""
    return simple(links, account) | {
        "name": account.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": account.email if isinstance(account, User) else None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": account.created_at,
        "updated_at": account.created_at,
    }


def organization_simple(links: Links, organization: Organization) -> Json:
    """An organization in short (``organization-simple``)."""
    api = links.api("orgs", organization.login)
    return {
        "login": organization.login,
        "id": organization.id,
        "node_id": node_id("Organization", organization.id),
        "url": api,
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events",
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": links.html("avatars", str(organization.id)),
        "description": "",
    }


def organization_full(
    links: Links, found: Organization, repositories: int, private: int, *, owner: bool
) -> Json:
    """An organization in full; its plan and its settings are for its owners only."""
    shape = organization_simple(links, found) | {
        "name": found.name or found.login,
        "company": "",
        "blog": "",
        "location": "",
        "email": "",
        "twitter_username": None,
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": repositories,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": links.html(found.login),
        "created_at": found.created_at,
        "updated_at": found.created_at,
        "archived_at": None,
        "type": "Organization",
    }
    return shape | (_settings(found, private) if owner else {})


def _settings(found: Organization, private: int) -> Json:
    return {
        "total_private_repos": private,
        "owned_private_repos": private,
        "private_gists": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "billing_email": f"billing@{found.login}.example",
        "plan": {
            "name": found.plan,
            "space": 976562499,
            "private_repos": 10000,
            "filled_seats": len(found.members),
            "seats": 0,
        },
        "default_repository_permission": found.base_role.label,
        "members_can_create_repositories": found.members_can_create_repositories,
        "members_can_create_teams": found.members_can_create_teams,
        "two_factor_requirement_enabled": False,
        "members_can_create_public_repositories": found.members_can_create_repositories,
        "members_can_create_private_repositories": found.members_can_create_repositories,
        "web_commit_signoff_required": False,
    }


def membership(links: Links, found: Organization, who: User, role: str, state: str) -> Json:
    """A person's membership of an organization; ``state`` is ``active`` or ``pending``."""
    return {
        "url": links.api("orgs", found.login, "memberships", who.login),
        "state": state,
        "role": role,
        "organization_url": links.api("orgs", found.login),
        "user": simple(links, who),
        "organization": organization_simple(links, found),
    }


def organization_invitation(
    links: Links, found: Organization, invited: Invitation, who: User, inviter: User
) -> Json:
    """An invitation into an organization; a plain member's role is called ``direct_member`` here."""
    return {
        "id": invited.id,
        "node_id": node_id("OrganizationInvitation", invited.id),
        "login": who.login,
        "email": None,
        "role": "admin" if invited.role == "admin" else "direct_member",
        "created_at": invited.created_at,
        "failed_at": invited.failed_at,
        "failed_reason": "Invitation expired." if invited.failed_at else None,
        "inviter": simple(links, inviter),
        "team_count": len(invited.teams),
        "invitation_teams_url": links.api(
            "organizations", str(found.id), "invitations", str(invited.id), "teams"
        ),
        "invitation_source": "member",
    }


def github_app(links: Links, found: App, owner: Organization | User) -> Json:
    """A GitHub App."""
    return {
        "id": found.id,
        "slug": found.slug,
        "node_id": node_id("App", found.id),
        "client_id": f"Iv1.{found.id:016x}",
        "owner": simple(links, owner),
        "name": found.name,
        "description": "",
        "external_url": links.html(found.slug),
        "html_url": links.html("apps", found.slug),
        "created_at": found.created_at,
        "updated_at": found.created_at,
        "permissions": dict(found.permissions),
        "events": [],
    }


def app_installation(links: Links, found: Installation, account: Organization) -> Json:
    """An App's installation in an organization."""
    return {
        "id": found.id,
        "account": simple(links, account),
        "repository_selection": "all",
        "access_tokens_url": links.api("app", "installations", str(found.id), "access_tokens"),
        "repositories_url": links.api("installation", "repositories"),
        "html_url": links.html(
            "organizations", account.login, "settings", "installations", str(found.id)
        ),
        "app_id": found.app.id,
        "app_slug": found.app.slug,
        "target_id": account.id,
        "target_type": "Organization",
        "permissions": dict(found.permissions),
        "events": [],
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
        "created_at": found.app.created_at,
        "updated_at": found.app.created_at,
    }
