"""The engine's side of the Kubernetes provider, a test cluster, and objects for it."""

from dataclasses import dataclass
from typing import Any, cast

import grpc
import yaml
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from sandbox.kubernetes.api.values import decode, encode, plain
from sandbox.kubernetes.provider.provider import KubernetesProvider
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.store import now

Body = dict[str, Any]

CLUSTER_ID = "ocid1.cluster.oc1.iad.aaaaaaaacluster"
VCN_ID = "ocid1.vcn.oc1.iad.aaaaaaaavcn"
PUBLIC, PRIVATE = "192.0.2.10", "10.0.1.10"


class RefusedError(Exception):
    """A call that the provider ended with an error."""

    def __init__(self, error: grpc.RpcError) -> None:
        super().__init__(error.details())
        self.partial: provider_pb2.ErrorResourceInitFailed | None = None
        for key, value in cast("tuple[tuple[str, bytes], ...]", error.trailing_metadata() or ()):
            if key == "grpc-status-details-bin":
                detail = provider_pb2.ErrorResourceInitFailed()
                if status_pb2.Status.FromString(value).details[0].Unpack(detail):
                    self.partial = detail

    @property
    def reasons(self) -> list[str]:
        return list(self.partial.reasons) if self.partial else []


@dataclass
class Resource:
    """The state that the engine keeps of a resource."""

    urn: str
    id: str
    inputs: Any
    state: Any

    @property
    def outputs(self) -> Body:
        return plain(decode(self.state))


def urn(kind: str, name: str = "it") -> str:
    return f"urn:pulumi:dev::test::kubernetes:{kind}::{name}"


class Engine:
    """Calls a provider as the engine does."""

    def __init__(self, stub: Any) -> None:
        self.stub = stub

    def _do(self, method: str, request: Any) -> Any:
        try:
            return getattr(self.stub, method)(request)
        except grpc.RpcError as error:
            raise RefusedError(error) from None

    def configure(self, kubeconfig: str = "", **settings: str) -> None:
        values = {"kubeconfig": kubeconfig, **settings}
        variables = {f"kubernetes:config:{key}": value for key, value in values.items() if value}
        self._do("Configure", provider_pb2.ConfigureRequest(variables=variables, acceptSecrets=True))

    def check(self, body: Body, token: str, name: str = "it", old: Resource | None = None) -> Any:
        return self._do(
            "Check",
            provider_pb2.CheckRequest(
                urn=urn(token, name),
                olds=old.inputs if old else None,
                news=encode(body),
                randomSeed=name.encode(),
            ),
        )

    def problems(self, body: Body, token: str | None = None) -> dict[str, str]:
        answer = self.check(body, token or token_of(body))
        return {each.property: each.reason for each in answer.failures}

    def preview(self, body: Body, token: str | None = None, name: str = "it") -> Body:
        checked = self.check(body, token or token_of(body), name)
        assert not checked.failures, checked.failures
        request = provider_pb2.CreateRequest(
            urn=urn(token or token_of(body), name), properties=checked.inputs, preview=True
        )
        return decode(self._do("Create", request).properties)

    def create(self, body: Body, token: str | None = None, name: str = "it", timeout: float = 0) -> Resource:
        token = token or token_of(body)
        checked = self.check(body, token, name)
        assert not checked.failures, checked.failures
        request = provider_pb2.CreateRequest(urn=urn(token, name), properties=checked.inputs, timeout=timeout)
        made = self._do("Create", request)
        return Resource(urn(token, name), made.id, checked.inputs, made.properties)

    def diff(self, old: Resource, body: Body, ignore: tuple[str, ...] = ()) -> Any:
        token = old.urn.split("::")[2].removeprefix("kubernetes:")
        checked = self.check(body, token, old.urn.split("::")[3], old)
        assert not checked.failures, checked.failures
        request = provider_pb2.DiffRequest(
            id=old.id, urn=old.urn, olds=old.state, news=checked.inputs, ignoreChanges=ignore
        )
        return self._do("Diff", request)

    def update(self, old: Resource, body: Body, *, preview: bool = False) -> Resource:
        token = old.urn.split("::")[2].removeprefix("kubernetes:")
        checked = self.check(body, token, old.urn.split("::")[3], old)
        request = provider_pb2.UpdateRequest(
            id=old.id, urn=old.urn, olds=old.state, news=checked.inputs, preview=preview
        )
        done = self._do("Update", request)
        return Resource(old.urn, old.id, checked.inputs, done.properties)

    def read(self, old: Resource) -> Any:
        request = provider_pb2.ReadRequest(id=old.id, urn=old.urn, properties=old.state, inputs=old.inputs)
        return self._do("Read", request)

    def delete(self, old: Resource) -> empty_pb2.Empty:
        return self._do("Delete", provider_pb2.DeleteRequest(id=old.id, urn=old.urn, properties=old.state))


def token_of(body: Body) -> str:
    version = body["apiVersion"]
    return f"{version if '/' in version else 'core/' + version}:{body['kind']}"


def kubeconfig(server: str = f"https://{PUBLIC}:6443", cluster_id: str = CLUSTER_ID) -> str:
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
            "users": [
                {
                    "name": "u",
                    "user": {
                        "exec": {"command": "oci", "args": ["generate-token", "--cluster-id", cluster_id]}
                    },
                }
            ],
        }
    )


def entry(id: str, token: str, inputs: Body, outputs: Body | None = None) -> Entry:  # noqa: A002
    return Entry(
        id=id,
        token=token,
        urn="",
        region="us-ashburn-1",
        compartment_id="",
        state="ACTIVE",
        inputs=inputs,
        outputs=outputs or {},
        created_at=now(),
    )


def add_cluster(cloud: Cloud, *, public: bool = True) -> None:
    endpoints = {"privateEndpoint": f"{PRIVATE}:6443", "publicEndpoint": f"{PUBLIC}:6443" if public else ""}
    inputs = {"vcnId": VCN_ID, "kubernetesVersion": "v1.36.1", "options": {"serviceLbSubnetIds": ["s"]}}
    cloud.save(entry(CLUSTER_ID, "oci:ContainerEngine/cluster:Cluster", inputs, {"endpoints": [endpoints]}))


def add_pool(cloud: Cloud, name: str, shape: str, size: int, **inputs: Any) -> None:
    details = {"size": size, "placementConfigs": [{"availabilityDomain": "x:US-ASHBURN-AD-1"}]}
    cloud.save(
        entry(
            f"ocid1.nodepool.oc1.iad.aaaa{name}",
            "oci:ContainerEngine/nodePool:NodePool",
            {
                "clusterId": CLUSTER_ID,
                "name": name,
                "nodeShape": shape,
                "nodeConfigDetails": details,
                **inputs,
            },
        )
    )


@dataclass
class Bed:
    """A running provider. `connect` returns an engine with its own connection."""

    provider: KubernetesProvider
    address: str

    def connect(self) -> Engine:
        options = [("grpc.use_local_subchannel_pool", 1)]
        return Engine(ResourceProviderStub(grpc.insecure_channel(self.address, options=options)))


def namespace(name: str = "models", **labels: str) -> Body:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def config_map(name: str = "settings", **data: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def service(name: str = "web", app: str = "web", **spec: Any) -> Body:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {"app": app}, "ports": [{"port": 80, "targetPort": 8000}], **spec},
    }


def deployment(name: str = "web", app: str = "web", pod: Body | None = None, **spec: Any) -> Body:
    container = {"name": "main", "image": "example.test/web:1.0", "resources": {"requests": {"cpu": "100m"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": app}},
            "template": {
                "metadata": {"labels": {"app": app}},
                "spec": {"containers": [container], **(pod or {})},
            },
            **spec,
        },
    }


TOLERATION = {"key": "amd.com/gpu", "operator": "Exists", "effect": "NoSchedule"}


def gpu_pod(gpus: int = 1, **pod: Any) -> Body:
    container = {
        "name": "vllm",
        "image": "example.test/vllm:1.0",
        "resources": {"limits": {"amd.com/gpu": str(gpus)}},
    }
    return {"containers": [container], "tolerations": [TOLERATION], **pod}
