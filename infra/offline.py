"""Runs the program in this process against stand-ins that answer and record: no engine, no account, one second.

Reports use it where no engine is at hand, and the snapshots of the tests, which are the upgrade baseline.
"""

import asyncio
import contextvars
import json
import logging
import os
import runpy
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi import ResourceHook
from pulumi.runtime import rpc, set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockEngine, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto.alias_pb2 import Alias as AliasMessage
from pulumi.runtime.proto.resource_pb2 import (
    RegisterResourceOutputsRequest,
    RegisterResourceRequest,
    RegisterResourceResponse,
)
from pulumi.runtime.settings import ROOT, Settings, configure
from pulumi.runtime.stack import run_in_stack

from .offline_answers import CALLS, fake_id, outputs_of
from .settings.prefixes import PROJECT
from .stackfile import StackFile

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class FormerPlace:
    """An alias: a former URN, or what of name, type and parent was another. Empty text: as now."""

    urn: str
    name: str
    type: str
    parent: str
    no_parent: bool


@dataclass(frozen=True)
class Registered:
    """One resource that the program registered; inputs are camelCase, secrets in them as the engine writes them."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: Mapping[str, object]
    outputs: Mapping[str, object]
    protect: bool
    aliases: tuple[FormerPlace, ...]
    id: str = ""


@dataclass
class OfflineRun:
    """What a run of the program registered and exported."""

    resources: list[Registered] = field(default_factory=list[Registered])
    exports: Mapping[str, object] = field(default_factory=dict[str, object])


class _Cloud(Mocks):
    """Answers resources and functions as a cloud would, from the inputs alone."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        inputs = cast(dict[str, object], args.inputs)
        if not args.custom:
            return "", inputs
        return fake_id(args.typ, args.name), {**inputs, **outputs_of(args.typ, args.name, inputs)}

    def call(self, args: MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        if args.token not in CALLS:
            raise NotImplementedError(
                f"{args.token} has no answer offline: add one to infra/offline_answers.py"
            )
        return CALLS[args.token](cast(Mapping[str, object], args.args)), []


class _Monitor(MockMonitor):
    """Keeps what mocks do not show, under the URNs that the real engine would give."""

    def __init__(self, stack: str) -> None:
        super().__init__(_Cloud())
        self.run = OfflineRun()
        self._stack = stack
        self._lock = Lock()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        # The base class keeps only the nearest parent's type; the engine keeps the whole chain below the stack.
        above = parent.split("::")[2] if parent else ""
        chain = type_ if above in ("", STACK_TYPE) else f"{above}${type_}"
        return f"urn:pulumi:{self._stack}::{PROJECT}::{chain}::{name}"

    def RegisterResource(self, request: RegisterResourceRequest) -> RegisterResourceResponse:  # noqa: N802
        answer = cast(RegisterResourceResponse, super().RegisterResource(request))  # pyright: ignore
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != STACK_TYPE:
            registered = Registered(
                urn=urn,
                type=request.type,
                name=request.name,
                parent=request.parent,
                custom=request.custom,
                inputs=_properties(request.object),
                outputs=cast(Mapping[str, object], self.resources[urn].state),
                protect=request.protect,
                aliases=tuple(_alias(alias) for alias in cast(Sequence[AliasMessage], request.aliases)),
                id=answer.id,
            )
            with self._lock:
                self.run.resources.append(registered)
        return answer

    def RegisterResourceOutputs(self, request: RegisterResourceOutputsRequest) -> Empty:  # noqa: N802
        if f"::{STACK_TYPE}::" in request.urn:
            self.run.exports = _properties(request.outputs)
        return Empty()


def _alias(alias: AliasMessage) -> FormerPlace:
    spec = alias.spec
    return FormerPlace(alias.urn, spec.name, spec.type, spec.parentUrn, spec.noParent)


def run_offline(file: StackFile, stack: str) -> OfflineRun:
    """Run the program for `stack` with the settings of `file`. What the program raises comes out as it is."""
    monitor = _Monitor(stack)
    context = contextvars.copy_context()
    context.run(_configure, monitor, file, stack)
    with _sandbox_rules(), asyncio.Runner() as runner:
        runner.run(run_in_stack(_program), context=context)
    return monitor.run


class _NoCallbacks:
    """Hooks are the engine's to call: here they are taken, and nobody calls them."""

    def register_resource_hook(self, hook: ResourceHook) -> None:
        """Take a hook."""


async def _program() -> None:
    """Run the program, and wait for all it began.

    The SDK would wait too, but wake whenever one of a thousand outputs is there and look through all of them again.
    What fails is left to the SDK, which knows whose error it is.
    """
    runpy.run_module("infra", run_name="__main__", alter_sys=False)
    itself = asyncio.current_task()
    failed = False
    while not failed and (others := asyncio.all_tasks() - {itself}):
        done, _ = await asyncio.wait(others, return_when=asyncio.FIRST_EXCEPTION)
        failed = any(task.cancelled() or task.exception() for task in done)


def _configure(monitor: _Monitor, file: StackFile, stack: str) -> None:
    settings = Settings(
        project=PROJECT,
        stack=stack,
        organization="organization",
        monitor=monitor,
        engine=MockEngine(_quiet_logger()),
        dry_run=False,
    )
    # Declared as a descriptor, which hides the type that it takes.
    settings.monitor_features = set(monitor.GetDeploymentInfo(Empty()).supportedFeatures)  # pyright: ignore
    settings.callbacks = _NoCallbacks()  # pyright: ignore
    configure(settings)
    secret = sorted({path.split(".")[0] for path in file.encrypted})
    config = {f"{PROJECT}:{name}": json.dumps(content) for name, content in file.sections.items()}
    set_all_config(config, [f"{PROJECT}:{name}" for name in secret])
    ROOT.set(None)


def _quiet_logger() -> logging.Logger:
    """The program's warnings are `playground check`'s to show; its errors come out as exceptions."""
    logger = logging.getLogger("playground.offline")
    logger.setLevel(logging.CRITICAL)
    return logger


@contextmanager
def _sandbox_rules() -> Generator[None]:
    """Placeholders are warnings here: nothing is created. Output in text is an error, as in every test."""
    before = dict(os.environ)
    os.environ |= {"SANDBOX": "1", "PULUMI_ERROR_OUTPUT_STRING": "1"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _properties(message: Struct) -> Mapping[str, object]:
    return cast(Mapping[str, object], rpc.deserialize_properties(message, keep_unknowns=True))
