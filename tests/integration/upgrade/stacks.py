"""Stack files for version 0.1.0.

Together they use each layout and each option that creates or names a resource.
"""

from dataclasses import dataclass, field
from typing import Any

OWNER = "encode"


@dataclass(frozen=True)
class UpgradeStack:
    """A stack file and the organization that it needs.

    Attributes:
        secrets: The names of the environment secrets, by repository.
        created_teams: Slugs of teams that exist before the first `up`, each with one member.
        renames: Repositories that are renamed on GitHub after the first `up`: new names by old
            names. The second `up` gives the entry its new name and `formerly`.
    """

    configuration: dict[str, Any]
    secrets: dict[str, list[str]]
    created_teams: dict[str, str] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    token: str = "token-owner-1"


MANAGED_TEAMS = UpgradeStack(
    configuration={
        "github:owner": OWNER,
        "releases:stack-repository": "release-stack",
        "releases:operations": {
            "name": "Release Managers",
            "description": "Signs off every release.",
            "members": ["operator-1", "operator-2"],
        },
        "releases:maintainers": {
            "team-maintainers": ["owner-1"],
            "members": ["maintainer-1", "maintainer-11", "operator-1"],
        },
        "releases:defaults": {"release-tags": "v*", "approvals": 2},
        "releases:repositories": {
            "httpx": None,
            "databases": {
                "publish": "scripts-single",
                "secrets": ["PYPI_TOKEN", "DOCS_KEY"],
                "python-version": "3.12",
                "runner": "ubuntu-24.04",
                "timeout-minutes": 20,
                "environment-variables": {"FORCE_COLOR": "1"},
                "deploys-docs": True,
                "release-tags": "[0-9]*",
                "tag-creators": "operations",
                "wait-minutes": 30,
            },
            "starlette": {
                "publish": "trusted-publishing",
                "workflow": ".github/workflows/release.yml",
                "maintainers-permission": "triage",
                "approvals": 1,
            },
            "uvicorn": {
                "teams": {"core": "triage", "docs": "maintain"},
                "reviewers": {"users": ["operator-3"], "teams": ["core", "maintainers"]},
                "publish-install": "pip install twine==6.2.0",
                "permissions": {"attestations": "write"},
                "tag-creators": "maintainers",
            },
            "httpcore": None,
            "sansio": {"create": True},
        },
    },
    secrets={
        "httpx": ["PYPI_TOKEN"],
        "databases": ["PYPI_TOKEN", "DOCS_KEY"],
        "uvicorn": ["PYPI_TOKEN"],
        "httpcore": ["PYPI_TOKEN"],
        "sansio": ["PYPI_TOKEN"],
    },
    created_teams={"core": "maintainer-4", "docs": "maintainer-5"},
    renames={"httpcore": "http-core"},
)

EXISTING_TEAMS = UpgradeStack(
    configuration={
        "github:owner": OWNER,
        "releases:operations": {"existing": "release-managers"},
        "releases:maintainers": {"existing": "core"},
        "releases:applied-by": {"app": "release-stack"},
        "releases:repositories": {
            "httpx": None,
            "starlette": {"publish": "trusted-publishing", "tag-creators": "maintainers"},
        },
    },
    secrets={"httpx": ["PYPI_TOKEN"]},
    created_teams={"core": "maintainer-4", "release-managers": "operator-1"},
    token="token-release-stack",
)

STACKS = {"managed-teams": MANAGED_TEAMS, "existing-teams": EXISTING_TEAMS}
