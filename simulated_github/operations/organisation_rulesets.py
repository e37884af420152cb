"""Rulesets of an organisation: for its owners, on a paid plan, and in force in the repositories that they name."""

from simulated_github.answers import Answer, created, no_content, ok, page
from simulated_github.errors import Forbidden, NotFound
from simulated_github.fields import body, text
from simulated_github.needs import OnOrganisation
from simulated_github.records.organisations import Organisation
from simulated_github.records.rulesets import Ruleset
from simulated_github.request import Request
from simulated_github.routing import Operation
from simulated_github.ruleset_documents import ENFORCEMENT, FIELDS, ORGANISATION_CONDITIONS, apply, check_name, chosen
from simulated_github.shapes import rulesets


def _shape(request: Request, found: Ruleset) -> dict[str, object]:
    return rulesets.full(request.links, request.organisation, found, may_bypass=None, with_actors=True)


def _find(request: Request) -> Ruleset:
    found = _kept(request.organisation).get(request.number("ruleset_id"))
    if found is None:
        raise NotFound
    return found


def _kept(organisation: Organisation) -> dict[int, Ruleset]:
    """For GitHub Team and Enterprise. Source: GitHub's docs, "About rulesets"; the sentence is an assumption."""
    if organisation.plan == "free":
        raise Forbidden("Upgrade to GitHub Team to enable this feature.")
    return organisation.rulesets


def _list(request: Request) -> Answer:
    kept, wanted = _kept(request.organisation).values(), request.query.get("targets", "").split(",")
    found = [ruleset for ruleset in kept if wanted == [""] or ruleset.target in wanted]
    return page(request, found, lambda one: rulesets.listed(request.links, request.organisation, one))


def _get(request: Request) -> Answer:
    return ok(_shape(request, _find(request)))


def _create(request: Request) -> Answer:
    organisation, sent, now = request.organisation, request.body, request.world.clock.stamp()
    kept = _kept(organisation)
    check_name(kept.values(), sent["name"], None)
    found = Ruleset(request.world.ids.take("ruleset"), sent["name"], now, now, chosen=chosen(sent.get("conditions") or {}))
    apply(organisation, found, sent)
    kept[found.id] = found
    return created(_shape(request, found))


def _update(request: Request) -> Answer:
    sent, found = request.body, _find(request)
    check_name(request.organisation.rulesets.values(), sent.get("name", found.name), found)
    now_for = chosen(sent["conditions"]) if "conditions" in sent else found.chosen
    apply(request.organisation, found, sent)
    found.name, found.chosen, found.updated_at = sent.get("name", found.name), now_for, request.world.clock.stamp()
    return ok(_shape(request, found))


def _delete(request: Request) -> Answer:
    del request.organisation.rulesets[_find(request).id]
    return no_content()


_PATH = "/orgs/{org}/rulesets"
_ONE = f"{_PATH}/{{ruleset_id}}"
_OWNER = OnOrganisation("admin", "organization_administration:write", ("admin:org",), hides=True)
_FIELDS = FIELDS | {"conditions": ORGANISATION_CONDITIONS}

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
        "repos/update-org-ruleset", "PUT", _ONE, _update, _OWNER, body(name=text(), enforcement=text(*ENFORCEMENT), **_FIELDS)
    ),
    Operation("repos/delete-org-ruleset", "DELETE", _ONE, _delete, _OWNER),
]
