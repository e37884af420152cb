"""The secrets and variables that a job receives.

Those of its environment take precedence over the repository's, and those over the organization's.
Sources: GitHub's docs, "Secrets" and "Variables", naming and precedence; "Managing environments
for deployment" for plans.
"""

from typing import TypeVar

from simulated_github.actions.environment_rules import plan_has_environments
from simulated_github.actions.workflow_files import EVERY_SECRET
from simulated_github.records.actions import Secret, Variable
from simulated_github.records.environments import Environment
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, JobSecret
from simulated_github.rules.access import is_shared_with

_Item = TypeVar("_Item", Secret, Variable)


def secrets_for_job(
    repository: Repository, job: Job, environment: Environment | None
) -> list[JobSecret]:
    """Return the secrets that a job refers to and may have; `environment` is the job's."""
    organization = repository.organization
    sources = {
        "organization": _filter_shared(organization.secrets, repository) if organization else {},
        "repository": repository.secrets,
    }
    if environment is not None and plan_has_environments(repository):
        sources["environment"] = environment.secrets
    available = {
        name: JobSecret(name, secret.value, source)
        for source, secrets in sources.items()
        for name, secret in secrets.items()
    }
    if EVERY_SECRET in job.secret_names:
        return list(available.values())
    return [available[name] for name in job.secret_names if name in available]


def variables_for_job(repository: Repository, environment: Environment | None) -> dict[str, str]:
    """Return the variables that a job can read; `environment` is the job's."""
    organization = repository.organization
    variables = _filter_shared(organization.variables, repository) if organization else {}
    variables |= repository.variables
    if environment is not None and plan_has_environments(repository):
        variables |= environment.variables
    return {name: variable.value for name, variable in variables.items()}


def _filter_shared(items: dict[str, _Item], repository: Repository) -> dict[str, _Item]:
    return {name: item for name, item in items.items() if is_shared_with(item, repository)}
