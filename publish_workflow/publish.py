"""The publish workflow of a repository, after Tom Christie's "Automating package releases with GitHub".

A pushed release tag starts it. The job that publishes names the `deploy` environment, so GitHub holds it until a required
reviewer agrees, and only then can it read the token, or ask PyPI for one.
"""

from collections.abc import Callable

from publish_workflow import steps
from publish_workflow.checks import check
from publish_workflow.jobs import Job, build, declared_permissions, install_and_build, publish
from publish_workflow.settings import PublishSettings
from publish_workflow.yaml_text import commented, indented, quoted

__all__ = ["PublishSettings", "publish_workflow"]

HEADER = """\
# This file is managed by the release stack of {owner}: a change made here is undone by its next `pulumi up`.
# Change it there, in the stack's configuration: {repository} under `repositories`.

name: Publish

on:
  push:
    tags:
      - {release_tags}

permissions: {{}}

concurrency:
  group: publish-${{{{ github.ref }}}}
  cancel-in-progress: false

jobs:
"""


def publish_workflow(settings: PublishSettings) -> str:
    """The text of the workflow file, the same for the same settings.

    Raises `PublishSettingsError` for what cannot be written safely, and `PinsError` for an action that is not pinned.
    """
    check(settings)
    header = HEADER.format(
        owner=settings.owner,
        repository=settings.repository,
        release_tags=quoted(settings.release_tags),
    )
    jobs = [indented(job.lines(settings)) for job in JOBS[settings.layout](settings)]
    return header + "\n".join("".join(f"{line}\n" for line in job) for job in jobs)


def scripts(settings: PublishSettings) -> list[Job]:
    """Built first, in sight of whoever approves; published by the repository's script in a job of its own."""
    before = [
        steps.check_out(),
        steps.set_up_python(settings.python_version),
        steps.download_what_was_built(),
        steps.script("Install what publishing needs", settings.publish_install),
    ]
    return [
        build(settings),
        publish(settings, declared_permissions(settings), *before, needs="build"),
    ]


def scripts_single(settings: PublishSettings) -> list[Job]:
    """The article's one job: nothing happens before the approval."""
    before = [
        steps.check_out(pushes=settings.deploys_docs),
        steps.set_up_python(settings.python_version),
        *install_and_build(),
    ]
    return [publish(settings, declared_permissions(settings), *before)]


def trusted_publishing(settings: PublishSettings) -> list[Job]:
    """No token: PyPI knows the repository, the workflow and the environment. Nothing of the tag runs beside that right."""
    identity = {"id-token": commented("write", "PyPI's trusted publishing, and the attestations.")}
    last = Job(
        key="publish",
        name="Publish release",
        needs="build",
        permissions=identity,
        environment=settings.environment,
        steps=[steps.download_what_was_built(), steps.publish_as_trusted_publisher()],
        runs_scripts=False,
    )
    return [build(settings, steps.stop_unless_named()), last]


JOBS: dict[str, Callable[[PublishSettings], list[Job]]] = {
    "scripts": scripts,
    "scripts-single": scripts_single,
    "trusted-publishing": trusted_publishing,
}
