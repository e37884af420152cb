"""Repository roles, from the least to the greatest, and their names in the API.

A role has a name (`write`), an older permission (`push`), and in one operation a legacy permission
of only four levels. Sources: GitHub's docs, "Repository roles for an organization", and the REST
page "Get repository permissions for a user".
"""

from enum import IntEnum


class Role(IntEnum):
    """A role on a repository; a greater role includes the rights of every smaller one."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5

    @property
    def permission(self) -> str:
        """The older permission: pull, triage, push, maintain or admin."""
        return PERMISSIONS[self]

    @property
    def label(self) -> str:
        """The name: read, triage, write, maintain or admin."""
        return self.name.lower()

    @property
    def legacy_permission(self) -> str:
        """The legacy permission: none, read, write or admin."""
        return {Role.TRIAGE: "read", Role.MAINTAIN: "write"}.get(self, self.label)


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
