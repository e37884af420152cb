"""The command that lets the names of repositories in the state follow GitHub, all at once.

`formerly` cannot do that for repositories that exchanged names, or whose name another one has.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from commands.sandbox import EngineError
from commands.state_edits.declared import StackFile
from commands.state_edits.deployment import Deployment
from commands.state_edits.engine import Stack, StateError, selected_stack
from commands.state_edits.forget import RefusedError, report_preview
from commands.state_edits.github_identity import identity_on_github
from commands.state_edits.selection import repositories_in, select_repository
from stacks.settings.problems import GitHubError


def rename(stack: Stack, names: Mapping[str, str], *, yes: bool) -> None:
    """Rename repositories in a state, after a confirmation.

    Raise `RefusedError`, `StateError` or `GitHubError`; then nothing changed.
    """
    deployment = stack.export()
    check_names(deployment, names)
    file = StackFile.read(stack.file, stack.project)
    renamed = deployment.renamed(names)
    check_identities(renamed, list(names.values()), file)
    print(f"The state of {stack.name} follows these names. Nothing changes on GitHub:")
    for old, new in names.items():
        print(f"  {old} -> {new}")
    if not (yes or confirm()):
        raise RefusedError("Nothing was changed")
    backup = stack.save(deployment)
    print(f"\nThe state as it was is in {backup}. It can be restored:")
    print(f"  pulumi stack import --stack {stack.name} --file {backup}")
    stack.load(renamed)
    print(
        "\nThe keys of the stack file have to follow in the same way, below `repositories` and "
        "below `secrets`. Check the preview before `pulumi up`: a secret that changes goes to the "
        "repository of its key."
    )
    report_preview(stack)


def check_names(deployment: Deployment, names: Mapping[str, str]) -> None:
    """Raise `RefusedError` where a name is missing in the state, or would be there twice."""
    recorded = repositories_in(deployment)
    for old in names:
        if old not in recorded:
            raise RefusedError(
                f"The state has no repository called {old!r}\n"
                f"    allowed: {', '.join(recorded) or 'none'}\n    remedy:  check the spelling"
            )
    after = [names.get(name, name) for name in recorded]
    for name in names.values():
        if [repository.lower() for repository in after].count(name.lower()) > 1:
            raise RefusedError(
                f"The state would have two repositories called {name}\n"
                "    allowed: a name for each repository, all in one command\n"
                f"    remedy:  add where the repository that is called {name} now moves to: "
                f"{name}=NEW"
            )


def check_identities(renamed: Deployment, names: Sequence[str], file: StackFile) -> None:
    """Raise `RefusedError` where GitHub has another number under a new name."""
    for name in names:
        selection = select_repository(renamed, name)
        if selection and identity_on_github(selection, file) in ("moved", "gone"):
            raise RefusedError(
                f"{name} on GitHub is not the repository with the number {selection.number}, which "
                "would get this name\n"
                "    allowed: the name that the repository has on GitHub\n"
                "    remedy:  run `pulumi up`, which prints the names and changes nothing"
            )


def confirm() -> bool:
    """Return whether the user agrees."""
    try:
        return input("\nType yes to go on: ").strip() == "yes"
    except EOFError:
        return False


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="scripts/rename",
        description="Let repositories in the state follow their names on GitHub, all at once.",
    )
    result.add_argument("names", nargs="+", metavar="OLD=NEW", help="a name in the state, and now")
    result.add_argument("--stack", help="the stack; by default the selected one")
    result.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    return result


def parse_names(texts: Sequence[str]) -> dict[str, str]:
    """Return the new names by the old ones. Raise `RefusedError` for any other argument."""
    names: dict[str, str] = {}
    for text in texts:
        old, separator, new = text.partition("=")
        if not (old and separator and new):
            raise RefusedError(f"{text!r}\n    allowed: OLD=NEW\n    remedy:  write httpx=httpx2")
        names[old] = new
    return names


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    try:
        stack = Stack(arguments.stack or selected_stack(Path.cwd()), Path.cwd())
        rename(stack, parse_names(arguments.names), yes=arguments.yes)
    except (RefusedError, StateError, GitHubError, EngineError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
