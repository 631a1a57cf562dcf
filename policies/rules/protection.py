"""What holds data, and GPU pools, are protected in production."""

import re
from collections.abc import Iterator, Mapping, Sequence

from policies.model import Config, Policy, Resource, at, listed, referred, texts

_DATA = "its data is lost"
_CAPACITY = "its GPUs may not be available again"
STATEFUL: Mapping[str, str] = {
    "oci:Analytics/analyticsInstance:AnalyticsInstance": _DATA,
    "oci:BigDataService/bdsInstance:BdsInstance": _DATA,
    "oci:ContainerEngine/cluster:Cluster": "all workloads stop, and claimed volumes are lost with it",
    "oci:Core/bootVolume:BootVolume": _DATA,
    "oci:Core/volume:Volume": _DATA,
    "oci:Core/volumeGroup:VolumeGroup": "its volumes are no longer backed up together",
    "oci:Database/autonomousContainerDatabase:AutonomousContainerDatabase": _DATA,
    "oci:Database/autonomousDatabase:AutonomousDatabase": _DATA,
    "oci:Database/database:Database": _DATA,
    "oci:Database/dbHome:DbHome": _DATA,
    "oci:Database/dbSystem:DbSystem": _DATA,
    "oci:Database/pluggableDatabase:PluggableDatabase": _DATA,
    "oci:Dns/zone:Zone": "a new zone has other name servers",
    "oci:FileStorage/fileSystem:FileSystem": _DATA,
    "oci:FusionApps/fusionEnvironment:FusionEnvironment": _DATA,
    "oci:Identity/compartment:Compartment": "everything in it is lost",
    "oci:Kms/key:Key": "nobody can read what it encrypts",
    "oci:Kms/vault:Vault": "nobody can read what its keys encrypt",
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": _DATA,
    "oci:Mysql/mysqlDbSystem:MysqlDbSystem": _DATA,
    "oci:Nosql/table:Table": _DATA,
    "oci:ObjectStorage/bucket:Bucket": _DATA,
    "oci:Opensearch/cluster:Cluster": _DATA,
    "oci:Psql/dbSystem:DbSystem": _DATA,
    "oci:Queue/queue:Queue": "its messages are lost",
    "oci:Redis/redisCluster:RedisCluster": _DATA,
    "oci:Streaming/stream:Stream": "its messages are lost",
    "oci:Streaming/streamPool:StreamPool": "its streams and their messages are lost",
    "oci:Vault/secret:Secret": "its value is lost",
    "oci:oci/distributedDatabaseDistributedAutonomousDatabase:DistributedDatabaseDistributedAutonomousDatabase": _DATA,
    "oci:oci/distributedDatabaseDistributedDatabase:DistributedDatabaseDistributedDatabase": _DATA,
}
"""Types that hold data, and what a deletion costs."""

SHAPES: Mapping[str, str] = {
    "oci:ContainerEngine/nodePool:NodePool": "nodeShape",
    "oci:Core/computeCapacityReservation:ComputeCapacityReservation": "instanceReservationConfigs.instanceShape",
    "oci:Core/instance:Instance": "shape",
}
"""Types with a shape. A deleted GPU pool may lose its capacity to someone else."""

INSTANCES = "oci:Core/instancePool:InstancePool"
CONFIGURATION = "oci:Core/instanceConfiguration:InstanceConfiguration"
CONFIGURED = "instanceConfigurationId"
CONFIGURED_SHAPE = "instanceDetails.launchDetails.shape"
"""A pool of instances has its shape in a configuration."""

_GPUS = re.compile(r"\.GPU\d*\.", re.IGNORECASE | re.ASCII)
"""How a shape with GPUs is named, such as BM.GPU.MI300X.8 or BM.GPU4.8. Source: Oracle's page "Compute Shapes"."""

GPU_NETWORKS = (
    "oci:Core/clusterNetwork:ClusterNetwork",
    "oci:Core/computeGpuMemoryCluster:ComputeGpuMemoryCluster",
)


def judge(resource: Resource, config: Config) -> Iterator[str]:
    """A missing protection of one resource in a stack of production."""
    if resource.protect or resource.stack not in listed(config, "stacks"):
        return
    cost = STATEFUL.get(resource.type)
    shape = SHAPES.get(resource.type)
    if (shape and _has_gpus(resource, shape)) or resource.type in GPU_NETWORKS:
        cost = _CAPACITY
    if cost:
        yield _said(cost)


def judge_stack(resources: Sequence[Resource], config: Config) -> Iterator[tuple[Resource, str]]:
    """Pools of instances with GPUs that are not protected."""
    configurations = [each for each in resources if each.type == CONFIGURATION]
    for each in resources:
        if each.type == INSTANCES and not each.protect and each.stack in listed(config, "stacks"):
            found, certain = referred(each, CONFIGURED, configurations)
            if certain and any(_has_gpus(one, CONFIGURED_SHAPE) for one in found):
                yield each, _said(_CAPACITY)


def _has_gpus(resource: Resource, path: str) -> bool:
    return any(_GPUS.search(str(each)) for each in at(resource.inputs, path))


def _said(cost: str) -> str:
    return f"is not protected; a deletion would be final: {cost}. Set the resource option `protect`"


POLICY = Policy(
    name="protected-in-production",
    description="In production, everything that holds data and every GPU pool is protected from deletion.",
    source="Pulumi's resource option `protect`; OCI names GPU shapes with `.GPU.`, older ones with `.GPU4.`",
    judge=judge,
    judge_stack=judge_stack,
    schema={"stacks": texts(["prod"], "The stacks of production.")},
)
