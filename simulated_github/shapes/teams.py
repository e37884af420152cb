"""Teams and team memberships as GitHub's API shows them."""

from simulated_github.records.accounts import Organization, Team, User
from simulated_github.shapes.accounts import organization_full
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id


def simple(links: Links, organization: Organization, team: Team) -> Json:
    """Return a team as other responses include it (schema `team-simple`)."""
    api = links.api("organizations", str(organization.id), "team", str(team.id))
    return {
        "id": team.id,
        "node_id": node_id("Team", team.id),
        "url": api,
        "html_url": links.html("orgs", organization.login, "teams", team.slug),
        "name": team.name,
        "slug": team.slug,
        "description": team.description,
        "privacy": team.privacy,
        "notification_setting": team.notification_setting,
        "permission": team.permission,
        "members_url": f"{api}/members{{/member}}",
        "repositories_url": f"{api}/repos",
        "type": "organization",
        "organization_id": organization.id,
    }


def with_parent(links: Links, organization: Organization, team: Team) -> Json:
    """Return a team as lists show it, with its parent."""
    parent = organization.teams.get(team.parent_id) if team.parent_id else None
    return simple(links, organization, team) | {
        "parent": simple(links, organization, parent) if parent else None
    }


def full(links: Links, organization: Organization, team: Team, public_count: int) -> Json:
    """Return a team in full; `public_count` counts its organization's public repositories."""
    return with_parent(links, organization, team) | {
        "created_at": team.created_at,
        "updated_at": team.updated_at,
        "members_count": len(team.members),
        "repos_count": len(team.repositories),
        "organization": organization_full(links, organization, public_count, 0, for_owner=False),
    }


def team_membership(
    links: Links, organization: Organization, team: Team, user: User, role: str, state: str
) -> Json:
    """Return the membership of a user in a team; `state` is `active` or `pending`."""
    return {
        "url": links.api(
            "organizations", str(organization.id), "team", str(team.id), "memberships", user.login
        ),
        "role": role,
        "state": state,
    }
