"""Workflow files of another origin that `up` replaced, and the commands that restore them."""

import shlex
from collections.abc import Iterator, Mapping

from publish_workflow.publish import is_managed
from stacks.previous_state import PreviousState, RecordedRepository
from stacks.settings import RepositorySettings, Settings
from stacks.snapshot import RepositoryOnGitHub, Snapshot

RESTORE_BRANCH = "restore-workflow"


def replaced_workflows(settings: Settings, snapshot: Snapshot) -> dict[str, Mapping[str, str]]:
    """Return the commit and path of each file that this `up` replaces, by repository."""
    replaced: dict[str, Mapping[str, str]] = {}
    for repository in settings.publishing:
        on_github = snapshot.repositories.get(repository.name.lower())
        if repository.replace_workflow and on_github and is_foreign(repository, on_github):
            replaced[repository.name] = {"commit": on_github.head, "path": repository.workflow}
    return replaced


def is_foreign(repository: RepositorySettings, on_github: RepositoryOnGitHub) -> bool:
    """Return whether a file that no release stack wrote is at the path of the workflow."""
    file = on_github.workflows.get(repository.workflow)
    return file is not None and bool(on_github.head) and not is_managed(file.text or "")


def restore_warnings(settings: Settings, previous_state: PreviousState) -> list[str]:
    """Return a warning for each replaced file whose place this run leaves without a workflow."""
    return [
        restore_warning(settings, name, replaced)
        for name, replaced in removed_replacements(settings, previous_state)
    ]


def removed_replacements(
    settings: Settings, previous_state: PreviousState
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the repository with commit and path of each replaced file."""
    declared = {
        name: repository
        for repository in settings.repositories
        for name in (repository.name, repository.formerly)
        if name
    }
    for key, entry in previous_state.entries.items():
        replaced = entry.replaced_workflow
        if replaced is None or workflow_path(entry) != replaced.get("path"):
            continue
        repository = declared.get(key)
        if repository is None:
            yield key, replaced
        elif repository.retired or repository.workflow != replaced["path"]:
            yield repository.name, replaced


def workflow_path(entry: RecordedRepository) -> str | None:
    """Return the path of the workflow file that the state records."""
    workflow = entry.resources.get("publish.yml")
    return str(workflow.inputs.get("file")) if workflow else None


def restore_warning(settings: Settings, name: str, replaced: Mapping[str, str]) -> str:
    file = shlex.quote(replaced["path"])
    commands = (
        "git fetch origin",
        f"git checkout -b {RESTORE_BRANCH} origin/HEAD",
        f"git checkout {replaced['commit']} -- {file}",
        "git commit -m 'Restore the workflow'",
        f"git push origin {RESTORE_BRANCH}",
    )
    return (
        f"{name}: `pulumi up` deletes {replaced['path']}, and the file that it replaced does not "
        f"come back. To restore it, run in a clone of {settings.owner}/{name}: "
        + " && ".join(commands)
    )
