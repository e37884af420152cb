"""How a repository is published: the text of its workflow, the scripts that it runs, and what PyPI has to be told."""

from components.deploy_environment import NAME as DEPLOY
from publish_workflow.layouts import LAYOUTS
from publish_workflow.publish import PublishSettings, publish_workflow
from publish_workflow.steps import TOKEN
from stacks.settings import Publishing, RepositorySettings, Settings

SCRIPTS = "scripts/"


def workflow_text(settings: Settings, repository: RepositorySettings) -> str:
    return publish_workflow(publish_settings(settings, repository))


def publish_settings(settings: Settings, repository: RepositorySettings) -> PublishSettings:
    """What the text depends on. Whatever else is declared changes no letter of it."""
    publishing = repository.publishing
    return PublishSettings(
        owner=settings.owner,
        repository=repository.name,
        release_tags=repository.release_tags,
        environment=DEPLOY,
        secrets=[secret.name for secret in repository.secrets],
        layout=publishing.layout,
        python_version=publishing.python_version,
        runner=publishing.runner,
        publish_install=publishing.publish_install,
        timeout_minutes=publishing.timeout_minutes,
        environment_variables=dict(publishing.environment_variables),
        permissions=dict(publishing.permissions),
        deploys_docs=publishing.deploys_docs,
    )


def scripts_run(publishing: Publishing) -> list[str]:
    """The scripts of the repository that its workflow runs, one that `publish-install` names included."""
    installs = [word for word in publishing.publish_install.split()[:1] if word.startswith(SCRIPTS)]
    return list(dict.fromkeys([*LAYOUTS[publishing.layout].scripts, *installs]))


def tokens_of(repository: RepositorySettings) -> list[str]:
    """The names under which a token to publish may lie about: those declared, and the usual one, also where it was given up."""
    return sorted({TOKEN, *(secret.name for secret in repository.secrets)})


def trusted_publisher(settings: Settings, repository: RepositorySettings) -> dict[str, str] | None:
    """What to enter on PyPI, in the order of its form, where a repository publishes without a token.

    Source: PyPI's documentation, "Adding a trusted publisher to an existing PyPI project". The environment may be left out
    there; then any workflow of that name publishes, past the gate.
    """
    if repository.publishing.has_token:
        return None
    return {
        "owner": settings.owner,
        "repositoryName": repository.name,
        "workflowName": repository.publishing.workflow.rsplit("/", 1)[-1],
        "environmentName": DEPLOY,
    }
