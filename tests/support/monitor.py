"""A mock monitor that refuses what the engine would regret later.

`run(program)` registers the program's resources without an engine and returns a `Recording`. It refuses, with
`Refused`: a URN registered twice, a custom resource that hangs on the stack instead of a component, a malformed
token, a resource or function of a default provider, a function without an answer, a child whose name does not
start with its component's, a component that never registered its outputs, and inputs that the OCI provider would
not take. With `preview=True` ids and
computed outputs are unknown, as in a first preview.
"""

import asyncio
import contextvars
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from threading import Lock
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.output import Unknown
from pulumi.runtime import rpc, set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockEngine, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import ROOT, Settings, configure
from pulumi.runtime.stack import run_in_stack
from pulumi.runtime.sync_await import _ensure_event_loop, _sync_await

from .judge import fault, unfinished
from .provider_inputs import UNKNOWN
from .recording import Recorded, Recording, Timeouts

# An Output that is formatted into text raises here, instead of putting a warning into a resource's name.
os.environ["PULUMI_ERROR_OUTPUT_STRING"] = "1"

PROJECT = "genai-playground"
STACK_TYPE = "pulumi:pulumi:Stack"
Outputs = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""Computed outputs of a resource, from its token, name and inputs."""

Call = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Answer of a provider function, from its arguments."""


class Refused(Exception):  # noqa: N818  it is the verdict, not an error of the monitor
    """The program did something that the engine accepts and the project does not."""


class _Cloud(Mocks):
    """Answers for resources and functions: an id, the inputs and what the test says is computed."""

    def __init__(self, outputs: Outputs | None, calls: Mapping[str, Call], preview: bool) -> None:
        self.outputs = outputs
        self.calls = calls
        self.preview = preview

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if self.preview or args.custom is False:
            return "", dict(args.inputs)
        computed = self.outputs(args.typ, args.name, args.inputs) if self.outputs else {}
        return args.resource_id or fake_id(args.typ, args.name), {**args.inputs, **computed}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return dict(self.calls[args.token](args.args)), []


class StrictMonitor(MockMonitor):
    """Records raw registrations, with the options that mocks do not show, and refuses bad ones."""

    def __init__(self, cloud: _Cloud, stack: str) -> None:
        super().__init__(cloud)
        self.cloud = cloud
        self.recording = Recording()
        self._stack = stack
        self.refusals: list[Refused] = []
        self._by_urn: dict[str, Recorded] = {}
        self._lock = Lock()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        # Not the base class's: registrations run in threads that do not see this run's stack name,
        # and it forgets all ancestors but the parent.
        above = parent.split("::")[2] if parent else STACK_TYPE
        kind = type_ if above == STACK_TYPE else f"{above}${type_}"
        return f"urn:pulumi:{self._stack}::{PROJECT}::{kind}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        _ensure_event_loop()
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        recorded = _recorded(urn, request)
        with self._lock:
            reason = fault(recorded, self._by_urn)
            if reason:
                raise self.refused(reason)
            self._by_urn[urn] = recorded
            self.recording.resources.append(recorded)
        return self._answer(recorded, request)

    def _answer(self, recorded: Recorded, request: Any) -> Any:
        args = MockResourceArgs(
            recorded.type,
            recorded.name,
            rpc.deserialize_properties(request.object, keep_unknowns=True),
            recorded.provider,
            recorded.import_id,
            recorded.custom,
        )
        resource_id, state = self.cloud.new_resource(args)
        self.resources[recorded.urn] = MockMonitor.ResourceRegistration(
            recorded.urn, resource_id or "", state
        )
        answer = _sync_await(rpc.serialize_properties(state, {}))
        return resource_pb2.RegisterResourceResponse(urn=recorded.urn, id=resource_id or "", object=answer)

    def Invoke(self, request: Any) -> Any:
        if request.tok not in self.cloud.calls:
            raise self.refused(f"{request.tok} was called, and the test gives no answer to it")
        if not request.provider:
            raise self.refused(
                f"{request.tok} would use a default provider: pass the parent or provider to it"
            )
        return super().Invoke(request)

    def refused(self, reason: str) -> Refused:
        """Keeps the refusal: Pulumi wraps, or drops, what a monitor raises."""
        self.refusals.append(Refused(reason))
        return self.refusals[-1]

    def RegisterResourceOutputs(self, request: Any) -> Any:
        outputs, _ = _plain(rpc.deserialize_properties(request.outputs, keep_unknowns=True))
        if f"::{STACK_TYPE}::" in request.urn:
            self.recording.exports = outputs
        elif request.urn in self._by_urn:
            component = self._by_urn[request.urn]
            if component.outputs is not None:
                raise self.refused(f"{component.name} registers its outputs twice")
            component.outputs = outputs
        return empty_pb2.Empty()


def run(
    program: Callable[[], Awaitable[None] | None],
    preview: bool = False,
    *,
    outputs: Outputs | None = None,
    calls: Mapping[str, Call] | None = None,
    config: Mapping[str, str] | None = None,
    stack: str = "test",
) -> Recording:
    """Run `program` against the strict monitor and return what it registered.

    `outputs` gives computed outputs of custom resources (none in a preview: there they are unknown), `calls` the
    answers of provider functions by token, `config` the stack's config. What the program raises comes out as it is.
    """
    monitor = StrictMonitor(_Cloud(outputs, calls or {}, preview), stack)
    context = contextvars.copy_context()
    context.run(_configure, monitor, config or {}, preview, stack)
    with asyncio.Runner() as runner:
        # One refusal fails every task that waits for it; the first is raised, the echoes need no log.
        runner.get_loop().set_exception_handler(lambda _loop, _context: None)
        try:
            runner.run(run_in_stack(program), context=context)
        except Exception:
            if monitor.refusals:
                raise monitor.refusals[0] from None
            raise
    monitor.refusals += map(Refused, unfinished(monitor.recording))
    if monitor.refusals:
        raise monitor.refusals[0]
    return monitor.recording


class _NoCallbacks:
    """Hooks are the engine's to call: a recording names them, and nobody calls them."""

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        """Take a hook."""


def _configure(monitor: StrictMonitor, config: Mapping[str, str], preview: bool, stack: str) -> None:
    settings = Settings(
        project=PROJECT,
        stack=stack,
        organization="organization",
        monitor=monitor,  # pyright: ignore[reportArgumentType]
        engine=MockEngine(logging.getLogger("pulumi")),  # pyright: ignore[reportArgumentType]
        dry_run=preview,
    )
    settings.monitor_features = set(  # pyright: ignore[reportAttributeAccessIssue]
        monitor.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures
    )
    settings.callbacks = _NoCallbacks()  # pyright: ignore[reportAttributeAccessIssue]
    configure(settings)
    set_all_config(dict(config))
    ROOT.set(None)


def oci_options(name: str = "oci", region: str = "us-ashburn-1") -> pulumi.ResourceOptions:
    """Options with an explicit OCI provider, made inside the program under test."""
    import pulumi_oci

    return pulumi.ResourceOptions(
        providers=[pulumi_oci.Provider(name, pulumi_oci.ProviderArgs(region=region))]
    )


def kubernetes_options(
    name: str = "kubernetes", opts: pulumi.ResourceOptions | None = None
) -> pulumi.ResourceOptions:
    """Options with an explicit Kubernetes provider, beside those given."""
    import pulumi_kubernetes

    provider = pulumi_kubernetes.Provider(name, pulumi_kubernetes.ProviderArgs(kubeconfig="{}"))
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[provider]))


def fake_id(token: str, name: str) -> str:
    """An id that looks like the real one's kind and says which resource it belongs to."""
    kind = token.rsplit(":", 1)[-1].lower()
    return f"ocid1.{kind}.oc1.iad.{name}" if token.startswith("oci:") else name


def _recorded(urn: str, request: Any) -> Recorded:
    inputs, secrets = _plain(rpc.deserialize_properties(request.object, keep_unknowns=True))
    timeouts = request.customTimeouts
    return Recorded(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        inputs=inputs,
        secrets=secrets,
        provider=request.provider or request.providers.get(request.type.split(":")[0], ""),
        protect=request.protect if request.HasField("protect") else None,
        retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        aliases=tuple(_alias(alias) for alias in request.aliases) + tuple(request.aliasURNs),
        depends_on=tuple(sorted(request.dependencies)),
        custom_timeouts=Timeouts(timeouts.create, timeouts.update, timeouts.delete),
        import_id=request.importId,
        hooks=(*request.hooks.after_create, *request.hooks.after_update),
    )


def _alias(alias: Any) -> str:
    return alias.urn or alias.spec.name or alias.spec.type or alias.spec.parentUrn


def _plain(properties: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    secrets = frozenset(key for key, value in properties.items() if rpc.is_rpc_secret(value))
    return {key: _bare(value) for key, value in properties.items()}, secrets


def _bare(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return _bare(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)  # on the wire every number is a float
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_bare(each) for each in value]
    return value
