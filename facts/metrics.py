"""Metric vocabularies: OCI Monitoring's namespaces with the metrics known in each.

Sources: Oracle's page on high-performance computing metrics, oci-hpc-oke and oci-landing-zones for namespaces seen
in use. Metrics of `oci_computeagent` and of the instance health are unverified. A namespace without
metrics here is known to exist, its metric names were not checked.
"""

from collections.abc import Mapping
from types import MappingProxyType

GPU_HEALTH = "gpu_infrastructure_health"
RDMA_HEALTH = "rdma_infrastructure_health"

NAMESPACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        # Whether each of these is sent for AMD GPUs too is not documented.
        GPU_HEALTH: frozenset(
            {
                "GpuUtilization",
                "GpuMemoryUtilization",
                "GpuPowerDraw",
                "GpuTemperature",
                "GpuEccSingleBitErrors",
                "GpuEccDoubleBitErrors",
                "Fault",
            }
        ),
        RDMA_HEALTH: frozenset(
            {
                "RdmaTxBytes",
                "RdmaRxBytes",
                "RdmaTxPackets",
                "RdmaRxPackets",
                "RdmaLinkSpeedFault",
                "RdmaPcieAddressFault",
                "RdmaPcieBerCheckFault",
                "RdmaPcieCableFlapFault",
                "RdmaPcieCablePlugFault",
                "RdmaPcieCableStateFault",
            }
        ),
        "oci_gpu_infrastructure": frozenset({"LinkDownEventsPhyCount", "RxDiscardsPhyCount"}),
        "oci_computeagent": frozenset(
            {
                "CpuUtilization",
                "DiskBytesRead",
                "DiskBytesWritten",
                "DiskIopsRead",
                "DiskIopsWritten",
                "LoadAverage",
                "MemoryAllocationStalls",
                "MemoryUtilization",
                "NetworksBytesIn",
                "NetworksBytesOut",
            }
        ),
        "oci_compute_infrastructure_health": frozenset({"health_status", "maintenance_status"}),
        "oci_blockstore": frozenset[str](),
        "oci_filestorage": frozenset[str](),
        "oci_lustrefilesystem": frozenset[str](),
        "oci_lbaas": frozenset[str](),
        "oci_nlb": frozenset[str](),
        "oci_oke": frozenset[str](),
        "oci_objectstorage": frozenset[str](),
        "oci_vcn": frozenset[str](),
        "oci_nat_gateway": frozenset[str](),
        "oci_service_gateway": frozenset[str](),
        "oci_autonomous_database": frozenset[str](),
        "oci_postgresql": frozenset[str](),
    }
)

PERCENT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        GPU_HEALTH: frozenset({"GpuUtilization", "GpuMemoryUtilization"}),
        "oci_computeagent": frozenset({"CpuUtilization", "MemoryUtilization"}),
    }
)
"""Metrics in percent, by namespace. Source: the units on the pages named above; those of `oci_computeagent` as in
Oracle's page "Compute Instance Metrics", unverified as the metrics are."""


def is_percent(namespace: str, metric: str) -> bool:
    """Whether a metric goes from 0 to 100."""
    return metric in PERCENT.get(namespace, frozenset[str]())


def unknown_metric(namespace: str, metric: str) -> bool:
    """Whether the namespace's metrics are known and this one is not among them."""
    known = NAMESPACES.get(namespace, frozenset[str]())
    return bool(known) and metric not in known
