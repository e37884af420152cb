"""Rulesets of a repository."""

from typing import Any

from simulated_github import access
from simulated_github import rulesets as rules
from simulated_github.answers import Answer, created, no_content, ok, page
from simulated_github.errors import Forbidden, ValidationFailed
from simulated_github.fields import (
    Anything,
    Field,
    Record,
    Text,
    body,
    check,
    integer,
    list_of,
    record,
    text,
)
from simulated_github.needs import OnRepository
from simulated_github.records.organisations import Organisation
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import BypassActor, Rule, Ruleset
from simulated_github.request import Request
from simulated_github.routing import Operation
from simulated_github.rule_parameters import PARAMETERS, WITHOUT_PARAMETERS, complete
from simulated_github.shapes import rulesets

_ACTORS = ("Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey", "User")
_WITHOUT_ID = ("OrganizationAdmin", "DeployKey")


def _shape(request: Request, found: Ruleset) -> dict[str, object]:
    token = request.token
    may = rules.bypass(request.repository, found, token) if token else "never"
    writes = token is not None and request.role is Role.ADMIN and _may_write(request)
    return rulesets.full(request.links, request.repository, found, may_bypass=may, with_actors=writes)


def _may_write(request: Request) -> bool:
    """Bypass actors are for those who may change the ruleset. Source: the page "Get a repository ruleset"."""
    installation = request.installation
    return installation is None or access.permits(installation, "administration:write")


def _list(request: Request) -> Answer:
    repository = request.repository
    return page(request, repository.rulesets.values(), lambda found: rulesets.listed(request.links, repository, found))


def _get(request: Request) -> Answer:
    return ok(_shape(request, request.ruleset))


def _create(request: Request) -> Answer:
    repository, sent, now = request.repository, request.body, request.world.clock.stamp()
    _check_plan(repository)
    _check_name(repository, sent["name"], None)
    found = Ruleset(request.world.ids.take("ruleset"), sent["name"], now, now)
    _apply(repository, found, sent)
    repository.rulesets[found.id] = found
    return created(_shape(request, found))


def _update(request: Request) -> Answer:
    repository, sent, found = request.repository, request.body, request.ruleset
    if "name" in sent:
        _check_name(repository, sent["name"], found)
        found.name = sent["name"]
    _apply(repository, found, sent)
    found.updated_at = request.world.clock.stamp()
    return ok(_shape(request, found))


def _delete(request: Request) -> Answer:
    del request.repository.rulesets[request.ruleset.id]
    return no_content()


def _check_plan(repository: Repository) -> None:
    owner = repository.owner
    if repository.private and getattr(owner, "plan", "free") == "free":
        raise Forbidden("Upgrade to GitHub Pro or make this repository public to enable this feature.")


def _check_name(repository: Repository, name: str, but: Ruleset | None) -> None:
    if any(other.name == name and other is not but for other in repository.rulesets.values()):
        raise ValidationFailed("Validation Failed", ["Name must be unique"])


def _apply(repository: Repository, found: Ruleset, sent: dict[str, Any]) -> None:
    """Everything is checked before anything is changed."""
    target = sent.get("target", found.target)
    actors = _actors(repository, sent["bypass_actors"]) if "bypass_actors" in sent else found.bypass_actors
    kept = _rules(sent["rules"], target) if "rules" in sent else found.rules
    names = (sent.get("conditions") or {}).get("ref_name")
    if names is not None:
        _check_patterns(target, names)
        found.include, found.exclude = tuple(names["include"]), tuple(names["exclude"])
    found.target, found.enforcement = target, sent.get("enforcement", found.enforcement)
    found.bypass_actors, found.rules = actors, kept


def _check_patterns(target: str, names: dict[str, list[str]]) -> None:
    space = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(target, "refs/")
    special = ("~ALL", "~DEFAULT_BRANCH") if target == "branch" else ("~ALL",)
    wrong = [p for p in (*names["include"], *names["exclude"]) if p not in special and not p.startswith(space)]
    if wrong:
        raise ValidationFailed("Validation Failed", [f"Invalid target patterns: '{pattern}'" for pattern in wrong])


def _actors(repository: Repository, sent: list[dict[str, Any]]) -> tuple[BypassActor, ...]:
    found = tuple(_actor(item) for item in sent)
    for actor in found:
        problem = _actor_problem(repository, actor)
        if problem:
            raise ValidationFailed("Validation Failed", [problem])
    return found


def _actor(item: dict[str, Any]) -> BypassActor:
    """The id of an organisation's admins means nothing and is not kept. Source: the API's description of ``actor_id``."""
    kind = item["actor_type"]
    number = None if kind in _WITHOUT_ID else item.get("actor_id")
    return BypassActor(kind, number, item.get("bypass_mode", "always"))


def _actor_problem(repository: Repository, actor: BypassActor) -> str | None:
    owner = repository.owner
    if actor.kind in _WITHOUT_ID:
        return None
    if actor.id is None:
        return f"Actor id is required for {actor.kind}"
    if actor.kind == "RepositoryRole" and actor.id not in rules.ROLE_IDS:
        return f"Actor {actor.id} is not a repository role"
    if actor.kind == "Team":
        team = owner.teams.get(actor.id) if isinstance(owner, Organisation) else None
        if team is None:
            return "Actor team must be part of the ruleset source or owner organization"
        if team.privacy == "secret":
            return "Actor secret teams cannot bypass a ruleset"
    return None


def _rules(sent: list[dict[str, Any]], target: str) -> tuple[Rule, ...]:
    found = tuple(_rule(item, i) for i, item in enumerate(sent))
    kinds = [rule.type for rule in found]
    if len(kinds) != len(set(kinds)):
        raise ValidationFailed("Validation Failed", ["Rules must be unique by type"])
    wrong = [kind for kind in kinds if kind in ("pull_request", "branch_name_pattern") and target != "branch"]
    if wrong:
        raise ValidationFailed("Validation Failed", [f"Invalid rule '{kind}' for a {target} ruleset" for kind in wrong])
    return found


def _rule(item: dict[str, Any], at: int) -> Rule:
    kind, parameters = item["type"], item.get("parameters")
    if kind not in PARAMETERS and kind not in WITHOUT_PARAMETERS:
        raise ValidationFailed(
            f"Invalid request.\n\nInvalid property /rules/{at}: data matches no possible input. See `documentation_url`."
        )
    if kind in WITHOUT_PARAMETERS:
        return Rule(kind)
    if parameters is None and kind != "update":
        raise ValidationFailed(f'Invalid request.\n\n"rules/{at}/parameters" wasn\'t supplied.')
    return Rule(kind, None if parameters is None else complete(kind, check(PARAMETERS[kind], parameters)))


def _branch_rules(request: Request) -> Answer:
    repository = request.repository
    ref = f"refs/heads/{request.params['branch']}"
    found = [(ruleset, rule) for ruleset in rules.in_force(repository, ref) for rule in ruleset.rules]
    return page(request, found, lambda pair: rulesets.of_branch(repository, *pair))


_PATH = "/repos/{owner}/{repo}"
_READ = OnRepository(Role.READ, "metadata:read")
_ADMIN = OnRepository(Role.ADMIN, "administration:write", ("repo",))
_NAMES = {"include": list_of(Text(), required=True), "exclude": list_of(Text(), required=True)}
_ACTOR = Record(
    {
        "actor_id": integer(nullable=True),
        "actor_type": text(*_ACTORS, required=True),
        "bypass_mode": text("always", "pull_request", "exempt"),
    }
)
_FIELDS = {
    "target": text("branch", "tag", "push"),
    "bypass_actors": list_of(_ACTOR),
    "conditions": record({"ref_name": record(_NAMES)}),
    "rules": list_of(Record({"type": text(required=True), "parameters": Field(Anything(), nullable=True)})),
    # the provider's client sends these two of an answer back, empty or not; GitHub passes over them
    "source": text(),
    "source_type": text(),
}
_ENFORCEMENT = ("disabled", "active", "evaluate")

operations = [
    Operation("repos/get-repo-rulesets", "GET", f"{_PATH}/rulesets", _list, _READ),
    Operation(
        "repos/create-repo-ruleset",
        "POST",
        f"{_PATH}/rulesets",
        _create,
        _ADMIN,
        body(name=text(required=True), enforcement=text(*_ENFORCEMENT, required=True), **_FIELDS),
    ),
    Operation("repos/get-repo-ruleset", "GET", f"{_PATH}/rulesets/{{ruleset_id}}", _get, _READ),
    Operation(
        "repos/update-repo-ruleset",
        "PUT",
        f"{_PATH}/rulesets/{{ruleset_id}}",
        _update,
        _ADMIN,
        body(name=text(), enforcement=text(*_ENFORCEMENT), **_FIELDS),
    ),
    Operation("repos/delete-repo-ruleset", "DELETE", f"{_PATH}/rulesets/{{ruleset_id}}", _delete, _ADMIN),
    Operation("repos/get-branch-rules", "GET", f"{_PATH}/rules/branches/{{branch...}}", _branch_rules, _READ),
]
