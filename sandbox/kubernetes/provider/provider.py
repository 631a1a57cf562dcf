"""The stand-in for pulumi-kubernetes: the servicer that the engine calls."""

import os
import threading
from typing import Any

import grpc
import yaml
from google.protobuf import empty_pb2
from pulumi.runtime.proto import ResourceProviderServicer, plugin_pb2, provider_pb2

from facts.problem import did_you_mean
from sandbox.kubernetes.api.kinds import CLUSTER_SCOPED
from sandbox.kubernetes.api.objects import Objects
from sandbox.kubernetes.api.server import Servers
from sandbox.kubernetes.api.values import UNKNOWN, Json, decode, encode, plain
from sandbox.kubernetes.provider import helm
from sandbox.kubernetes.provider.call import Call
from sandbox.kubernetes.provider.calls import ObjectCalls
from sandbox.kubernetes.provider.clusters import KubeconfigError, read_kubeconfig
from sandbox.kubernetes.provider.host import fail
from sandbox.kubernetes.provider.instance import SETTINGS, Connections, configured
from sandbox.kubernetes.provider.release_calls import ReleaseCalls
from sandbox.kubernetes.provider.waiting import Patience, wait
from sandbox.oci.cloud import Cloud
from sandbox.store import Store
from sandbox.variables import QUIET

VERSION = "4.34.2"
"""The version of pulumi-kubernetes that this provider imitates."""

_PREFIX = "kubernetes:config:"


class KubernetesProvider(ResourceProviderServicer):
    """The package `kubernetes` on the clusters of the OCI stand-in.

    `patience` is how long to wait for objects (default: SANDBOX_QUIET, else 4 s without a change). `deployer` is where
    the engine runs: "inside" or "outside" the network, or an address (default: SANDBOX_DEPLOYER, else inside). One
    servicer serves any number of provider resources: each has its own connection.
    """

    def __init__(
        self,
        store: Store,
        *,
        cloud: Cloud | None = None,
        patience: Patience | None = None,
        deployer: str | None = None,
    ) -> None:
        super().__init__()
        known = cloud or Cloud(store)
        self._servers = Servers(Objects(store), known)
        self._deployer = deployer
        self._connections = Connections()
        self._cancelled = threading.Event()
        chosen = patience or Patience(quiet=float(os.environ.get(QUIET) or "4"))
        self._patience = chosen
        self._objects = ObjectCalls(self._servers, chosen, self._cancelled)
        self._releases = ReleaseCalls(self._servers)

    # ---- the plugin

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        self._connections.attach(context.peer(), request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, supports_autonaming_configuration=True
        )

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._connections.attach(context.peer(), request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._cancelled.set()
        return empty_pb2.Empty()

    # ---- the provider's configuration

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        failures: list[provider_pb2.CheckFailure] = []
        for key in decode(request.news):
            if key not in SETTINGS and not key.startswith("__"):
                text = f"{key}: unknown setting of the provider. {did_you_mean(key, SETTINGS)}".rstrip()
                failures.append(provider_pb2.CheckFailure(property=key, reason=text))
        del context
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        del context
        olds, news = plain(decode(request.olds)), plain(decode(request.news))
        changed = sorted(key for key in {*olds, *news} if olds.get(key) != news.get(key))
        some = provider_pb2.DiffResponse.DIFF_SOME
        if not changed:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
        return provider_pb2.DiffResponse(
            changes=some, diffs=changed, replaces=_replacing(olds, news, changed)
        )

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        settings: Json = {
            key.removeprefix(_PREFIX): value for key, value in request.variables.items()
        } or plain(decode(request.args))
        self._cancelled.clear()
        instance = configured(self._servers, settings, self._deployer, accept_secrets=request.acceptSecrets)
        self._connections.configure(context.peer(), instance)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    # ---- resources

    def _call(self, context: grpc.ServicerContext, *, patient: bool = False) -> Call:
        """With `patient`, wait for a network that is still being created, as a real client's retries do."""
        peer = context.peer()
        instance = self._connections.of(peer)
        if patient and instance.reach.closed:
            stamp, changed = self._servers.stamp, self._servers.objects.changed
            wait(
                lambda: bool(instance.server(self._servers)), stamp, changed, self._cancelled, self._patience
            )
        return Call(instance, instance.server(self._servers), self._connections.log(peer), context)

    def _calls(self, urn: str) -> ObjectCalls | ReleaseCalls:
        return self._releases if helm.is_release(urn) else self._objects

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        call = self._call(context)
        call.warn_of_login(request.urn)
        return self._calls(request.urn).check(call, request)

    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        return self._calls(request.urn).diff(self._call(context), request)

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        return self._calls(request.urn).create(self._call(context, patient=not request.preview), request)

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        return self._calls(request.urn).read(self._call(context), request)

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        return self._calls(request.urn).update(self._call(context, patient=not request.preview), request)

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return self._calls(request.urn).delete(self._call(context), request)

    # ---- functions and components

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        if request.tok != "kubernetes:yaml:decode":
            fail(context, f"not modelled: {request.tok}")
        arguments = plain(decode(request.args))
        try:
            objects = [each for each in yaml.safe_load_all(str(arguments.get("text", ""))) if each]
        except yaml.YAMLError as error:
            fail(context, f"failed to decode YAML: {error}")
        for each in objects:
            _set_namespace(each, arguments.get("defaultNamespace"))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(encode({"result": objects}))
        return response

    def Construct(self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext) -> Any:
        fail(context, f"not modelled: {request.type}")


def _set_namespace(body: Any, namespace: Any) -> None:
    if isinstance(body, dict) and namespace and body.get("kind") not in CLUSTER_SCOPED:
        body.setdefault("metadata", {}).setdefault("namespace", namespace)


def _replacing(olds: Json, news: Json, changed: list[str]) -> list[str]:
    """The changed settings that select another cluster: all resources are then created again."""
    identifier = news.get("clusterIdentifier")
    if identifier and olds.get("clusterIdentifier") == identifier:
        return []
    found: list[str] = []
    if identifier and olds.get("clusterIdentifier"):
        found.append("clusterIdentifier")
    for key in ("kubeconfig", "context", "cluster"):
        if news.get(key) is UNKNOWN:
            return [*found, key]
    if "renderYamlToDirectory" in changed:
        found.append("renderYamlToDirectory")
    before, after = _identity(olds), _identity(news)
    if before and after and before != after:
        found += [key for key in ("kubeconfig", "context", "cluster") if key in changed]
    return found


def _identity(settings: Json) -> str | None:
    kubeconfig = settings.get("kubeconfig")
    if not kubeconfig or kubeconfig is UNKNOWN:
        return None
    try:
        return read_kubeconfig(
            str(kubeconfig), str(settings.get("context") or ""), str(settings.get("cluster") or "")
        ).identity
    except KubeconfigError:
        return None
