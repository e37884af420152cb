"""The steps of random sequences: a request, and a rule for when it must be refused."""

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
MustBeRefused = Callable[[Oracle, str], bool]


@dataclass(frozen=True)
class Step:
    """One request by one actor (empty without a token), and whether it must be refused.

    In a path or body, words in capitals such as FIRST, RUN and HEAD stand for objects that exist at
    that point.
    """

    actor: str
    method: str
    path: str
    body: Any
    must_be_refused: MustBeRefused

    @property
    def may_release_job(self) -> bool:
        """Whether the step decides on a waiting job, after which secrets may reach it."""
        return self.path.endswith("/pending_deployments") or self.path == BYPASS


def _below(role: str, *, also_archived: bool = False) -> MustBeRefused:
    return lambda oracle, login: (
        not oracle.is_at_least(login, role) or (oracle.archived and not also_archived)
    )


def _not_owner(oracle: Oracle, login: str) -> bool:
    return not oracle.owns(login)


def _forbidden_on_ref(ref: str, *rules: str) -> MustBeRefused:
    """Refuse users without write access, and users whom one of the rules binds."""
    return lambda oracle, login: (
        _below("write")(oracle, login) or any(oracle.forbids(login, ref, rule) for rule in rules)
    )


def _merge(number: int) -> MustBeRefused:
    def must_be_refused(oracle: Oracle, login: str) -> bool:
        bound = oracle.forbids(login, _MAIN, "update", by_pull_request=True)
        return (
            _below("write")(oracle, login)
            or bound
            or oracle.approvals_missing(login, _MAIN, number)
        )

    return must_be_refused


def _request(
    method: str,
    path: st.SearchStrategy[str],
    body: st.SearchStrategy[Any],
    must_be_refused: MustBeRefused,
) -> st.SearchStrategy[Step]:
    return st.builds(
        Step, st.sampled_from(ACTORS), st.just(method), path, body, st.just(must_be_refused)
    )


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
        lambda include, selected_rules, actors, enforcement: {
            "name": f"{target} {include}",
            "target": target,
            "enforcement": enforcement,
            "conditions": {"ref_name": {"include": [include], "exclude": []}},
            "bypass_actors": actors,
            "rules": selected_rules,
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
    return st.sampled_from(["outsider-1", "reader-1"]).flatmap(
        lambda person: _membership_of(slug, person)
    )


def _membership_of(slug: str, person: str) -> st.SearchStrategy[Step]:
    """Add and remove a member; only owners may invite a user from outside the organization."""

    def must_be_refused(oracle: Oracle, login: str) -> bool:
        return not oracle.owns(login) and not (
            oracle.maintains(login, slug) and oracle.is_member(person)
        )

    path = _just(f"/orgs/encode/teams/{slug}/memberships/{person}")
    body = st.sampled_from(["member", "maintainer"]).map(lambda role: {"role": role})
    leaves = _request(
        "DELETE", path, _just(None), lambda oracle, login: not oracle.maintains(login, slug)
    )
    return st.one_of(_request("PUT", path, body, must_be_refused), leaves)


def _remove_collaborator(person: str) -> st.SearchStrategy[Step]:
    """Remove a collaborator; users may remove themselves without admin access."""
    path = _just(f"{HTTPX}/collaborators/{person}")
    return _request(
        "DELETE",
        path,
        _just(None),
        lambda oracle, login: login != person and _below("admin")(oracle, login),
    )


def _tag(name: str) -> st.SearchStrategy[Step]:
    ref = f"refs/tags/{name}"
    return st.one_of(
        _request(
            "POST",
            _just(f"{HTTPX}/git/refs"),
            _just({"ref": ref, "sha": "HEAD"}),
            _forbidden_on_ref(ref, "creation"),
        ),
        _request(
            "DELETE", _just(f"{HTTPX}/git/{ref}"), _just(None), _forbidden_on_ref(ref, "deletion")
        ),
    )


def _pull(number: int) -> st.SearchStrategy[Step]:
    path = f"{HTTPX}/pulls/{number}"
    review = st.sampled_from(["APPROVE", "COMMENT", "REQUEST_CHANGES"]).map(
        lambda event: {"event": event, "body": "Seen."}
    )
    return st.one_of(
        _request("POST", _just(f"{path}/reviews"), review, _below("read")),
        _request("PUT", _just(f"{path}/merge"), _just({}), _merge(number)),
    )


def _forbidden_workflow_file(oracle: Oracle, login: str) -> bool:
    """Refuse the App, which has no permission to write workflows."""
    return login == APP or _forbidden_on_ref(_MAIN, "update", "pull_request")(oracle, login)


def _team(slug: str) -> st.SearchStrategy[Step]:
    privacy = st.sampled_from(["closed", "secret"]).map(lambda word: {"privacy": word})
    path = _just(f"/orgs/encode/teams/{slug}")

    def must_be_refused(oracle: Oracle, login: str) -> bool:
        return not oracle.maintains(login, slug)

    return st.one_of(
        _request("PATCH", path, privacy, must_be_refused),
        _request("DELETE", path, _just(None), must_be_refused),
    )


_MEMBERSHIPS = [
    *(st.sampled_from(TEAMS).flatmap(_membership) for _ in range(3)),
    st.sampled_from(TEAMS).flatmap(_team),
]
_ORGANIZATION = [
    _request("PUT", _at("/orgs/encode/memberships/{}", *PEOPLE), _ROLES, _not_owner),
    _request("DELETE", _at("/orgs/encode/members/{}", *PEOPLE), _just(None), _not_owner),
    _request(
        "PATCH",
        _just("/user/memberships/orgs/encode"),
        _just({"state": "active"}),
        lambda _, login: login in ("", APP),
    ),
    _request(
        "PUT", _at("/orgs/encode/teams/{}/repos/encode/httpx", *TEAMS), _ACCESS, _below("admin")
    ),
]
_REPOSITORY = [
    _request("PUT", _at(f"{HTTPX}/collaborators/{{}}", *PEOPLE), _ACCESS, _below("admin")),
    st.sampled_from(PEOPLE).flatmap(_remove_collaborator),
    _request(
        "PUT",
        _just(f"{HTTPX}/environments/deploy"),
        st.sampled_from([{}, {"prevent_self_review": True}]),
        _below("admin"),
    ),
    _request(
        "POST",
        _just(f"{HTTPX}/actions/variables"),
        _just({"name": "INDEX", "value": "PyPI"}),
        _below("write"),
    ),
    _request(
        "PATCH",
        _just(HTTPX),
        st.booleans().map(lambda on: {"archived": on}),
        _below("admin", also_archived=True),
    ),
    _request("PATCH", _just(HTTPX), st.booleans().map(lambda on: {"private": on}), _below("admin")),
]
_RULES = [
    _request(
        "POST",
        _just(f"{HTTPX}/rulesets"),
        _ruleset("tag", ["~ALL", "refs/tags/v*"], _TAG_RULES),
        _below("admin"),
    ),
    _request(
        "POST",
        _just(f"{HTTPX}/rulesets"),
        _ruleset("branch", ["~DEFAULT_BRANCH"], _BRANCH_RULES),
        _below("admin"),
    ),
    _request("DELETE", _just(f"{HTTPX}/rulesets/FIRST"), _just(None), _below("admin")),
]
_GIT = [
    st.sampled_from(["v1", "v2", "w1"]).flatmap(_tag),
    st.sampled_from([1, 2]).flatmap(_pull),
    _request(
        "PUT",
        _at(f"{HTTPX}/contents/{{}}", "a.md", "b.md"),
        _just(_FILE),
        _forbidden_on_ref(_MAIN, "update", "pull_request"),
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
        _below("write"),
    ),
    _request(
        "POST",
        _at(f"{_RUN}/{{}}", "rerun", "rerun-failed-jobs", "cancel"),
        _just({}),
        _below("write"),
    ),
    _request(
        "POST",
        _just(f"{_RUN}/pending_deployments"),
        _DECISIONS,
        lambda oracle, login: not oracle.may_review(login),
    ),
    _request("PUT", _just(f"{HTTPX}/environments/deploy"), _just(_REVIEWERS), _below("admin")),
    _request(
        "PUT",
        _at(f"{HTTPX}/actions/workflows/publish.yml/{{}}", "disable", "enable"),
        _just(None),
        _below("write"),
    ),
]


def _bypass(login: str) -> Step:
    """Press the bypass button of the web page, which needs no token."""
    return Step(
        "",
        "POST",
        BYPASS,
        {"run_id": "NEWEST", "actor": login},
        lambda oracle, _: not oracle.may_bypass(login),
    )


def _leave(login: str) -> Step:
    """Leave the organization, on a web page that needs no token."""
    path = f"/_simulator/people/{login}/organizations/encode"
    return Step("", "DELETE", path, None, lambda oracle, _: not oracle.may_leave(login))


def _accept(login: str) -> Step:
    """Accept every pending invitation."""
    path = f"/_simulator/people/{login}/accept"
    return Step("", "POST", path, None, lambda oracle, _: not oracle.is_invited(login))


_SECRET = {"key_id": "KEY", "encrypted_value": "SEALED"}
_DEPLOY = f"{HTTPX}/environments/deploy"
_POLICY = {
    "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True}
}
_SECRETS = [
    _request("PUT", _just(f"{_DEPLOY}/secrets/PYPI_TOKEN"), _just(_SECRET), _below("admin")),
    _request("DELETE", _just(f"{_DEPLOY}/secrets/PYPI_TOKEN"), _just(None), _below("admin")),
    _request("PUT", _just(f"{HTTPX}/actions/secrets/PYPI_TOKEN"), _just(_SECRET), _below("write")),
    _request("DELETE", _just(f"{HTTPX}/actions/secrets/PYPI_TOKEN"), _just(None), _below("write")),
    _request(
        "PUT",
        _just(_DEPLOY),
        _just(_POLICY | _REVIEWERS | {"can_admins_bypass": False}),
        _below("admin"),
    ),
    _request(
        "POST",
        _just(f"{_DEPLOY}/deployment-branch-policies"),
        _just({"name": "v*", "type": "tag"}),
        _below("admin"),
    ),
    _request("DELETE", _just(_DEPLOY), _just(None), _below("admin")),
    st.sampled_from(PEOPLE).map(_bypass),
    _request(
        "PUT",
        _just(f"{HTTPX}/contents/.github/workflows/b.yml"),
        _just(_FILE),
        _forbidden_workflow_file,
    ),
    _request(
        "PUT",
        _just(f"{HTTPX}/actions/permissions"),
        st.booleans().map(lambda on: {"enabled": on}),
        _below("admin"),
    ),
]
_ACCOUNTS = [st.sampled_from(PEOPLE).map(_leave), st.sampled_from(PEOPLE).map(_accept)]
_GROUPS = (_ACCOUNTS, _MEMBERSHIPS, _ORGANIZATION, _REPOSITORY, _RULES, _GIT, _ACTIONS, _SECRETS)
#: A step of any kind; each group is equally likely.
STEPS = st.one_of(*(st.one_of(*group) for group in _GROUPS))
