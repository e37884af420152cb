"""The workflow file that builds and publishes a release."""

from collections.abc import Sequence

import pulumi
import pulumi_github as github
from pulumi import Input, ResourceOptions

PATH = ".github/workflows/publish.yml"


class PublishWorkflow(github.RepositoryFile):
    """The publish workflow on the default branch of a repository. One that is there already is overwritten."""

    def __init__(
        self,
        name: str,
        *,
        repository: Input[str],
        content: str,
        depends_on: Sequence[pulumi.Resource],
        parent: pulumi.Resource,
    ) -> None:
        super().__init__(
            name,
            repository=repository,
            file=PATH,
            content=content,
            commit_message="Publish workflow, as declared by the release stack",
            overwrite_on_create=True,
            opts=ResourceOptions(parent=parent, depends_on=[*depends_on]),
        )
