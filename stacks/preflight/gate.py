"""The gate on GitHub compared with the gate as declared.

Each rule accepts what the stack file declares, and what the last `up` recorded: a change that is
declared and not applied yet. Anything else is drift that `up` would not see.
"""

from collections.abc import Callable, Iterator

from components.deploy_environment import DEPLOY
from components.repository_access import API_PERMISSIONS
from stacks.gate import (
    GateIds,
    declared_environment,
    declared_rulesets,
    environment_body,
    put_command,
    recorded_environment,
    recorded_ruleset,
    ruleset_body,
)
from stacks.gate.differences import environment_differences, ruleset_differences
from stacks.preflight import access
from stacks.preflight.drift import (
    ENVIRONMENT,
    POLICY,
    Drift,
    RecordedPair,
    recorded_pairs,
    secret_drift,
    workflow_drift,
)
from stacks.preflight.repositories import cannot_have_gate
from stacks.preflight.situation import Situation, shell_loop, summarize_names
from stacks.settings import RepositorySettings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display, join_names
from stacks.snapshot import (
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
    RulesetOnGitHub,
)

RULESETS = ("tags-created", "tags-kept", "review")
ALLOWED = "the gate as declared"


def environment_drift(situation: Situation) -> Iterator[Drift]:
    """Yield each environment that is missing on GitHub, or weaker than declared."""
    without_access = access.repositories_without_access(situation)
    for pair in recorded_pairs(situation):
        resource = pair.resource(ENVIRONMENT)
        if pair.settings is None or resource is None or "environments" in pair.on_github.unseen:
            continue
        recorded = recorded_environment(resource, pair.resource(POLICY))
        is_blocked = pair.key in without_access
        declared = None if is_blocked else repairable_environment(situation, pair)
        on_github = pair.on_github.environments.get(DEPLOY)
        if on_github is None:
            yield missing_environment(pair, repair_requests(situation, pair, declared))
            continue
        if declared is None:
            continue
        differences = environment_differences(on_github, declared)
        if differences and environment_differences(on_github, recorded):
            yield Drift(
                pair.key,
                f"a repository whose environment {display(DEPLOY)} was changed on GitHub: "
                f"{'; '.join(differences)}",
                ALLOWED,
                repair_requests(situation, pair, declared),
            )


def repairable_environment(situation: Situation, pair: RecordedPair) -> EnvironmentOnGitHub | None:
    """Return the declared environment, or `None` where GitHub lacks one of its reviewers.

    Then another rule stops, or `up` creates a reviewing team and so writes the whole environment.
    """
    declared = declared_environment_of(situation, pair)
    if pair.settings is None or declared is None:
        return None
    teams = {team.id for team in situation.snapshot.teams.values()}
    are_settled = declared.reviewer_team_ids <= teams and not has_moved_on(situation, pair.settings)
    return declared if are_settled else None


def has_moved_on(situation: Situation, repository: RepositorySettings) -> bool:
    """Return whether the name of a reviewer belongs to another team or person than recorded."""
    state = situation.previous_state
    snapshot = situation.snapshot
    slugs = {situation.settings.operations.slug, *repository.reviewers.teams}
    managed = {team.slug for team in situation.settings.teams if not team.existing}
    teams = {slug: team.id for slug, team in snapshot.teams.items()}
    people = {login.lower(): number for login, number in state.people.items()}
    logins = {login.lower() for login in repository.reviewers.users}
    return any(
        state.existing_teams.get(slug) not in (None, teams.get(slug)) for slug in slugs - managed
    ) or any(people.get(login) not in (None, snapshot.people.get(login)) for login in logins)


def repair_requests(
    situation: Situation, pair: RecordedPair, declared: EnvironmentOnGitHub | None
) -> tuple[str, ...]:
    """Return the requests that write an environment, after the access that its reviewers lack.

    GitHub drops a reviewer without access.
    """
    if pair.settings is None or declared is None:
        return ()
    owner = situation.owner
    name = pair.on_github.name
    permissions = declared_permissions(situation, pair.settings)
    slugs = {team.id: team.slug for team in situation.snapshot.teams.values()}
    lacking = declared.reviewer_team_ids - pair.on_github.team_permissions.keys()
    teams = [
        f"gh api -X PUT orgs/{owner}/teams/{slugs[team_id]}/repos/{owner}/{name} "
        f"-f permission={API_PERMISSIONS[permissions[team_id]]}"
        for team_id in sorted(lacking & permissions.keys())
    ]
    people = [
        access.grant_command(owner, name, login)
        for login in access.people_with_unknown_access(situation, pair.settings)
    ]
    request = put_command(environment_path(situation, pair), environment_body(declared))
    return (*teams, *people, request)


def declared_permissions(situation: Situation, repository: RepositorySettings) -> dict[int, str]:
    """Return the permission that `up` gives to each team in a repository, by the team's number."""
    settings = situation.settings
    permissions = {
        **repository.teams,
        settings.maintainers.slug: repository.maintainers_permission,
        settings.operations.slug: "maintain",
    }
    numbers = ids(situation).teams
    return {numbers[slug]: value for slug, value in permissions.items() if slug in numbers}


def declared_environment_of(situation: Situation, pair: RecordedPair) -> EnvironmentOnGitHub | None:
    """Return the declared environment; `None` where a reviewer has no known number yet."""
    if pair.settings is None:
        return None
    try:
        return declared_environment(situation.settings, pair.settings, ids(situation))
    except KeyError:
        return None


def ids(situation: Situation) -> GateIds:
    """Return the numbers of teams and people."""
    return GateIds.resolve(situation.settings, situation.previous_state, situation.snapshot)


def environment_path(situation: Situation, pair: RecordedPair) -> str:
    """Return the path of the gate in GitHub's API."""
    return f"repos/{situation.owner}/{pair.on_github.name}/environments/{DEPLOY}"


def missing_environment(pair: RecordedPair, requests: tuple[str, ...]) -> Drift:
    """Return the drift of an environment that was deleted, with everything that was in it.

    Without a request, the next `up` creates the environment itself.
    """
    lost = [*([policy] if (policy := pair.resource(POLICY)) else []), *pair.secrets.values()]
    if not requests and (environment := pair.resource(ENVIRONMENT)):
        lost = [environment, *lost]
    return Drift(
        pair.key,
        f"a repository without the environment {display(DEPLOY)} on GitHub: the next run that "
        "names it would create it without rules",
        ALLOWED,
        requests,
        tuple(resource.urn for resource in lost),
    )


def policy_drift(situation: Situation) -> Iterator[Drift]:
    """Yield deployment policies that GitHub has and the stack does not, or the other way round."""
    for pair in recorded_pairs(situation):
        environment = pair.on_github.environments.get(DEPLOY)
        if environment is None or environment.policies is None or not pair.resource(ENVIRONMENT):
            continue
        resource = pair.resource(POLICY)
        if resource is None and not (pair.settings and pair.settings.retired):
            # `existing` has the rules on what is not recorded.
            continue
        accepted = [
            policy
            for policy in environment.policies
            if resource is not None and is_ours(situation, pair, policy)
        ]
        foreign = [policy for policy in environment.policies if policy not in accepted]
        lost = (resource.urn,) if resource and not accepted else ()
        if not foreign and not lost:
            continue
        parts = [f"lets {policy_names(foreign)} deploy"] if foreign else []
        parts += ["lacks the declared deployment policy"] if lost else []
        yield Drift(
            pair.key,
            f"a repository whose environment {display(DEPLOY)} {' and '.join(parts)}",
            f"{ALLOWED}; `pulumi up` creates a missing policy, and no ref can deploy until then",
            tuple(delete_policy(situation, pair, policy) for policy in foreign),
            lost,
        )


def is_ours(situation: Situation, pair: RecordedPair, policy: DeploymentPolicyOnGitHub) -> bool:
    """Return whether a policy is the recorded one, with the declared or the recorded pattern."""
    environment = pair.resource(ENVIRONMENT)
    if environment is None:
        return False
    [recorded] = recorded_environment(environment, pair.resource(POLICY)).policies or (None,)
    declared = declared_environment_of(situation, pair)
    policies = (declared.policies if declared else None) or ()
    patterns = {(item.type, item.name) for item in policies}
    if recorded is None or policy.id != recorded.id:
        return False
    return (policy.type, policy.name) in patterns | {(recorded.type, recorded.name)}


def policy_names(policies: list[DeploymentPolicyOnGitHub]) -> str:
    """Return policies for a message: `the branch main, the tag v*`."""
    return join_names(f"the {policy.type} {policy.name}" for policy in policies)


def delete_policy(
    situation: Situation, pair: RecordedPair, policy: DeploymentPolicyOnGitHub
) -> str:
    """Return the command that deletes a policy."""
    path = f"{environment_path(situation, pair)}/deployment-branch-policies/{policy.id}"
    return f"gh api -X DELETE {path}"


def ruleset_drift(situation: Situation) -> Iterator[Drift]:
    """Yield each ruleset that is missing on GitHub, or not as declared."""
    for pair in recorded_pairs(situation):
        if "rulesets" in pair.on_github.unseen:
            continue
        by_id = {
            ruleset.id: ruleset
            for ruleset in pair.on_github.rulesets
            if ruleset.source_type == "Repository"
        }
        for place in RULESETS:
            if resource := pair.resource(place):
                recorded = recorded_ruleset(resource)
                on_github = by_id.get(recorded.id)
                if on_github is None:
                    yield Drift(
                        pair.key,
                        f"a repository without the ruleset {display(recorded.name)} on GitHub",
                        f"{ALLOWED}; after the refresh, `pulumi up` creates it",
                        lost=(resource.urn,),
                    )
                elif pair.settings is not None:
                    yield from changed_ruleset(situation, pair, place, recorded, on_github)


def changed_ruleset(
    situation: Situation,
    pair: RecordedPair,
    place: str,
    recorded: RulesetOnGitHub,
    on_github: RulesetOnGitHub,
) -> Iterator[Drift]:
    """Yield the drift of a ruleset that is neither as declared nor as recorded."""
    declared = declared_ruleset_of(situation, pair, place) or recorded
    differences = ruleset_differences(on_github, declared)
    if differences and ruleset_differences(on_github, recorded):
        path = f"repos/{situation.owner}/{pair.on_github.name}/rulesets/{on_github.id}"
        yield Drift(
            pair.key,
            f"a repository whose ruleset {display(recorded.name)} was changed on GitHub: "
            f"{'; '.join(differences)}",
            ALLOWED,
            (put_command(path, ruleset_body(declared)),),
        )


def declared_ruleset_of(
    situation: Situation, pair: RecordedPair, place: str
) -> RulesetOnGitHub | None:
    """Return the declared ruleset; `None` where a team has no known number, or it goes."""
    if pair.settings is None:
        return None
    try:
        rulesets = declared_rulesets(situation.settings, pair.settings, ids(situation))
    except KeyError:
        return None
    return rulesets.get(place)


DRIFT_RULES: tuple[Callable[[Situation], Iterator[Drift]], ...] = (
    environment_drift,
    policy_drift,
    ruleset_drift,
    secret_drift,
    workflow_drift,
)


def drifts(situation: Situation) -> Iterator[Drift]:
    """Yield every difference between GitHub and the recorded gates."""
    for rule in DRIFT_RULES:
        yield from rule(situation)


def check_drift(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where a gate is not as declared, or an object of it is lost."""
    for drift in drifts(situation):
        yield drift.problem


def check_environment_names(situation: Situation) -> Iterator[Problem]:
    """Block a change of the environment's name that changes its case alone.

    Names of environments ignore case. So the engine would write the new one and then delete it as
    the old one. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
    """
    for pair in recorded_pairs(situation):
        resource = pair.resource(ENVIRONMENT)
        name = str(resource.inputs.get("environment", DEPLOY)) if resource else DEPLOY
        if name != DEPLOY and name.lower() == DEPLOY.lower():
            yield Problem(
                path(("repositories", pair.key)),
                f"a repository whose environment is recorded as {display(name)}",
                f"the recorded name: {display(DEPLOY)} is the same environment on GitHub",
                f"write {display(name)} in components/deploy_environment.py, as before",
            )


def check_unseen_gates(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where the token cannot see the gate of a private repository.

    On some plans GitHub ignores the rules of a private repository.
    """
    for repository, on_github in situation.existing:
        hidden = unseen_parts(on_github)
        if cannot_have_gate(situation, on_github):
            # A problem of its own: such a repository has no gate to see.
            continue
        if on_github.private and hidden and not repository.archived:
            yield Problem(
                path(("repositories", repository.name)),
                f"a private repository whose {join_names(hidden)} this token cannot see",
                "a token that can read the gate of a private repository",
                "export an owner's token as GITHUB_TOKEN, or give the GitHub App the permissions "
                "administration: write and actions: read",
            )


def unseen_gates(situation: Situation) -> Iterator[str]:
    """Warn about gates of public repositories that the token cannot see."""
    names = [
        repository.name
        for repository, on_github in situation.existing
        if unseen_parts(on_github) and not on_github.private and not repository.archived
    ]
    if names:
        subject = summarize_names(names, "has a gate", "repositories have gates")
        command = shell_loop(names, f"gh api repos/{situation.owner}/{{}}/environments/{DEPLOY}")
        yield (
            f"{subject} that this token cannot see whole, so `pulumi up` cannot compare it with "
            f"the declared one. Look as an owner: {command}"
        )


def unseen_parts(on_github: RepositoryOnGitHub) -> list[str]:
    """Return the parts of a gate that the token cannot see."""
    return sorted(on_github.unseen & {"environments", "policies", "rulesets", "workflows"})
