"""The steps that random sequences are made of: a request, and when an independent oracle says that it must be refused."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.simulated_github.helpers.oracle import APP, Oracle

HTTPX = "/repos/encode/httpx"
PEOPLE = ("owner-1", "operator-1", "writer-1", "reader-1", "outsider-1")
ACTORS = (*PEOPLE, APP, "")
_MAIN = "refs/heads/main"
TEAMS = ("operations", "maintainers")
BYPASS = "/_simulator/bypass"
Refused = Callable[[Oracle, str], bool]


@dataclass(frozen=True)
class Step:
    """One request by one actor (empty: without a token); ``refused`` says when it must not go through.

    In a path or a body FIRST, RUN, HEAD and other words in capitals stand for what is there by then.
    """

    actor: str
    method: str
    path: str
    body: Any
    refused: Refused

    @property
    def lets_go(self) -> bool:
        """Whether it is a decision on a waiting job, after which secrets may reach it."""
        return self.path.endswith("/pending_deployments") or self.path == BYPASS


def _needs(role: str, *, also_archived: bool = False) -> Refused:
    return lambda oracle, who: (
        not oracle.is_at_least(who, role) or (oracle.archived and not also_archived)
    )


def _owners(oracle: Oracle, who: str) -> bool:
    return not oracle.owns(who)


def _on_ref(ref: str, *rules: str) -> Refused:
    """Written directly: whoever may not write, and whomever a rule binds."""
    return lambda oracle, who: (
        _needs("write")(oracle, who) or any(oracle.forbids(who, ref, rule) for rule in rules)
    )


def _merge(number: int) -> Refused:
    def refused(oracle: Oracle, who: str) -> bool:
        bound = oracle.forbids(who, _MAIN, "update", by_pull_request=True)
        return _needs("write")(oracle, who) or bound or oracle.approvals_missing(who, _MAIN, number)

    return refused


def _request(
    method: str, path: st.SearchStrategy[str], body: st.SearchStrategy[Any], refused: Refused
) -> st.SearchStrategy[Step]:
    return st.builds(Step, st.sampled_from(ACTORS), st.just(method), path, body, st.just(refused))


def _at(template: str, *choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices).map(template.format)


def _just(value: Any) -> st.SearchStrategy[Any]:
    return st.just(value)


_ACCESS = st.sampled_from(["pull", "push", "maintain", "admin"]).map(
    lambda role: {"permission": role}
)
_ROLES = st.sampled_from(["member", "admin"]).map(lambda role: {"role": role})
_ACTORS_OF_RULES = st.lists(
    st.one_of(
        st.sampled_from([2, 4, 5]).map(
            lambda number: {"actor_type": "RepositoryRole", "actor_id": number}
        ),
        st.just({"actor_type": "OrganizationAdmin", "actor_id": None}),
    ).flatmap(
        lambda actor: st.sampled_from(["always", "pull_request"]).map(
            lambda mode: actor | {"bypass_mode": mode}
        )
    ),
    max_size=2,
    unique_by=lambda actor: str(actor["actor_id"]),
)


def _pull_rule(approvals: int) -> dict[str, Any]:
    flags = (
        "dismiss_stale_reviews_on_push",
        "require_code_owner_review",
        "require_last_push_approval",
    )
    more = {
        "required_review_thread_resolution": False,
        "required_approving_review_count": approvals,
    }
    return {"type": "pull_request", "parameters": dict.fromkeys(flags, False) | more}


def _ruleset(
    target: str, includes: list[str], rules: list[dict[str, Any]]
) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda include, chosen, actors, enforcement: {
            "name": f"{target} {include}",
            "target": target,
            "enforcement": enforcement,
            "conditions": {"ref_name": {"include": [include], "exclude": []}},
            "bypass_actors": actors,
            "rules": chosen,
        },
        st.sampled_from(includes),
        st.lists(st.sampled_from(rules), unique_by=lambda rule: rule["type"], max_size=3),
        _ACTORS_OF_RULES,
        st.sampled_from(["active", "active", "evaluate", "disabled"]),
    )


_TAG_RULES = [{"type": name} for name in ("creation", "deletion", "update")]
_BRANCH_RULES = [_pull_rule(0), _pull_rule(1), {"type": "update"}, {"type": "deletion"}]
_FILE = {"message": "Write", "content": base64.b64encode(b"x").decode(), "branch": "main"}


def _membership(slug: str) -> st.SearchStrategy[Step]:
    return st.sampled_from(["outsider-1", "reader-1"]).flatmap(lambda person: _member(slug, person))


def _member(slug: str, person: str) -> st.SearchStrategy[Step]:
    """Whoever is not in the organization is invited by its owners alone."""

    def refused(oracle: Oracle, who: str) -> bool:
        return not oracle.owns(who) and not (
            oracle.maintains(who, slug) and oracle.is_member(person)
        )

    path = _just(f"/orgs/encode/teams/{slug}/memberships/{person}")
    body = st.sampled_from(["member", "maintainer"]).map(lambda role: {"role": role})
    leaves = _request(
        "DELETE", path, _just(None), lambda oracle, who: not oracle.maintains(who, slug)
    )
    return st.one_of(_request("PUT", path, body, refused), leaves)


def _collaborator_goes(person: str) -> st.SearchStrategy[Step]:
    """Whoever is asked to go may go without being an admin."""
    path = _just(f"{HTTPX}/collaborators/{person}")
    return _request(
        "DELETE",
        path,
        _just(None),
        lambda oracle, who: who != person and _needs("admin")(oracle, who),
    )


def _tag(name: str) -> st.SearchStrategy[Step]:
    ref = f"refs/tags/{name}"
    return st.one_of(
        _request(
            "POST",
            _just(f"{HTTPX}/git/refs"),
            _just({"ref": ref, "sha": "HEAD"}),
            _on_ref(ref, "creation"),
        ),
        _request("DELETE", _just(f"{HTTPX}/git/{ref}"), _just(None), _on_ref(ref, "deletion")),
    )


def _pull(number: int) -> st.SearchStrategy[Step]:
    path = f"{HTTPX}/pulls/{number}"
    review = st.sampled_from(["APPROVE", "COMMENT", "REQUEST_CHANGES"]).map(
        lambda event: {"event": event, "body": "Seen."}
    )
    return st.one_of(
        _request("POST", _just(f"{path}/reviews"), review, _needs("read")),
        _request("PUT", _just(f"{path}/merge"), _just({}), _merge(number)),
    )


def _workflow_file(oracle: Oracle, who: str) -> bool:
    """The App here has no permission to write workflows."""
    return who == APP or _on_ref(_MAIN, "update", "pull_request")(oracle, who)


def _team(slug: str) -> st.SearchStrategy[Step]:
    privacy = st.sampled_from(["closed", "secret"]).map(lambda word: {"privacy": word})
    path = _just(f"/orgs/encode/teams/{slug}")

    def refused(oracle: Oracle, who: str) -> bool:
        return not oracle.maintains(who, slug)

    return st.one_of(
        _request("PATCH", path, privacy, refused), _request("DELETE", path, _just(None), refused)
    )


_MEMBERSHIPS = [
    *(st.sampled_from(TEAMS).flatmap(_membership) for _ in range(3)),
    st.sampled_from(TEAMS).flatmap(_team),
]
_ORGANIZATION = [
    _request("PUT", _at("/orgs/encode/memberships/{}", *PEOPLE), _ROLES, _owners),
    _request("DELETE", _at("/orgs/encode/members/{}", *PEOPLE), _just(None), _owners),
    _request(
        "PATCH",
        _just("/user/memberships/orgs/encode"),
        _just({"state": "active"}),
        lambda _, who: who in ("", APP),
    ),
    _request(
        "PUT", _at("/orgs/encode/teams/{}/repos/encode/httpx", *TEAMS), _ACCESS, _needs("admin")
    ),
]
_REPOSITORY = [
    _request("PUT", _at(f"{HTTPX}/collaborators/{{}}", *PEOPLE), _ACCESS, _needs("admin")),
    st.sampled_from(PEOPLE).flatmap(_collaborator_goes),
    _request(
        "PUT",
        _just(f"{HTTPX}/environments/deploy"),
        _just({"prevent_self_review": True}),
        _needs("admin"),
    ),
    _request(
        "POST",
        _just(f"{HTTPX}/actions/variables"),
        _just({"name": "INDEX", "value": "PyPI"}),
        _needs("write"),
    ),
    _request(
        "PATCH",
        _just(HTTPX),
        st.booleans().map(lambda on: {"archived": on}),
        _needs("admin", also_archived=True),
    ),
    _request("PATCH", _just(HTTPX), st.booleans().map(lambda on: {"private": on}), _needs("admin")),
]
_RULES = [
    _request(
        "POST",
        _just(f"{HTTPX}/rulesets"),
        _ruleset("tag", ["~ALL", "refs/tags/v*"], _TAG_RULES),
        _needs("admin"),
    ),
    _request(
        "POST",
        _just(f"{HTTPX}/rulesets"),
        _ruleset("branch", ["~DEFAULT_BRANCH"], _BRANCH_RULES),
        _needs("admin"),
    ),
    _request("DELETE", _just(f"{HTTPX}/rulesets/FIRST"), _just(None), _needs("admin")),
]
_GIT = [
    st.sampled_from(["v1", "v2", "w1"]).flatmap(_tag),
    st.sampled_from([1, 2]).flatmap(_pull),
    _request(
        "PUT",
        _at(f"{HTTPX}/contents/{{}}", "a.md", "b.md"),
        _just(_FILE),
        _on_ref(_MAIN, "update", "pull_request"),
    ),
]
_REVIEWERS = {
    "prevent_self_review": True,
    "reviewers": [{"type": "User", "id": "OPERATOR"}, {"type": "User", "id": "WRITER"}],
}
_RUN = f"{HTTPX}/actions/runs/RUN"
_DECISIONS = st.sampled_from(["approved", "approved", "rejected"]).map(
    lambda state: {"environment_ids": ["ENVIRONMENT"], "state": state, "comment": ""}
)
_ACTIONS = [
    _request(
        "POST",
        _just(f"{HTTPX}/actions/workflows/publish.yml/dispatches"),
        _just({"ref": "main"}),
        _needs("write"),
    ),
    _request(
        "POST",
        _at(f"{_RUN}/{{}}", "rerun", "rerun-failed-jobs", "cancel"),
        _just({}),
        _needs("write"),
    ),
    _request(
        "POST",
        _just(f"{_RUN}/pending_deployments"),
        _DECISIONS,
        lambda oracle, who: not oracle.may_review(who),
    ),
    _request("PUT", _just(f"{HTTPX}/environments/deploy"), _just(_REVIEWERS), _needs("admin")),
    _request(
        "PUT",
        _at(f"{HTTPX}/actions/workflows/publish.yml/{{}}", "disable", "enable"),
        _just(None),
        _needs("write"),
    ),
]


def _bypass(who: str) -> Step:
    """The button of the web page, which asks for no token."""
    return Step(
        "",
        "POST",
        BYPASS,
        {"run_id": "NEWEST", "actor": who},
        lambda oracle, _: not oracle.may_bypass(who),
    )


_SECRET = {"key_id": "KEY", "encrypted_value": "SEALED"}
_DEPLOY = f"{HTTPX}/environments/deploy"
_POLICY = {
    "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True}
}
_SECRETS = [
    _request("PUT", _just(f"{_DEPLOY}/secrets/PYPI_TOKEN"), _just(_SECRET), _needs("admin")),
    _request("DELETE", _just(f"{_DEPLOY}/secrets/PYPI_TOKEN"), _just(None), _needs("admin")),
    _request("PUT", _just(f"{HTTPX}/actions/secrets/PYPI_TOKEN"), _just(_SECRET), _needs("write")),
    _request("DELETE", _just(f"{HTTPX}/actions/secrets/PYPI_TOKEN"), _just(None), _needs("write")),
    _request(
        "PUT",
        _just(_DEPLOY),
        _just(_POLICY | _REVIEWERS | {"can_admins_bypass": False}),
        _needs("admin"),
    ),
    _request(
        "POST",
        _just(f"{_DEPLOY}/deployment-branch-policies"),
        _just({"name": "v*", "type": "tag"}),
        _needs("admin"),
    ),
    _request("DELETE", _just(_DEPLOY), _just(None), _needs("admin")),
    st.sampled_from(PEOPLE).map(_bypass),
    _request(
        "PUT", _just(f"{HTTPX}/contents/.github/workflows/b.yml"), _just(_FILE), _workflow_file
    ),
    _request(
        "PUT",
        _just(f"{HTTPX}/actions/permissions"),
        st.booleans().map(lambda on: {"enabled": on}),
        _needs("admin"),
    ),
]
_GROUPS = (_MEMBERSHIPS, _ORGANIZATION, _REPOSITORY, _RULES, _GIT, _ACTIONS, _SECRETS)
#: A step of any kind; each group as likely as the others.
STEPS = st.one_of(*(st.one_of(*group) for group in _GROUPS))
