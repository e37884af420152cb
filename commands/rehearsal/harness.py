"""The harness of a rehearsal: servers, clients and processes that start and end together."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.rehearsal.github import ControlClient, GitClone, Json, RepositoryAPI
from commands.rehearsal.index import PackageIndex
from commands.rehearsal.processes import MARK, Processes
from commands.rehearsal.runner import Runner
from commands.rehearsal.scenario import ReleaseScenario
from commands.rehearsal.timeline import Redactor, Timeline
from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub


@dataclass(frozen=True)
class Harness:
    """A scenario, and everything that it needs. Every file is below `root`."""

    scenario: ReleaseScenario
    root: Path
    timeline: Timeline
    redactor: Redactor
    processes: Processes
    simulated: SimulatedGitHub
    sandbox: Sandbox
    control: ControlClient
    github: RepositoryAPI
    git: GitClone
    index: PackageIndex
    runner: Runner

    def clone(self, repository: str) -> GitClone:
        """Return a clone of another repository of the owner."""
        return GitClone(
            self.processes,
            self.simulated.url,
            f"{self.scenario.owner}/{repository}",
            self.root / "clones" / repository,
        )

    def newest_run(self, ref: str, workflow: str | None = None) -> Json:
        """Return the newest run for a ref, by default of the publish workflow, with its jobs."""
        path = workflow or self.scenario.workflow
        return self.control.newest_run(self.scenario.full_name, ref, path)

    def run_status(self, run: int) -> str:
        """Return the status of a run, as GitHub shows it."""
        return str(self.github.run(self.scenario.people.owner, run)["status"])

    def run_conclusion(self, run: int) -> str:
        """Return the conclusion of a run, as GitHub shows it."""
        return str(self.github.run(self.scenario.people.owner, run)["conclusion"])


@contextmanager
def start_harness(
    scenario: ReleaseScenario, timeline: Timeline, redactor: Redactor
) -> Iterator[Harness]:
    """Start a harness. At the end, none of its processes runs and none of its files is left."""
    tokens = {name: redactor.add(f"pypi-{secrets.token_urlsafe(32)}") for name in scenario.secrets}
    with ExitStack() as entered:
        root = Path(entered.enter_context(TemporaryDirectory(prefix="rehearsal-")))
        processes = entered.enter_context(Processes(root))
        simulated = entered.enter_context(SimulatedGitHub(scenario.world))
        token = tokens.get(scenario.upload_secret, "")
        index = entered.enter_context(PackageIndex(root / "index", redactor, token))
        control = entered.enter_context(ControlClient(simulated.url))
        control.use_runners()
        sandbox = entered.enter_context(start_sandbox(scenario, simulated, tokens, processes))
        clone_directory = root / "clones" / scenario.repository.name
        yield Harness(
            scenario=scenario,
            root=root,
            timeline=timeline,
            redactor=redactor,
            processes=processes,
            simulated=simulated,
            sandbox=sandbox,
            control=control,
            github=entered.enter_context(RepositoryAPI(simulated.url, scenario.full_name)),
            git=GitClone(processes, simulated.url, scenario.full_name, clone_directory),
            index=index,
            runner=Runner(root / "runner", control, processes, redactor, index.url),
        )


@contextmanager
def start_sandbox(
    scenario: ReleaseScenario,
    simulated: SimulatedGitHub,
    tokens: dict[str, str],
    processes: Processes,
) -> Iterator[Sandbox]:
    """Prepare the stack with its secrets, not yet applied.

    The engine's processes end before their files are removed.
    """
    configuration = dict(scenario.configuration)
    applied_by = scenario.people.owner
    if app := scenario.settings.app:
        apps = simulated.world.apps.values()
        app_id = next(installed.id for installed in apps if installed.slug == app.slug)
        configuration["applied-by"] = {"app": app.slug, "id": app_id}
        applied_by = app.slug
    token = f"token-{applied_by}"
    with Sandbox(
        simulated.url, configuration, token=token, stack=scenario.stack, live=False
    ) as sandbox:
        try:
            sandbox.environment |= {MARK: processes.mark, "HOME": processes.environment["HOME"]}
            store_secrets(sandbox, scenario.repository.name, tokens)
            yield sandbox
        finally:
            processes.end()


def store_secrets(sandbox: Sandbox, repository: str, tokens: dict[str, str]) -> None:
    """Encrypt the secrets into the stack file."""
    if not tokens:
        return
    options: list[str] = []
    for name, token in tokens.items():
        # The quotes are for a repository name with a dot.
        options += ["--secret", f'secrets["{repository}"].{name}={token}']
    sandbox.pulumi("config", "set-all", "--path", *options)
    sandbox.read_configuration()
