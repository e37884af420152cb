"""The publish workflow of a repository, its scripts, token names and trusted publisher."""

from dataclasses import fields

from components.deploy_environment import DEPLOY
from publish_workflow.layouts import LAYOUTS
from publish_workflow.publish import PublishSettings, publish_workflow
from publish_workflow.steps import PYPI_TOKEN
from stacks.settings import RepositorySettings, Settings
from stacks.settings.options import OPTIONS

SCRIPTS = "scripts/"


def workflow_text(settings: Settings, repository: RepositorySettings) -> str:
    return publish_workflow(publish_settings(settings, repository))


def publish_settings(settings: Settings, repository: RepositorySettings) -> PublishSettings:
    """Return all settings that the text of the workflow depends on."""
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


def workflow_scripts(repository: RepositorySettings) -> list[str]:
    """Return the repository's scripts that its workflow runs, with one in `publish-install`."""
    installs = [word for word in repository.publish_install.split()[:1] if word.startswith(SCRIPTS)]
    return list(dict.fromkeys([*LAYOUTS[repository.layout].scripts, *installs]))


def pypi_token_names(repository: RepositorySettings) -> list[str]:
    """Return secret names that may hold a PyPI token: the declared ones and the default."""
    return sorted({PYPI_TOKEN, *(secret.name for secret in repository.environment_secrets)})


def trusted_publisher(settings: Settings, repository: RepositorySettings) -> dict[str, str] | None:
    """Return the values of PyPI's form for a trusted publisher, or None for a layout with a token.

    Source: PyPI's documentation, "Adding a trusted publisher to an existing PyPI project". PyPI
    allows an empty environment. Then any run of a workflow of that name can publish and bypass the
    gate.
    """
    if repository.has_token:
        return None
    return {
        "owner": settings.owner,
        "repositoryName": repository.name,
        "workflowName": repository.workflow.rsplit("/", 1)[-1],
        "environmentName": DEPLOY,
    }
