"""Events that weaken a gate by hand: the environment, the rulesets, and the workflow file."""

from copy import deepcopy
from typing import Any

from commands.histories.choices import WORKFLOW, choose_repository, path_of, put_file
from commands.histories.organization import EDIT, Organization
from simulated_github.records.actions import Reviewer
from simulated_github.records.rulesets import BypassActor


def weaken_environment(organization: Organization) -> str | None:
    """Weaken the environment of a repository in one way, as an admin on its settings page."""
    return change_environment(organization, organization.random.choice(sorted(ENVIRONMENT_CHANGES)))


# What an admin may do to an environment: in words, and the attributes that change.
ENVIRONMENT_CHANGES: dict[str, dict[str, Any]] = {
    "has no reviewers": {"reviewers": (), "prevent_self_review": False},
    "has another reviewer": {"reviewers": (Reviewer("User", 0),)},
    "lets admins bypass it": {"can_admins_bypass": True},
    "allows self-review": {"prevent_self_review": False},
    "is open to every ref": {"branch_policy": None, "policies": {}},
    "is open to protected branches": {"branch_policy": "protected", "policies": {}},
    "has no tag policy": {"policies": {}},
}


def change_environment(organization: Organization, change: str) -> str | None:
    repository = choose_repository(organization)
    environment = repository.find_environment("deploy") if repository else None
    if repository is None or environment is None:
        return None
    attributes = deepcopy(ENVIRONMENT_CHANGES[change])
    if change == "has another reviewer":
        person = Reviewer("User", organization.user_id("maintainer-1"))
        attributes = {"reviewers": (*environment.reviewers, person)}
    for name, value in attributes.items():
        setattr(environment, name, value)
    return f"the environment of {repository.name} {change}"


def add_branch_policy(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    environment = repository.find_environment("deploy") if repository else None
    if repository is None or environment is None or environment.branch_policy != "custom":
        return None
    organization.request(
        "POST",
        f"{path_of(repository)}/environments/deploy/deployment-branch-policies",
        {"name": "main", "type": "branch"},
    )
    return f"the environment of {repository.name} lets the branch main deploy"


def delete_environment(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    if repository is None or repository.find_environment("deploy") is None:
        return None
    organization.request("DELETE", f"{path_of(repository)}/environments/deploy")
    return f"the environment of {repository.name} is deleted"


RULESET_CHANGES = ("deleted", "disabled", "bypassed", "narrowed", "emptied")


def weaken_ruleset(organization: Organization) -> str | None:
    return change_ruleset(organization, organization.random.choice(RULESET_CHANGES))


def change_ruleset(organization: Organization, change: str) -> str | None:
    """Change a ruleset of a repository, as an admin on its settings page."""
    repository = choose_repository(organization)
    if repository is None or not repository.rulesets:
        return None
    ruleset = organization.random.choice(list(repository.rulesets.values()))
    match change:
        case "deleted":
            organization.request("DELETE", f"{path_of(repository)}/rulesets/{ruleset.id}")
        case "disabled":
            ruleset.enforcement = "disabled"
        case "bypassed":
            ruleset.bypass_actors = (*ruleset.bypass_actors, BypassActor("RepositoryRole", 4))
        case "narrowed":
            ruleset.exclude = ("refs/tags/9*", "refs/heads/main")
        case "emptied":
            ruleset.rules = ()
    return f"the ruleset {ruleset.name!r} of {repository.name} is {change}"


def edit_workflow(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    head = repository.git.refs.get(repository.default_ref) if repository else None
    entry = repository.git.entry(head, WORKFLOW) if repository and head else None
    if repository is None or entry is None:
        return None
    put_file(organization, repository, WORKFLOW, f"{(entry.data or b'').decode()}\n{EDIT}\n")
    return f"the workflow of {repository.name} is edited"


def change_workflow(organization: Organization) -> str | None:
    """Edit, delete or move the publish workflow on the default branch."""
    repository = choose_repository(organization)
    head = repository.git.refs.get(repository.default_ref) if repository else None
    entry = repository.git.entry(head, WORKFLOW) if repository and head else None
    if repository is None or entry is None:
        return None
    text = (entry.data or b"").decode()
    change = organization.random.choice(("edited", "deleted", "moved"))
    if change == "edited":
        put_file(organization, repository, WORKFLOW, f"{text}\n{EDIT}\n")
        return f"the workflow of {repository.name} is edited"
    if change == "moved":
        put_file(organization, repository, ".github/workflows/moved.yml", text)
    organization.request(
        "DELETE",
        f"{path_of(repository)}/contents/{WORKFLOW}",
        {"message": "Delete", "sha": entry.sha, "branch": repository.default_branch},
    )
    return f"the workflow of {repository.name} is {change}"
