"""Objects of the gate's names that exist already: of another origin, or of another state.

Two marks belong to this project alone: the titles of the three rulesets, and the first line of the
workflow file.
"""

from collections.abc import Iterator

from components.deploy_environment import DEPLOY
from components.rulesets import REVIEW_TITLE, TAG_CREATION_TITLE, TAG_PROTECTION_TITLE
from publish_workflow.publish import is_managed
from stacks.consistency.publishing_steps import publishing_jobs
from stacks.preflight.repository_warnings import bypasses_gate
from stacks.preflight.situation import Situation
from stacks.previous_state import RecordedRepository
from stacks.settings import RepositorySettings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display, join_names
from stacks.snapshot import DeploymentPolicyOnGitHub, RepositoryOnGitHub, WorkflowOnGitHub

WORKFLOW = "publish.yml"
ENVIRONMENT = "deploy/environment"
POLICY = "deploy/tags"
RULESET_TYPE = "github:index/repositoryRuleset:RepositoryRuleset"
POLICY_TYPE = (
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
)
TITLES = {
    "tags-created": TAG_CREATION_TITLE,
    "tags-kept": TAG_PROTECTION_TITLE,
    "review": REVIEW_TITLE,
}
COMPONENT = "releases:index:ReleaseRepository"
GATE_COMPONENT = "releases:index:DeployEnvironment"


def active_entries(
    situation: Situation,
) -> Iterator[tuple[RepositorySettings, RepositoryOnGitHub, RecordedRepository]]:
    """Yield each declared repository that `up` sets up, with what the state has of it."""
    for repository, on_github in situation.existing:
        if not repository.archived and not repository.retired and not on_github.archived:
            entry = situation.recorded_entry(repository)
            yield repository, on_github, entry or RecordedRepository(repository.name)


def is_ours(file: WorkflowOnGitHub | None) -> bool:
    """Return whether a workflow file was written by a stack of this project."""
    return file is not None and is_managed(file.text or "")


def ruleset_ids(on_github: RepositoryOnGitHub, title: str) -> list[int]:
    """Return the ids of a repository's own rulesets of a title."""
    return [
        ruleset.id
        for ruleset in on_github.rulesets
        if ruleset.name == title and ruleset.source_type == "Repository"
    ]


def check_foreign_workflows(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` before it overwrites a workflow file of another origin."""
    for repository, on_github, entry in active_entries(situation):
        resource = entry.resources.get(WORKFLOW)
        file = on_github.workflows.get(repository.workflow)
        recorded_path = resource.inputs.get("file") if resource else None
        if file is None or repository.replace_workflow or recorded_path == repository.workflow:
            continue
        if not is_ours(file):
            place = path(("repositories", repository.name))
            yield Problem(
                place,
                f"a repository with a file at {display(file.path)} that no stack wrote",
                "a path without a file, another one in `workflow`, or `replace-workflow: true`, "
                "which records the commit that has the old file",
                f"pulumi config set --path '{place}.replace-workflow' true",
            )


def replaced_publishers(situation: Situation) -> Iterator[str]:
    """Warn that the workflow file which `up` replaces still publishes from earlier commits."""
    for repository, on_github, entry in active_entries(situation):
        resource = entry.resources.get(WORKFLOW)
        file = on_github.workflows.get(repository.workflow)
        if file is None or is_ours(file) or (resource and resource.inputs.get("file") == file.path):
            continue
        jobs = [job for job in publishing_jobs(file.text or "") or () if bypasses_gate(job)]
        if jobs:
            environment = jobs[0].environment
            named = f"names the environment {environment}" if environment else "has no environment"
            yield (
                f"{repository.name} has a workflow of another origin at {file.path}, which "
                f"`pulumi up` replaces. Its job {display(jobs[0].key)} publishes with "
                f"{jobs[0].reason} and {named}. A tag on an earlier commit still starts it: remove "
                "its trusted publisher on PyPI, and revoke its token."
            )


def signs_of_another_stack(
    repository: RepositorySettings, on_github: RepositoryOnGitHub, entry: RecordedRepository
) -> list[str]:
    """Return what another state has set up in a repository of which this one records nothing."""
    if entry.resources:
        return []
    agreed = repository.workflow if repository.replace_workflow else None
    titles = [title for title in TITLES.values() if ruleset_ids(on_github, title)]
    files = [
        file.path for file in on_github.workflows.values() if is_ours(file) and file.path != agreed
    ]
    return [*titles, *files]


def check_second_stacks(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` on a repository that another state has set up.

    It would end halfway, or take the gate over: a `destroy` of either stack would open it.
    """
    for repository, on_github, entry in active_entries(situation):
        if signs := signs_of_another_stack(repository, on_github, entry):
            yield Problem(
                path(("repositories", repository.name)),
                f"set up by a stack of this project already ({join_names(signs)}), and "
                "not recorded in the state of this one",
                "a repository that only this stack manages, with the state that recorded it",
                f"remove the entry where another stack declares it: pulumi config rm --path "
                f"'{path(('repositories', repository.name))}'; if the state was lost, restore a "
                "backup, or follow docs/state.md",
            )


def check_duplicates(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where it would create an object that exists and was never recorded.

    An earlier `up` created it, and its response was lost.
    """
    for repository, on_github, entry in active_entries(situation):
        if not entry.resources:
            continue
        for place, title in TITLES.items():
            ids = ruleset_ids(on_github, title)
            if place not in entry.resources and ids:
                yield unrecorded(
                    repository,
                    f"the ruleset {display(title)}",
                    import_command(RULESET_TYPE, entry, place, f"{on_github.name}:{ids[0]}"),
                )
        yield from unrecorded_policies(repository, on_github, entry)


def unrecorded_policies(
    repository: RepositorySettings, on_github: RepositoryOnGitHub, entry: RecordedRepository
) -> Iterator[Problem]:
    """Yield the problem of the declared tag policy that exists and is not recorded."""
    environment = on_github.environments.get(DEPLOY)
    if environment is None or ENVIRONMENT not in entry.resources or POLICY in entry.resources:
        return
    for policy in environment.policies or ():
        if is_declared(repository, policy):
            policy_id = f"{on_github.name}:{environment.name}:{policy.id}"
            yield unrecorded(
                repository,
                f"the deployment policy {display(policy.name)}",
                import_command(POLICY_TYPE, entry, POLICY, policy_id, DEPLOY),
            )


def is_declared(repository: RepositorySettings, policy: DeploymentPolicyOnGitHub) -> bool:
    """Return whether a policy is the declared one."""
    return (policy.type, policy.name) == ("tag", repository.release_tags)


def unrecorded(repository: RepositorySettings, thing: str, command: str) -> Problem:
    """Return the problem of an object that only an import can bring into the state."""
    return Problem(
        path(("repositories", repository.name)),
        f"a repository with {thing}, which an earlier `pulumi up` created and did not record",
        "every object of the gate in the state: GitHub refuses a second one",
        command,
    )


def import_command(
    kind: str, entry: RecordedRepository, place: str, import_id: str, gate: str = ""
) -> str:
    """Return the command that records an existing object under its component."""
    return (
        f"pulumi import {kind} '{entry.key}/{place}' '{import_id}' "
        f"--parent 'parent={component_urn(entry, gate)}' "
        "--yes --skip-preview --protect=false --generate-code=false"
    )


def component_urn(entry: RecordedRepository, gate: str) -> str:
    """Return the URN of the component of an entry, or with `deploy` of its environment."""
    urn = next(iter(entry.resources.values())).urn
    stack = "::".join(urn.split("::")[:2])
    if gate:
        return f"{stack}::{COMPONENT}${GATE_COMPONENT}::{entry.key}/{gate}"
    return f"{stack}::{COMPONENT}::{entry.key}"


def check_foreign_policies(situation: Situation) -> Iterator[Problem]:
    """Block a first `pulumi up` where an environment has deployment policies of another origin.

    The environment is overwritten, and they stay: a branch could deploy.
    """
    for repository, on_github, entry in active_entries(situation):
        environment = on_github.environments.get(DEPLOY)
        if environment is None or POLICY in entry.resources:
            continue
        if signs_of_another_stack(repository, on_github, entry):
            # The policies belong to that stack.
            continue
        is_first = ENVIRONMENT not in entry.resources
        foreign = [
            policy
            for policy in environment.policies or ()
            if is_first or not is_declared(repository, policy)
        ]
        if foreign:
            names = join_names(f"the {policy.type} {policy.name}" for policy in foreign)
            base = f"repos/{situation.owner}/{on_github.name}/environments/{DEPLOY}"
            commands = [
                f"gh api -X DELETE {base}/deployment-branch-policies/{policy.id}"
                for policy in foreign
            ]
            yield Problem(
                path(("repositories", repository.name)),
                f"a repository whose environment {display(DEPLOY)} lets {names} deploy already",
                "an environment without policies of another origin; `pulumi up` creates the "
                "declared one, and no ref can deploy until then",
                " && ".join(commands),
            )
