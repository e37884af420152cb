"""What the stack tells its readers: for each repository what was set up, with links, and a README."""

from pathlib import Path
from typing import Any

import pulumi

from components.deploy_environment import NAME as DEPLOY
from stacks.links import repository_links, web_address
from stacks.publishing import trusted_publisher
from stacks.settings import RepositorySettings, Settings

README = Path(__file__).parents[1] / "Pulumi.README.md"
CREATORS = {
    "maintain": "everyone with the maintain or admin role",
    "maintainers": "the maintainers and operations teams",
    "operations": "the operations team",
}


def export(settings: Settings, base_url: str) -> None:
    """Exports `repositories`, `teams` and `readme`; no value depends on a secret."""
    web = web_address(base_url)
    pulumi.export(
        "repositories", {each.name: summary(settings, each, web) for each in settings.repositories}
    )
    pulumi.export(
        "teams",
        {team.role: f"{web}/orgs/{settings.owner}/teams/{team.slug}" for team in settings.teams},
    )
    pulumi.export("readme", README.read_text(encoding="utf-8"))


def summary(settings: Settings, repository: RepositorySettings, web: str) -> dict[str, Any]:
    """What was set up for one repository, in words, with the pages that show it, and what is left to do on PyPI."""
    publisher = trusted_publisher(settings, repository)
    return {
        "layout": repository.publishing.layout,
        "releaseTags": repository.release_tags,
        "tagsCreatedBy": CREATORS[repository.tag_creators],
        "approvedBy": [
            f"@{settings.owner}/{settings.operations.slug}",
            *(f"@{settings.owner}/{slug}" for slug in repository.reviewer_teams),
            *(f"@{login}" for login in repository.reviewer_users),
        ],
        "approvalsPerPullRequest": repository.approvals,
        "environment": DEPLOY,
        "environmentSecrets": [secret.name for secret in repository.secrets],
        **({"trustedPublisher": publisher} if publisher else {}),
        "links": repository_links(
            web, settings.owner, repository.name, repository.publishing.workflow
        ),
    }
