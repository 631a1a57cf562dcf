"""The nodes that join a cluster by themselves: the instances of cluster networks.

Sources: Oracle's pages "Prerequisites for Self-Managed Node Creation" (an enhanced cluster), "Creating Cloud-init
Scripts for Self-managed Nodes" (the private endpoint without its port, and the CA) and "Creating a Dynamic Group and a
Policy for Self-Managed Nodes" (CLUSTER_JOIN). The names of the metadata are those of terraform-oci-oke
(modules/workers/instanceconfig.tf).
"""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.rules.grantees import covers, is_principal
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, launch_details
from sandbox.oci.rules.reading import blocks, texts
from sandbox.oci.services.compute.cluster_networks import size_of
from sandbox.oci.services.container_engine.clusters import is_enhanced
from sandbox.oci.services.container_engine.kubeconfig import AUTHORITY
from sandbox.oci.services.identity.policies import POLICY

_JOIN = re.compile(
    r"\s*allow\s+(?P<subject>.+?)\s+to\s+(?:\{[^}]*\bCLUSTER_JOIN\b[^}]*\}"
    r"|manage\s+(?:clusters|cluster-family|all-resources))"
    r"\s+in\s+(?:tenancy|compartment\s+(?P<place>(?:id\s+)?\S+))(?:\s+where\s+(?P<where>.+))?\s*",
    re.IGNORECASE | re.DOTALL,
)


def self_managed_pools(cloud: Cloud, cluster: Entry) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """The cluster networks whose instances join a cluster, and a node pool's inputs for the same nodes.

    In OCI an existing node keeps its old configuration. Here all nodes have the newest one.
    """
    for network in cloud.all(CLUSTER_NETWORK):
        for pool in blocks(network.inputs, "instancePools"):
            details = launch_details(cloud, pool.get("instanceConfigurationId"))
            if details and joins(cloud, cluster, details, network.compartment_id):
                yield network, _as_node_pool(network, pool, details, size_of(cloud, network, pool))


def joins(cloud: Cloud, cluster: Entry, details: dict[str, Any], compartment: str) -> bool:
    """Whether an instance with these launch details, in this compartment, joins a cluster."""
    metadata = _metadata(details)
    native = any(
        str(each.get("cniType")).upper() == "OCI_VCN_IP_NATIVE"
        for each in blocks(cluster.inputs, "clusterPodNetworkOptions")
    )
    placed = metadata.get("oke-native-pod-networking") == "true" and bool(metadata.get("pod-subnets"))
    return (
        metadata.get("apiserver_host") == _host(cluster)
        and metadata.get("cluster_ca_cert") == AUTHORITY
        and bool(metadata.get("user_data"))
        and is_enhanced(cluster)
        and (placed or not native)
        and _may_join(cloud, cluster, compartment)
    )


def _may_join(cloud: Cloud, cluster: Entry, compartment: str) -> bool:
    """Whether a statement lets the instances join. Without any policy in the cloud, others manage policies."""
    policies = cloud.all(POLICY)
    found = (_JOIN.fullmatch(text) for policy in policies for text in texts(policy.inputs, "statements"))
    return not policies or any(
        (each["place"] is None or covers(cloud, each["place"], cluster.compartment_id))
        and is_principal(cloud, each["subject"], each["where"] or "", "instance", compartment=compartment)
        for each in found
        if each
    )


def _host(cluster: Entry) -> str:
    sides = next(iter(blocks(cluster.outputs, "endpoints")), {})
    return str(sides.get("privateEndpoint", "")).partition(":")[0]


def _metadata(details: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for each in blocks(details, "metadata") for key, value in each.items()}


def _as_node_pool(network: Entry, pool: dict[str, Any], details: dict[str, Any], size: int) -> dict[str, Any]:
    metadata = _metadata(details)
    labels = dict(
        each.split("=", 1) for each in metadata.get("oke-initial-node-labels", "").split(",") if "=" in each
    )
    return {
        "name": pool.get("displayName") or network.name,
        "nodeShape": details.get("shape"),
        "initialNodeLabels": [{"key": key, "value": value} for key, value in labels.items()],
        "nodeMetadata": metadata,
        "nodeConfigDetails": {
            "size": size,
            "placementConfigs": blocks(network.inputs, "placementConfiguration"),
            "nodePoolPodNetworkOptionDetails": {"maxPodsPerNode": metadata.get("oke-max-pods")},
        },
    }
