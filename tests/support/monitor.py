"""A recorder that refuses mistakes that the engine or the cloud would report only later.

`run(program)` registers the program's resources without an engine and returns a `Recording`. It raises `Refused` for:
a URN registered twice; a custom resource whose parent is the stack instead of a component; a malformed token; a
resource or function of a default provider; a function without an answer; a child whose name does not start with its
component's name; a component that never registered its outputs; inputs that the OCI provider would refuse. With
`preview=True`, ids and computed outputs are unknown, as in a first preview.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pulumi
from pulumi.output import Unknown
from pulumi.runtime import rpc

from infra.offline.recorder import Answer, Cloud, Outputs, Recorder, record
from infra.offline.recording import Registered

from .judge import fault, unfinished
from .provider_inputs import UNKNOWN
from .recording import Recording

# Formatting an Output into text raises here. Otherwise a warning would become part of a resource's name.
os.environ["PULUMI_ERROR_OUTPUT_STRING"] = "1"


class Refused(Exception):  # noqa: N818  it is the verdict, not an error of the monitor
    """The program did something that the engine accepts and this project forbids."""


class StrictMonitor(Recorder):
    """Records registrations with secrets unwrapped and unknowns as `UNKNOWN`, and refuses bad ones."""

    def __init__(self, cloud: Cloud, stack: str) -> None:
        super().__init__(cloud, stack)
        self.refusals: list[Refused] = []

    def accept(self, new: Registered) -> None:
        reason = fault(new, self.by_urn)
        if reason:
            raise self.refused(reason)

    def shown(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {key: _bare(value) for key, value in properties.items()}

    def Invoke(self, request: Any) -> Any:
        if request.tok not in self.cloud.calls:
            raise self.refused(f"{request.tok} was called, and the test gives no answer to it")
        if not request.provider:
            raise self.refused(
                f"{request.tok} would use a default provider: pass the parent or provider to it"
            )
        return super().Invoke(request)

    def refused(self, reason: str) -> Refused:
        """Store the refusal: Pulumi wraps or drops exceptions of a monitor."""
        self.refusals.append(Refused(reason))
        return self.refusals[-1]

    def RegisterResourceOutputs(self, request: Any) -> Any:
        component = self.by_urn.get(request.urn)
        if component is not None and component.outputs is not None:
            raise self.refused(f"{component.name} registers its outputs twice")
        return super().RegisterResourceOutputs(request)


def run(
    program: Callable[[], Awaitable[None] | None],
    preview: bool = False,
    *,
    outputs: Outputs | None = None,
    calls: Mapping[str, Answer] | None = None,
    config: Mapping[str, str] | None = None,
    stack: str = "test",
) -> Recording:
    """Run `program` against the strict monitor and return what it registered.

    `outputs` gives the computed outputs of custom resources (in a preview they are unknown). `calls` gives the
    answers of provider functions by token. `config` is the stack's config. Exceptions of the program are passed on.
    """
    monitor = StrictMonitor(Cloud(calls=calls or {}, outputs=outputs, preview=preview), stack)
    try:
        found = record(program, monitor, config or {})
    except Exception:
        if monitor.refusals:
            raise monitor.refusals[0] from None
        raise
    recording = Recording(found.resources, found.exports)
    monitor.refusals += map(Refused, unfinished(recording))
    if monitor.refusals:
        raise monitor.refusals[0]
    return recording


def oci_options(name: str = "oci", region: str = "us-ashburn-1") -> pulumi.ResourceOptions:
    """Options with an explicit OCI provider. Call it inside the program under test."""
    import pulumi_oci

    return pulumi.ResourceOptions(
        providers=[pulumi_oci.Provider(name, pulumi_oci.ProviderArgs(region=region))]
    )


def kubernetes_options(
    name: str = "kubernetes", opts: pulumi.ResourceOptions | None = None
) -> pulumi.ResourceOptions:
    """The given options with an explicit Kubernetes provider."""
    import pulumi_kubernetes

    provider = pulumi_kubernetes.Provider(name, pulumi_kubernetes.ProviderArgs(kubeconfig="{}"))
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[provider]))


def _bare(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return _bare(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)  # gRPC sends every number as a float
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_bare(each) for each in value]
    return value
