"""The layouts of a publish workflow, and the settings that its text depends on.

`docs/publish-workflow.md` compares the layouts. `docs/adr/0008-three-layouts.md` explains why there
are three.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

LayoutName = Literal["scripts", "scripts-single", "trusted-publishing"]
Level = Literal["read", "write"]


@dataclass(frozen=True)
class Layout:
    """One way to publish.

    Attributes:
        name: The value of `publish` in the stack file.
        scripts: The repository's files that its jobs run, unless an option replaces one.
    """

    name: LayoutName
    scripts: tuple[str, ...]


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "scripts",
            ("scripts/install", "scripts/build", "scripts/publish"),
        ),
        Layout(
            "scripts-single",
            ("scripts/install", "scripts/build", "scripts/publish"),
        ),
        Layout("trusted-publishing", ("scripts/install", "scripts/build")),
    )
}


@dataclass(frozen=True)
class PublishSettings:
    """The settings that the text of a publish workflow depends on.

    Attributes:
        owner: The organization.
        repository: The repository's name without its owner.
        release_tags: The pattern of the tags that start the workflow.
        environment: The environment that the publishing job waits at.
        secrets: Names of the environment's secrets that publishing reads.
        layout: Which jobs the workflow has.
        python_version: The version that `actions/setup-python` installs.
        runner: The label of the machine that the jobs run on.
        publish_install: The command that installs the publishing dependencies, in the job that has
            the secrets.
        timeout_minutes: Minutes after which a job is canceled.
        environment_variables: Public variables of every job that runs the repository's scripts.
        permissions: Permissions of the publishing job's `GITHUB_TOKEN`, besides `contents: read`.
        deploys_docs: Whether `scripts/publish` also pushes, as `mkdocs gh-deploy` does.
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
