"""The workflow file that builds and publishes a release."""

from collections.abc import Sequence

import pulumi
import pulumi_github as github
from pulumi import Input, ResourceOptions


class PublishWorkflow(github.RepositoryFile):
    """The publish workflow on the default branch of a repository, as the file `path`. One that is there already is overwritten.

    With another path the old file goes first: two workflows would both publish the tag that is pushed between them, and the old
    one would still be whom PyPI trusts. A tag that is pushed while there is none starts nothing.
    """

    def __init__(
        self,
        name: str,
        *,
        repository: Input[str],
        path: str,
        content: str,
        depends_on: Sequence[pulumi.Resource],
        parent: pulumi.Resource,
    ) -> None:
        super().__init__(
            name,
            repository=repository,
            file=path,
            content=content,
            commit_message="Publish workflow, as declared by the release stack",
            overwrite_on_create=True,
            opts=ResourceOptions(
                parent=parent, depends_on=[*depends_on], delete_before_replace=True
            ),
        )
