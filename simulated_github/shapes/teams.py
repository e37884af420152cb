"""Teams and memberships of teams as the API shows them."""

from simulated_github.records.organizations import Organization, Team
from simulated_github.records.people import User
from simulated_github.shapes.accounts import Json, organization_full
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id


def simple(links: Links, found: Organization, team: Team) -> Json:
    """A team in short, as it stands inside other answers."""
    api = links.api("organizations", str(found.id), "team", str(team.id))
    return {
        "id": team.id,
        "node_id": node_id("Team", team.id),
        "url": api,
        "html_url": links.html("orgs", found.login, "teams", team.slug),
        "name": team.name,
        "slug": team.slug,
        "description": team.description,
        "privacy": team.privacy,
        "notification_setting": team.notification_setting,
        "permission": team.permission,
        "members_url": f"{api}/members{{/member}}",
        "repositories_url": f"{api}/repos",
        "type": "organization",
        "organization_id": found.id,
    }


def with_parent(links: Links, found: Organization, team: Team) -> Json:
    """A team as lists show it: with its parent."""
    parent = found.teams.get(team.parent_id) if team.parent_id else None
    return simple(links, found, team) | {"parent": simple(links, found, parent) if parent else None}


def full(links: Links, found: Organization, team: Team, repositories: int) -> Json:
    """A team in full; ``repositories`` is how many public ones its organization has."""
    return with_parent(links, found, team) | {
        "created_at": team.created_at,
        "updated_at": team.updated_at,
        "members_count": len(team.members),
        "repos_count": len(team.repositories),
        "organization": organization_full(links, found, repositories, 0, owner=False),
    }


def team_membership(
    links: Links, found: Organization, team: Team, who: User, role: str, state: str
) -> Json:
    """A person's membership of a team; ``state`` is ``active`` or ``pending``."""
    return {
        "url": links.api(
            "organizations", str(found.id), "team", str(team.id), "memberships", who.login
        ),
        "role": role,
        "state": state,
    }
