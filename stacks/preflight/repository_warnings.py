"""Findings in declared repositories: leftover secrets, other publishing workflows, and scripts."""

from collections.abc import Callable, Iterator, Sequence

from components.deploy_environment import DEPLOY
from stacks.consistency.publishing_steps import PublishingJob, is_token_name, publishing_jobs
from stacks.preflight.findings import Finding
from stacks.preflight.situation import Situation
from stacks.publishing import pypi_token_names, workflow_scripts
from stacks.settings import RepositorySettings
from stacks.settings.problems import display, join_names
from stacks.snapshot import RepositoryOnGitHub, Scripts, WorkflowOnGitHub

WORKFLOW = "publish.yml"
READS = "It bypasses the approval gate: any workflow on any branch can read it"


def repository_secrets(situation: Situation) -> Iterator[Finding]:
    """Report leftover repository secrets: every workflow on every branch can read them."""
    for repository, on_github in situation.existing:
        declared = pypi_token_names(repository)
        for secret in sorted(on_github.secrets):
            if secret in declared or is_token_name(secret):
                yield Finding(
                    "repository-secret",
                    repository.name,
                    f"still has the repository secret {secret}",
                    f"repositories still have the repository secret {secret}",
                    READS,
                    f"gh secret delete {secret} --repo {situation.owner}/{{}}",
                    "Delete it",
                    thing=secret,
                )


def environment_secrets(situation: Situation) -> Iterator[Finding]:
    """Report tokens in other environments, which have no gate of the stack."""
    for repository, on_github in situation.existing:
        declared = pypi_token_names(repository)
        for key, environment in on_github.environments.items():
            for secret in sorted(environment.secrets or ()):
                if key != DEPLOY and (secret in declared or is_token_name(secret)):
                    name = environment.name
                    command = f"gh secret delete {secret} --env '{name}' --repo {situation.owner}"
                    yield Finding(
                        "environment-secret",
                        repository.name,
                        f"has the secret {secret} in the environment {name}",
                        f"repositories have the secret {secret} in the environment {name}",
                        "Its rules are not those of the gate",
                        f"{command}/{{}}",
                        "Delete it, and revoke the token",
                        thing=f"{name}/{secret}",
                    )


def publishing_workflows(situation: Situation) -> Iterator[Finding]:
    """Report workflows that publish, or may publish, in a job without the environment."""
    for repository, on_github in situation.existing:
        for file in other_workflows(situation, repository, on_github):
            jobs = [job for job in publishing_jobs(file.text or "") or () if bypasses_gate(job)]
            if jobs:
                yield publishing_workflow(situation, repository.name, file.path, jobs[0])


def other_workflows(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub
) -> list[WorkflowOnGitHub]:
    """Return the workflows of a repository that are not its publish workflow."""
    entry = situation.recorded_entry(repository)
    resource = entry.resources.get(WORKFLOW) if entry else None
    ours = {repository.workflow, resource.inputs.get("file") if resource else None}
    return [file for path, file in sorted(on_github.workflows.items()) if path not in ours]


def bypasses_gate(job: PublishingJob) -> bool:
    """Return whether a job does not name the gate; an expression may name anything."""
    return (job.environment or "").lower() != DEPLOY.lower()


def publishing_workflow(situation: Situation, name: str, path: str, job: PublishingJob) -> Finding:
    """Return the finding of one workflow, with the command that deletes its file."""
    address = f"repos/{situation.owner}/{{}}/contents/{path}"
    return Finding(
        "publishing-workflow",
        name,
        f"has {path}, whose job {display(job.key)} publishes with {job.reason}",
        f"repositories have {path}, whose job {display(job.key)} publishes with {job.reason}",
        f"only jobs that name the environment {display(DEPLOY)} may publish: any other starts "
        "without an approval. Also remove the trusted publisher of that workflow on PyPI, and "
        "revoke its token: a tag on an earlier commit still starts it",
        f"gh api -X DELETE {address} -f message='Remove a workflow that bypasses the approval "
        f"gate' -f sha=$(gh api {address} --jq .sha) --silent",
        "Delete the file",
        thing=path.rsplit("/", 1)[-1],
        blocks=True,
    )


def unreadable_workflows(situation: Situation) -> Iterator[Finding]:
    """Report workflows whose text is not shown or not YAML: they may publish."""
    for repository, on_github in situation.existing:
        for file in other_workflows(situation, repository, on_github):
            if file.text is None or publishing_jobs(file.text) is None:
                yield Finding(
                    "unreadable-workflow",
                    repository.name,
                    f"has {file.path}, which cannot be read",
                    f"repositories have {file.path}, which cannot be read",
                    "It may publish without an approval",
                    f"gh api repos/{situation.owner}/{{}}/contents/{file.path} --jq .html_url",
                    "Look at it",
                    thing=file.path.rsplit("/", 1)[-1],
                )


def disabled_workflows(situation: Situation) -> Iterator[Finding]:
    """Report publish workflows that are disabled: a pushed tag starts nothing, and is used up."""
    for repository, on_github in situation.existing:
        file = on_github.workflows.get(repository.workflow)
        if file and file.state and file.state != "active" and not repository.retired:
            yield Finding(
                "disabled-workflow",
                repository.name,
                f"has {file.path} disabled ({file.state})",
                f"repositories have {file.path} disabled ({file.state})",
                "a tag that is pushed now starts nothing, and cannot be moved to a later commit",
                f"gh api -X PUT repos/{situation.owner}/{{}}/actions/workflows/"
                f"{file.path.rsplit('/', 1)[-1]}/enable",
                "Enable it",
                blocks=True,
            )


def missing_scripts(situation: Situation) -> Iterator[Finding]:
    """Report scripts that the publish workflow runs and the default branch lacks.

    A release fails there, and its tag cannot be moved to a later commit. Before the stack has
    written the workflow, this blocks `pulumi up`: the one that is replaced may work.
    """
    for repository, paths in scripts_of(situation, Scripts.missing):
        scripts = join_names(paths)
        pronoun = pronoun_for(paths)
        entry = situation.recorded_entry(repository)
        yield Finding(
            "missing-scripts",
            repository.name,
            f"lacks {scripts}",
            f"repositories lack {scripts}",
            f"The publish workflow runs {pronoun}, so a release would fail",
            advice=f"Add {pronoun} to the default branch, or choose another layout with `publish`",
            blocks=entry is None or WORKFLOW not in entry.resources,
        )


def scripts_without_execute_permission(situation: Situation) -> Iterator[Finding]:
    """Report scripts that cannot be run."""
    for repository, paths in scripts_of(situation, Scripts.not_executable):
        text = f"{join_names(paths)} without execute permission"
        yield Finding(
            "script-not-executable",
            repository.name,
            f"has {text}",
            f"repositories have {text}",
            f"The publish workflow runs {pronoun_for(paths)}, so a release would fail",
            advice=f"In each repository: git update-index --chmod=+x {' '.join(paths)}",
        )


def scripts_of(
    situation: Situation, select: Callable[[Scripts, Sequence[str]], list[str]]
) -> Iterator[tuple[RepositorySettings, list[str]]]:
    """Yield the scripts that `select` picks from those that the workflow of a repository runs.

    Repositories whose scripts could not be read are left out.
    """
    for repository, on_github in situation.existing:
        scripts = on_github.scripts
        leaves_alone = repository.archived or repository.retired
        if (
            scripts
            and not leaves_alone
            and (paths := select(scripts, workflow_scripts(repository)))
        ):
            yield repository, paths


def pronoun_for(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"
