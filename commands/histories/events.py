"""What happens to a living organization: on GitHub's pages, in the stack file, and to the state.

An event changes the organization and returns what happened in a few words, or `None` where it does
not apply now. `EVENTS` lists all of them with how often each is chosen.
"""

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx

from commands.histories.organization import EDIT, OTHER_OWNER, OWNER, REFRESH, UP, Organization
from commands.sandbox import Sandbox
from simulated_github.records.actions import Reviewer
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import BypassActor

Event = Callable[[Organization], str | None]
FREE_NAMES = ("delta", "epsilon", "zeta", "eta")
WORKFLOW = ".github/workflows/publish.yml"
ENVIRONMENT = "/deploy/environment"


def declared_repositories(organization: Organization) -> list[Repository]:
    """Return the repositories that the entries mean and that the organization still owns."""
    ids = {organization.repositories.get(key) for key in organization.entries}
    return [
        repository
        for repository in organization.world.repositories.values()
        if repository.id in ids and repository.owner.login == OWNER
    ]


def choose_repository(
    organization: Organization, *, archived: bool | None = False
) -> Repository | None:
    """Return a random declared repository; `archived` may be `None` for any."""
    repositories = [
        repository
        for repository in declared_repositories(organization)
        if archived is None or repository.archived == archived
    ]
    return organization.random.choice(repositories) if repositories else None


def path_of(repository: Repository) -> str:
    return f"/repos/{repository.full_name}"


def free_name(organization: Organization) -> str:
    names = [name for name in FREE_NAMES if organization.world.repository(OWNER, name) is None]
    return organization.random.choice(names)


# --- repositories on GitHub


def rename(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    if repository is None:
        return None
    old = repository.name
    new = free_name(organization)
    organization.request("PATCH", path_of(repository), {"name": new})
    return f"{old} is renamed to {new}"


def rename_case(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    if repository is None:
        return None
    old = repository.name
    new = old.capitalize() if old.islower() else old.lower()
    organization.request("PATCH", path_of(repository), {"name": new})
    return f"{old} is renamed to {new}"


def swap_names(organization: Organization) -> str | None:
    repositories = [
        repository for repository in declared_repositories(organization) if not repository.archived
    ]
    if len(repositories) < 2:
        return None
    first, second = organization.random.sample(repositories, 2)
    first_name, second_name = first.name, second.name
    organization.request("PATCH", path_of(first), {"name": "between"})
    organization.request("PATCH", path_of(second), {"name": first_name})
    organization.request("PATCH", path_of(first), {"name": second_name})
    return f"{first_name} and {second_name} swap their names"


def move_names_on(organization: Organization) -> str | None:
    """Give a repository a name of the past, and its name to another repository."""
    repository = choose_repository(organization)
    gamma = organization.world.repository(OWNER, "gamma")
    if repository is None or gamma is None or gamma is repository or gamma.archived:
        return None
    name = repository.name
    organization.request("PATCH", path_of(repository), {"name": f"{name}-legacy"})
    organization.request("PATCH", path_of(gamma), {"name": name})
    return f"{name} becomes {name}-legacy, and gamma becomes {name}"


def transfer(organization: Organization) -> str | None:
    if len(declared_repositories(organization)) < 2:
        return None  # at least one entry must be left
    repository = choose_repository(organization)
    if repository is None:
        return None
    name = repository.name
    organization.request("POST", f"{path_of(repository)}/transfer", {"new_owner": OTHER_OWNER})
    return f"{name} is transferred"


def archive(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    if repository is None:
        return None
    organization.request("PATCH", path_of(repository), {"archived": True})
    return f"{repository.name} is archived"


def unarchive(organization: Organization) -> str | None:
    repository = choose_repository(organization, archived=True)
    if repository is None:
        return None
    organization.request("PATCH", path_of(repository), {"archived": False})
    return f"{repository.name} is unarchived"


def delete_and_recreate(organization: Organization) -> str | None:
    repository = choose_repository(organization, archived=None)
    if repository is None:
        return None
    name = repository.name
    organization.request("DELETE", path_of(repository))
    organization.request("POST", f"/orgs/{OWNER}/repos", {"name": name, "auto_init": True})
    created = organization.repository_named(name)
    for script in ("install", "build", "publish"):
        put_file(organization, created, f"scripts/{script}", "#!/bin/sh -e\n")
    return f"{name} is deleted and created again"


def delete(organization: Organization) -> str | None:
    if len(declared_repositories(organization)) < 2:
        return None  # at least one entry must be left
    repository = choose_repository(organization, archived=None)
    if repository is None:
        return None
    organization.request("DELETE", path_of(repository))
    return f"{repository.name} is deleted"


def change_default_branch(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    if repository is None:
        return None
    old = repository.default_branch
    new = "trunk" if old != "trunk" else "main"
    path = path_of(repository)
    if f"refs/heads/{new}" not in repository.git.refs:
        sha = repository.git.refs[repository.default_ref]
        organization.request("POST", f"{path}/git/refs", {"ref": f"refs/heads/{new}", "sha": sha})
    organization.request("PATCH", path, {"default_branch": new})
    if organization.random.random() < 0.5:
        organization.request("DELETE", f"{path}/git/refs/heads/{old}")
        return f"the default branch of {repository.name} is renamed from {old} to {new}"
    return f"the default branch of {repository.name} is {new}, and {old} stays"


# --- people and teams on GitHub


def operator(organization: Organization) -> str | None:
    """Return the declared login of a random member of operations that still has an account."""
    members = organization.configuration["operations"].get("members", ())
    present = [login for login in members if organization.people[login] in organization.world.users]
    return organization.random.choice(present) if present else None


def rename_person(organization: Organization) -> str | None:
    """Rename a person; half of the time, a stranger takes the old login."""
    login = operator(organization)
    if login is None:
        return None
    world = organization.world
    user = world.users[organization.people[login]]
    old = user.login
    new = f"{old}-new"
    if world.user(new):
        return None
    world.rename_user(user, new)
    if organization.random.random() < 0.5:
        return f"{old} is {new} now"
    organization.request("POST", "/_simulator/people", {"login": old})
    return f"{old} is {new} now, and a stranger takes the old login"


def rename_person_and_reuse_login(organization: Organization) -> str | None:
    """Rename a person whose old login a stranger takes."""
    login = operator(organization)
    if login is None:
        return None
    user = organization.world.users[organization.people[login]]
    organization.world.rename_user(user, f"{login}-new")
    organization.request("POST", "/_simulator/people", {"login": login})
    return f"{login} is {login}-new now, and a stranger takes the old login"


def leave(organization: Organization) -> str | None:
    login = operator(organization)
    if login is None:
        return None
    user = organization.world.users[organization.people[login]]
    if user.id not in organization.account.members:
        return None
    organization.request("DELETE", f"/orgs/{OWNER}/members/{user.login}")
    return f"{user.login} leaves the organization"


def delete_account(organization: Organization) -> str | None:
    """Delete the account of a person; half of the time, a stranger takes the login."""
    login = operator(organization)
    if login is None:
        return None
    world = organization.world
    user = world.users[organization.people[login]]
    world.remove_user(user)
    if organization.random.random() < 0.5:
        organization.request("POST", "/_simulator/people", {"login": user.login})
        return f"{user.login} deletes the account, and a stranger takes the login"
    return f"{user.login} deletes the account"


def remove_team_access(organization: Organization) -> str | None:
    repository = choose_repository(organization)
    team = organization.account.team("operations")
    if repository is None or team is None:
        return None
    organization.request("DELETE", f"/orgs/{OWNER}/teams/operations{path_of(repository)}")
    return f"operations loses its access to {repository.name}"


# --- the gate, weakened on GitHub's pages


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


# --- workflow files


def put_file(organization: Organization, repository: Repository, path: str, text: str) -> None:
    body = {
        "message": "Change",
        "content": base64.b64encode(text.encode()).decode(),
        "branch": repository.default_branch,
    }
    head = repository.git.refs[repository.default_ref]
    if entry := repository.git.entry(head, path):
        body["sha"] = entry.sha
    organization.request("PUT", f"{path_of(repository)}/contents/{path}", body)


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


# --- the stack file


def remove_entry(organization: Organization) -> str | None:
    if len(organization.entries) < 2:
        return None
    key = organization.random.choice(sorted(organization.entries))
    del organization.entries[key]
    organization.configuration.get("secrets", {}).pop(key, None)
    organization.configure()
    return f"the entry {key} is removed"


def add_entry(organization: Organization) -> str | None:
    """Declare a repository that is not declared."""
    names = [
        repository.name
        for repository in organization.world.repositories.values()
        if repository.owner.login == OWNER and repository.name not in organization.entries
    ]
    if not names:
        return None
    name = organization.random.choice(sorted(names))
    organization.entries[name] = {"publish": "trusted-publishing"}
    organization.repositories[name] = organization.repository_named(name).id
    organization.configure()
    return f"the entry {name} is added"


def change_options(organization: Organization) -> str | None:
    """Change an option of an entry, as in a reviewed pull request."""
    key = organization.random.choice(sorted(organization.entries))
    entry = dict(organization.entries[key] or {})
    if entry.get("retired") or entry.get("archived"):
        return None
    option, value = organization.random.choice(
        (
            ("approvals", organization.random.choice((1, 2))),
            ("release-tags", organization.random.choice(("*", "v*"))),
            ("python-version", organization.random.choice(("3.12", "3.13", "3.14"))),
            ("timeout-minutes", organization.random.choice((10, 20))),
        )
    )
    organization.entries[key] = {**entry, option: value}
    organization.configure()
    return f"the entry {key} has {option}: {value}"


def switch_layout(organization: Organization) -> str | None:
    key = organization.random.choice(sorted(organization.entries))
    entry = dict(organization.entries[key] or {})
    if entry.get("retired") or entry.get("archived"):
        return None
    if entry.get("publish") == "trusted-publishing":
        entry["publish"] = "scripts"
        entry["secrets"] = []
    else:
        entry["publish"] = "trusted-publishing"
        entry.pop("secrets", None)
        organization.configuration.get("secrets", {}).pop(key, None)
    organization.entries[key] = entry
    organization.configure()
    return f"the entry {key} has publish: {entry['publish']}"


def move_workflow(organization: Organization) -> str | None:
    key = organization.random.choice(sorted(organization.entries))
    entry = dict(organization.entries[key] or {})
    if entry.get("retired") or entry.get("archived"):
        return None
    entry["workflow"] = organization.random.choice((WORKFLOW, ".github/workflows/release.yml"))
    organization.entries[key] = entry
    organization.configure()
    return f"the entry {key} has workflow: {entry['workflow']}"


def switch_team(organization: Organization) -> str | None:
    """Declare the managed operations team as an existing one."""
    declared = organization.configuration["operations"]
    if declared.get("existing"):
        return None
    organization.configuration["operations"] = {"existing": "operations"}
    organization.configure()
    return "operations is declared as `existing`"


def update_workflow(organization: Organization) -> str | None:
    """Change an option of every entry that changes the text of the workflow."""
    for key, entry in organization.entries.items():
        organization.entries[key] = {**(entry or {}), "python-version": "3.14"}
    organization.configure()
    return "every entry has python-version: 3.14"


def remove_person(organization: Organization) -> str | None:
    """Remove a declared operator who is no longer in the team; another one takes the place."""
    members = organization.configuration["operations"].get("members", [])
    team = organization.account.team("operations")
    absent = [
        login
        for login in members
        if organization.world.user(login) is None
        or (team and organization.user_id(login) not in team.members)
    ]
    if not absent:
        return None
    organization.people["operator-3"] = organization.user_id("operator-3")
    members[members.index(absent[0])] = "operator-3"
    organization.configure()
    return f"{absent[0]} is removed from the stack file, and operator-3 is added"


# --- the state


def refresh(organization: Organization) -> str | None:
    result = organization.pulumi(*REFRESH)
    return f"pulumi refresh ends with {result.code}"


def replace_environment(organization: Organization) -> str | None:
    """Run `up --replace` on the environment of a repository."""
    urns = organization.urns(ENVIRONMENT)
    if not urns:
        return None
    urn = organization.random.choice(urns)
    result = organization.pulumi("up", "--yes", "--skip-preview", "--replace", urn)
    return f"up --replace {urn.rsplit('::', 1)[-1]} ends with {result.code}"


def lose_state(organization: Organization) -> str | None:
    """Lose the state; the operator restores its backup only when `up` is blocked."""
    if organization.backup is not None:
        return None
    organization.backup = organization.export_state()
    if not organization.backup["deployment"].get("resources"):
        organization.backup = None
        return None
    empty = deepcopy(organization.backup)
    empty["deployment"]["resources"] = []
    organization.import_state(empty)
    return "the state is lost"


def restore_first_state(organization: Organization) -> str | None:
    """Restore the state of the start, as from an old backup."""
    organization.import_state(organization.first_state)
    return "an old backup of the state is restored"


def second_stack(organization: Organization) -> str | None:
    """Apply the same stack file with an empty state, as a second stack does."""
    return apply_second_stack(organization, deepcopy(organization.configuration))


def second_stack_with_the_teams(organization: Organization) -> str | None:
    """Apply the same repositories with the teams of the first stack as existing ones."""
    teams = {role: {"existing": role} for role in ("operations", "maintainers")}
    return apply_second_stack(organization, {**deepcopy(organization.configuration), **teams})


def apply_second_stack(organization: Organization, configuration: dict[str, Any]) -> str:
    github = organization.github
    with Sandbox(github.url, saved=organization.saved, live=False) as second:
        if organization.program:
            second.use_program(organization.program)
        second.configuration = configuration
        second.write_configuration()
        empty = {**organization.first_state, "deployment": {}}
        second.pulumi("stack", "import", "--force", standard_input=json.dumps(empty))
        start = len(github.requests)
        result = second.pulumi(*UP, check=False)
    writes = [
        f"{request.method} {request.path}"
        for request in github.requests[start:]
        if request.method != "GET" and not request.path.endswith("/graphql")
    ]
    if writes:
        organization.problems.append(f"a second stack writes: {', '.join(writes[:3])}")
    return f"`up` of a second stack ends with {result.code} after {len(writes)} writes"


def delete_team(organization: Organization) -> str | None:
    if organization.account.team("operations") is None:
        return None
    organization.request("DELETE", f"/orgs/{OWNER}/teams/operations")
    return "the operations team is deleted"


EVENTS: dict[Event, int] = {
    rename: 3,
    rename_case: 2,
    swap_names: 2,
    move_names_on: 2,
    transfer: 1,
    archive: 2,
    unarchive: 2,
    delete_and_recreate: 2,
    delete: 1,
    change_default_branch: 2,
    rename_person: 2,
    leave: 1,
    delete_account: 1,
    remove_team_access: 2,
    weaken_environment: 4,
    add_branch_policy: 1,
    delete_environment: 2,
    weaken_ruleset: 4,
    change_workflow: 3,
    remove_entry: 2,
    add_entry: 2,
    change_options: 3,
    switch_layout: 2,
    move_workflow: 1,
    switch_team: 1,
    refresh: 2,
    replace_environment: 2,
    lose_state: 1,
    restore_first_state: 1,
    second_stack: 1,
    second_stack_with_the_teams: 1,
    delete_team: 1,
}


def choose_event(organization: Organization) -> Event:
    [event] = organization.random.choices(list(EVENTS), weights=list(EVENTS.values()))
    return event


def happen(organization: Organization, event: Event) -> str | None:
    """Let an event happen, and return what it was; `None` where it does not apply."""
    try:
        return event(organization)
    except httpx.HTTPStatusError as error:
        # GitHub refuses it, for example in an archived repository.
        return f"{event.__name__} is refused with {error.response.status_code}"
