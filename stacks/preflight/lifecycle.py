"""Rules on entries that are archived, retired or removed, and on the recorded default branch.

A gate that was ever declared is never simply deleted: its name stands in every tagged commit,
GitHub creates a missing environment again without rules, and PyPI goes on trusting it.
"""

from collections.abc import Iterator

from stacks.outputs import form_text
from stacks.preflight.identity import declared_keys, identities, publisher_note, recorded_publishers
from stacks.preflight.repositories import cannot_have_gate
from stacks.preflight.situation import Situation
from stacks.previous_state import RecordedRepository
from stacks.publishing import trusted_publisher
from stacks.settings.parsing import path
from stacks.settings.problems import Problem
from stacks.snapshot import RepositoryOnGitHub

WORKFLOW = "publish.yml"
POLICY = "deploy/tags"
GATE = frozenset({POLICY, "deploy/environment"})


def check_archived_repositories(situation: Situation) -> Iterator[Problem]:
    """Require that an entry says `archived` where GitHub does, and nowhere else.

    On an archived repository, GitHub refuses every write, and the provider reports a refused
    deletion as done.
    """
    for repository, on_github in situation.existing:
        if on_github.name != repository.name:
            # The key changes first: `identity` says how, and these commands would name the old one.
            continue
        place = path(("repositories", repository.name))
        page = f"{situation.owner}/{on_github.name}"
        recorded = situation.recorded_key(repository) is not None
        if repository.archived and not recorded:
            yield Problem(
                f"{place}.archived",
                "true",
                "an entry that an earlier `pulumi up` has set up: this one has nothing to freeze",
                f"pulumi config rm --path '{place}'",
            )
        elif on_github.archived and not repository.archived:
            yield archived_on_github(place, page, recorded=recorded)
        elif repository.archived and not on_github.archived:
            yield Problem(
                f"{place}.archived",
                "true",
                "an archived repository: this one can be written to",
                f"pulumi config rm --path '{place}.archived'; or archive it: "
                f"gh repo archive {page} --yes",
            )


def archived_on_github(place: str, page: str, *, recorded: bool) -> Problem:
    """Return the problem of a repository that is archived while its entry does not say so."""
    unarchive = f"gh repo unarchive {page} --yes"
    if recorded:
        return Problem(
            place,
            "archived on GitHub",
            "an entry with `archived: true`, which `pulumi up` leaves alone",
            f"pulumi config set --path '{place}.archived' true; or, to go on with it: {unarchive}",
        )
    return Problem(
        place,
        "archived on GitHub",
        "a repository that can be written to",
        f"{unarchive}; or remove the entry: pulumi config rm --path '{place}'",
    )


def check_removed_entries(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where a removed entry would leave a way to publish without a gate."""
    declared = declared_keys(situation)
    lost_or_exchanged = {
        identity.key
        for identity in identities(situation)
        if identity.transferred or identity.current is None or identity.name_is_reused
    }
    # The rules on identity report a key that changes its case alone.
    keys = {key.lower() for key in declared}
    names = {repository.name.lower() for repository in situation.settings.repositories}
    for identity in identities(situation):
        if identity.key.lower() in keys or identity.key in lost_or_exchanged:
            continue
        if identity.current is None or identity.current.name.lower() in names:
            continue
        entry = situation.previous_state.entries.get(identity.key)
        yield from removed_entry(
            situation, entry or RecordedRepository(identity.key, identity.id), identity.current
        )


def removed_entry(
    situation: Situation, entry: RecordedRepository, on_github: RepositoryOnGitHub
) -> Iterator[Problem]:
    """Yield the problem of an entry that is gone from the stack file, if it has one."""
    key = entry.key
    place = path(("repositories", key))
    forget = f"scripts/forget {key}"
    note = publisher_note(situation, key)
    if on_github.archived:
        yield Problem(
            place,
            "removed from the stack file, and archived on GitHub",
            "an entry with `archived: true`, or a state without it: nothing can be removed from "
            "an archived repository",
            f"{forget}, which leaves the repository as it is{note}",
        )
    elif cannot_have_gate(situation, on_github):
        yield Problem(
            place,
            f"removed from the stack file, and private on the {situation.snapshot.plan} plan",
            "a state without it: GitHub has no gate there that `pulumi up` could change",
            f"{forget}, which leaves the repository as it is{note}",
        )
    elif entry.archived:
        yield Problem(
            place,
            "removed from the stack file while it was declared as archived, and not archived on "
            "GitHub",
            "an entry with `archived: true`, or a state without it",
            f"{forget}, which leaves the repository as it is{note}; or add the entry again, and "
            "remove it after one `pulumi up`",
        )
    elif entry.retired:
        yield Problem(
            place,
            "retired, and removed from the stack file",
            "an entry with `retired: true`: GitHub would create the environment again, without "
            "rules",
            f"add it again: pulumi config set --path '{place}.retired' true; or, with no trusted "
            f"publisher left on PyPI: {forget}",
        )
    elif recorded_publishers(situation, key):
        name = on_github.name
        new_place = path(("repositories", name))
        formerly = "" if name == key else f"; pulumi config set --path '{new_place}.formerly' {key}"
        yield Problem(
            place,
            "removed from the stack file, and PyPI may still trust its workflow",
            "an entry with `retired: true`, which closes the environment for good",
            f"pulumi config set --path '{new_place}.retired' true{formerly}{note}",
        )
    elif is_deleted_on_removal(entry):
        yield Problem(
            place,
            "removed from the stack file, and recorded by a version that deletes its environment",
            "an entry until this version has recorded that the environment stays",
            "add the entry again, run `pulumi up`, and then remove it",
        )


def is_deleted_on_removal(entry: RecordedRepository) -> bool:
    """Return whether the engine would delete the environment, as version 0.1.0 let it."""
    environment = entry.resources.get("deploy/environment")
    return environment is not None and environment.is_deleted_on_removal


def check_default_branches(situation: Situation) -> Iterator[Problem]:
    """Require that the workflow file was written to the branch that is the default one now.

    The provider goes on writing to the branch that it recorded.
    """
    for repository, on_github in situation.existing:
        entry = situation.recorded_entry(repository)
        if entry is None or repository.archived or repository.retired:
            continue
        workflow = entry.resources.get(WORKFLOW)
        branch = workflow.outputs.get("branch") if workflow else None
        if branch and on_github.default_branch and branch != on_github.default_branch:
            yield Problem(
                path(("repositories", repository.name)),
                f"a repository with the default branch {on_github.default_branch}, whose workflow "
                f"was written to {branch}",
                "a workflow file on the default branch",
                f"scripts/forget {entry.key} --workflow; then `pulumi up` writes it to "
                f"{on_github.default_branch}",
            )


def unused_publishers(situation: Situation) -> Iterator[str]:
    """Warn about the trusted publisher that this `pulumi up` makes superfluous."""
    for repository, _ in situation.existing:
        entry = situation.recorded_entry(repository)
        if entry is None or not publishes_without_token(entry):
            continue
        publisher = form_text(entry.trusted_publishers[-1])
        if repository.retired:
            yield (
                f"{repository.name} is retired. Remove its trusted publisher on PyPI: {publisher}"
            )
        elif entry.trusted_publishers[-1] != trusted_publisher(situation.settings, repository):
            yield (
                f"{repository.name} no longer publishes as the trusted publisher {publisher}. "
                "After a release by the new workflow, remove it on PyPI."
            )


def publishes_without_token(entry: RecordedRepository) -> bool:
    """Return whether the last `pulumi up` set an entry up as a trusted publisher."""
    stored = {
        place for place in entry.resources if place.startswith("deploy/") and place not in GATE
    }
    return bool(entry.trusted_publishers) and WORKFLOW in entry.resources and not stored
