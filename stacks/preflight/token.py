"""Checks of the scopes and permissions of the token or GitHub App that applies the stack."""

from collections.abc import Iterator

from stacks.preflight.situation import Situation
from stacks.settings.parsing import path
from stacks.settings.problems import Problem

# Source: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
SCOPES = {
    "repo": "environments, secrets, rulesets and files",
    "workflow": "files in .github/workflows",
    "admin:org": "teams and their members",
}
# Source: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
APP_PERMISSIONS = {
    "administration": ("write", "access, rulesets and environments"),
    "contents": ("write", "files"),
    "environments": ("write", "environment secrets"),
    "members": ("write", "teams and their members"),
    "secrets": ("read", "the check for leftover repository secrets"),
    "workflows": ("write", "files in .github/workflows"),
}


def check_token_scopes(situation: Situation) -> Iterator[Problem]:
    scopes = situation.snapshot.scopes
    if scopes is None or situation.settings.app:
        return
    for scope, purpose in SCOPES.items():
        if scope not in scopes:
            yield Problem(
                "GITHUB_TOKEN",
                f"without the scope {scope}",
                f"a token with the scopes {', '.join(SCOPES)}; {scope} is for {purpose}",
                "export a token with these scopes as GITHUB_TOKEN; with the GitHub CLI: "
                f"unset GITHUB_TOKEN; gh auth refresh -s {scope}; "
                "export GITHUB_TOKEN=$(gh auth token)",
            )


def check_token_owner(situation: Situation) -> Iterator[Problem]:
    if situation.snapshot.is_owner is False:
        yield Problem(
            "GITHUB_TOKEN",
            "the token of a user who does not own the organization",
            "the token of an organization owner, or of a GitHub App that `applied-by` declares",
            "export an owner's token as GITHUB_TOKEN; for an app's token, set `applied-by.app` "
            "and `applied-by.id`",
        )


def check_app(situation: Situation) -> Iterator[Problem]:
    declared = situation.settings.app
    app = situation.snapshot.app
    if declared is None:
        return
    place = path(("applied-by",))
    if app is None:
        yield Problem(
            place,
            f"{declared.slug} with the id {declared.id}",
            f"the slug and the id of an app; there is no app {declared.slug}",
            "copy the slug and the id from the app's settings page",
        )
    elif app.id != declared.id:
        yield Problem(
            place,
            f"{declared.slug} with the id {declared.id}",
            f"the app's own id, {app.id}",
            f"pulumi config set --path '{place}.id' {app.id}",
        )
    else:
        for permission, (level, purpose) in APP_PERMISSIONS.items():
            if app.permissions.get(permission) not in (level, "write"):
                yield missing_permission(declared.slug, permission, level, purpose)


def missing_permission(slug: str, permission: str, level: str, purpose: str) -> Problem:
    levels = ", ".join(f"{name}: {needed}" for name, (needed, _) in APP_PERMISSIONS.items())
    return Problem(
        path(("applied-by",)),
        f"{slug} without the permission {permission}: {level}",
        f"an app with {levels}; {permission} is for {purpose}",
        "grant the permission in the app's settings, and accept it in the organization's",
    )
