"""The permissions of nodes, node pools, clusters, workloads and the cluster autoscaler as principals.

Sources: Oracle's pages on OKE's policies, and oci-hpc-oke. Its grants of `manage all-resources` and for the whole
tenancy are limited to the environment's compartment here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.autoscaler import ACCOUNT, NAMESPACE
from facts.metrics import GPU_HEALTH, RDMA_HEALTH
from facts.policies import All, Any, Anyone, Condition, DynamicGroup, Place, Service, Statement, Test

from .group_grants import in_buckets

Statements = Mapping[str, Statement]

WORKLOAD_TYPES = ("fnfunc", "computecontainerinstance", "datasciencejobrun", "datasciencemodeldeployment")
"""Resource types that run a user's code outside the cluster. Pods are not included: they have workload identity."""

_POOL_NEEDS = (("manage", "cluster-node-pools"), ("manage", "instance-family"))
_NETWORK_NEEDS = (
    ("use", "subnets"),
    ("read", "virtual-network-family"),
    ("use", "vnics"),
    ("inspect", "compartments"),
)


@dataclass(frozen=True, kw_only=True)
class Workload:
    """The pods of a service account, with OKE's workload identity."""

    cluster_id: str
    namespace: str
    service_account: str

    @property
    def condition(self) -> tuple[Test, ...]:
        """The condition that is true only for these pods."""
        return (
            Test("request.principal.type", "workload"),
            Test("request.principal.namespace", self.namespace),
            Test("request.principal.service_account", self.service_account),
            Test("request.principal.cluster_id", self.cluster_id),
        )


def nodes_grants(
    nodes: DynamicGroup, compartment_id: str, *, model_buckets: Sequence[str] = ()
) -> Statements:
    """Join the cluster, pull images, send metrics and logs, read weights from `model_buckets`."""
    place = Place.of(compartment_id)
    health = Any(tuple(Test("target.metrics.namespace", each) for each in (GPU_HEALTH, RDMA_HEALTH)))
    grants = {
        "nodes join the cluster": Statement(subject=nodes, permissions=("CLUSTER_JOIN",), place=place),
        "nodes read repos": _grant(nodes, "read", "repos", place),
        "nodes send health": _grant(nodes, "use", "metrics", place, health),
        "nodes send logs": _grant(nodes, "use", "log-content", place),
    }
    if model_buckets:
        grants["nodes read weights"] = _grant(nodes, "read", "objects", place, in_buckets(model_buckets))
    return grants


def node_pools_grants(compartment_id: str) -> Statements:
    """Launch nodes in compute clusters and capacity reservations, from the environment's own images."""
    place = Place.of(compartment_id)
    pools = of_compartment("nodepool", compartment_id)
    return {
        "pools launch in compute clusters": Statement(
            subject=Anyone(), permissions=("COMPUTE_CLUSTER_LAUNCH_INSTANCE",), place=place, where=pools
        ),
        "pools read images": Statement(
            subject=Anyone(),
            permissions=("INSTANCE_IMAGE_INSPECT", "INSTANCE_IMAGE_READ"),
            place=place,
            where=pools,
        ),
        "pools use reservations": _grant(Anyone(), "use", "compute-capacity-reservations", place, pools),
        "OKE uses reservations": _grant(Service("OKE"), "use", "compute-capacity-reservations", place),
    }


def cluster_network_grants(
    compartment_id: str, network_compartment_id: str, cluster_compartment_id: str
) -> Statements:
    """Give VCN-native pods addresses of a network in another compartment.

    Source: Oracle's page on the OCI VCN-Native Pod Networking CNI plugin, policies for related resources in different
    compartments. Its statements for the whole tenancy are limited here to the compartments that have a part in it.
    """
    clusters = of_compartment("cluster", cluster_compartment_id)
    nodes, network = Place.of(compartment_id), Place.of(network_compartment_id)
    return {
        "the cluster attaches cards to nodes": _grant(Anyone(), "manage", "instances", nodes, clusters),
        "the cluster uses addresses": _grant(Anyone(), "use", "private-ips", network, clusters),
        "the cluster uses groups": _grant(Anyone(), "use", "network-security-groups", nodes, clusters),
        "the cluster uses the network's groups": _grant(
            Anyone(), "use", "network-security-groups", network, clusters
        ),
    }


def workloads_grants(workloads: DynamicGroup, compartment_id: str) -> Statements:
    """Functions and jobs send metrics and logs. Other grants belong to the code that creates them."""
    place = Place.of(compartment_id)
    return {
        "workloads send metrics": _grant(workloads, "use", "metrics", place),
        "workloads send logs": _grant(workloads, "use", "log-content", place),
    }


def autoscaler_grants(compartment_id: str, cluster_id: str) -> Statements:
    """Resize the node pools of one cluster. Only for the service account of the cluster autoscaler.

    The six grants of Oracle's page "Working with the Cluster Autoscaler as a Cluster Add-on", step 1.
    """
    return _of_autoscaler(compartment_id, cluster_id, (*_POOL_NEEDS, *_NETWORK_NEEDS))


def autoscaler_network_grants(network_compartment_id: str, cluster_id: str) -> Statements:
    """The four of these grants that are for the network, for a VCN in another compartment."""
    return _of_autoscaler(network_compartment_id, cluster_id, _NETWORK_NEEDS)


def _of_autoscaler(compartment_id: str, cluster_id: str, needs: Sequence[tuple[str, str]]) -> Statements:
    scaler = Workload(cluster_id=cluster_id, namespace=NAMESPACE, service_account=ACCOUNT)
    place = Place.of(compartment_id)
    return {
        f"autoscaler {verb} {resource}": _grant(Anyone(), verb, resource, place, All(scaler.condition))
        for verb, resource in needs
    }


def of_compartment(principal_type: str, compartment_id: str) -> Condition:
    """The resource principals of a type in a compartment."""
    return All(
        (
            Test("request.principal.type", principal_type),
            Test("request.principal.compartment.id", compartment_id),
        )
    )


def _grant(
    subject: DynamicGroup | Anyone | Service,
    verb: str,
    resource: str,
    place: Place,
    where: Condition | None = None,
) -> Statement:
    return Statement(subject=subject, verb=verb, resource=resource, place=place, where=where)
