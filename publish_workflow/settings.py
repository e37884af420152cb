"""What the text of a publish workflow depends on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from publish_workflow.layouts import LayoutName

Level = Literal["read", "write"]


@dataclass(frozen=True)
class PublishSettings:
    """What the text depends on, and nothing else.

    Attributes:
        owner: The organization.
        repository: The repository's name without its owner.
        release_tags: The pattern of the tags that are releases; it alone starts the workflow.
        environment: The environment at which the publishing job waits.
        secrets: Names of the environment's secrets that publishing reads.
        layout: Which jobs there are.
        python_version: What `actions/setup-python` is asked for.
        runner: The label of the machine that the jobs run on.
        publish_install: The command that installs what publishing needs, in the job that has the secrets.
        timeout_minutes: After how many minutes a job is ended, 1 to 360.
        environment_variables: Plain variables of every job that runs the repository's scripts.
        permissions: What the publishing job's own GitHub token may do beside reading the repository.
        deploys_docs: Whether `scripts/publish` pushes to the repository, as `mkdocs gh-deploy` does.
    """

    owner: str
    repository: str
    release_tags: str
    environment: str
    secrets: Sequence[str]
    layout: LayoutName = "scripts"
    python_version: str = "3.x"
    runner: str = "ubuntu-latest"
    publish_install: str = "scripts/install"
    timeout_minutes: int = 30
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    permissions: Mapping[str, Level] = field(default_factory=dict)
    deploys_docs: bool = False
