"""Rulesets of a repository."""

from simulated_github.errors import Forbidden, NotFound
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.ruleset_documents import ENFORCEMENT, FIELDS, apply, check_name
from simulated_github.records.organizations import Organization
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Ruleset
from simulated_github.rules import access
from simulated_github.rules import rulesets as rules
from simulated_github.shapes import rulesets


def _shape(request: Request, found: Ruleset) -> dict[str, object]:
    token, repository = request.token, request.repository
    may = rules.bypass_mode(repository, found, token) if token else "never"
    return rulesets.full(
        request.links,
        repository.owner,
        found,
        repository,
        may_bypass=may,
        with_actors=_may_write(request, found),
    )


def _may_write(request: Request, found: Ruleset) -> bool:
    """Bypass actors are for those who may change the ruleset. Source: the page "Get a repository ruleset"."""
    token, owner = request.token, request.repository.owner
    if token is None:
        return False
    if token.installation is not None:
        return (
            access.has_permission(token.installation, "administration:write")
            and request.role is Role.ADMIN
        )
    if found.repository_target is not None:
        return isinstance(owner, Organization) and owner.is_owner(token.user.id)
    return request.role is Role.ADMIN


def _seen(request: Request) -> list[Ruleset]:
    """The repository's own, and those from above unless ``includes_parents`` is false. Source: both REST pages."""
    _check_plan(request.repository)
    found = rules.repository_rulesets(request.repository)
    with_parents = request.query.get("includes_parents", "true") != "false"
    return [ruleset for ruleset in found if with_parents or ruleset.repository_target is None]


def _list(request: Request) -> Response:
    repository, wanted = request.repository, request.query.get("targets", "").split(",")
    found = [ruleset for ruleset in _seen(request) if wanted == [""] or ruleset.target in wanted]
    return page(
        request,
        found,
        lambda one: rulesets.summary(request.links, repository.owner, one, repository),
    )


def _get(request: Request) -> Response:
    number = request.number("ruleset_id")
    found = next((ruleset for ruleset in _seen(request) if ruleset.id == number), None)
    if found is None:
        raise NotFound
    return ok(_shape(request, found))


def _create(request: Request) -> Response:
    repository, sent, now = request.repository, request.body, request.world.clock.stamp()
    _check_plan(repository)
    check_name(repository.rulesets.values(), sent["name"], None)
    found = Ruleset(request.world.ids.take("ruleset"), sent["name"], now, now)
    apply(repository.owner, found, sent)
    repository.rulesets[found.id] = found
    return created(_shape(request, found))


def _update(request: Request) -> Response:
    """Only the repository's own: one from above is not found here. Assumption: its status is 404."""
    repository, sent, found = request.repository, request.body, request.ruleset
    _check_plan(repository)
    check_name(repository.rulesets.values(), sent.get("name", found.name), found)
    apply(repository.owner, found, sent)
    found.name, found.updated_at = sent.get("name", found.name), request.world.clock.stamp()
    return ok(_shape(request, found))


def _delete(request: Request) -> Response:
    del request.repository.rulesets[request.ruleset.id]
    return no_content()


def _check_plan(repository: Repository) -> None:
    """Source: GitHub's docs, "About rulesets"; the sentence is that of public issue threads, for reads as for writes."""
    if not rules.plan_has_rulesets(repository):
        raise Forbidden(
            "Upgrade to GitHub Pro or make this repository public to enable this feature."
        )


def _branch_rules(request: Request) -> Response:
    repository = request.repository
    _check_plan(repository)
    ref = f"refs/heads/{request.params['branch']}"
    found = [
        (ruleset, rule)
        for ruleset in rules.active_rulesets(repository, ref)
        for rule in ruleset.rules
    ]
    return page(request, found, lambda pair: rulesets.branch_rule(repository, *pair))


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
        _branch_rules,
        _READ,
    ),
]
