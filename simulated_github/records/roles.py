"""Repository roles, in order of what they may do, and the table of their names.

The API spells each role in two ways: its name (`write`) and its older permission (`push`).
Source: GitHub's docs, "Repository roles for an organization".
"""

from enum import IntEnum


class Role(IntEnum):
    """A role on a repository; a greater role includes everything that a smaller one may do."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5

    @property
    def permission(self) -> str:
        """Return the older spelling: pull, triage, push, maintain or admin."""
        return PERMISSIONS[self]

    @property
    def label(self) -> str:
        """Return the name: read, triage, write, maintain or admin."""
        return self.name.lower()


PERMISSIONS = {
    Role.NONE: "none",
    Role.READ: "pull",
    Role.TRIAGE: "triage",
    Role.WRITE: "push",
    Role.MAINTAIN: "maintain",
    Role.ADMIN: "admin",
}
#: Roles by both spellings.
ROLES = {permission: role for role, permission in PERMISSIONS.items()} | {
    role.label: role for role in Role
}


def permissions(role: Role) -> dict[str, bool]:
    """Return the `permissions` map of a repository in API responses, greatest role first."""
    return {
        PERMISSIONS[level]: role >= level
        for level in sorted(Role, reverse=True)
        if level is not Role.NONE
    }
