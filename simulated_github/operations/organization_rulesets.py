"""Rulesets of an organization, which apply to the repositories that their conditions name."""

from simulated_github.errors import Forbidden, NotFound
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization
from simulated_github.http.responses import Response, created, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.ruleset_documents import (
    ENFORCEMENT,
    FIELDS,
    ORGANIZATION_CONDITIONS,
    apply_document,
    check_name,
    parse_repository_condition,
)
from simulated_github.operations.rulesets import filter_by_targets
from simulated_github.records.accounts import Organization
from simulated_github.records.rulesets import Ruleset
from simulated_github.shapes import rulesets


def _shape(request: Request, ruleset: Ruleset) -> dict[str, object]:
    return rulesets.full(
        request.links, request.organization, ruleset, bypass_mode=None, with_actors=True
    )


def _find_ruleset(request: Request) -> Ruleset:
    ruleset = _available_rulesets(request.organization).get(request.number("ruleset_id"))
    if ruleset is None:
        raise NotFound
    return ruleset


def _available_rulesets(organization: Organization) -> dict[int, Ruleset]:
    """Return the rulesets by id; raise Forbidden on the free plan.

    Source: GitHub's docs, "About rulesets": for GitHub Team and Enterprise. Assumption: the
    message.
    """
    if organization.plan == "free":
        raise Forbidden("Upgrade to GitHub Team to enable this feature.")
    return organization.rulesets


def _list(request: Request) -> Response:
    return page(
        request,
        filter_by_targets(request, _available_rulesets(request.organization).values()),
        lambda ruleset: rulesets.summary(request.links, request.organization, ruleset),
    )


def _get(request: Request) -> Response:
    return ok(_shape(request, _find_ruleset(request)))


def _create(request: Request) -> Response:
    organization = request.organization
    document = request.body
    created_at = request.world.clock.stamp()
    existing = _available_rulesets(organization)
    check_name(existing.values(), document["name"], None)
    ruleset = Ruleset(
        request.world.ids.take("ruleset"),
        document["name"],
        created_at,
        created_at,
        repository_target=parse_repository_condition(document.get("conditions") or {}),
    )
    apply_document(organization, ruleset, document)
    existing[ruleset.id] = ruleset
    return created(_shape(request, ruleset))


def _update(request: Request) -> Response:
    document = request.body
    ruleset = _find_ruleset(request)
    check_name(request.organization.rulesets.values(), document.get("name", ruleset.name), ruleset)
    condition = (
        parse_repository_condition(document["conditions"])
        if "conditions" in document
        else ruleset.repository_target
    )
    apply_document(request.organization, ruleset, document)
    ruleset.name = document.get("name", ruleset.name)
    ruleset.repository_target = condition
    ruleset.updated_at = request.world.clock.stamp()
    return ok(_shape(request, ruleset))


def _delete(request: Request) -> Response:
    del request.organization.rulesets[_find_ruleset(request).id]
    return no_content()


_PATH = "/orgs/{org}/rulesets"
_RULESET = f"{_PATH}/{{ruleset_id}}"
_OWNER = OnOrganization("admin", "organization_administration:write", ("admin:org",), hides=True)
_FIELDS = FIELDS | {"conditions": ORGANIZATION_CONDITIONS}

operations = [
    Operation("repos/get-org-rulesets", "GET", _PATH, _list, _OWNER),
    Operation(
        "repos/create-org-ruleset",
        "POST",
        _PATH,
        _create,
        _OWNER,
        body(name=text(required=True), enforcement=text(*ENFORCEMENT, required=True), **_FIELDS),
    ),
    Operation("repos/get-org-ruleset", "GET", _RULESET, _get, _OWNER),
    Operation(
        "repos/update-org-ruleset",
        "PUT",
        _RULESET,
        _update,
        _OWNER,
        body(name=text(), enforcement=text(*ENFORCEMENT), **_FIELDS),
    ),
    Operation("repos/delete-org-ruleset", "DELETE", _RULESET, _delete, _OWNER),
]
