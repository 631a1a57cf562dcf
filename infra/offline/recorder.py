"""Runs a program in this process against a stand-in cloud, and records what it registers.

It needs no engine and no account. The SDK's mocks do the same, but they do not show the resources' options or the URNs
that the real engine would give.
"""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Collection, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast

from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi import ResourceHook
from pulumi.runtime import rpc, set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockEngine, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto.alias_pb2 import Alias
from pulumi.runtime.proto.resource_pb2 import (
    RegisterResourceOutputsRequest,
    RegisterResourceRequest,
    RegisterResourceResponse,
)
from pulumi.runtime.settings import ROOT, Settings, configure
from pulumi.runtime.stack import run_in_stack
from pulumi.runtime.sync_await import _ensure_event_loop, _sync_await  # pyright: ignore

from infra.settings.reading.prefixes import PROJECT

from .answers import fake_id
from .recording import FormerPlace, Recording, Registered, Timeouts

STACK_TYPE = "pulumi:pulumi:Stack"

Outputs = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""Returns the computed outputs of a resource from its token, name and inputs."""

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Returns the result of a provider function from its arguments."""


@dataclass(frozen=True, kw_only=True)
class Cloud(Mocks):
    """Creates resources and answers functions from their inputs. In a preview, ids and computed outputs are unknown."""

    calls: Mapping[str, Answer]
    """Results of provider functions by token."""

    outputs: Outputs | None = None
    preview: bool = False

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        if self.preview or not args.custom:
            return "", dict(inputs)
        state = {**inputs, **self.outputs(args.typ, args.name, inputs)} if self.outputs else inputs
        return args.resource_id or fake_id(args.typ, args.name), dict(state)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        if args.token not in self.calls:
            raise NotImplementedError(
                f"{args.token} has no answer offline: add one to infra/offline/answers.py"
            )
        return dict(self.calls[args.token](cast("dict[str, Any]", args.args))), []


class Recorder(MockMonitor):
    """Takes the engine's place and records each registration."""

    def __init__(self, cloud: Cloud, stack: str) -> None:
        super().__init__(cloud)
        self.cloud = cloud
        self.stack = stack
        self.recording = Recording()
        self.by_urn: dict[str, Registered] = {}
        self._lock = Lock()

    def accept(self, new: Registered) -> None:
        """Called with each registration before it is recorded. A subclass can refuse it here."""

    def shown(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Properties for the recording, with secrets and unknowns in the engine's format."""
        return properties

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        # The base class uses only the nearest parent's type; the engine uses the whole chain below the stack. The base
        # class also reads the stack's name in threads that do not have this run's context.
        above = parent.split("::")[2] if parent else STACK_TYPE
        chain = type_ if above == STACK_TYPE else f"{above}${type_}"
        return f"urn:pulumi:{self.stack}::{PROJECT}::{chain}::{name}"

    def RegisterResource(self, request: RegisterResourceRequest) -> RegisterResourceResponse:  # noqa: N802
        _ensure_event_loop()
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return RegisterResourceResponse(urn=urn)
        inputs = _properties(request.object)
        new = _registered(urn, request)
        new.inputs, new.secrets = self.shown(inputs), _secret(inputs)
        with self._lock:
            self.accept(new)
            self.by_urn[urn] = new
            self.recording.resources.append(new)
        return self._answer(new, inputs)

    def created(self, new: Registered, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The id and the state of a resource. A subclass can take them from elsewhere."""
        asked = MockResourceArgs(new.type, new.name, dict(inputs), new.provider, new.import_id, new.custom)
        resource_id, state = self.cloud.new_resource(asked)
        return resource_id or "", state

    def _answer(self, new: Registered, inputs: dict[str, Any]) -> RegisterResourceResponse:
        new.id, state = self.created(new, inputs)
        if new.custom:
            new.outputs = self.shown(state)
        self.resources[new.urn] = MockMonitor.ResourceRegistration(new.urn, new.id, state)
        answer = _sync_await(rpc.serialize_properties(state, {}))
        return RegisterResourceResponse(urn=new.urn, id=new.id, object=answer)

    def RegisterResourceOutputs(self, request: RegisterResourceOutputsRequest) -> Empty:  # noqa: N802
        outputs = self.shown(_properties(request.outputs))
        if f"::{STACK_TYPE}::" in request.urn:
            self.recording.exports = outputs
        elif request.urn in self.by_urn:
            self.by_urn[request.urn].outputs = outputs
        return Empty()


def record(
    program: Callable[[], Awaitable[None] | None],
    recorder: Recorder,
    config: Mapping[str, str],
    *,
    secret_keys: Collection[str] = (),
    logger: logging.Logger | None = None,
) -> Recording:
    """Run `program` with the stack's `config` and return the recording. Exceptions of the program are not changed.

    `secret_keys` are the encrypted keys of `config`. `logger` gets the program's log.
    """
    context = contextvars.copy_context()
    context.run(_configure, recorder, config, secret_keys, logger)
    with _closed_loops() as executor, asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(executor)
        # A refusal fails every task that waits for it. The first exception is raised; the others need no log.
        runner.get_loop().set_exception_handler(lambda _loop, _context: None)
        runner.run(run_in_stack(program), context=context)
    return recorder.recording


@contextmanager
def _closed_loops() -> Generator[ThreadPoolExecutor]:
    """Threads with an event loop each, which is closed at the end. The SDK's own loops of threads stay open, and Python
    prints a traceback if it happens to collect their sockets first."""
    loops: list[asyncio.AbstractEventLoop] = []

    def begin() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    try:
        with ThreadPoolExecutor(initializer=begin) as executor:
            yield executor
    finally:
        for loop in loops:
            loop.close()


class _NoCallbacks:
    """Accepts hooks. A recording contains their names, but only the engine would call them."""

    def register_resource_hook(self, hook: ResourceHook) -> None:
        """Accept a hook."""


def _configure(
    recorder: Recorder, config: Mapping[str, str], secret_keys: Collection[str], logger: logging.Logger | None
) -> None:
    settings = Settings(
        project=PROJECT,
        stack=recorder.stack,
        organization="organization",
        monitor=recorder,
        engine=MockEngine(logger or logging.getLogger("pulumi")),
        dry_run=recorder.cloud.preview,
    )
    # The attribute is declared as a descriptor, which hides its type.
    settings.monitor_features = set(recorder.GetDeploymentInfo(Empty()).supportedFeatures)  # pyright: ignore
    settings.callbacks = _NoCallbacks()  # pyright: ignore
    configure(settings)
    set_all_config(dict(config), list(secret_keys))
    ROOT.set(None)


def _registered(urn: str, request: RegisterResourceRequest) -> Registered:
    timeouts = request.customTimeouts
    former = [FormerPlace(urn=each) for each in request.aliasURNs]
    return Registered(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        inputs={},
        provider=request.provider or request.providers.get(request.type.split(":")[0], ""),
        protect=request.protect if request.HasField("protect") else None,
        retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        aliases=(*map(_former_place, cast("Sequence[Alias]", request.aliases)), *former),
        depends_on=tuple(sorted(request.dependencies)),
        custom_timeouts=Timeouts(timeouts.create, timeouts.update, timeouts.delete),
        import_id=request.importId,
        hooks=(*request.hooks.after_create, *request.hooks.after_update),
    )


def _former_place(alias: Alias) -> FormerPlace:
    spec = alias.spec
    return FormerPlace(alias.urn, spec.name, spec.type, spec.parentUrn, spec.noParent)


def _properties(message: Struct) -> dict[str, Any]:
    return cast("dict[str, Any]", rpc.deserialize_properties(message, keep_unknowns=True))


def _secret(properties: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(key for key, value in properties.items() if rpc.is_rpc_secret(value))
