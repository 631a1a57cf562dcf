"""The namespaces of OCI Monitoring, with the known metrics of each.

Sources: Oracle's page on high-performance computing metrics, oci-hpc-oke and oci-landing-zones for namespaces
that they use. The metrics of `oci_computeagent` and of the instance health are unverified. A namespace without metrics
here exists, but its metric names were not checked.
"""

from collections.abc import Mapping
from types import MappingProxyType

GPU_HEALTH = "gpu_infrastructure_health"
RDMA_HEALTH = "rdma_infrastructure_health"

NAMESPACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        # Oracle does not document which of these are sent for AMD GPUs.
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
"""Metrics in percent, by namespace. Source: the units on the pages named above; those of `oci_computeagent`
are said to be on Oracle's page "Compute Instance Metrics" and are unverified."""


def is_percent(namespace: str, metric: str) -> bool:
    """Whether the unit of a metric is percent."""
    return metric in PERCENT.get(namespace, frozenset[str]())


def unknown_metric(namespace: str, metric: str) -> bool:
    """Whether the metrics of the namespace are known and do not include this one."""
    known = NAMESPACES.get(namespace, frozenset[str]())
    return bool(known) and metric not in known
