"""The settings of a world file, stored through the operations of the API, so with its rules.

They are sent as an owner of the organization. A refusal is a problem of the world file; so is a
required reviewer whom GitHub would leave out.
"""

import copy
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from simulated_github.actions.environment_rules import may_be_reviewer
from simulated_github.errors import APIError, ValidationFailed
from simulated_github.http.fields import check
from simulated_github.http.request import Request
from simulated_github.http.routing import Router
from simulated_github.operations import OPERATIONS
from simulated_github.operations.repository_secrets import normalize_name
from simulated_github.records.accounts import Organization, Token
from simulated_github.records.actions import Reviewer
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import PERMISSIONS, ROLES
from simulated_github.rules.rulesets import ROLE_IDS
from simulated_github.shapes.links import Links
from simulated_github.world.building import build, build_secrets, merge_kind
from simulated_github.world.ids import slug_of
from simulated_github.world.settings_file import ActionsFile, EnvironmentFile, RulesetBody
from simulated_github.world.world import World
from simulated_github.world.world_file import (
    ALL_SCOPES,
    OrganizationFile,
    RepositoryFile,
    WorldError,
    WorldFile,
)


def load(file: WorldFile) -> World:
    """Return the world of a file with all of its settings.

    Raise WorldError with every setting that GitHub refuses.
    """
    world = build(file)
    problems: list[str] = []
    for login, entry in file.organizations.items():
        organization = world.organization(login)
        if organization is not None:
            problems += _Settings(world, file, organization, entry).apply()
    if problems:
        raise WorldError("\n".join(("world:", *problems)))
    return world


class _Settings:
    """The settings of one organization and its repositories."""

    def __init__(
        self, world: World, file: WorldFile, organization: Organization, entry: OrganizationFile
    ) -> None:
        self._world = world
        self._file = file
        self._organization = organization
        self._entry = entry
        self._path = f"/orgs/{organization.login}"
        self._place = f"organizations.{organization.login}"
        self._problems: list[str] = []

    def apply(self) -> list[str]:
        """Apply every setting, and return the problems."""
        self._check_secret_names(self._place, self._entry.secrets)
        self._set_actions(self._place, self._path, self._entry.actions, self._enabled())
        for number, ruleset in enumerate(self._entry.rulesets):
            self._create_ruleset(f"{self._place}.rulesets[{number}]", self._path, ruleset)
        self._invite()
        for name, entry in self._entry.repositories.items():
            repository = self._world.repository(self._organization.login, name)
            if repository is not None:
                self._apply_to_repository(repository, merge_kind(self._file, entry))
        return self._problems

    def _apply_to_repository(self, repository: Repository, entry: RepositoryFile) -> None:
        place = f"{self._place}.repositories.{repository.name}"
        path = f"/repos/{repository.full_name}"
        self._check_secret_names(place, entry.secrets)
        if entry.actions is not None:
            fields = {"enabled": entry.actions.enabled}
            self._set_actions(place, path, entry.actions, fields)
        for name, environment in entry.environments.items():
            self._create_environment(f"{place}.environments.{name}", repository, name, environment)
        for number, ruleset in enumerate(entry.rulesets):
            self._create_ruleset(f"{place}.rulesets[{number}]", path, ruleset)
        for role, people in entry.invitations.items():
            for login in self._outsiders(f"{place}.invitations.{role}", people, repository):
                body = {"permission": PERMISSIONS[ROLES[role]]}
                self._send(place, "PUT", f"{path}/collaborators/{login}", body)
        repository.archived = entry.archived

    def _send(self, place: str, method: str, path: str, body: Mapping[str, Any]) -> bool:
        """Run an operation as an owner, and return whether GitHub accepts it."""
        owners = [i for i in self._organization.members if self._organization.is_owner(i)]
        match = _router().find(method, path)
        if not owners or match is None:
            self._problems.append(f"{place}: {self._place}.owners has no owner who could set it")
            return False
        operation, params = match
        token = Token(self._world.users[owners[0]], frozenset(ALL_SCOPES))
        links = Links("http://github.test")
        request = Request(self._world, method, path, {}, {}, links, token, params)
        try:
            operation.requires.check(request)
            request.body = check(operation.body, dict(body)) if operation.body else {}
            operation.handler(request)
        except APIError as error:
            self._problems.append(f"{place}: {_describe(error)}")
            return False
        return True

    def _enabled(self) -> dict[str, Any]:
        actions = self._entry.actions
        return {"enabled_repositories": actions.enabled_repositories} if actions else {}

    def _set_actions(
        self, place: str, path: str, actions: ActionsFile | None, enabled: dict[str, Any]
    ) -> None:
        if actions is None:
            return
        place = f"{place}.actions"
        path = f"{path}/actions/permissions"
        general = _without_none(
            allowed_actions=actions.allowed_actions,
            sha_pinning_required=actions.sha_pinning_required,
        )
        self._send(place, "PUT", path, enabled | general)
        names = getattr(actions, "selected_repositories", None)
        if names is not None:
            ids = [self._repository_id(f"{place}.selected-repositories", name) for name in names]
            body = {"selected_repository_ids": ids}
            self._send(f"{place}.selected-repositories", "PUT", f"{path}/repositories", body)
        selected = _without_none(
            github_owned_allowed=actions.github_owned_allowed,
            verified_allowed=actions.verified_allowed,
            patterns_allowed=actions.patterns_allowed,
        )
        workflow = _without_none(
            default_workflow_permissions=actions.default_workflow_permissions,
            can_approve_pull_request_reviews=actions.can_approve_pull_request_reviews,
        )
        for suffix, fields in (("selected-actions", selected), ("workflow", workflow)):
            if fields:
                self._send(place, "PUT", f"{path}/{suffix}", fields)

    def _create_environment(
        self, place: str, repository: Repository, name: str, entry: EnvironmentFile
    ) -> None:
        self._check_secret_names(place, entry.secrets)
        path = f"/repos/{repository.full_name}/environments/{quote(name, safe='')}"
        reviewers = self._reviewers(place, entry)
        body: dict[str, Any] = {
            "wait_timer": entry.wait_timer,
            "prevent_self_review": entry.prevent_self_review,
            "can_admins_bypass": entry.can_admins_bypass,
            "reviewers": reviewers,
            "deployment_branch_policy": None,
        }
        policies = entry.deployment_policies
        if policies is not None or entry.protected_branches:
            body["deployment_branch_policy"] = {
                "protected_branches": entry.protected_branches,
                "custom_branch_policies": policies is not None,
            }
        left_out = [
            reviewer
            for reviewer in reviewers
            if not may_be_reviewer(repository, Reviewer(reviewer["type"], reviewer["id"]))
        ]
        self._problems += [
            f"{place}.reviewers: {self._describe_left_out(repository, reviewer)}, so GitHub leaves "
            "it out"
            for reviewer in left_out
        ]
        if left_out or not self._send(place, "PUT", path, body):
            return
        for kind, names in (
            (("branch", policies.branches), ("tag", policies.tags)) if policies else ()
        ):
            for pattern in names:
                policy = {"name": pattern, "type": kind}
                address = f"{path}/deployment-branch-policies"
                self._send(f"{place}.deployment-policies", "POST", address, policy)
        repository.environments[name].secrets |= build_secrets(self._world, entry.secrets)

    def _reviewers(self, place: str, entry: EnvironmentFile) -> list[dict[str, Any]]:
        reviewers: list[dict[str, Any]] = []
        for login in self._file.people(entry.reviewers.users):
            user = self._world.user(login)
            if user is not None:
                reviewers.append({"type": "User", "id": user.id})
        for name in entry.reviewers.teams:
            number = self._team_id(f"{place}.reviewers.teams", name)
            reviewers += [{"type": "Team", "id": number}] if number else []
        return reviewers

    def _describe_left_out(self, repository: Repository, reviewer: Mapping[str, Any]) -> str:
        if reviewer["type"] == "Team":
            team = self._organization.teams[reviewer["id"]]
            if team.privacy == "secret":
                return f"the team {team.name!r} is secret"
            return f"the team {team.name!r} has no access to {repository.full_name}"
        login = self._world.users[reviewer["id"]].login
        return f"the user {login!r} has no access to {repository.full_name}"

    def _create_ruleset(self, place: str, path: str, ruleset: RulesetBody) -> None:
        body = copy.deepcopy(ruleset)
        for actor in _list(body.get("bypass_actors")):
            if isinstance(actor, dict) and isinstance(actor.get("actor_id"), str):
                actor["actor_id"] = self._actor_id(f"{place}.bypass_actors", actor)
        conditions = body.get("conditions")
        condition = conditions.get("repository_id") if isinstance(conditions, dict) else None
        if isinstance(condition, dict):
            condition["repository_ids"] = [
                self._repository_id(f"{place}.conditions.repository_id", value)
                if isinstance(value, str)
                else value
                for value in _list(condition.get("repository_ids"))
            ]
        self._send(place, "POST", f"{path}/rulesets", body)

    def _actor_id(self, place: str, actor: Mapping[str, Any]) -> int | None:
        """Return the id behind a name: of a team, a user, an app or a role."""
        name: str = actor["actor_id"]
        kind = actor.get("actor_type")
        if kind == "Team":
            return self._team_id(place, name)
        user = self._world.user(name) if kind == "User" else None
        ids = {
            "User": [user.id] if user else [],
            "Integration": [app.id for app in self._world.apps.values() if app.slug == name],
            "RepositoryRole": [number for number, role in ROLE_IDS.items() if role.label == name],
        }.get(str(kind), [])
        if not ids:
            self._problems.append(f"{place}: there is no {kind} {name!r}")
            return None
        return ids[0]

    def _invite(self) -> None:
        for role, people in self._entry.invitations.items():
            place = f"{self._place}.invitations.{role}"
            for login in self._outsiders(place, people):
                self._send(place, "PUT", f"{self._path}/memberships/{login}", {"role": role})
        for name, team in self._entry.teams.items():
            path = f"{self._path}/teams/{slug_of(name)}/memberships"
            for team_role, people in team.invitations.items():
                place = f"{self._place}.teams.{name}.invitations.{team_role}"
                for login in self._outsiders(place, people):
                    self._send(place, "PUT", f"{path}/{login}", {"role": team_role})

    def _outsiders(
        self, place: str, people: list[str], repository: Repository | None = None
    ) -> Iterable[str]:
        """Yield the users who can be invited; report members, and collaborators."""
        for login in self._file.people(people):
            user = self._world.user(login)
            if user is None:
                continue
            if user.id in self._organization.members:
                self._problems.append(
                    f"{place}: {login!r} is a member of {self._organization.login}"
                )
            elif repository is not None and user.id in repository.collaborators:
                self._problems.append(f"{place}: {login!r} is a collaborator")
            else:
                yield login

    def _team_id(self, place: str, name: str) -> int | None:
        team = self._organization.team(slug_of(name))
        if team is None:
            self._problems.append(f"{place}: {name!r} is not a team of {self._organization.login}")
            return None
        return team.id

    def _repository_id(self, place: str, name: str) -> int:
        repository = self._world.repository(self._organization.login, name)
        if repository is None:
            self._problems.append(
                f"{place}: {name!r} is not a repository of {self._organization.login}"
            )
            return 0
        return repository.id

    def _check_secret_names(self, place: str, secrets: Mapping[str, str]) -> None:
        for name in secrets:
            try:
                normalize_name(name)
            except ValidationFailed as error:
                self._problems.append(f"{place}.secrets.{name}: {error}")


@cache
def _router() -> Router:
    return Router(OPERATIONS)


def _without_none(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _describe(error: APIError) -> str:
    entries = getattr(error, "errors", ())
    return " ".join((*error.message.split(), *(str(entry) for entry in entries)))
