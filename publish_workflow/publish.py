"""The publish workflow of a repository.

It follows Tom Christie's article "Automating package releases with GitHub". A pushed release tag
starts it. The publishing job names the `deploy` environment, so GitHub holds the job until a
required reviewer approves. Only then can the job read the token, or request one from PyPI.
"""

import re
from collections.abc import Callable

from publish_workflow import steps
from publish_workflow.checks import check_settings
from publish_workflow.jobs import WorkflowJob, build_job, install_and_build, publish_job
from publish_workflow.layouts import PublishSettings
from publish_workflow.yaml_text import add_comment, indent, quote

__all__ = ["PublishSettings", "publish_workflow"]

HEADER = """\
# The release stack of {owner} manages this file: its next `pulumi up` reverts any change made here.
# To change it, edit {repository} under `repositories` in the stack's configuration.

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


# The first words of every workflow file, and those that version 0.1.0 wrote.
FIRST_WORDS = re.compile(r"# (?:The|This file is managed by the) release stack of ([\w-]+)")


def managing_organization(text: str) -> str | None:
    """Return the organization whose release stack wrote a workflow file, or `None`."""
    first_words = FIRST_WORDS.match(text)
    return first_words[1] if first_words else None


def is_managed(text: str) -> bool:
    """Return whether a release stack wrote a workflow file."""
    return managing_organization(text) is not None


def publish_workflow(settings: PublishSettings) -> str:
    """Return the text of the workflow file; equal settings give equal texts.

    Raise `PublishSettingsError` for a value that cannot be written safely, and `PinsError` for an
    action without a pin.
    """
    check_settings(settings)
    header = HEADER.format(
        owner=settings.owner,
        repository=settings.repository,
        release_tags=quote(settings.release_tags),
    )
    jobs = [indent(job.lines(settings)) for job in JOBS[settings.layout](settings)]
    return header + "\n".join("".join(f"{line}\n" for line in job) for job in jobs)


def scripts(settings: PublishSettings) -> list[WorkflowJob]:
    """Return a job that builds, and one that publishes with the repository's script."""
    first_steps = [
        steps.check_out(),
        steps.set_up_python(settings.python_version),
        steps.download_build(),
        steps.script("Install publishing dependencies", settings.publish_install),
    ]
    return [build_job(settings), publish_job(settings, *first_steps, needs="build")]


def scripts_single(settings: PublishSettings) -> list[WorkflowJob]:
    """Return the article's one job, which does nothing before the approval."""
    first_steps = [
        steps.check_out(pushes=settings.deploys_docs),
        steps.set_up_python(settings.python_version),
        *install_and_build(),
    ]
    return [publish_job(settings, *first_steps)]


def trusted_publishing(settings: PublishSettings) -> list[WorkflowJob]:
    """Return a job that builds, and one that publishes without a token.

    PyPI trusts the repository, the workflow file and the environment. No code of the tag runs in
    the job that has this right.
    """
    identity = {"id-token": add_comment("write", "For PyPI's trusted publishing and attestations.")}
    publish = WorkflowJob(
        key="publish",
        name="Publish release",
        needs="build",
        permissions=identity,
        environment=settings.environment,
        steps=[steps.download_build(), steps.publish_without_token()],
        runs_scripts=False,
    )
    return [build_job(settings, steps.fail_unless_tag_names_version()), publish]


JOBS: dict[str, Callable[[PublishSettings], list[WorkflowJob]]] = {
    "scripts": scripts,
    "scripts-single": scripts_single,
    "trusted-publishing": trusted_publishing,
}
