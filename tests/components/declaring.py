"""Declares resources without an engine, and tells what an engine would have been asked for."""

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
class Asked:
    """A resource as the engine would have been asked for it; other resources are given by their names.

    Attributes:
        inputs: Its inputs in the provider's spelling, without the marks of secrets.
        secrets: Which inputs are marked as secret.
        after: What it is registered after: what it depends on, said or by an input.
    """

    kind: str
    name: str
    parent: str
    inputs: dict[str, Any]
    secrets: frozenset[str]
    after: frozenset[str]
    aliases: tuple[str, ...]
    delete_before_replace: bool
    deleted_with: str
    retain_on_delete: bool
    protect: bool

    def __getitem__(self, key: str) -> Any:
        return self.inputs[key]


class Plan(dict[str, Asked]):
    """Everything that was asked for, by name: a name stands for one resource."""

    def of_kind(self, kind: str) -> list[Asked]:
        """The resources of a type such as `RepositoryFile`, in order of their names."""
        return sorted(
            (each for each in self.values() if each.kind.endswith(f":{kind}")),
            key=lambda each: each.name,
        )

    def the(self, kind: str) -> Asked:
        """The only resource of a type."""
        [found] = self.of_kind(kind)
        return found

    def before(self, name: str) -> set[str]:
        """The provider's resources that are there before another: those it depends on, and those its parents depend on.

        A program asks for a child once its parent is there, and for a parent once what it depends on is there.
        """
        return {each for each in self._ahead_of(name) if self[each].kind.startswith("github:")}

    def _ahead_of(self, name: str) -> set[str]:
        direct = {*self[name].after, self[name].parent} & self.keys()
        return direct.union(*(self._ahead_of(other) for other in direct))


# What the provider would add to the inputs.
COMPUTED = {"github:index/team:Team": {"slug": "slug-of-the-team"}}


class NoLookUps(Mocks):
    """Components look nothing up."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"a component looked something up: {args.token}")

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise AssertionError(f"the recorder answers for {args.name}")


class Recorder(MockMonitor):
    """Keeps every request, of which the SDK's own mocks are told less, and answers with what was asked for and a number."""

    def __init__(self) -> None:
        super().__init__(NoLookUps())
        self.requests: list[Any] = []
        self.outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != "pulumi:pulumi:Stack":
            self.requests.append(request)
        answer = resource_pb2.RegisterResourceResponse(
            urn=urn, id=number_of(request.name), object=request.object
        )
        answer.object.update(COMPUTED.get(request.type, {}))
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        if request.urn.split("::")[2] != "pulumi:pulumi:Stack":
            self.outputs[name_of(request.urn)] = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def declare(program: Callable[[], object]) -> Plan:
    """What a program asks for. Fails when one of its resources does; the settings of the SDK are as before afterwards."""
    return Plan((each.name, each) for each in asked(record(program)))


def outputs(program: Callable[[], object]) -> dict[str, dict[str, Any]]:
    """The outputs that the components of a program registered, by name."""
    return record(program).outputs


def record(program: Callable[[], object]) -> Recorder:
    recorder = Recorder()

    async def run() -> None:
        declared = program()
        if isawaitable(declared):
            await declared

    async def run_all() -> None:
        set_mocks(recorder.mocks, project="releases", stack="prod", monitor=recorder)
        await run_pulumi_func(run)

    # All settings of the SDK are context variables, so a context of its own is all the tidying up there is.
    contextvars.copy_context().run(asyncio.run, run_all())
    assert recorder.requests, "the program declared nothing"
    return recorder


def asked(recorder: Recorder) -> Iterator[Asked]:
    for request in recorder.requests:
        inputs = rpc.deserialize_properties(request.object)
        yield Asked(
            kind=request.type,
            name=request.name,
            parent=name_of(request.parent),
            inputs={key: rpc.unwrap_rpc_secret(value) for key, value in inputs.items()},
            secrets=frozenset(key for key, value in inputs.items() if rpc.is_rpc_secret(value)),
            after=frozenset(name_of(urn) for urn in request.dependencies),
            aliases=tuple(alias.spec.name for alias in request.aliases),
            delete_before_replace=request.deleteBeforeReplace,
            deleted_with=name_of(request.deletedWith),
            retain_on_delete=request.retainOnDelete,
            protect=request.protect,
        )


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def number_of(name: str) -> str:
    """The id that a resource of this name gets, the same each time."""
    return str(1000 + len(name))
