"""Events in the stack file, as reviewed pull requests bring them."""

from commands.histories.choices import WORKFLOW
from commands.histories.organization import OWNER, Organization


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
