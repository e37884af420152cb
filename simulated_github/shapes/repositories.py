"""Repositories as the API shows them."""

from simulated_github.records.organizations import Organization
from simulated_github.records.repositories import Repository, RepositoryInvitation
from simulated_github.records.roles import Role, permissions
from simulated_github.shapes import accounts
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id
from simulated_github.world.memberships import LIFE
from simulated_github.world.world import World

#: What stands behind ``{"x_url": ".../repos/OWNER/NAME/..."}`` for each name.
_URLS = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}
_MERGE_SETTINGS = (
    "allow_squash_merge",
    "allow_merge_commit",
    "allow_rebase_merge",
    "allow_auto_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
    "use_squash_pr_title_as_default",
    "squash_merge_commit_title",
    "squash_merge_commit_message",
    "merge_commit_title",
    "merge_commit_message",
)
_STATUS_OFF = {"status": "disabled"}


def simple(links: Links, found: Repository) -> Json:
    """A repository in the fewest words, as it stands inside others (``simple-repository``)."""
    api = links.api("repos", found.owner.login, found.name)
    return {
        "id": found.id,
        "node_id": node_id("Repository", found.id),
        "name": found.name,
        "full_name": found.full_name,
        "private": found.private,
        "owner": accounts.simple(links, found.owner),
        "html_url": links.html(found.owner.login, found.name),
        "description": found.settings["description"],
        "fork": False,
        "url": api,
        **{name: api + rest for name, rest in _URLS.items()},
    }


def minimal(links: Links, found: Repository, role: Role | None) -> Json:
    """A repository as lists show it; ``role`` is what the asking person may do, None without a token."""
    settings = found.settings
    html = links.html(found.owner.login, found.name)
    shape = simple(links, found) | {
        "git_url": f"git://{html.partition('://')[2]}.git",
        "ssh_url": f"git@localhost:{found.full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "mirror_url": None,
        "homepage": settings["homepage"],
        "language": "Python",
        "size": 0,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "open_issues_count": 0,
        "forks": 0,
        "watchers": 0,
        "open_issues": 0,
        "default_branch": found.default_branch,
        "is_template": settings["is_template"],
        "topics": list(found.topics),
        "has_issues": settings["has_issues"],
        "has_projects": settings["has_projects"],
        "has_wiki": settings["has_wiki"],
        "has_pages": False,
        "has_downloads": settings["has_downloads"],
        "has_discussions": settings["has_discussions"],
        "archived": found.archived,
        "disabled": False,
        "visibility": found.visibility,
        "license": None,
        "allow_forking": settings["allow_forking"],
        "web_commit_signoff_required": settings["web_commit_signoff_required"],
        "pushed_at": found.updated_at,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }
    return shape | ({"permissions": permissions(role)} if role is not None else {})


def full(links: Links, found: Repository, role: Role | None) -> Json:
    """A repository in full; merge settings are for those who may write, the security block for admins."""
    shape = minimal(links, found, role) | {"network_count": 0, "subscribers_count": 0}
    if isinstance(found.owner, Organization):
        shape["organization"] = accounts.simple(links, found.owner)
    if role is not None and role >= Role.WRITE:
        shape |= {name: found.settings[name] for name in _MERGE_SETTINGS} | {"temp_clone_token": ""}
    if role is Role.ADMIN:
        shape["security_and_analysis"] = {
            "secret_scanning": _STATUS_OFF,
            "secret_scanning_push_protection": _STATUS_OFF,
            "dependabot_security_updates": _STATUS_OFF,
        }
    return shape


def team_repository(links: Links, found: Repository, role: Role) -> Json:
    """A repository as a team's list shows it: with the team's own role."""
    return minimal(links, found, role) | {"role_name": role.label}


def has_expired(world: World, invited: RepositoryInvitation) -> bool:
    """Whether nobody accepted an invitation in seven days."""
    return invited.created_at <= world.clock.stamp(before=LIFE)


def repository_invitation(
    world: World, links: Links, found: Repository, invited: RepositoryInvitation
) -> Json:
    """An invitation to a repository."""
    return {
        "id": invited.id,
        "node_id": node_id("RepositoryInvitation", invited.id),
        "repository": simple(links, found),
        "invitee": accounts.simple(links, world.users[invited.user_id]),
        "inviter": accounts.simple(links, world.users[invited.inviter_id]),
        "permissions": invited.role.label,
        "created_at": invited.created_at,
        "expired": has_expired(world, invited),
        "url": links.api("user", "repository_invitations", str(invited.id)),
        "html_url": links.html(found.owner.login, found.name, "invitations"),
    }
