"""Rulesets of an organization: for its owners, on a paid plan, and in force in the repositories that they name."""

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
    apply,
    check_name,
    chosen,
)
from simulated_github.records.organizations import Organization
from simulated_github.records.rulesets import Ruleset
from simulated_github.shapes import rulesets


def _shape(request: Request, found: Ruleset) -> dict[str, object]:
    return rulesets.full(
        request.links, request.organization, found, may_bypass=None, with_actors=True
    )


def _find(request: Request) -> Ruleset:
    found = _kept(request.organization).get(request.number("ruleset_id"))
    if found is None:
        raise NotFound
    return found


def _kept(organization: Organization) -> dict[int, Ruleset]:
    """For GitHub Team and Enterprise. Source: GitHub's docs, "About rulesets"; the sentence is an assumption."""
    if organization.plan == "free":
        raise Forbidden("Upgrade to GitHub Team to enable this feature.")
    return organization.rulesets


def _list(request: Request) -> Response:
    kept, wanted = _kept(request.organization).values(), request.query.get("targets", "").split(",")
    found = [ruleset for ruleset in kept if wanted == [""] or ruleset.target in wanted]
    return page(
        request, found, lambda one: rulesets.summary(request.links, request.organization, one)
    )


def _get(request: Request) -> Response:
    return ok(_shape(request, _find(request)))


def _create(request: Request) -> Response:
    organization, sent, now = request.organization, request.body, request.world.clock.stamp()
    kept = _kept(organization)
    check_name(kept.values(), sent["name"], None)
    found = Ruleset(
        request.world.ids.take("ruleset"),
        sent["name"],
        now,
        now,
        repository_target=chosen(sent.get("conditions") or {}),
    )
    apply(organization, found, sent)
    kept[found.id] = found
    return created(_shape(request, found))


def _update(request: Request) -> Response:
    sent, found = request.body, _find(request)
    check_name(request.organization.rulesets.values(), sent.get("name", found.name), found)
    now_for = chosen(sent["conditions"]) if "conditions" in sent else found.repository_target
    apply(request.organization, found, sent)
    found.name, found.repository_target, found.updated_at = (
        sent.get("name", found.name),
        now_for,
        request.world.clock.stamp(),
    )
    return ok(_shape(request, found))


def _delete(request: Request) -> Response:
    del request.organization.rulesets[_find(request).id]
    return no_content()


_PATH = "/orgs/{org}/rulesets"
_ONE = f"{_PATH}/{{ruleset_id}}"
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
    Operation("repos/get-org-ruleset", "GET", _ONE, _get, _OWNER),
    Operation(
        "repos/update-org-ruleset",
        "PUT",
        _ONE,
        _update,
        _OWNER,
        body(name=text(), enforcement=text(*ENFORCEMENT), **_FIELDS),
    ),
    Operation("repos/delete-org-ruleset", "DELETE", _ONE, _delete, _OWNER),
]
