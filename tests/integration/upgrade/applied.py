"""Stacks that the program of version 0.1.0 applied, and the URNs in their states."""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub
from tests.integration.on_github import create_team, rename_entry, rename_repository, send_request
from tests.integration.rehearsed_stack import OWNER, RehearsedStack
from tests.integration.upgrade.stacks import STACKS, UpgradeStack

FIXTURES = Path(__file__).parent
PROGRAM = FIXTURES / "program-0.1.0.tar.gz"
URNS = FIXTURES / "urns-0.1.0.json"
APP_KEY = "releases:applied-by"


def unpack_program(directory: Path) -> Path:
    """Unpack the program of version 0.1.0 into `directory`, and return it."""
    with tarfile.open(PROGRAM) as archive:
        archive.extractall(directory, filter="data")
    return directory


@contextmanager
def applied_by_program(program: Path, upgrade: UpgradeStack) -> Iterator[RehearsedStack]:
    """Apply a stack with the program in `program`, and yield the stack with that program."""
    with SimulatedGitHub(OWNER) as github:
        configuration = deepcopy(upgrade.configuration)
        with Sandbox(github.url, configuration, token=upgrade.token) as sandbox:
            stack = RehearsedStack.from_sandbox(github, sandbox)
            prepare_organization(stack, upgrade)
            sandbox.use_program(program)
            sandbox.set_secrets(
                {
                    f"{repository}.{name}": f"value-of-{repository}-{name}"
                    for repository, names in upgrade.secrets.items()
                    for name in names
                }
            )
            stack.up()
            for name, new_name in upgrade.renames.items():
                rename_repository(stack, name, new_name)
                rename_entry(stack, name, new_name, formerly=name)
                stack.up()
            yield stack


def prepare_organization(stack: RehearsedStack, upgrade: UpgradeStack) -> None:
    for slug, login in upgrade.created_teams.items():
        create_team(stack, slug)
        send_request(
            stack, "PUT", f"/orgs/{OWNER}/teams/{slug}/memberships/{login}", {"role": "member"}
        )
    if APP_KEY in stack.configuration:
        app = stack.configuration[APP_KEY]
        app["id"] = stack.state()["apps"][app["app"]]
        stack.configure()


def urns_in_state(stack: RehearsedStack) -> list[list[str]]:
    """Return each resource's URN and parent's URN, sorted, without the stack's name."""
    exported = json.loads(stack.sandbox.pulumi("stack", "export").output)
    resources = exported["deployment"]["resources"]
    return sorted(
        [strip_stack(resource["urn"]), strip_stack(resource.get("parent", ""))]
        for resource in resources
    )


def strip_stack(urn: str) -> str:
    """Return `project::types::name` of a URN.

    The name of the stack's own resource ends in the name of the stack, which is removed.
    """
    if not urn:
        return ""
    _, stack, rest = urn.replace("urn:pulumi:", "::", 1).split("::", 2)
    return rest.removesuffix(f"-{stack}") if "pulumi:pulumi:Stack::" in rest else rest


def recorded_urns() -> dict[str, list[list[str]]]:
    """Return the pairs of URN and parent's URN in states of version 0.1.0, by stack file."""
    urns: dict[str, list[list[str]]] = json.loads(URNS.read_text(encoding="utf-8"))
    return urns


def record_urns() -> None:
    with TemporaryDirectory() as directory:
        program = unpack_program(Path(directory))
        urns = {}
        for name, upgrade in STACKS.items():
            with applied_by_program(program, upgrade) as stack:
                urns[name] = urns_in_state(stack)
    URNS.write_text(format_urns(urns), encoding="utf-8")


def format_urns(urns: dict[str, list[list[str]]]) -> str:
    stacks = (
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(pair) for pair in pairs) + "\n]"
        for name, pairs in urns.items()
    )
    return "{\n" + ",\n".join(stacks) + "\n}\n"


if __name__ == "__main__":
    record_urns()
