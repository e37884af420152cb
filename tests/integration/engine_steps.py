"""The steps of the engine, and the check that no step endangers an environment."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from commands.sandbox import CommandResult, Sandbox

# `pulumi --event-log` is a hidden option that works with this variable alone.
EVENT_LOG = {"PULUMI_DEBUG_COMMANDS": "true"}
ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
# The commands that plan steps.
PLANNING = ("preview", "up")
RunEngine = Callable[..., CommandResult]
REMOVALS = ("delete", "delete-replaced", "discard", "replace", "create-replacement")


@dataclass(frozen=True)
class EngineStep:
    """One step: the engine's word for it, and the resource's inputs before and after."""

    operation: str
    urn: str
    kind: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


def with_step_check(run: RunEngine) -> RunEngine:
    """Return a `Sandbox.pulumi` that checks the steps of every preview and every `up`."""

    def run_and_check(
        sandbox: Sandbox,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> CommandResult:
        if arguments[0] not in PLANNING:
            return run(sandbox, *arguments, environment=environment, **options)
        with TemporaryDirectory() as directory:
            log = Path(directory) / "events.jsonl"
            variables = {**EVENT_LOG, **(environment or {})}
            result = run(
                sandbox, *arguments, "--event-log", str(log), environment=variables, **options
            )
            check_environments_stay(read_steps(log))
        return result

    return run_and_check


def read_steps(log: Path) -> list[EngineStep]:
    """Read the steps of an event log. An engine that failed before its plan wrote no log."""
    if not log.exists():
        return []
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return [read_step(event["resourcePreEvent"]) for event in events if "resourcePreEvent" in event]


def read_step(event: dict[str, Any]) -> EngineStep:
    metadata = event["metadata"]
    return EngineStep(
        operation=metadata["op"],
        urn=metadata["urn"],
        kind=metadata["type"],
        old=inputs_of(metadata.get("old")),
        new=inputs_of(metadata.get("new")),
    )


def inputs_of(state: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if state is None else state.get("inputs") or {}


def check_environments_stay(steps: list[EngineStep]) -> None:
    """Raise `AssertionError` when a step deletes or replaces an environment that stays declared.

    On GitHub, the old and the new environment of one repository and name are the same object. The
    engine writes it, and its last step deletes it again. The exit code is 0, and the next preview
    shows no change.
    """
    endangered = sorted(endangered_environments(steps))
    assert not endangered, f"the engine deletes environments that stay declared: {endangered}"


def endangered_environments(steps: list[EngineStep]) -> Iterator[str]:
    environments = [step for step in steps if step.kind == ENVIRONMENT]
    declared = {place_of(step.new) for step in environments if step.new is not None}
    for step in environments:
        if step.operation in REMOVALS and step.old is not None and place_of(step.old) in declared:
            yield f"{step.operation} {step.urn}"


def place_of(inputs: dict[str, Any]) -> tuple[str, str]:
    """Return the repository and the name of an environment, as GitHub compares them."""
    return str(inputs["repository"]).lower(), str(inputs["environment"]).lower()
