"""The context of an engine call, and the responses that objects and releases share."""

from dataclasses import dataclass

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2

from report.danger import FORESEEN
from sandbox.kubernetes.api.diff import Difference
from sandbox.kubernetes.api.server import Server
from sandbox.kubernetes.api.values import Json, encode
from sandbox.kubernetes.provider.host import EngineLog, fail
from sandbox.kubernetes.provider.instance import Instance

UNREACHABLE = "configured Kubernetes cluster is unreachable"
DELETE_HELP = (
    ". If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with "
    'the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"'
)

_Diff = provider_pb2.PropertyDiff
_KINDS = {
    ("add", False): _Diff.ADD,
    ("add", True): _Diff.ADD_REPLACE,
    ("delete", False): _Diff.DELETE,
    ("delete", True): _Diff.DELETE_REPLACE,
    ("update", False): _Diff.UPDATE,
    ("update", True): _Diff.UPDATE_REPLACE,
}


@dataclass
class Call:
    """One call of the engine: its provider instance, its API server, and where its messages go."""

    instance: Instance
    server: Server | None
    log: EngineLog
    context: grpc.ServicerContext

    @property
    def why(self) -> str:
        return self.instance.reach.why or "the cluster no longer exists"

    def encode(self, values: Json) -> Struct:
        """Properties for the engine, with marks of secrecy if it accepts them."""
        return encode(values, secrets=self.instance.accept_secrets)

    def warn_of_login(self, urn: str) -> None:
        """Warn, once for each provider, that the kubeconfig logs in otherwise than the OCI provider."""
        why, self.instance.login = self.instance.login, ""
        if why:
            self.log.warn(urn, why)

    def warn_unreachable(self, urn: str) -> None:
        """Warn, once for each provider, that nothing can be checked against the server."""
        if not self.instance.warned:
            self.instance.warned = True
            # A network that blocks the endpoint makes `up` fail, unless the change itself opens it.
            foreseen = (
                f"{FORESEEN}: unless this change opens the network: " if self.instance.reach.closed else ""
            )
            self.log.warn(urn, f"{foreseen}{UNREACHABLE}: {self.why}")


def diff_response(found: list[Difference], *, in_place: bool) -> provider_pb2.DiffResponse:
    """The differences as the engine reads them. With `in_place`, a replacement first deletes the old object."""
    replaces = [each.path for each in found if each.replaces]
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some if found else none,
        replaces=replaces,
        deleteBeforeReplace=bool(replaces) and in_place,
        detailedDiff={
            each.path: _Diff(kind=_KINDS[each.change, each.replaces], inputDiff=each.change == "delete")
            for each in found
        },
        hasDetailedDiff=True,
    )


def read_unreachable(call: Call, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
    """A refresh without a server: it fails, unless a setting says to delete or to skip unreachable resources."""
    call.log.warn(request.urn, f"{UNREACHABLE}: {call.why}")
    if call.instance.flag("deleteUnreachable"):
        return provider_pb2.ReadResponse()
    if not call.instance.flag("skipUpdateUnreachable"):
        fail(call.context, "failed to read resource state due to unreachable cluster" + DELETE_HELP)
    return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
