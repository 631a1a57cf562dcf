"""Container Engine for Kubernetes: its types of resources in OCI's REST API."""

from typing import Final

from sandbox.oci.api.endpoints import answers, endpoint
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.request import Request, Response
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
looks_up(_ENGINE, "get_node_pool_options", "oci:ContainerEngine/getNodePoolOption:getNodePoolOption")


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
