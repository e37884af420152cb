"""The command that lets go of a repository, person or team: in the state, and nowhere else."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from commands.sandbox import EngineError
from commands.state_edits.declared import StackFile
from commands.state_edits.deployment import name_of
from commands.state_edits.engine import Stack, StateError, selected_stack
from commands.state_edits.github_identity import Identity, identity_on_github
from commands.state_edits.selection import KINDS, Selection, SelectionError, remains, select
from stacks.settings.problems import GitHubError

MOST_CHANGES = 12


class RefusedError(Exception):
    """A part of the state that must not be forgotten; the message is for the operator."""


def forget(stack: Stack, arguments: argparse.Namespace) -> None:
    """Forget one part of a state, after a confirmation.

    Raise `RefusedError`, `SelectionError`, `StateError` or `GitHubError`; then nothing changed.
    """
    deployment = stack.export()
    selection = select(deployment, arguments.name, arguments.kind, workflow=arguments.workflow)
    file = StackFile.read(stack.file, stack.project)
    identity = "same" if selection.workflow else identity_on_github(selection, file)
    check_declared(selection, file, identity, allowed=arguments.declared)
    describe(stack, selection, identity)
    if not (arguments.yes or confirm(selection)):
        raise RefusedError("Nothing was changed")
    backup = stack.save(deployment)
    print(f"\nThe state as it was is in {backup}. It can be restored:")
    print(f"  pulumi stack import --stack {stack.name} --file {backup}")
    stack.load(selection.forget(deployment, deleted=identity == "gone"))
    print(f"\nThe stack {stack.name} no longer knows {describe_name(selection)}.")
    report_preview(stack)


def check_declared(
    selection: Selection, file: StackFile, identity: Identity, *, allowed: bool
) -> None:
    """Raise `RefusedError` where the stack file declares the very thing that is to be forgotten."""
    if selection.workflow or allowed or not file.declares(selection):
        return
    name = describe_name(selection)
    if selection.kind == "person" and identity != "same":
        # Forgotten first, the next `up` would invite the account that has the login now.
        raise RefusedError(
            f"{name} is declared in the stack file, so `pulumi up` would invite whoever has the "
            "login now\n    allowed: a login that is no longer declared\n"
            f"    remedy:  {remedy(selection)}, or write the login that the person has now"
        )
    if identity == "same":
        raise RefusedError(
            f"{name} is declared in the stack file, and GitHub has it under its recorded number\n"
            "    allowed: what is no longer declared, or what GitHub no longer has\n"
            f"    remedy:  {remedy(selection)}"
        )
    if identity == "unknown":
        raise RefusedError(
            f"{name} is declared in the stack file, and GitHub was not asked about it\n"
            "    allowed: what is no longer declared, or what GitHub no longer has\n"
            "    remedy:  export GITHUB_TOKEN; or, if you know that GitHub no longer has it: "
            "add --declared"
        )


def remedy(selection: Selection) -> str:
    """Return what to do with something that is declared and exists."""
    return {
        "repository": f"remove the entry first: pulumi config rm --path "
        f"'repositories.{selection.name}'; for another default branch: scripts/forget "
        f"{selection.name} --workflow",
        "role": f"declare the team as it is first: `existing: SLUG` under `{selection.name}`",
        "team": f"remove {selection.name} from the stack file first",
        "person": f"remove {selection.name} from the stack file first",
    }[selection.kind]


def describe_name(selection: Selection) -> str:
    """Return the name with what it is."""
    if selection.workflow:
        return f"the workflow file of {selection.name}"
    kind = {"role": "team of the role", "team": "existing team"}.get(selection.kind, selection.kind)
    return f"the {kind} {selection.name}"


def describe(stack: Stack, selection: Selection, identity: Identity) -> None:
    """Print what the state lets go of, and what stays."""
    count = plural(len(selection.resources), "resource")
    print(f"The state of {stack.name} lets go of {describe_name(selection)}: {count}")
    for resource in selection.resources:
        print(f"  {resource['type'].rsplit(':', 1)[-1]:38} {name_of(resource['urn'])}")
    if identity == "gone":
        print("\nGitHub no longer has it under this name. What it had:")
    else:
        print("\nNothing changes on GitHub. What stays as it is, and is yours from now on:")
    for line in remains(selection):
        print(f"  {line}")


def confirm(selection: Selection) -> bool:
    """Return whether the user types the name."""
    try:
        return input(f"\nType {selection.name} to go on: ").strip() == selection.name
    except EOFError:
        return False


def report_preview(stack: Stack) -> None:
    """Print what the next `pulumi up` would do."""
    changes = stack.preview()
    if isinstance(changes, str):
        print(f"The preview failed, so check the stack file:\n{changes.rstrip()}")
    elif not changes:
        print("The preview shows no change.")
    else:
        print(f"The next `pulumi up` changes {plural(len(changes), 'resource')}:")
        for name, operation in list(changes.items())[:MOST_CHANGES]:
            print(f"  {operation:10} {name}")
        if len(changes) > MOST_CHANGES:
            print(f"  and {len(changes) - MOST_CHANGES} more")


def plural(count: int, noun: str) -> str:
    """Return a number with its noun: `1 resource`, `2 resources`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="scripts/forget",
        description="Let go of a repository, a person or a team in the state. Nothing changes on "
        "GitHub.",
    )
    result.add_argument("name", metavar="NAME", help="a repository, login, role or team slug")
    result.add_argument("--workflow", action="store_true", help="only the repository's workflow")
    result.add_argument("--kind", choices=KINDS, help="what NAME is, where that is unclear")
    result.add_argument("--stack", help="the stack; by default the selected one")
    result.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    result.add_argument(
        "--declared",
        action="store_true",
        help="forget it although the stack file declares it, because GitHub no longer has it",
    )
    return result


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    try:
        forget(Stack(arguments.stack or selected_stack(Path.cwd()), Path.cwd()), arguments)
    except (RefusedError, SelectionError, StateError, GitHubError, EngineError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
