"""Rulesets of a repository."""

from collections.abc import Iterable

from simulated_github.errors import Forbidden, NotFound
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.ruleset_documents import (
    ENFORCEMENT,
    FIELDS,
    apply_document,
    check_name,
)
from simulated_github.records.accounts import Organization
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Ruleset
from simulated_github.rules import access
from simulated_github.rules import rulesets as rules
from simulated_github.shapes import rulesets


def _shape(request: Request, ruleset: Ruleset) -> dict[str, object]:
    token = request.token
    repository = request.repository
    bypass = rules.bypass_mode(repository, ruleset, token) if token else "never"
    return rulesets.full(
        request.links,
        repository.owner,
        ruleset,
        repository,
        bypass_mode=bypass,
        with_actors=may_write(request, repository, ruleset),
    )


def may_write(request: Request, repository: Repository, ruleset: Ruleset) -> bool:
    """Return whether the caller may change the ruleset, and therefore see its bypass actors.

    Source: GitHub's docs, REST page "Get a repository ruleset".
    """
    token = request.token
    owner = repository.owner
    if token is None:
        return False
    if token.installation is not None:
        return (
            access.has_permission(token.installation, "administration:write")
            and request.role_on(repository) is Role.ADMIN
        )
    if ruleset.repository_target is not None:
        return isinstance(owner, Organization) and owner.is_owner(token.user.id)
    return request.role_on(repository) is Role.ADMIN


def _visible_rulesets(request: Request) -> list[Ruleset]:
    """Return the repository's rulesets, and the organization's unless `includes_parents=false`.

    Source: the REST pages of both.
    """
    _check_plan(request.repository)
    all_rulesets = rules.repository_rulesets(request.repository)
    with_parents = request.query.get("includes_parents", "true") != "false"
    return [
        ruleset for ruleset in all_rulesets if with_parents or ruleset.repository_target is None
    ]


def filter_by_targets(request: Request, candidates: Iterable[Ruleset]) -> list[Ruleset]:
    """Return the rulesets with one of the targets in the query; without the parameter, all."""
    targets = request.query.get("targets", "").split(",")
    return [ruleset for ruleset in candidates if targets == [""] or ruleset.target in targets]


def _list(request: Request) -> Response:
    repository = request.repository
    return page(
        request,
        filter_by_targets(request, _visible_rulesets(request)),
        lambda ruleset: rulesets.summary(request.links, repository.owner, ruleset, repository),
    )


def _get(request: Request) -> Response:
    ruleset_id = request.number("ruleset_id")
    ruleset = next(
        (ruleset for ruleset in _visible_rulesets(request) if ruleset.id == ruleset_id), None
    )
    if ruleset is None:
        raise NotFound
    return ok(_shape(request, ruleset))


def _create(request: Request) -> Response:
    repository = request.repository
    document = request.body
    created_at = request.world.clock.stamp()
    _check_plan(repository)
    check_name(repository.rulesets.values(), document["name"], None)
    ruleset = Ruleset(request.world.ids.take("ruleset"), document["name"], created_at, created_at)
    apply_document(repository.owner, ruleset, document)
    repository.rulesets[ruleset.id] = ruleset
    return created(_shape(request, ruleset))


def _update(request: Request) -> Response:
    """Update a ruleset of the repository itself.

    Assumption: an organization's ruleset is a 404 here.
    """
    repository = request.repository
    document = request.body
    ruleset = request.ruleset
    _check_plan(repository)
    check_name(repository.rulesets.values(), document.get("name", ruleset.name), ruleset)
    apply_document(repository.owner, ruleset, document)
    ruleset.name = document.get("name", ruleset.name)
    ruleset.updated_at = request.world.clock.stamp()
    return ok(_shape(request, ruleset))


def _delete(request: Request) -> Response:
    del request.repository.rulesets[request.ruleset.id]
    return no_content()


def _check_plan(repository: Repository) -> None:
    """Raise Forbidden when the plan has no rulesets for this repository, on reads and writes.

    Source: GitHub's docs, "About rulesets"; public issue threads for the message.
    """
    if not rules.plan_has_rulesets(repository):
        raise Forbidden(
            "Upgrade to GitHub Pro or make this repository public to enable this feature."
        )


def _list_branch_rules(request: Request) -> Response:
    repository = request.repository
    _check_plan(repository)
    ref = f"refs/heads/{request.params['branch']}"
    pairs = [
        (ruleset, rule)
        for ruleset in rules.active_rulesets(repository, ref)
        for rule in ruleset.rules
    ]
    return page(request, pairs, lambda pair: rulesets.branch_rule(repository, *pair))


_PATH = "/repos/{owner}/{repo}"
_READ = OnRepository(Role.READ, "metadata:read")
_ADMIN = OnRepository(Role.ADMIN, "administration:write", ("repo",))

operations = [
    Operation("repos/get-repo-rulesets", "GET", f"{_PATH}/rulesets", _list, _READ),
    Operation(
        "repos/create-repo-ruleset",
        "POST",
        f"{_PATH}/rulesets",
        _create,
        _ADMIN,
        body(name=text(required=True), enforcement=text(*ENFORCEMENT, required=True), **FIELDS),
    ),
    Operation("repos/get-repo-ruleset", "GET", f"{_PATH}/rulesets/{{ruleset_id}}", _get, _READ),
    Operation(
        "repos/update-repo-ruleset",
        "PUT",
        f"{_PATH}/rulesets/{{ruleset_id}}",
        _update,
        _ADMIN,
        body(name=text(), enforcement=text(*ENFORCEMENT), **FIELDS),
    ),
    Operation(
        "repos/delete-repo-ruleset", "DELETE", f"{_PATH}/rulesets/{{ruleset_id}}", _delete, _ADMIN
    ),
    Operation(
        "repos/get-branch-rules",
        "GET",
        f"{_PATH}/rules/branches/{{branch...}}",
        _list_branch_rules,
        _READ,
    ),
]
