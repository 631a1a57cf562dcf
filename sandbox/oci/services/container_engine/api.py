"""Container Engine for Kubernetes: its types of resources in OCI's REST API."""

from collections.abc import Mapping
from typing import Any, Final

from facts.oci_api import model
from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.inward import inputs_of
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict
from sandbox.oci.model import Entry
from sandbox.oci.services.container_engine.addons import ADDON
from sandbox.oci.services.container_engine.clusters import CLUSTER

_ENGINE: Final = "container_engine.ContainerEngineClient"

endpoint(CLUSTER, _ENGINE, "cluster")
endpoint(
    "oci:ContainerEngine/nodePool:NodePool",
    _ENGINE,
    "node_pool",
    ignores=("overrideEvictionGraceDuration", "isForceDeletionAfterOverrideGraceDuration"),
)
endpoint(
    ADDON,
    _ENGINE,
    "addon",
    methods={"create": "install_addon", "delete": "disable_addon"},
    id="clusters/{clusterId}/addons/{addonName}",
    names={"name": "addonName"},
    ignores=("isRemoveExistingAddOn",),
)
looks_up(_ENGINE, "get_cluster_options", "oci:ContainerEngine/getClusterOption:getClusterOption")
looks_up(
    _ENGINE,
    "get_node_pool_options",
    "oci:ContainerEngine/getNodePoolOption:getNodePoolOption",
    reads=("nodePoolK8sVersion",),
)


@answers(_ENGINE, "create_kubeconfig")
def create_kubeconfig(request: Request) -> Response:
    """The kubeconfig of a cluster, as YAML."""
    token = "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig"  # noqa: S105 - a function
    arguments = {"clusterId": request.path["clusterId"]}
    for name in ("tokenVersion", "expiration", "endpoint"):
        if (request.body or {}).get(name) is not None:
            arguments[name] = request.body[name]
    found = request.operations.invoke(request.account, token, arguments)
    content = found["content"] if isinstance(found, dict) else ""
    return Response(body=str(content).encode(), headers={"content-type": "application/x-yaml"})


@answers(_ENGINE, "update_cluster_endpoint_config", "cluster_migrate_to_native_vcn")
def change_endpoint(request: Request) -> Response:
    """Change the API endpoint of a cluster, or give it one in the VCN. The delay of the old one's end has no effect.

    The provider calls the second one for a cluster that has none (containerengine_cluster_resource.go). 409 for the
    other one (unverified).
    """
    found, migrates = endpoint_of(CLUSTER), request.operation.name == "ClusterMigrateToNativeVcn"
    body = request.body["endpointConfig"] if migrates else request.body or {}
    shape = model(
        "container_engine", "ClusterEndpointConfig" if migrates else "UpdateClusterEndpointConfigDetails"
    )
    config = fields_of_type(CLUSTER)["endpointConfig"].of
    assert shape is not None  # noqa: S101 - the table has it
    assert isinstance(config, Mapping)  # noqa: S101 - the provider's table has it
    given = inputs_of(shape, body, config, {})

    def endpoint_config(cluster: Entry) -> dict[str, Any]:
        known = cluster.inputs.get("endpointConfig") or {}
        if bool(known) == migrates:
            raise conflict(
                f"{cluster.id} has {'an' if known else 'no'} endpoint in the VCN.", "IncorrectState"
            )
        return {"endpointConfig": {**known, **given}}

    return act(found, request, endpoint_config, needs="ACTIVE", between="UPDATING")
