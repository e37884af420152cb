"""Repositories and their invitations as GitHub's API shows them."""

from simulated_github.records.repositories import Repository, RepositoryInvitation
from simulated_github.records.roles import Role, permissions
from simulated_github.shapes import accounts
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id
from simulated_github.world.memberships import has_expired
from simulated_github.world.world import World

#: The paths of a repository's URLs, after `/repos/OWNER/NAME`.
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


def simple(links: Links, repository: Repository) -> Json:
    """Return a repository as other responses include it (schema `simple-repository`)."""
    api = links.repository(repository)
    return {
        "id": repository.id,
        "node_id": node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": accounts.simple(links, repository.owner),
        "html_url": links.repository_page(repository),
        "description": repository.settings["description"],
        "fork": False,
        "url": api,
        **{name: api + path for name, path in _URLS.items()},
    }


def minimal(links: Links, repository: Repository, role: Role | None) -> Json:
    """Return a repository as lists show it (schema `minimal-repository`).

    `role` is the role of the requesting user, None without a token.
    """
    settings = repository.settings
    html = links.repository_page(repository)
    shape = simple(links, repository) | {
        "git_url": f"git://{html.partition('://')[2]}.git",
        "ssh_url": f"git@localhost:{repository.full_name}.git",
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
        "default_branch": repository.default_branch,
        "is_template": settings["is_template"],
        "topics": list(repository.topics),
        "has_issues": settings["has_issues"],
        "has_projects": settings["has_projects"],
        "has_wiki": settings["has_wiki"],
        "has_pages": False,
        "has_downloads": settings["has_downloads"],
        "has_discussions": settings["has_discussions"],
        "archived": repository.archived,
        "disabled": False,
        "visibility": repository.visibility,
        "license": None,
        "allow_forking": settings["allow_forking"],
        "web_commit_signoff_required": settings["web_commit_signoff_required"],
        "pushed_at": repository.updated_at,
        "created_at": repository.created_at,
        "updated_at": repository.updated_at,
    }
    return shape | ({"permissions": permissions(role)} if role is not None else {})


def full(links: Links, repository: Repository, role: Role | None) -> Json:
    """Return a repository in full (schema `full-repository`).

    Merge settings need the role write, the security settings admin.
    """
    shape = minimal(links, repository, role) | {"network_count": 0, "subscribers_count": 0}
    if repository.organization is not None:
        shape["organization"] = accounts.simple(links, repository.organization)
    if role is not None and role >= Role.WRITE:
        shape |= {name: repository.settings[name] for name in _MERGE_SETTINGS} | {
            "temp_clone_token": ""
        }
    if role is Role.ADMIN:
        shape["security_and_analysis"] = {
            "secret_scanning": _STATUS_OFF,
            "secret_scanning_push_protection": _STATUS_OFF,
            "dependabot_security_updates": _STATUS_OFF,
        }
    return shape


def team_repository(links: Links, repository: Repository, role: Role) -> Json:
    """Return a repository as a team's list shows it, with the role of the team."""
    return minimal(links, repository, role) | {"role_name": role.label}


def repository_invitation(
    world: World, links: Links, repository: Repository, invitation: RepositoryInvitation
) -> Json:
    """Return an invitation of a user to a repository (schema `repository-invitation`)."""
    return {
        "id": invitation.id,
        "node_id": node_id("RepositoryInvitation", invitation.id),
        "repository": simple(links, repository),
        "invitee": accounts.simple(links, world.users[invitation.user_id]),
        "inviter": accounts.simple(links, world.users[invitation.inviter_id]),
        "permissions": invitation.role.label,
        "created_at": invitation.created_at,
        "expired": has_expired(world, invitation),
        "url": links.api("user", "repository_invitations", str(invitation.id)),
        "html_url": links.repository_page(repository, "invitations"),
    }
