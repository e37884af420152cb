"""The publish workflow of a repository, as in Tom Christie's "Automating package releases with GitHub".

A pushed release tag starts one job. The job names the `deploy` environment, so GitHub holds it until a required reviewer
agrees, and only then can its last step read the token.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.pins import pins

TOKEN = "PYPI_TOKEN"

HEADER = """\
# This file is managed by the release stack of {owner}: a change made here is undone by its next `pulumi up`.
# Change the settings of {repository} there, in the stack's configuration.
"""

WORKFLOW = """\
name: Publish

on:
  push:
    tags:
      - '{release_tags}'

permissions: {{}}

concurrency:
  group: publish-${{{{ github.ref }}}}
  cancel-in-progress: false

jobs:
  publish:
    name: Publish release
    if: github.repository == '{owner}/{repository}'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
    environment:
      name: {environment}
    steps:
      - name: Check out the tag
        uses: {checkout}
        with:
          persist-credentials: false
      - name: Set up Python
        uses: {setup_python}
        with:
          python-version: '3.x'
      - name: Install dependencies
        run: scripts/install
      - name: Build package & docs
        run: scripts/build
      - name: Publish to PyPI & deploy docs
        run: scripts/publish
"""


@dataclass(frozen=True)
class PublishSettings:
    """What the text depends on, and nothing else: `secrets` are names, sorted."""

    owner: str
    repository: str
    release_tags: str
    environment: str
    secrets: Sequence[str]


def publish_workflow(settings: PublishSettings) -> str:
    """The text of `.github/workflows/publish.yml`, the same for the same settings."""
    names = {"owner": settings.owner, "repository": settings.repository}
    body = WORKFLOW.format(
        **names,
        release_tags=settings.release_tags,
        environment=settings.environment,
        checkout=pins()["actions/checkout"],
        setup_python=pins()["actions/setup-python"],
    )
    return HEADER.format(**names) + "\n" + body + secret_environment(settings.secrets)


def secret_environment(secrets: Sequence[str]) -> str:
    """The environment of the publishing step: the token in twine's words, any other secret under its own name."""
    lines: dict[str, str] = {}
    for name in secrets:
        if name == TOKEN:
            lines |= {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": expression(name)}
        else:
            lines[name] = expression(name)
    return "".join(["        env:\n", *(f"          {name}: {value}\n" for name, value in lines.items())]) if lines else ""


def expression(secret: str) -> str:
    return f"${{{{ secrets.{secret} }}}}"
