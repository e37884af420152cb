"""The secrets and variables that reach a job: an environment's over a repository's, and those over an organization's.

Source: GitHub's docs, "Secrets" and "Variables", naming and precedence; "Managing environments for deployment" for plans.
"""

from typing import Any, TypeVar

from simulated_github.actions import environment_rules
from simulated_github.actions.workflow_files import EVERY_SECRET
from simulated_github.records.actions import Secret, Variable
from simulated_github.records.environments import Environment
from simulated_github.records.organizations import Organization
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, JobSecret

_Kept = TypeVar("_Kept", Secret, Variable)


def secrets_for_job(
    repository: Repository, job: Job, environment: Environment | None
) -> list[JobSecret]:
    """The secrets that a job names, as far as they are there; one without an environment gets no environment's."""
    levels = _levels(repository, "secrets", environment)
    found: dict[str, tuple[str, Secret]] = {
        name: (source, secret) for source, kept in levels for name, secret in kept.items()
    }
    names = (
        [*found]
        if EVERY_SECRET in job.secret_names
        else [name for name in job.secret_names if name in found]
    )
    return [JobSecret(name, found[name][1].value, found[name][0]) for name in names]


def variables_for_job(repository: Repository, environment: Environment | None) -> dict[str, str]:
    """The variables that a job can read."""
    found: dict[str, Variable] = {}
    for _, kept in _levels(repository, "variables", environment):
        found |= kept
    return {name: variable.value for name, variable in found.items()}


def _levels(
    repository: Repository, noun: str, environment: Environment | None
) -> list[tuple[str, dict[str, Any]]]:
    """Secrets or variables by where they come from, the strongest last."""
    owner, levels = repository.owner, list[tuple[str, dict[str, Any]]]()
    if isinstance(owner, Organization):
        levels.append(("organization", _shared(getattr(owner, noun), repository)))
    levels.append(("repository", getattr(repository, noun)))
    if environment is not None and environment_rules.plan_has_environments(repository):
        levels.append(("environment", getattr(environment, noun)))
    return levels


def _shared(kept: dict[str, _Kept], repository: Repository) -> dict[str, _Kept]:
    return {name: one for name, one in kept.items() if _is_shared(one, repository)}


def _is_shared(one: Secret | Variable, repository: Repository) -> bool:
    if one.visibility == "selected":
        return repository.id in one.repositories
    return one.visibility == "all" or repository.private
