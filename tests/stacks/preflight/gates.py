"""A repository whose gate is recorded and whole on GitHub, and helpers that change either."""

from dataclasses import replace
from typing import Any

from stacks.gate import GateIds, declared_environment, declared_rulesets
from stacks.preflight import Situation
from stacks.previous_state import PreviousState, RecordedRepository, RecordedResource
from stacks.publishing import workflow_text
from stacks.snapshot import (
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
    WorkflowOnGitHub,
)
from tests.stacks.preflight.situations import TODAY, snapshot_with, teams
from tests.stacks.settings.configurations import settings

WORKFLOW = ".github/workflows/publish.yml"
TYPES = {
    "deploy/environment": "github:index/repositoryEnvironment:RepositoryEnvironment",
    "deploy/tags": "github:index/repositoryEnvironmentDeploymentPolicy:"
    "RepositoryEnvironmentDeploymentPolicy",
    "deploy/PYPI_TOKEN": "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    "publish.yml": "github:index/repositoryFile:RepositoryFile",
}
RULESET = "github:index/repositoryRuleset:RepositoryRuleset"
# The numbers of the two teams; `situations.teams` counts from 1.
TEAMS = {"maintainers": 1, "operations": 2}
POLICY_ID = 7
RULESET_IDS = {"tags-created": 11, "tags-kept": 12, "review": 13}


def urn(place: str, key: str = "httpx") -> str:
    """Return the URN of a resource of a repository."""
    kind = f"releases:index:ReleaseRepository${TYPES.get(place, RULESET)}"
    return f"urn:pulumi:prod::releases::{kind}::{key}/{place}"


def resource(place: str, resource_id: str, key: str = "httpx", **inputs: Any) -> RecordedResource:
    """Return a recorded resource; `inputs` are in the provider's spelling."""
    kind = TYPES.get(place, RULESET)
    return RecordedResource(urn(place, key), kind, f"{key}/{place}", resource_id, inputs, inputs)


def ruleset_inputs(ruleset: Any) -> dict[str, Any]:
    """Return the provider's inputs for a ruleset."""
    rules: dict[str, Any] = {
        {"non_fast_forward": "nonFastForward"}.get(kind, kind): True
        for kind in ruleset.rules
        if kind != "pull_request"
    }
    if parameters := ruleset.rules.get("pull_request"):
        rules["pullRequest"] = {
            "dismissStaleReviewsOnPush": True,
            "requireLastPushApproval": True,
            "requiredApprovingReviewCount": float(parameters["required_approving_review_count"]),
        }
    actors = [
        {"actorType": actor.actor_type, "bypassMode": actor.mode}
        | ({"actorId": float(actor.actor_id)} if actor.actor_id else {})
        for actor in ruleset.bypass_actors
    ]
    return {
        "name": ruleset.name,
        "target": ruleset.target,
        "enforcement": ruleset.enforcement,
        "conditions": {"refName": {"includes": sorted(ruleset.include), "excludes": []}},
        "bypassActors": actors,
        "rules": rules,
    }


def recorded_repository(**options: Any) -> RecordedRepository:
    """Return `httpx` as an `up` with these options recorded it."""
    declared = settings(repositories={"httpx": options or None})
    [repository] = declared.repositories
    environment = declared_environment(declared, repository, GateIds(TEAMS))
    rulesets = declared_rulesets(declared, repository, GateIds(TEAMS))
    return RecordedRepository(
        "httpx",
        1,
        {
            "deploy/environment": resource(
                "deploy/environment",
                "httpx:deploy",
                environment="deploy",
                reviewers=[{"teams": [2.0], "users": []}],
                preventSelfReview=True,
                canAdminsBypass=False,
                waitTimer=float(environment.wait_minutes),
                deploymentBranchPolicy={"customBranchPolicies": True, "protectedBranches": False},
            ),
            "deploy/tags": resource(
                "deploy/tags",
                f"httpx:deploy:{POLICY_ID}",
                tagPattern=repository.release_tags,
                policyId=float(POLICY_ID),
            ),
            "deploy/PYPI_TOKEN": resource(
                "deploy/PYPI_TOKEN", "httpx:deploy:PYPI_TOKEN", secretName="PYPI_TOKEN"
            ),
            "publish.yml": resource(
                "publish.yml",
                f"httpx:{WORKFLOW}:main",
                file=WORKFLOW,
                content=workflow_text(declared, repository),
            ),
            **{
                place: resource(place, str(RULESET_IDS[place]), **ruleset_inputs(ruleset))
                for place, ruleset in rulesets.items()
            },
        },
    )


def repository_on_github(**options: Any) -> RepositoryOnGitHub:
    """Return `httpx` on GitHub as an `up` with these options leaves it."""
    declared = settings(repositories={"httpx": options or None})
    [repository] = declared.repositories
    rulesets = declared_rulesets(declared, repository, GateIds(TEAMS))
    return RepositoryOnGitHub(
        1,
        "httpx",
        archived=False,
        private=False,
        rulesets=tuple(
            replace(ruleset, id=RULESET_IDS[place]) for place, ruleset in rulesets.items()
        ),
        workflows={
            WORKFLOW: WorkflowOnGitHub(WORKFLOW, workflow_text(declared, repository), "active")
        },
        environments={
            "deploy": replace(
                declared_environment(declared, repository, GateIds(TEAMS)),
                policies=(DeploymentPolicyOnGitHub(POLICY_ID, repository.release_tags, "tag"),),
                secrets=frozenset({"PYPI_TOKEN"}),
            )
        },
        team_permissions={1: "write", 2: "maintain"},
    )


def gate_situation(
    on_github: RepositoryOnGitHub | None = None,
    recorded: RecordedRepository | None = None,
    **changes: Any,
) -> Situation:
    """Return a situation with one applied repository; `changes` are keys of the configuration."""
    entry = recorded or recorded_repository()
    state = PreviousState(TEAMS, {"httpx": 1}, entries={"httpx": entry})
    snapshot = snapshot_with(
        repositories={"httpx": on_github or repository_on_github()}, teams=teams(*TEAMS)
    )
    return Situation(settings(**changes), state, snapshot, TODAY)


def with_environment(**changes: Any) -> RepositoryOnGitHub:
    """Return `httpx` on GitHub with a changed environment."""
    on_github = repository_on_github()
    environment: EnvironmentOnGitHub = on_github.environments["deploy"]
    return replace(on_github, environments={"deploy": replace(environment, **changes)})


def with_ruleset(place: str, **changes: Any) -> RepositoryOnGitHub:
    """Return `httpx` on GitHub with a changed ruleset."""
    on_github = repository_on_github()
    return replace(
        on_github,
        rulesets=tuple(
            replace(ruleset, **changes) if ruleset.id == RULESET_IDS[place] else ruleset
            for ruleset in on_github.rulesets
        ),
    )
