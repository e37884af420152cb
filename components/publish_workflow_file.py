"""The workflow file that builds and publishes a release."""

import pulumi_github as github
from pulumi import Input, ResourceOptions


def publish_workflow_file(
    name: str,
    *,
    repository: Input[str],
    path: Input[str],
    content: Input[str],
    opts: ResourceOptions | None = None,
) -> github.RepositoryFile:
    """Commit the publish workflow to the default branch, and overwrite an existing file.

    Args:
        name: The resource's name.
        repository: The repository's name.
        path: The path of the file. When it changes, the old file is deleted first: with two
            workflows, both would publish a tag that is pushed in between, and PyPI would still
            trust the old one. With none, a pushed tag starts nothing.
        content: The text of the file.
        opts: Options of the resource.
    """
    old_first = ResourceOptions(delete_before_replace=True)
    return github.RepositoryFile(
        name,
        repository=repository,
        file=path,
        content=content,
        commit_message="Publish workflow, as declared by the release stack",
        overwrite_on_create=True,
        opts=ResourceOptions.merge(old_first, opts),
    )
