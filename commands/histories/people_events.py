"""Events on GitHub's pages for people and teams."""

from commands.histories.choices import choose_repository, path_of
from commands.histories.organization import OWNER, Organization


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


def delete_team(organization: Organization) -> str | None:
    if organization.account.team("operations") is None:
        return None
    organization.request("DELETE", f"/orgs/{OWNER}/teams/operations")
    return "the operations team is deleted"
