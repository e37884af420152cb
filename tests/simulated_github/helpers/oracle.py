"""An independent decision on refusals, based only on the snapshot of the state.

It shares no rule with the simulator and covers less, so it never says that a request must succeed.
"""

from typing import Any

APP = "release-stack"
RANKS = ("none", "read", "triage", "write", "maintain", "admin")
_ROLE_IDS = {2: "maintain", 4: "write", 5: "admin"}
_REPOSITORY = "encode/httpx"


class Oracle:
    """The access of users to the one repository of a state, and its rulesets."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._organization = state["organizations"]["encode"]
        self._repository = state["repositories"][_REPOSITORY]
        self._runs = state["runs"]

    @property
    def archived(self) -> bool:
        """Whether the repository is archived and so read-only."""
        return bool(self._repository["archived"])

    def owns(self, login: str) -> bool:
        """Return whether a user owns the organization, or is the App with that permission."""
        return login == APP or self._organization["members"].get(login) == "admin"

    def rank(self, login: str) -> int:
        """Return the rank of a user's highest role on the repository."""
        if self.owns(login):
            return RANKS.index("admin")
        public = self._repository["visibility"] == "public"
        roles = [
            "read" if (public and login != "") or login in self._organization["members"] else "none"
        ]
        roles.append(self._repository["collaborators"].get(login, "none"))
        roles += [team["repositories"].get("httpx", "none") for team in self._teams_of(login)]
        return max(RANKS.index(role) for role in roles)

    def is_at_least(self, login: str, role: str) -> bool:
        """Return whether a user's role on the repository is this one or higher."""
        return self.rank(login) >= RANKS.index(role)

    def is_member(self, login: str) -> bool:
        """Return whether a user is in the organization."""
        return login in self._organization["members"]

    def may_leave(self, login: str) -> bool:
        """Return whether a user is in the organization, and not its only owner."""
        members = self._organization["members"]
        owners = [name for name, role in members.items() if role == "admin"]
        return login in members and owners != [login]

    def is_invited(self, login: str) -> bool:
        """Return whether a user has a pending invitation to the organization or the repository."""
        return login in self._organization["invitations"] | self._repository["invitations"]

    def maintains(self, login: str, slug: str) -> bool:
        """Return whether a user may change a team's members."""
        team = self._organization["teams"].get(slug, {"members": {}})
        return self.owns(login) or team["members"].get(login) == "maintainer"

    def forbids(self, login: str, ref: str, rule: str, *, by_pull_request: bool = False) -> bool:
        """Return whether an active rule covers a ref and binds the user."""
        return any(True for _ in self._binding_rules(login, ref, rule, by_pull_request))

    def approvals_missing(self, login: str, ref: str, number: int) -> bool:
        """Return whether a pull request lacks approvals, counting only users with write access."""
        pull = next(
            candidate
            for candidate in self._repository["pull_requests"]
            if candidate["number"] == number
        )
        latest = {
            review["user"]: review["state"]
            for review in pull["reviews"]
            if review["state"] != "COMMENTED"
        }
        approvals = sum(
            state == "APPROVED" and self.is_at_least(user.removesuffix("[bot]"), "write")
            for user, state in latest.items()
        )
        required = [
            rule["required_approving_review_count"]
            for rule in self._binding_rules(login, ref, "pull_request", True)
        ]
        return any(approvals < count for count in required)

    def may_review(self, login: str) -> bool:
        """Return whether a user may approve the newest run under the environment's rules."""
        environment = self._repository["environments"].get("deploy")
        if not self._runs or environment is None or f"user {login}" not in environment["reviewers"]:
            return False
        run = self._runs[-1]
        own = environment["prevent_self_review"] and login in (
            run["actor"],
            run["triggering_actor"],
        )
        return (
            not own
            and any(job["status"] == "waiting" for job in run["jobs"])
            and self.is_at_least(login, "read")
        )

    def may_bypass(self, login: str) -> bool:
        """Return whether a user may bypass the environment's present rules for the newest run."""
        environment = self._repository["environments"].get("deploy", {})
        return (
            self.is_at_least(login, "admin") and environment.get("can_admins_bypass") is not False
        )

    @property
    def requires_review(self) -> bool:
        """Whether deployments need a review: there are reviewers and the plan has them."""
        environment = self._repository["environments"].get("deploy", {})
        return bool(environment.get("reviewers")) and not self._plan_lacks_rules

    @property
    def _plan_lacks_rules(self) -> bool:
        """Whether the repository is private on the free plan, without rulesets and reviewers."""
        return bool(
            self._repository["visibility"] != "public" and self._organization["plan"] == "free"
        )

    def _binding_rules(
        self, login: str, ref: str, rule: str, by_pull_request: bool
    ) -> list[dict[str, Any]]:
        if self._plan_lacks_rules:
            return []
        return [
            ruleset["rules"][rule] or {}
            for ruleset in self._repository["rulesets"].values()
            if rule in ruleset["rules"]
            and ruleset["enforcement"] == "active"
            and self._matches(ruleset, ref)
            and not any(
                self._bypasses(actor, login, by_pull_request) for actor in ruleset["bypass_actors"]
            )
        ]

    def _matches(self, ruleset: dict[str, Any], ref: str) -> bool:
        namespace = {"branch": "refs/heads/", "tag": "refs/tags/"}[ruleset["target"]]
        default = f"refs/heads/{self._repository['default_branch']}"
        return ref.startswith(namespace) and any(
            pattern == "~ALL"
            or (pattern == "~DEFAULT_BRANCH" and ref == default)
            or ref.startswith(pattern.rstrip("*"))
            for pattern in ruleset["include"]
        )

    def _bypasses(self, bypass_actor: dict[str, Any], login: str, by_pull_request: bool) -> bool:
        if bypass_actor["mode"] == "pull_request" and not by_pull_request:
            return False
        if login == APP:
            return False
        if bypass_actor["type"] == "OrganizationAdmin":
            return self.owns(login)
        if bypass_actor["type"] == "Team":
            return bypass_actor["id"] in [team["id"] for team in self._teams_of(login)]
        return RANKS[self.rank(login)] == _ROLE_IDS[bypass_actor["id"]]

    def _teams_of(self, login: str) -> list[dict[str, Any]]:
        return [team for team in self._organization["teams"].values() if login in team["members"]]


def list_new_deployments(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the jobs of the environment that succeeded only after a step."""
    deployed_before = {job["id"] for job in _deployed(before)}
    return [f"job {job['id']}" for job in _deployed(after) if job["id"] not in deployed_before]


def _deployed(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        job
        for run in state["runs"]
        for job in run["jobs"]
        if job["environment"] == "deploy" and job["conclusion"] == "success"
    ]


def find_contradictions(state: dict[str, Any]) -> list[str]:
    """Return the contradictions in the state."""
    organization = state["organizations"]["encode"]
    problems = list[str]()
    if "admin" not in organization["members"].values():
        problems.append("the organization has no owner")
    for slug, team in organization["teams"].items():
        problems += [
            f"{login} is in {slug}, not in the organization"
            for login in team["members"].keys() - organization["members"].keys()
        ]
    problems += [
        f"{login} is a member and invited"
        for login in organization["invitations"].keys() & organization["members"].keys()
    ]
    for name, repository in state["repositories"].items():
        invited_collaborators = (
            repository["invitations"].keys() & repository["collaborators"].keys()
        )
        problems += [
            f"{login} is a collaborator of {name} and invited" for login in invited_collaborators
        ]
        for environment in repository["environments"].values():
            if len(environment["reviewers"]) > 6:
                problems.append(f"{name}: more than six reviewers")
    return problems + _leaks(state)


def _leaks(state: dict[str, Any]) -> list[str]:
    """Return environment secrets that reached a job which has not succeeded."""
    return [
        f"{job['name']} of run {run['id']} got {secret['name']} before it was let go"
        for run in state["runs"]
        for job in run["jobs"]
        for secret in job["secrets"]
        if job["status"] != "completed" or job["conclusion"] != "success"
    ]
