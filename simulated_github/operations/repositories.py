"""Repositories, their topics and their vulnerability alerts."""

import re
from typing import Any

from simulated_github.errors import Forbidden, NotFound, ValidationFailed, invalid
from simulated_github.git.objects import Signature
from simulated_github.http.fields import Anything, Field, Text, body, flag, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import ARCHIVED, Anyone, OnOrganization, OnRepository
from simulated_github.http.responses import Response, created, no_content, ok
from simulated_github.http.routing import Operation
from simulated_github.operations.branch_renames import check_organization_rulesets
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.rules.rulesets import rulesets_against_renaming
from simulated_github.shapes import repositories

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
_FLAGS = (
    "has_issues",
    "has_projects",
    "has_wiki",
    "has_downloads",
    "has_discussions",
    "is_template",
    "allow_squash_merge",
    "allow_merge_commit",
    "allow_rebase_merge",
    "allow_auto_merge",
    "allow_update_branch",
    "allow_forking",
    "delete_branch_on_merge",
    "use_squash_pr_title_as_default",
    "web_commit_signoff_required",
)
_TEXTS = {
    "description": text(nullable=True),
    "homepage": text(nullable=True),
    "squash_merge_commit_title": text("PR_TITLE", "COMMIT_OR_PR_TITLE"),
    "squash_merge_commit_message": text("PR_BODY", "COMMIT_MESSAGES", "BLANK"),
    "merge_commit_title": text("PR_TITLE", "MERGE_MESSAGE"),
    "merge_commit_message": text("PR_BODY", "PR_TITLE", "BLANK"),
}
_SETTINGS: dict[str, Field] = {name: flag() for name in _FLAGS} | _TEXTS
#: The settings that allow a merge method, of which one must stay on.
_MERGE_METHODS = ("allow_merge_commit", "allow_squash_merge", "allow_rebase_merge")
_VISIBILITY: dict[str, Field] = {
    "private": flag(),
    "visibility": text("public", "private", "internal"),
}
#: Fields that clients send and GitHub ignores: the Terraform provider's PATCH has them all.
_IGNORED: dict[str, Field] = {
    "auto_init": flag(),
    "license_template": text(),
    "gitignore_template": text(),
    "topics": list_of(Text(), nullable=True),
    "security_and_analysis": Field(Anything(), nullable=True),
}


def _get(request: Request) -> Response:
    return ok(
        repositories.full(
            request.links, request.repository, reported_role(request, request.repository)
        )
    )


def reported_role(request: Request, repository: Repository) -> Role | None:
    """Return the role that a repository's response reports to the caller, None without a token."""
    token = request.token
    if token is None:
        return None
    if token.installation is None:
        return access.role_on(repository, token.user.id)
    if access.has_permission(token.installation, "administration:read"):
        return Role.ADMIN
    return Role.WRITE if access.has_permission(token.installation, "contents:write") else Role.READ


def _create(request: Request) -> Response:
    world = request.world
    owner = request.organization
    fields = request.body
    token = request.token
    if (
        token is not None
        and token.installation is None
        and not (owner.is_owner(token.user.id) or owner.members_can_create_repositories)
    ):
        raise Forbidden(
            "You need admin access to the organization before adding a repository to it."
        )
    name = normalize_repository_name(request, owner.login, fields["name"])
    now = world.clock.stamp()
    repository = Repository(world.ids.take("repository"), owner, name, now, now)
    repository.visibility = _visibility(fields) or "public"
    repository.settings = _change_settings(repository, fields)
    if token is not None and token.installation is None:
        repository.collaborators[token.user.id] = Role.ADMIN
    world.add_repository(repository)
    if fields.get("auto_init"):
        _create_first_commit(request, repository)
    return created(repositories.full(request.links, repository, Role.ADMIN))


def _change_settings(repository: Repository, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with those of a body; raise ValidationFailed without a merge method.

    Source of the message: public responses. Assumption: the entry's field.
    """
    settings = repository.settings | {key: fields[key] for key in _SETTINGS if key in fields}
    if not any(settings[name] for name in _MERGE_METHODS):
        message = "Sorry, you need to allow at least one merge strategy. (no_merge_method)"
        raise invalid("Repository", "merge_commit_allowed", message=message)
    return settings


def _visibility(fields: dict[str, object]) -> str | None:
    if fields.get("visibility") == "internal":
        raise ValidationFailed(
            "Only organizations associated with an enterprise can set visibility to internal."
        )
    if "visibility" in fields:
        return str(fields["visibility"])
    if "private" not in fields:
        return None
    return "private" if fields["private"] else "public"


def normalize_repository_name(
    request: Request, owner: str, name: str, repository: Repository | None = None
) -> str:
    """Return the name as GitHub spells it; raise ValidationFailed when it is taken."""
    if not _NAME.match(name):
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:100]
    if name in ("", ".", ".."):
        raise ValidationFailed(
            "Repository creation failed.", [_error_entry("missing_field", "is missing or reserved")]
        )
    existing = request.world.repository(owner, name)
    if existing is not None and existing is not repository:
        raise ValidationFailed(
            "Repository creation failed.",
            [_error_entry("custom", "name already exists on this account")],
        )
    return name


def _error_entry(code: str, message: str) -> dict[str, str]:
    return {"resource": "Repository", "field": "name", "code": code, "message": message}


def _create_first_commit(request: Request, repository: Repository) -> None:
    user = request.user
    author = Signature(
        user.name or user.login, f"{user.login}@users.example", request.world.clock.seconds()
    )
    readme = f"# {repository.name}\n".encode()
    repository.git.refs[repository.default_ref] = repository.git.commit(
        (), {"README.md": readme}, "Initial commit", author, author
    )


def _update(request: Request) -> Response:
    repository = request.repository
    fields = request.body
    if repository.archived and fields.get("archived") is not False:
        raise Forbidden(ARCHIVED)
    name = normalize_repository_name(
        request, repository.owner.login, fields.get("name", repository.name), repository
    )
    if name != repository.name:
        _check_rename(request)
    visibility = _visibility(fields) or repository.visibility
    settings = _change_settings(repository, fields)
    if fields.get("default_branch", repository.default_branch) != repository.default_branch:
        _check_default_branch(request, fields["default_branch"])
        repository.default_branch = fields["default_branch"]
    repository.visibility = visibility
    repository.settings = settings
    if fields.get("archived", repository.archived) is not repository.archived:
        _set_archived(repository, fields["archived"])
    if name != repository.name:
        request.world.rename_repository(repository, name)
    repository.updated_at = request.world.clock.stamp()
    return ok(repositories.full(request.links, repository, reported_role(request, repository)))


def _check_rename(request: Request) -> None:
    """Raise Forbidden when an organization's ruleset keeps the repository's name.

    Assumption: the status and the message.
    """
    preventing = rulesets_against_renaming(request.repository, request.require_token())
    if preventing:
        names = ", ".join(ruleset.name for ruleset in preventing)
        raise Forbidden(
            "Repository rule violations found\n\n"
            f"Renaming the repository is prevented: {names}.\n\n"
        )


def _set_archived(repository: Repository, is_archived: bool) -> None:
    """Archive a repository, or make it writable again.

    Source: the Terraform provider's acceptance tests, by which archiving switches the vulnerability
    alerts off.
    """
    repository.archived = is_archived
    if is_archived:
        repository.vulnerability_alerts = False


def _check_default_branch(request: Request, branch: str) -> None:
    if f"refs/heads/{branch}" not in request.repository.git.refs:
        raise invalid(
            "Repository", "default_branch", "invalid", f"The branch {branch} was not found."
        )
    check_organization_rulesets(request)


def _delete(request: Request) -> Response:
    request.world.remove_repository(request.repository)
    return no_content()


def _get_topics(request: Request) -> Response:
    return ok({"names": list(request.repository.topics)})


def _put_topics(request: Request) -> Response:
    names = request.body["names"]
    if any(not re.match(r"[a-z0-9][a-z0-9-]{0,49}\Z", name.lower()) for name in names):
        raise ValidationFailed(
            "Topics must start with a lowercase letter or number, and hold hyphens, 50 at most."
        )
    request.repository.topics = tuple(name.lower() for name in names)
    return ok({"names": list(request.repository.topics)})


def _check_alerts(request: Request) -> Response:
    if not request.repository.vulnerability_alerts:
        raise NotFound("Vulnerability alerts are disabled.")
    return no_content()


def _switch_alerts(request: Request) -> Response:
    request.repository.vulnerability_alerts = request.method == "PUT"
    return no_content()


_PATH = "/repos/{owner}/{repo}"
_READ = OnRepository(Role.READ)
_ADMIN = OnRepository(Role.ADMIN, "administration:write")
#: Source: GitHub's docs, "Repository roles for an organization": maintain and admin manage topics.
_TOPICS = OnRepository(Role.MAINTAIN, "administration:write")
_ALERTS = OnRepository(Role.ADMIN, "administration:read", hides=True)

operations = [
    Operation("repos/get", "GET", _PATH, _get, Anyone()),
    Operation(
        "repos/create-in-org",
        "POST",
        "/orgs/{org}/repos",
        _create,
        OnOrganization("member", "administration:write", ("repo", "public_repo")),
        body(
            name=text(required=True),
            custom_properties=Field(Anything()),
            **_SETTINGS,
            **_VISIBILITY,
            **_IGNORED,
        ),
    ),
    Operation(
        "repos/update",
        "PATCH",
        _PATH,
        _update,
        OnRepository(Role.ADMIN, "administration:write", writes_archived=True),
        body(
            name=text(),
            archived=flag(),
            default_branch=text(),
            **_SETTINGS,
            **_VISIBILITY,
            **_IGNORED,
        ),
    ),
    Operation(
        "repos/delete",
        "DELETE",
        _PATH,
        _delete,
        OnRepository(Role.ADMIN, "administration:write", ("delete_repo",), writes_archived=True),
    ),
    Operation("repos/get-all-topics", "GET", f"{_PATH}/topics", _get_topics, _READ),
    Operation(
        "repos/replace-all-topics",
        "PUT",
        f"{_PATH}/topics",
        _put_topics,
        _TOPICS,
        body(names=list_of(Text(), required=True)),
    ),
    Operation(
        "repos/check-vulnerability-alerts",
        "GET",
        f"{_PATH}/vulnerability-alerts",
        _check_alerts,
        _ALERTS,
    ),
    Operation(
        "repos/enable-vulnerability-alerts",
        "PUT",
        f"{_PATH}/vulnerability-alerts",
        _switch_alerts,
        _ADMIN,
    ),
    Operation(
        "repos/disable-vulnerability-alerts",
        "DELETE",
        f"{_PATH}/vulnerability-alerts",
        _switch_alerts,
        _ADMIN,
    ),
]
