"""A provider that does nothing, to measure the engine, the program and gRPC alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from google.protobuf import empty_pb2
from pulumi.runtime.proto import ResourceProviderServicer, plugin_pb2, provider_pb2

from sandbox.home import Home


class IdleProvider(ResourceProviderServicer):
    """Accepts everything and returns the inputs as outputs."""

    def __init__(self) -> None:
        self._numbers = count()

    def Handshake(self, request, context):
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request, context):
        return empty_pb2.Empty()

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="0.0.1")

    def CheckConfig(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request, context):
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request, context):
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request, context):
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Create(self, request, context):
        name = "" if request.preview else f"idle-{next(self._numbers)}"
        return provider_pb2.CreateResponse(id=name, properties=request.properties)

    def Delete(self, request, context):
        return empty_pb2.Empty()

    def Cancel(self, request, context):
        return empty_pb2.Empty()


@contextmanager
def idle_providers(home: Home) -> Iterator[dict[str, ResourceProviderServicer]]:
    """The idle provider for both packages."""
    yield {"oci": IdleProvider(), "kubernetes": IdleProvider()}
