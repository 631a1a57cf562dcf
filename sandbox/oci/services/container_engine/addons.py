"""Kubernetes Engine (OKE): add-ons, and other features that only enhanced clusters support."""

from typing import Any, Final

from facts.kubernetes import ADDONS
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.lookups import Query, function, lists
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.references import refers
from sandbox.oci.services.container_engine.clusters import CLUSTER, cluster_of, is_enhanced

ADDON: Final = "oci:ContainerEngine/addon:Addon"

describe(ADDON, id="clusters/{clusterId}/addons/{addonName}")
refers(ADDON, clusterId=(CLUSTER,))
lists("oci:ContainerEngine/getAddons:getAddons", ADDON, rows="addons")

_UNCERTAIN_ADDONS: Final = frozenset(
    {"AmdGpuOperator", "Istio", "NvidiaGpuOperator", "OracleDatabaseOperator", "WeblogicKubernetesOperator"}
)
"""Documented add-ons whose name is in no primary source, or that this toolkit does not use."""


@rule(ADDON, on="create update")
def addon(call: Call) -> None:
    """400 for an unknown add-on or a basic cluster. 409 for an add-on that the cluster already has."""
    name, cluster = str(call.inputs.get("addonName")), cluster_of(call)
    if cluster and not is_enhanced(cluster):
        raise invalid_parameter(
            f"Cluster {cluster.id} is a basic cluster: cluster add-ons are supported for enhanced clusters only."
        )
    if name not in {each.name for each in ADDONS} | _UNCERTAIN_ADDONS:
        raise invalid_parameter(f"Invalid addonName: {name}")
    if call.operation == "create" and not call.inputs.get("overrideExisting"):
        for other in call.cloud.referrers(str(call.inputs.get("clusterId"))):
            if other.token == ADDON and other.inputs.get("addonName") == name:
                raise conflict(
                    f"Addon {name} is already installed in cluster {call.inputs.get('clusterId')}."
                )


@rule(
    "oci:ContainerEngine/virtualNodePool:VirtualNodePool",
    "oci:ContainerEngine/clusterWorkloadMapping:ClusterWorkloadMapping",
)
def enhanced_only(call: Call) -> None:
    """400 for virtual nodes or workload mappings on a basic cluster."""
    cluster = cluster_of(call)
    if cluster and not is_enhanced(cluster):
        raise invalid_parameter(f"Cluster {cluster.id} is a basic cluster: an enhanced cluster is required.")


@computed(ADDON)
def addon_outputs(context: CreateContext) -> dict[str, Any]:
    return {"currentInstalledVersion": context.inputs.get("version") or "v1.0.0"}


@function("oci:ContainerEngine/getAddonOptions:getAddonOptions")
def addon_options(query: Query) -> dict[str, Any]:
    wanted = query.args.get("addonName")
    rows = [
        {"name": each.name, "description": each.purpose, "isEssential": each.essential, "state": "ACTIVE"}
        for each in ADDONS
        if wanted in (None, each.name)
    ]
    return {"addonOptions": rows}
