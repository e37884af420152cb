"""The outputs of the stack: one line for each repository, with the details in a text of their own.

The engine prints every output after each `pulumi up`, changed or not. It truncates a text of more
than three lines or 150 characters, and prints mappings, JSON and YAML in full. So a mapping has one
short text for each repository, and `details` and `readme` are plain texts.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pulumi

from components.deploy_environment import DEPLOY
from stacks.publishing import trusted_publisher
from stacks.settings import RepositorySettings, Settings

README = Path(__file__).parents[1] / "Pulumi.README.md"
API_HOST = "api.github.com"
REST_PREFIX = "/api/v3"
SEPARATOR = " · "
CREATORS = {
    "maintain": "everyone with the maintain or admin role",
    "maintainers": "the maintainers and operations teams",
    "operations": "the operations team",
}
SHORT_CREATORS = {
    "maintain": "the maintain role",
    "maintainers": "both teams",
    "operations": "operations",
}
ARCHIVED = "archived: nothing changes"
RETIRED = "retired: no tag can deploy"
# The labels of the form on PyPI's page "Publishing", in its order.
PYPI_LABELS = {
    "owner": "Owner",
    "repositoryName": "Repository name",
    "workflowName": "Workflow name",
    "environmentName": "Environment name",
}


def export(settings: Settings, base_url: str) -> None:
    """Export `repositories`, `trustedPublishers`, `teams`, `details` and `readme`.

    `trustedPublishers` is left out where every repository publishes with a token. No value depends
    on a secret.
    """
    web = web_address(base_url)
    publishers = {
        repository.name: form_text(publisher)
        for repository in settings.publishing
        if (publisher := trusted_publisher(settings, repository))
    }
    pulumi.export(
        "repositories",
        {repository.name: summary(settings, repository) for repository in settings.repositories},
    )
    if publishers:
        pulumi.export("trustedPublishers", publishers)
    pulumi.export(
        "teams",
        {team.role: f"{web}/orgs/{settings.owner}/teams/{team.slug}" for team in settings.teams},
    )
    pulumi.export(
        "details",
        "\n\n".join(details(settings, repository, web) for repository in settings.repositories),
    )
    pulumi.export("readme", README.read_text(encoding="utf-8"))


def summary(settings: Settings, repository: RepositorySettings) -> str:
    """Return one line: the layout, the release tags with who creates them, and who approves.

    An archived or retired repository has a word for that.
    """
    if repository.retired:
        return RETIRED
    if repository.archived:
        return ARCHIVED
    return SEPARATOR.join(
        (
            repository.layout,
            f"tags {repository.release_tags} created by {SHORT_CREATORS[repository.tag_creators]}",
            f"approved by {', '.join(approvers(settings, repository))}",
        )
    )


def form_text(publisher: Mapping[str, str]) -> str:
    """Return what to enter in PyPI's form, on one line: `Owner: encode · ...`.

    The order is that of the form. The engine sorts the keys of what the state records.
    """
    return SEPARATOR.join(
        f"{label}: {publisher[key]}" for key, label in PYPI_LABELS.items() if key in publisher
    )


def details(settings: Settings, repository: RepositorySettings, web: str) -> str:
    """Return what is declared for one repository, with the GitHub pages that show it."""
    if repository.archived or repository.retired:
        return f"{repository.name}\n  {summary(settings, repository)}"
    names = [secret.name for secret in repository.environment_secrets]
    creators = CREATORS[repository.tag_creators]
    rows = {
        "layout": repository.layout,
        "release tags": f"{repository.release_tags}, created by {creators}",
        "releases approved by": ", ".join(approvers(settings, repository)),
        "approvals of a pull request": str(repository.approvals),
        "secrets of the environment": ", ".join(names) or "none",
        **repository_pages(web, settings.owner, repository.name, repository.workflow),
    }
    width = max(map(len, rows))
    return "\n".join(
        [repository.name, *(f"  {label:{width}}  {value}" for label, value in rows.items())]
    )


def approvers(settings: Settings, repository: RepositorySettings) -> list[str]:
    """Return the required reviewers as GitHub writes them: `@encode/operations`, `@tomchristie`."""
    return [
        f"@{settings.owner}/{settings.operations.slug}",
        *(f"@{settings.owner}/{slug}" for slug in repository.reviewers.teams),
        *(f"@{login}" for login in repository.reviewers.users),
    ]


def web_address(base_url: str) -> str:
    """Return the address of GitHub's pages for the address of its API, without a trailing slash."""
    parts = urlsplit(base_url)
    public = parts.netloc in (API_HOST, "github.com")
    host = "github.com" if public else parts.netloc.removeprefix("api.")
    return f"{parts.scheme}://{host}{parts.path.rstrip('/').removesuffix(REST_PREFIX)}"


def repository_pages(web: str, owner: str, repository: str, workflow: str) -> dict[str, str]:
    """Return the pages of one repository that show what the stack declares.

    `workflow` is the path of the workflow file.
    """
    page = f"{web}/{owner}/{repository}"
    return {
        "repository": page,
        "access": f"{page}/settings/access",
        f"environment {DEPLOY}": f"{page}/settings/environments",
        "rulesets": f"{page}/settings/rules",
        "workflow": f"{page}/blob/HEAD/{workflow}",
        "runs of the workflow": f"{page}/actions/workflows/{workflow.rsplit('/', 1)[-1]}",
    }
