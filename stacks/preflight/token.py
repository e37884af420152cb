"""What the token, or the app, that applies the stack has to be allowed."""

from collections.abc import Iterator

from stacks.preflight.situation import Situation
from stacks.settings.parsing import path
from stacks.settings.problems import Problem

# https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
SCOPES = {
    "repo": "environments, secrets, rulesets and files",
    "workflow": "files below .github/workflows",
    "admin:org": "teams and their members",
}
# https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
APP_PERMISSIONS = {
    "administration": ("write", "access, rulesets and environments"),
    "contents": ("write", "files"),
    "environments": ("write", "environment secrets"),
    "members": ("write", "teams and their members"),
    "secrets": ("read", "finding old repository secrets"),
    "workflows": ("write", "files below .github/workflows"),
}


def token_has_its_scopes(situation: Situation) -> Iterator[Problem]:
    scopes = situation.snapshot.scopes
    if scopes is None or situation.settings.app:
        return
    for scope, purpose in SCOPES.items():
        if scope not in scopes:
            yield Problem(
                "GITHUB_TOKEN",
                f"without the scope {scope}",
                f"a token with the scopes {', '.join(SCOPES)}; {scope} is for {purpose}",
                "add the scope to the token, or make a new one",
            )


def token_belongs_to_an_owner(situation: Situation) -> Iterator[Problem]:
    if situation.snapshot.is_owner is False:
        yield Problem(
            "GITHUB_TOKEN",
            "the token of somebody who does not own the organization",
            "a token of an organization owner, or a GitHub App under applied-by",
            "use an owner's token",
        )


def app_is_the_declared_one(situation: Situation) -> Iterator[Problem]:
    declared, app = situation.settings.app, situation.snapshot.app
    if declared is None:
        return
    if app is None or app.id != declared.id:
        yield Problem(
            path(("applied-by",)),
            f"{declared.slug} with the id {declared.id}",
            "an app and its own id" + (f", which is {app.id}" if app else "; there is no such app"),
            "copy both from the page of the app's settings",
        )
        return
    wanted = ", ".join(f"{name}: {level}" for name, (level, _) in APP_PERMISSIONS.items())
    for permission, (level, purpose) in APP_PERMISSIONS.items():
        if app.permissions.get(permission) not in (level, "write"):
            yield Problem(
                path(("applied-by",)),
                f"{declared.slug} without the permission {permission}: {level}",
                f"an app with {wanted}; {permission} is for {purpose}",
                "grant the permission in the app's settings, and accept it in the organization's",
            )
