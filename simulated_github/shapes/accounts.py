"""Users, organizations, Apps and memberships as GitHub's API shows them."""

from simulated_github.records.accounts import App, Installation, Invitation, Organization, User
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id


def simple(links: Links, account: User | Organization) -> Json:
    """Return an account as other responses include it (schema `simple-user`)."""
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
    """Return an account in full (schema `public-user`)."""
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
    """Return an organization as lists show it (schema `organization-simple`)."""
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
    links: Links,
    organization: Organization,
    public_count: int,
    private_count: int,
    *,
    for_owner: bool,
) -> Json:
    """Return an organization in full (schema `organization-full`).

    The counts are those of its public and private repositories. Only an owner sees the plan and the
    settings.
    """
    shape = organization_simple(links, organization) | {
        "name": organization.name or organization.login,
        "company": "",
        "blog": "",
        "location": "",
        "email": "",
        "twitter_username": None,
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": public_count,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": links.html(organization.login),
        "created_at": organization.created_at,
        "updated_at": organization.created_at,
        "archived_at": None,
        "type": "Organization",
    }
    return shape | (_settings(organization, private_count) if for_owner else {})


def _settings(organization: Organization, private_count: int) -> Json:
    return {
        "total_private_repos": private_count,
        "owned_private_repos": private_count,
        "private_gists": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "billing_email": f"billing@{organization.login}.example",
        "plan": {
            "name": organization.plan,
            "space": 976562499,
            "private_repos": 10000,
            "filled_seats": len(organization.members),
            "seats": 0,
        },
        "default_repository_permission": organization.base_role.label,
        "members_can_create_repositories": organization.members_can_create_repositories,
        "members_can_create_teams": organization.members_can_create_teams,
        "two_factor_requirement_enabled": False,
        "members_can_create_public_repositories": organization.members_can_create_repositories,
        "members_can_create_private_repositories": organization.members_can_create_repositories,
        "web_commit_signoff_required": False,
    }


def membership(links: Links, organization: Organization, user: User, role: str, state: str) -> Json:
    """Return a user's membership in an organization; `state` is `active` or `pending`."""
    return {
        "url": links.api("orgs", organization.login, "memberships", user.login),
        "state": state,
        "role": role,
        "organization_url": links.api("orgs", organization.login),
        "user": simple(links, user),
        "organization": organization_simple(links, organization),
    }


def organization_invitation(
    links: Links, organization: Organization, invitation: Invitation, user: User, inviter: User
) -> Json:
    """Return an invitation to an organization; the role `member` is `direct_member` here."""
    return {
        "id": invitation.id,
        "node_id": node_id("OrganizationInvitation", invitation.id),
        "login": user.login,
        "email": None,
        "role": "admin" if invitation.role == "admin" else "direct_member",
        "created_at": invitation.created_at,
        "failed_at": invitation.failed_at,
        "failed_reason": "Invitation expired." if invitation.failed_at else None,
        "inviter": simple(links, inviter),
        "team_count": len(invitation.teams),
        "invitation_teams_url": links.api(
            "organizations", str(organization.id), "invitations", str(invitation.id), "teams"
        ),
        "invitation_source": "member",
    }


def github_app(links: Links, app: App, owner: Organization | User) -> Json:
    """Return a GitHub App with its owner and permissions (schema `integration`)."""
    return {
        "id": app.id,
        "slug": app.slug,
        "node_id": node_id("App", app.id),
        "client_id": f"Iv1.{app.id:016x}",
        "owner": simple(links, owner),
        "name": app.name,
        "description": "",
        "external_url": links.html(app.slug),
        "html_url": links.html("apps", app.slug),
        "created_at": app.created_at,
        "updated_at": app.created_at,
        "permissions": dict(app.permissions),
        "events": [],
    }


def app_installation(links: Links, installation: Installation, account: Organization) -> Json:
    """Return an installation of an App in an organization."""
    return {
        "id": installation.id,
        "account": simple(links, account),
        "repository_selection": "all",
        "access_tokens_url": links.api(
            "app", "installations", str(installation.id), "access_tokens"
        ),
        "repositories_url": links.api("installation", "repositories"),
        "html_url": links.html(
            "organizations", account.login, "settings", "installations", str(installation.id)
        ),
        "app_id": installation.app.id,
        "app_slug": installation.app.slug,
        "target_id": account.id,
        "target_type": "Organization",
        "permissions": dict(installation.permissions),
        "events": [],
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
        "created_at": installation.app.created_at,
        "updated_at": installation.app.created_at,
    }
