"""From a declaration to settings: defaults filled in, lists made tuples, secrets wrapped."""

from collections.abc import Mapping
from typing import Any

from stacks.settings.declared import (
    DEFAULTS,
    Declaration,
    DeclaredApp,
    DeclaredOptions,
    DeclaredRepository,
    DeclaredTeam,
)
from stacks.settings.layouts import WITHOUT, lacks
from stacks.settings.names import slug_of
from stacks.settings.resolved import App, Publishing, RepositorySettings, Secret, Settings, Team


def resolve(owner: str, declaration: Declaration) -> Settings:
    """The settings that a declaration without problems stands for."""
    return Settings(
        owner=owner,
        operations=resolve_team("operations", declaration.operations),
        maintainers=resolve_team("maintainers", declaration.maintainers),
        repositories=resolve_repositories(declaration),
        app=resolve_app(declaration.applied_by),
        stack_repository=declaration.stack_repository,
    )


def resolve_team(role: str, declared: DeclaredTeam | None) -> Team:
    declared = declared or DeclaredTeam()
    if declared.existing:
        return Team(role, name=declared.existing, slug=declared.existing, existing=True)
    name = declared.name or role
    return Team(
        role,
        name=name,
        slug=slug_of(name),
        description=declared.description or "",
        members=tuple(declared.members),
        team_maintainers=tuple(declared.team_maintainers),
    )


def resolve_app(declared: DeclaredApp | None) -> App | None:
    if declared and declared.app and declared.id:
        return App(declared.app, declared.id)
    return None


def resolve_repositories(declaration: Declaration) -> tuple[RepositorySettings, ...]:
    """Every repository, sorted by name, so that the order of the file never shows in a plan."""
    entries = declaration.repositories or {}
    return tuple(resolve_repository(name, entries[name], declaration) for name in sorted(entries))


def resolve_repository(
    name: str, entry: DeclaredRepository | None, declaration: Declaration
) -> RepositorySettings:
    options = effective_options(entry, declaration)
    entry = entry or DeclaredRepository()
    values = (declaration.secrets or {}).get(name, {})
    return RepositorySettings(
        name=name,
        formerly=entry.formerly,
        create=bool(entry.create),
        release_tags=options["release_tags"],
        tag_creators=options["tag_creators"],
        approvals=options["approvals"],
        wait_minutes=options["wait_minutes"],
        reviewer_users=tuple(options["reviewers"].users),
        reviewer_teams=tuple(options["reviewers"].teams),
        teams=tuple(sorted(options["teams"].items())),
        maintainers_permission=options["maintainers_permission"],
        secrets=tuple(
            # An empty text is no token: it counts as missing.
            Secret(
                secret, (values[secret].get_secret_value() or None) if secret in values else None
            )
            for secret in sorted(options["secrets"])
        ),
        publishing=resolve_publishing(options),
        from_defaults=decided_by_defaults(entry, declaration),
    )


def resolve_publishing(options: Mapping[str, Any]) -> Publishing:
    return Publishing(
        layout=options["publish"],
        workflow=options["workflow"],
        python_version=options["python_version"],
        runner=options["runner"],
        timeout_minutes=options["timeout_minutes"],
        environment_variables=tuple(sorted(options["environment_variables"].items())),
        publish_install=options["publish_install"],
        permissions=tuple(sorted(options["permissions"].items())),
        deploys_docs=options["deploys_docs"],
    )


def decided_by_defaults(entry: DeclaredRepository, declaration: Declaration) -> frozenset[str]:
    defaults = declaration.defaults or DeclaredOptions()
    return frozenset(
        name
        for name in DEFAULTS
        if getattr(entry, name) is None and getattr(defaults, name) is not None
    )


def effective_options(entry: DeclaredRepository | None, declaration: Declaration) -> dict[str, Any]:
    """What an entry says, else what `defaults` says, else what this project says. An override replaces, it never adds.

    Of the options that the layout of the repository does without, nothing counts.
    """
    layers = [layer for layer in (entry, declaration.defaults) if layer is not None]
    options = {
        name: next(
            (value for layer in layers if (value := getattr(layer, name)) is not None), default
        )
        for name, default in DEFAULTS.items()
    }
    return options | {
        name: value for name, value in WITHOUT.items() if lacks(options["publish"], name)
    }
