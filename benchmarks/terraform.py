"""The same declaration for Terraform or OpenTofu, with the same provider, for comparison.

The configuration is JSON, made from the settings, in the order of the components.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from components.deploy_environment import DEPLOY
from stacks.publishing import workflow_text
from stacks.settings import RepositorySettings, Settings

Json = dict[str, Any]
ENVIRONMENT_VARIABLE = "RELEASES_TERRAFORM_PROVIDER"
TEAM = "${github_team.%s.id}"


def find_terraform() -> tuple[str, Path] | None:
    """Return the command line tool and the directory of its provider, where both exist."""
    tool = shutil.which("terraform") or shutil.which("tofu")
    provider = os.environ.get(ENVIRONMENT_VARIABLE)
    return (tool, Path(provider)) if tool and provider else None


def prepare(directory: Path, provider: Path, url: str, settings: Settings) -> dict[str, str]:
    """Write the configuration to a directory, and return the environment for Terraform."""
    write(directory, url, settings)
    overrides = (
        "provider_installation {\n"
        f'  dev_overrides {{ "integrations/github" = "{provider}" }}\n'
        "  direct {}\n}\n"
    )
    (directory / "terraform.rc").write_text(overrides, encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "TF_CLI_CONFIG_FILE": str(directory / "terraform.rc"),
        "TF_IN_AUTOMATION": "true",
        "CHECKPOINT_DISABLE": "true",
        "GITHUB_TOKEN": "token-owner-1",
    }


def write(directory: Path, url: str, settings: Settings) -> None:
    document = {
        "terraform": {"required_providers": {"github": {"source": "integrations/github"}}},
        "provider": {
            "github": {
                "owner": settings.owner,
                "base_url": f"{url}/",
                "write_delay_ms": 0,
                "parallel_requests": True,
            }
        },
        "resource": resources(settings),
    }
    (directory / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")


def resources(settings: Settings) -> Json:
    """Return every resource by type and name."""
    declared: Json = {
        "github_team": {
            team.role: {"name": team.name, "privacy": "closed"} for team in settings.teams
        },
        "github_team_membership": {
            f"{team.role}-{login}": {
                "team_id": TEAM % team.role,
                "username": login,
                "role": "member",
            }
            for team in settings.teams
            for login in team.members
        },
    }
    for repository in settings.repositories:
        for kind, name, body in resources_of_repository(settings, repository):
            declared.setdefault(kind, {})[name] = body
    return declared


def resources_of_repository(
    settings: Settings, repository: RepositorySettings
) -> list[tuple[str, str, Json]]:
    name = repository.name
    reference: Json = {"repository": name}
    environment_reference = {
        **reference,
        "environment": f"${{github_repository_environment.{name}.environment}}",
    }
    access = [f"github_team_repository.{name}-{team.role}" for team in settings.teams]
    return [
        *(access_of(name, team.role) for team in settings.teams),
        (
            "github_repository_environment",
            name,
            {**reference, **environment(repository), "depends_on": access},
        ),
        (
            "github_repository_environment_deployment_policy",
            name,
            {**environment_reference, "tag_pattern": repository.release_tags},
        ),
        (
            "github_repository_ruleset",
            f"{name}-created",
            {**reference, **tag_creation(repository), "depends_on": access},
        ),
        (
            "github_repository_ruleset",
            f"{name}-kept",
            {**reference, **tag_protection(repository), "depends_on": access},
        ),
        ("github_actions_environment_secret", name, {**environment_reference, **secret(name)}),
        ("github_repository_file", name, {**reference, **workflow(settings, repository)}),
        ("github_repository_ruleset", f"{name}-review", {**reference, **review(repository)}),
    ]


def access_of(name: str, role: str) -> tuple[str, str, Json]:
    permission = {"maintainers": "push", "operations": "maintain"}[role]
    return (
        "github_team_repository",
        f"{name}-{role}",
        {"team_id": TEAM % role, "repository": name, "permission": permission},
    )


def environment(repository: RepositorySettings) -> Json:
    return {
        "environment": DEPLOY,
        "reviewers": {"teams": ["${github_team.operations.id}"]},
        "prevent_self_review": True,
        "can_admins_bypass": False,
        "wait_timer": repository.wait_minutes,
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }


def ruleset(title: str, target: str, include: str, rules: Json, bypass: list[Json]) -> Json:
    return {
        "name": title,
        "target": target,
        "enforcement": "active",
        "conditions": {"ref_name": {"include": [include], "exclude": []}},
        "bypass_actors": bypass,
        "rules": rules,
    }


def tag_creation(repository: RepositorySettings) -> Json:
    roles = [
        {"actor_type": "RepositoryRole", "actor_id": role, "bypass_mode": "always"}
        for role in (2, 5)
    ]
    return ruleset(
        "Tags: created", "tag", f"refs/tags/{repository.release_tags}", {"creation": True}, roles
    )


def tag_protection(repository: RepositorySettings) -> Json:
    rules = {"update": True, "deletion": True, "non_fast_forward": True}
    return ruleset("Tags: kept", "tag", f"refs/tags/{repository.release_tags}", rules, [])


def secret(name: str) -> Json:
    return {
        "secret_name": "PYPI_TOKEN",
        "value": f"pypi-placeholder-of-{name}",
        "depends_on": [
            f"github_repository_environment_deployment_policy.{name}",
            f"github_repository_ruleset.{name}-created",
            f"github_repository_ruleset.{name}-kept",
        ],
    }


def workflow(settings: Settings, repository: RepositorySettings) -> Json:
    return {
        "file": repository.workflow,
        "content": workflow_text(settings, repository).replace("${", "$${"),
        "commit_message": "Publish workflow",
        "overwrite_on_create": True,
        "depends_on": [f"github_actions_environment_secret.{repository.name}"],
    }


def review(repository: RepositorySettings) -> Json:
    pull_request = {
        "required_approving_review_count": repository.approvals,
        "dismiss_stale_reviews_on_push": True,
        "require_last_push_approval": True,
    }
    rules = {"pull_request": pull_request, "deletion": True, "non_fast_forward": True}
    admins = [{"actor_type": "OrganizationAdmin", "bypass_mode": "always"}]
    depends_on = {"depends_on": [f"github_repository_file.{repository.name}"]}
    return {**ruleset("Reviewed", "branch", "~DEFAULT_BRANCH", rules, admins), **depends_on}
