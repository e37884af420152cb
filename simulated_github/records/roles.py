"""The roles of a repository, in the order of what they may do.

Source: GitHub's documentation, "Repository roles for an organization". The API has two spellings: a role's name
(``write``) and the older permission (``push``).
"""

from enum import IntEnum


class Role(IntEnum):
    """A role on a repository; a greater one may do all that a smaller one may."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5

    @property
    def permission(self) -> str:
        """The older spelling: pull, triage, push, maintain, admin."""
        return PERMISSIONS[self]

    @property
    def label(self) -> str:
        """The role's name: read, triage, write, maintain, admin."""
        return self.name.lower()


PERMISSIONS = {
    Role.NONE: "none",
    Role.READ: "pull",
    Role.TRIAGE: "triage",
    Role.WRITE: "push",
    Role.MAINTAIN: "maintain",
    Role.ADMIN: "admin",
}
ROLES = {permission: role for role, permission in PERMISSIONS.items()} | {
    role.label: role for role in Role
}


def permissions(role: Role) -> dict[str, bool]:
    """The map of permissions that a repository's answer carries."""
    return {
        PERMISSIONS[step]: role >= step
        for step in sorted(Role, reverse=True)
        if step is not Role.NONE
    }
