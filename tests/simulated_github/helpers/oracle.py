"""A second opinion on what must be refused, from the snapshot of the state alone: none of the simulator's own rules is used.

It knows less than the simulator, so that it says nothing of what is allowed.
"""

from typing import Any

APP = "release-stack"
RANKS = ("none", "read", "triage", "write", "maintain", "admin")
_ROLE_IDS = {2: "maintain", 4: "write", 5: "admin"}
_REPOSITORY = "encode/httpx"


class Oracle:
    """What the state says about people, the one repository, and its rulesets."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._organization = state["organizations"]["encode"]
        self._repository = state["repositories"][_REPOSITORY]
        self._runs = state["runs"]

    @property
    def archived(self) -> bool:
        """Whether nothing may be written."""
        return bool(self._repository["archived"])

    def owns(self, who: str) -> bool:
        """Whether someone may change the organization: an owner, or the app that was given the permission."""
        return who == APP or self._organization["members"].get(who) == "admin"

    def rank(self, who: str) -> int:
        """Where someone's role stands among the ranks: the greatest of all that they were given."""
        if self.owns(who):
            return RANKS.index("admin")
        public = self._repository["visibility"] == "public"
        given = [
            "read" if (public and who != "") or who in self._organization["members"] else "none"
        ]
        given.append(self._repository["collaborators"].get(who, "none"))
        given += [team["repositories"].get("httpx", "none") for team in self._teams_of(who)]
        return max(RANKS.index(role) for role in given)

    def is_at_least(self, who: str, role: str) -> bool:
        """Whether someone's role on the repository is this one or a greater one."""
        return self.rank(who) >= RANKS.index(role)

    def is_member(self, who: str) -> bool:
        """Whether someone is in the organization."""
        return who in self._organization["members"]

    def maintains(self, who: str, slug: str) -> bool:
        """Whether someone may change who is in a team."""
        team = self._organization["teams"].get(slug, {"members": {}})
        return self.owns(who) or team["members"].get(who) == "maintainer"

    def forbids(self, who: str, ref: str, rule: str, *, by_pull_request: bool = False) -> bool:
        """Whether an active ruleset with this rule matches a ref and someone may not bypass it."""
        return any(True for _ in self._binding(who, ref, rule, by_pull_request))

    def approvals_missing(self, who: str, ref: str, number: int) -> bool:
        """Whether a pull request has fewer approvals by people who may write than a rule wants."""
        pull = next(one for one in self._repository["pull_requests"] if one["number"] == number)
        latest = {
            review["user"]: review["state"]
            for review in pull["reviews"]
            if review["state"] != "COMMENTED"
        }
        given = sum(
            state == "APPROVED" and self.is_at_least(user.removesuffix("[bot]"), "write")
            for user, state in latest.items()
        )
        wanted = [
            rule["required_approving_review_count"]
            for rule in self._binding(who, ref, "pull_request", True)
        ]
        return any(given < count for count in wanted)

    def may_review(self, who: str) -> bool:
        """Whether someone may be the one who lets the newest run deploy, by the environment as it is now."""
        environment = self._repository["environments"].get("deploy")
        if not self._runs or environment is None or f"user {who}" not in environment["reviewers"]:
            return False
        run = self._runs[-1]
        own = environment["prevent_self_review"] and who in (run["actor"], run["triggering_actor"])
        return (
            not own
            and any(job["status"] == "waiting" for job in run["jobs"])
            and self.is_at_least(who, "read")
        )

    def may_bypass(self, who: str) -> bool:
        """Whether someone may start the waiting jobs of the newest run, by the environment as it is now."""
        environment = self._repository["environments"].get("deploy", {})
        return self.is_at_least(who, "admin") and environment.get("can_admins_bypass") is not False

    @property
    def reviews(self) -> bool:
        """Whether what deploys must be reviewed: it has reviewers, and the plan has them here."""
        environment = self._repository["environments"].get("deploy", {})
        return bool(environment.get("reviewers")) and not self._has_less

    @property
    def _has_less(self) -> bool:
        """A private repository on the free plan has neither rulesets nor reviewers."""
        return bool(
            self._repository["visibility"] != "public" and self._organization["plan"] == "free"
        )

    def _binding(
        self, who: str, ref: str, rule: str, by_pull_request: bool
    ) -> list[dict[str, Any]]:
        if self._has_less:
            return []
        return [
            ruleset["rules"][rule] or {}
            for ruleset in self._repository["rulesets"].values()
            if rule in ruleset["rules"]
            and ruleset["enforcement"] == "active"
            and self._matches(ruleset, ref)
            and not any(
                self._bypasses(actor, who, by_pull_request) for actor in ruleset["bypass_actors"]
            )
        ]

    def _matches(self, ruleset: dict[str, Any], ref: str) -> bool:
        space = {"branch": "refs/heads/", "tag": "refs/tags/"}[ruleset["target"]]
        default = f"refs/heads/{self._repository['default_branch']}"
        return ref.startswith(space) and any(
            pattern == "~ALL"
            or (pattern == "~DEFAULT_BRANCH" and ref == default)
            or ref.startswith(pattern.rstrip("*"))
            for pattern in ruleset["include"]
        )

    def _bypasses(self, actor: dict[str, Any], who: str, by_pull_request: bool) -> bool:
        if actor["mode"] == "pull_request" and not by_pull_request:
            return False
        if who == APP:
            return False
        if actor["type"] == "OrganizationAdmin":
            return self.owns(who)
        if actor["type"] == "Team":
            return actor["id"] in [team["id"] for team in self._teams_of(who)]
        return RANKS[self.rank(who)] == _ROLE_IDS[actor["id"]]

    def _teams_of(self, who: str) -> list[dict[str, Any]]:
        return [team for team in self._organization["teams"].values() if who in team["members"]]


def newly_deployed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The jobs at an environment that are done well after a step, and were not before it."""
    known = {job["id"] for job in _deployed(before)}
    return [f"job {job['id']}" for job in _deployed(after) if job["id"] not in known]


def _deployed(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        job
        for run in state["runs"]
        for job in run["jobs"]
        if job["environment"] == "deploy" and job["conclusion"] == "success"
    ]


def contradictions(state: dict[str, Any]) -> list[str]:
    """What cannot be true of a state, whatever was done."""
    organization = state["organizations"]["encode"]
    found = list[str]()
    if "admin" not in organization["members"].values():
        found.append("nobody owns the organization")
    for slug, team in organization["teams"].items():
        found += [
            f"{who} is in {slug}, not in the organization"
            for who in team["members"].keys() - organization["members"].keys()
        ]
    found += [
        f"{who} is a member and invited"
        for who in organization["invitations"].keys() & organization["members"].keys()
    ]
    for name, repository in state["repositories"].items():
        both = repository["invitations"].keys() & repository["collaborators"].keys()
        found += [f"{who} is a collaborator of {name} and invited" for who in both]
        for environment in repository["environments"].values():
            if len(environment["reviewers"]) > 6:
                found.append(f"{name}: more than six reviewers")
    return found + _leaks(state)


def _leaks(state: dict[str, Any]) -> list[str]:
    """Secrets of an environment that reached a job which nobody let go."""
    return [
        f"{job['name']} of run {run['id']} got {secret['name']} before it was let go"
        for run in state["runs"]
        for job in run["jobs"]
        for secret in job["secrets"]
        if job["status"] != "completed" or job["conclusion"] != "success"
    ]
