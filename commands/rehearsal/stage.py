"""Everything that a rehearsal needs, started together and ended together, whatever happens in between."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.rehearsal.control import Control
from commands.rehearsal.git_client import Clone
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.index import Index
from commands.rehearsal.on_github import OnGitHub
from commands.rehearsal.plan import Plan
from commands.rehearsal.processes import MARK, Processes
from commands.rehearsal.runner import Runner
from commands.rehearsal.timeline import Timeline
from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub


@dataclass(frozen=True)
class Stage:
    """The plan of a rehearsal, and all that it is played with. `root` is the directory of everything that it writes."""

    plan: Plan
    root: Path
    timeline: Timeline
    hidden: Hidden
    processes: Processes
    simulated: SimulatedGitHub
    sandbox: Sandbox
    control: Control
    github: OnGitHub
    git: Clone
    index: Index
    runner: Runner

    def clone(self, repository: str) -> Clone:
        """A clone of another repository of the owner."""
        return Clone(
            self.processes,
            self.simulated.url,
            f"{self.plan.owner}/{repository}",
            self.root / "clones" / repository,
        )


@contextmanager
def stage(plan: Plan, timeline: Timeline, hidden: Hidden) -> Iterator[Stage]:
    """Starts everything. At the end nothing of it runs, and no file of it is left."""
    tokens = {name: hidden.add(f"pypi-{secrets.token_urlsafe(32)}") for name in plan.secrets}
    with ExitStack() as entered:
        root = Path(entered.enter_context(TemporaryDirectory(prefix="rehearsal-")))
        processes = entered.enter_context(Processes(root))
        simulated = entered.enter_context(SimulatedGitHub(plan.world))
        index = entered.enter_context(
            Index(root / "index", hidden, tokens.get(plan.upload_secret, ""))
        )
        control = entered.enter_context(Control(simulated.url))
        control.have_runners()
        sandbox = entered.enter_context(sandboxed(plan, simulated, tokens, processes))
        yield Stage(
            plan=plan,
            root=root,
            timeline=timeline,
            hidden=hidden,
            processes=processes,
            simulated=simulated,
            sandbox=sandbox,
            control=control,
            github=entered.enter_context(OnGitHub(simulated.url, plan.full_name)),
            git=Clone(
                processes, simulated.url, plan.full_name, root / "clones" / plan.repository.name
            ),
            index=index,
            runner=Runner(root / "runner", control, processes, hidden, index.url),
        )


@contextmanager
def sandboxed(
    plan: Plan, simulated: SimulatedGitHub, tokens: dict[str, str], processes: Processes
) -> Iterator[Sandbox]:
    """The stack of the rehearsal, with its secrets, not yet applied. Whatever the engine started ends before its files go."""
    configuration = dict(plan.configuration)
    who = plan.cast.owner
    if app := plan.settings.app:
        number = next(found.id for found in simulated.world.apps.values() if found.slug == app.slug)
        configuration["applied-by"] = {"app": app.slug, "id": number}
        who = app.slug
    with Sandbox(simulated.url, configuration, token=f"token-{who}", live=False) as sandbox:
        try:
            sandbox.environment |= {MARK: processes.mark, "HOME": processes.environment["HOME"]}
            keep_secrets(sandbox, plan.repository.name, tokens)
            yield sandbox
        finally:
            processes.end()


def keep_secrets(sandbox: Sandbox, repository: str, tokens: dict[str, str]) -> None:
    """Encrypts the secrets into the stack file. The quotes are for a name with a dot in it."""
    places = {f'secrets["{repository}"].{name}': token for name, token in tokens.items()}
    if places:
        pairs = [
            part for place, token in places.items() for part in ("--secret", f"{place}={token}")
        ]
        sandbox.pulumi("config", "set-all", "--path", *pairs)
        sandbox.read_configuration()
