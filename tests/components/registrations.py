"""Run a program without an engine, and record the resources that it registers."""

import asyncio
import contextvars
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func


@dataclass(frozen=True)
class Registration:
    """One resource that a program registered. It refers to other resources by their names.

    Attributes:
        inputs: Its inputs in the provider's spelling, without the marks of secrets.
        secrets: The inputs that are marked as secret.
        dependencies: The resources that it depends on, by an option or by an input.
    """

    kind: str
    name: str
    parent: str
    inputs: dict[str, Any]
    secrets: frozenset[str]
    dependencies: frozenset[str]
    aliases: list[str]
    delete_before_replace: bool
    deleted_with: str
    retain_on_delete: bool
    ignore_changes: list[str]
    protect: bool

    def __getitem__(self, key: str) -> Any:
        return self.inputs[key]


class Registrations(dict[str, Registration]):
    """All resources that a program registered, by name: a name stands for one resource."""

    def of_kind(self, kind: str) -> list[Registration]:
        """Return the resources of a type such as `RepositoryFile`, in order of their names."""
        registrations = (
            registration for registration in self.values() if registration.kind.endswith(f":{kind}")
        )
        return sorted(registrations, key=lambda registration: registration.name)

    def only(self, kind: str) -> Registration:
        """Return the only resource of a type."""
        [registration] = self.of_kind(kind)
        return registration

    def prerequisites(self, name: str) -> set[str]:
        """Return the provider's resources that exist before another one.

        These are the resources that it, or one of its parents, depends on: a program registers a
        child after its parent, and a parent after the resources that the parent depends on.
        """
        return {
            prerequisite
            for prerequisite in self._all_prerequisites(name)
            if self[prerequisite].kind.startswith("github:")
        }

    def _all_prerequisites(self, name: str) -> set[str]:
        direct = {*self[name].dependencies, self[name].parent} & self.keys()
        return direct.union(*(self._all_prerequisites(prerequisite) for prerequisite in direct))


# Outputs that the provider adds to the inputs.
COMPUTED = {"github:index/team:Team": {"slug": "slug-of-the-team"}}


class NoQueries(Mocks):
    """Fail when a component queries the provider."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"a component queried the provider: {args.token}")

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise AssertionError(f"the recorder registers {args.name}")


class Recorder(MockMonitor):
    """A monitor that records every request; the SDK's own mocks get only a part of it.

    It responds with the inputs and an id.
    """

    def __init__(self) -> None:
        super().__init__(NoQueries())
        self.requests: list[Any] = []
        self.outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != "pulumi:pulumi:Stack":
            self.requests.append(request)
        response = resource_pb2.RegisterResourceResponse(
            urn=urn, id=id_of(request.name), object=request.object
        )
        response.object.update(COMPUTED.get(request.type, {}))
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        if request.urn.split("::")[2] != "pulumi:pulumi:Stack":
            self.outputs[name_of(request.urn)] = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def declare(program: Callable[[], object]) -> Registrations:
    """Return the resources that a program registers. Raise when one of its resources does."""
    registrations = read_registrations(record(program))
    return Registrations((registration.name, registration) for registration in registrations)


def component_outputs(program: Callable[[], object]) -> dict[str, dict[str, Any]]:
    """Return the outputs that the components of a program register, by name."""
    return record(program).outputs


def record(program: Callable[[], object]) -> Recorder:
    recorder = Recorder()

    async def run() -> None:
        result = program()
        if isawaitable(result):
            await result

    async def run_all() -> None:
        set_mocks(recorder.mocks, project="releases", stack="prod", monitor=recorder)
        await run_pulumi_func(run)

    # All settings of the SDK are context variables: a context of its own restores them.
    contextvars.copy_context().run(asyncio.run, run_all())
    assert recorder.requests, "the program registered nothing"
    return recorder


def read_registrations(recorder: Recorder) -> Iterator[Registration]:
    for request in recorder.requests:
        inputs = rpc.deserialize_properties(request.object)
        yield Registration(
            kind=request.type,
            name=request.name,
            parent=name_of(request.parent),
            inputs={key: rpc.unwrap_rpc_secret(value) for key, value in inputs.items()},
            secrets=frozenset(key for key, value in inputs.items() if rpc.is_rpc_secret(value)),
            dependencies=frozenset(name_of(urn) for urn in request.dependencies),
            aliases=[alias.spec.name for alias in request.aliases],
            delete_before_replace=request.deleteBeforeReplace,
            deleted_with=name_of(request.deletedWith),
            retain_on_delete=request.retainOnDelete,
            ignore_changes=list(request.ignoreChanges),
            protect=request.protect,
        )


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def id_of(name: str) -> str:
    """Return the id that a resource of this name always gets."""
    return str(1000 + len(name))
