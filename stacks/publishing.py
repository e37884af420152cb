"""How a repository is published: the text of its workflow, the scripts that it runs, and what PyPI has to be told."""

from dataclasses import fields

from components.deploy_environment import NAME as DEPLOY
from publish_workflow.layouts import LAYOUTS
from publish_workflow.publish import PublishSettings, publish_workflow
from publish_workflow.steps import TOKEN
from stacks.settings import RepositorySettings, Settings
from stacks.settings.options import OPTIONS

SCRIPTS = "scripts/"


def workflow_text(settings: Settings, repository: RepositorySettings) -> str:
    return publish_workflow(publish_settings(settings, repository))


def publish_settings(settings: Settings, repository: RepositorySettings) -> PublishSettings:
    """What the text depends on. Whatever else is declared changes no letter of it."""
    options = {
        field.name: getattr(repository, field.name)
        for field in fields(PublishSettings)
        if field.name in OPTIONS
    }
    return PublishSettings(
        owner=settings.owner,
        repository=repository.name,
        environment=DEPLOY,
        secrets=repository.secret_names,
        **options,
    )


def scripts_run(repository: RepositorySettings) -> list[str]:
    """The scripts of the repository that its workflow runs, one that `publish-install` names included."""
    installs = [word for word in repository.publish_install.split()[:1] if word.startswith(SCRIPTS)]
    return list(dict.fromkeys([*LAYOUTS[repository.layout].scripts, *installs]))


def tokens_of(repository: RepositorySettings) -> list[str]:
    """The names under which a token to publish may lie about: those declared, and the usual one, also where it was given up."""
    return sorted({TOKEN, *(secret.name for secret in repository.secrets)})


def trusted_publisher(settings: Settings, repository: RepositorySettings) -> dict[str, str] | None:
    """What to enter on PyPI, in the order of its form, where a repository publishes without a token.

    Source: PyPI's documentation, "Adding a trusted publisher to an existing PyPI project". The environment may be left out
    there; then any workflow of that name publishes, past the gate.
    """
    if repository.has_token:
        return None
    return {
        "owner": settings.owner,
        "repositoryName": repository.name,
        "workflowName": repository.workflow.rsplit("/", 1)[-1],
        "environmentName": DEPLOY,
    }
