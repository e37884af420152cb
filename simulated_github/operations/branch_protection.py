"""Classic protection of branches.

Source: GitHub's docs, REST page "Protected branches". Deliberately absent: the operations on parts
of a protection but for `enforce_admins` and `required_signatures`; a PUT replaces the whole.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from simulated_github.errors import Forbidden, NotFound, ValidationFailed
from simulated_github.http.fields import (
    Field,
    Record,
    Text,
    body,
    flag,
    integer,
    list_of,
    record,
    text,
)
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, no_content, ok
from simulated_github.http.routing import Operation
from simulated_github.records.branch_protection import (
    Actors,
    BranchProtection,
    RequiredChecks,
    RequiredReviews,
)
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.rules.rulesets import plan_has_rulesets
from simulated_github.shapes import branch_protection as shapes

#: The fields of a body that are flags, and the record's names for them.
_FLAGS = {
    "enforce_admins": "enforces_admins",
    "required_linear_history": "linear_history",
    "allow_force_pushes": "allows_force_pushes",
    "allow_deletions": "allows_deletions",
    "block_creations": "blocks_creations",
    "required_conversation_resolution": "conversation_resolution",
    "lock_branch": "locked",
    "allow_fork_syncing": "allows_fork_syncing",
}
_MOST_APPROVALS = 6


def _shape(request: Request, protection: BranchProtection) -> dict[str, object]:
    return shapes.full(
        request.world, request.links, request.repository, request.params["branch"], protection
    )


def _check_branch(request: Request) -> None:
    """Raise NotFound when the path names no branch, Forbidden when the plan has no protection.

    Source: GitHub's docs, "About protected branches" (public repositories on the free plan).
    """
    repository = request.repository
    if not plan_has_rulesets(repository):
        raise Forbidden(
            "Upgrade to GitHub Pro or make this repository public to enable this feature."
        )
    if f"refs/heads/{request.params['branch']}" not in repository.git.refs:
        raise NotFound("Branch not found")


def _find_protection(request: Request) -> BranchProtection:
    """Return the protection with the branch's exact name; raise NotFound without one.

    Assumption: a pattern that matches the branch is not found under the branch's name.
    """
    _check_branch(request)
    protection = request.repository.branch_protections.get(request.params["branch"])
    if protection is None:
        raise NotFound("Branch not protected")
    return protection


def _get(request: Request) -> Response:
    return ok(_shape(request, _find_protection(request)))


def _put(request: Request) -> Response:
    """Replace the protection of a branch; signatures, which have their own operation, stay."""
    _check_branch(request)
    repository = request.repository
    fields = request.body
    branch = request.params["branch"]
    _check_linear_history(repository, fields)
    checks = _parse_checks(fields["required_status_checks"])
    reviews = _parse_reviews(request, fields["required_pull_request_reviews"])
    pushers = _parse_pushers(request, fields["restrictions"])
    existing = repository.branch_protections.get(branch)
    number = existing.id if existing else request.world.ids.take("branch_protection")
    protection = BranchProtection(
        number,
        branch,
        checks=checks,
        reviews=reviews,
        pushers=pushers,
        signatures=existing is not None and existing.signatures,
        **{name: bool(fields.get(field)) for field, name in _FLAGS.items()},
    )
    repository.branch_protections[branch] = protection
    return ok(_shape(request, protection))


def _check_linear_history(repository: Repository, fields: Mapping[str, Any]) -> None:
    """Raise ValidationFailed for a linear history without a merge method that keeps it.

    Source: the REST page: "your repository must allow squash merging or rebase merging".
    Assumption: the message.
    """
    methods = ("allow_squash_merge", "allow_rebase_merge")
    if fields.get("required_linear_history") and not any(
        repository.settings[method] for method in methods
    ):
        raise ValidationFailed(
            "Validation Failed",
            ["Linear history requires a repository that allows squash or rebase merging"],
        )


def _parse_checks(document: Mapping[str, Any] | None) -> RequiredChecks | None:
    if document is None:
        return None
    checks = dict.fromkeys(document.get("contexts", ()))
    checks |= {check["context"]: check.get("app_id") for check in document.get("checks", ())}
    return RequiredChecks(document["strict"], tuple(checks.items()))


def _parse_reviews(request: Request, document: Mapping[str, Any] | None) -> RequiredReviews | None:
    """Return the required reviews; Assumption: one approval when the count is left out."""
    if document is None:
        return None
    dismissers = document.get("dismissal_restrictions")
    bypassers = document.get("bypass_pull_request_allowances") or {}
    return RequiredReviews(
        document.get("required_approving_review_count", 1),
        document.get("dismiss_stale_reviews", False),
        document.get("require_code_owner_reviews", False),
        document.get("require_last_push_approval", False),
        _parse_actors(request, dismissers) if dismissers else None,
        _parse_actors(request, bypassers),
    )


def _parse_pushers(request: Request, document: Mapping[str, Any] | None) -> Actors | None:
    return None if document is None else _parse_actors(request, document)


def _parse_actors(request: Request, document: Mapping[str, list[str]]) -> Actors:
    """Return the actors of a body; raise ValidationFailed for one without write access.

    Source: GitHub's docs, "About protected branches". Assumption: the messages.
    """
    repository = request.repository
    organization = repository.organization
    if organization is None:
        raise ValidationFailed(
            "Validation Failed",
            ["Only organization repositories can have users and team restrictions"],
        )
    world = request.world
    users = {login: world.user(login) for login in document.get("users", ())}
    teams = {slug: organization.team(slug) for slug in document.get("teams", ())}
    apps_by_slug = {app.slug: app for app in world.apps.values()}
    apps = {slug: apps_by_slug.get(slug) for slug in document.get("apps", ())}
    _check_actors(
        (
            name
            for name, user in users.items()
            if user is None or access.role_on(repository, user.id) < Role.WRITE
        ),
        (
            name
            for name, team in teams.items()
            if team is None or access.team_role(organization, team, repository) < Role.WRITE
        ),
        (name for name, app in apps.items() if app is None),
    )
    return Actors(
        tuple(user.id for user in users.values() if user),
        tuple(team.id for team in teams.values() if team),
        tuple(app.id for app in apps.values() if app),
    )


def _check_actors(users: Iterable[str], teams: Iterable[str], apps: Iterable[str]) -> None:
    problems = [
        f"{kind} {name} does not exist or has no write access to the repository"
        for kind, names in (("User", users), ("Team", teams), ("App", apps))
        for name in names
    ]
    if problems:
        raise ValidationFailed("Validation Failed", problems)


def _delete(request: Request) -> Response:
    protection = _find_protection(request)
    del request.repository.branch_protections[protection.pattern]
    return no_content()


def _get_switch(request: Request) -> Response:
    return ok(_describe_switch(request, _find_protection(request)))


def _turn_on(request: Request) -> Response:
    protection = _find_protection(request)
    setattr(protection, _switch_name(request), True)
    return ok(_describe_switch(request, protection))


def _turn_off(request: Request) -> Response:
    setattr(_find_protection(request), _switch_name(request), False)
    return no_content()


def _switch_part(request: Request) -> str:
    return request.path.rstrip("/").rpartition("/")[2]


def _switch_name(request: Request) -> str:
    return _SWITCHES[_switch_part(request)]


def _describe_switch(request: Request, protection: BranchProtection) -> dict[str, object]:
    url = shapes.protection_url(request.links, request.repository, request.params["branch"])
    enabled = getattr(protection, _switch_name(request))
    return shapes.switch(f"{url}/{_switch_part(request)}", enabled)


#: The settings with operations of their own, and the record's names for them.
_SWITCHES = {"enforce_admins": "enforces_admins", "required_signatures": "signatures"}
_PATH = "/repos/{owner}/{repo}/branches/{branch}/protection"
_READ = OnRepository(Role.ADMIN, "administration:read", hides=True)
_ADMIN = OnRepository(Role.ADMIN, "administration:write", ("repo", "public_repo"), hides=True)
_NAMES = {kind: list_of(Text()) for kind in ("users", "teams", "apps")}
_CHECK = Record({"context": text(required=True), "app_id": integer()})
_CHECKS = {
    "strict": flag(required=True),
    "contexts": list_of(Text()),
    "checks": list_of(_CHECK),
}
_REVIEWS = {
    "dismissal_restrictions": record(_NAMES),
    "dismiss_stale_reviews": flag(),
    "require_code_owner_reviews": flag(),
    "required_approving_review_count": integer(0, _MOST_APPROVALS),
    "require_last_push_approval": flag(),
    "bypass_pull_request_allowances": record(_NAMES),
}
_PUSHERS: Mapping[str, Field] = {
    "users": list_of(Text(), required=True),
    "teams": list_of(Text(), required=True),
    "apps": list_of(Text()),
}

operations = [
    Operation("repos/get-branch-protection", "GET", _PATH, _get, _READ),
    Operation(
        "repos/update-branch-protection",
        "PUT",
        _PATH,
        _put,
        _ADMIN,
        body(
            required_status_checks=record(_CHECKS, required=True, nullable=True),
            enforce_admins=flag(required=True, nullable=True),
            required_pull_request_reviews=record(_REVIEWS, required=True, nullable=True),
            restrictions=record(_PUSHERS, required=True, nullable=True),
            required_linear_history=flag(),
            allow_force_pushes=flag(nullable=True),
            allow_deletions=flag(),
            block_creations=flag(),
            required_conversation_resolution=flag(),
            lock_branch=flag(),
            allow_fork_syncing=flag(),
        ),
    ),
    Operation("repos/delete-branch-protection", "DELETE", _PATH, _delete, _ADMIN),
    Operation(
        "repos/get-admin-branch-protection", "GET", f"{_PATH}/enforce_admins", _get_switch, _READ
    ),
    Operation(
        "repos/set-admin-branch-protection", "POST", f"{_PATH}/enforce_admins", _turn_on, _ADMIN
    ),
    Operation(
        "repos/delete-admin-branch-protection",
        "DELETE",
        f"{_PATH}/enforce_admins",
        _turn_off,
        _ADMIN,
    ),
    Operation(
        "repos/get-commit-signature-protection",
        "GET",
        f"{_PATH}/required_signatures",
        _get_switch,
        _READ,
    ),
    Operation(
        "repos/create-commit-signature-protection",
        "POST",
        f"{_PATH}/required_signatures",
        _turn_on,
        _ADMIN,
    ),
    Operation(
        "repos/delete-commit-signature-protection",
        "DELETE",
        f"{_PATH}/required_signatures",
        _turn_off,
        _ADMIN,
    ),
]
