"""How many hosts a resource uses, of which shape and where, and how much of the limits they use."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from facts.limits import LIMITS
from facts.shapes import SHAPES, Shape, find_shape
from sandbox.oci.cloud import Cloud
from sandbox.oci.rules.reading import blocks, number, texts

POOL: Final = "oci:ContainerEngine/nodePool:NodePool"
INSTANCE: Final = "oci:Core/instance:Instance"
INSTANCE_POOL: Final = "oci:Core/instancePool:InstancePool"
CLUSTER_NETWORK: Final = "oci:Core/clusterNetwork:ClusterNetwork"
RESERVATION: Final = "oci:Core/computeCapacityReservation:ComputeCapacityReservation"
WITH_HOSTS: Final = (POOL, INSTANCE, INSTANCE_POOL, CLUSTER_NETWORK, RESERVATION)

Hosts = Counter[tuple[str, str]]
"""(shape, availability domain) -> hosts."""

_BY_FAMILY = re.compile(r"standard(\d|-[a-z]\d)-(core|memory)-count", re.ASCII)
_FLEXIBLE = re.compile(r"VM\.Standard(?P<generation>\d|\.[A-Z]\d)\.Flex", re.ASCII)


def pool_hosts(inputs: dict[str, Any]) -> int:
    """The number of nodes of a node pool, in either of its two forms."""
    details = blocks(inputs, "nodeConfigDetails")
    if details:
        return int(number(details[0], "size") or 0)
    return int(number(inputs, "quantityPerSubnet") or 0) * len(texts(inputs, "subnetIds"))


def hosts_of(cloud: Cloud, token: str, inputs: dict[str, Any]) -> Hosts:
    """The hosts that a resource uses, without those from a capacity reservation."""
    return Counter({key: count for key, count in _all_hosts(cloud, token, inputs).items() if count})


def _all_hosts(cloud: Cloud, token: str, inputs: dict[str, Any]) -> Hosts:
    if token == POOL:
        places = blocks(inputs, "nodeConfigDetails", "placementConfigs")
        return _spread(str(inputs.get("nodeShape")), pool_hosts(inputs), places)
    if token == INSTANCE:
        return _spread(str(inputs.get("shape")), 1, [inputs])
    if token == INSTANCE_POOL:
        shape = str(launch_details(cloud, inputs.get("instanceConfigurationId")).get("shape", ""))
        return _spread(shape, int(number(inputs, "size") or 0), blocks(inputs, "placementConfigurations"))
    found: Hosts = Counter()
    if token == CLUSTER_NETWORK:
        for pool in blocks(inputs, "instancePools"):
            launch = launch_details(cloud, pool.get("instanceConfigurationId"))
            reservation = launch.get("capacityReservationId")
            places = blocks(inputs, "placementConfiguration")
            where = [place | {"capacityReservationId": reservation} for place in places]
            found += _spread(str(launch.get("shape", "")), int(number(pool, "size") or 0), where)
    elif token == RESERVATION:
        for each in blocks(inputs, "instanceReservationConfigs"):
            count = int(number(each, "reservedCount") or 0)
            found += _spread(str(each.get("instanceShape")), count, [inputs])
    return found


def _spread(shape: str, count: int, places: list[dict[str, Any]]) -> Hosts:
    """Spreads hosts evenly over the placements as OKE and instance pools do. The first ones get the remainder."""
    found: Hosts = Counter()
    for index, place in enumerate(places):
        if place.get("capacityReservationId"):
            continue
        share = count // len(places) + (1 if index < count % len(places) else 0)
        found[shape, str(place.get("availabilityDomain"))] += share
    return found


def launch_details(cloud: Cloud, configuration: object) -> dict[str, Any]:
    """With what an instance configuration, named by its OCID, launches instances. Empty if that is unknown."""
    entry = cloud.find(str(configuration))
    details = blocks(entry.inputs, "instanceDetails", "launchDetails") if entry else []
    return details[0] if details else {}


def _units(shape: Shape | None, name: str, inputs: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """(service limit, how much of it one host uses): GPUs for GPU shapes, OCPUs for flexible ones."""
    if shape is not None and shape.gpu_limit_name:
        yield shape.gpu_limit_name, shape.gpus
    flexible = _FLEXIBLE.fullmatch(name)
    if flexible:
        generation = flexible["generation"].replace(".", "-").lower()
        config = (blocks(inputs, "nodeShapeConfig") or blocks(inputs, "shapeConfig") or [{}])[0]
        yield f"standard{generation}-core-count", number(config, "ocpus") or 1
        memory = number(config, "memoryInGbs")
        if memory:
            yield f"standard{generation}-memory-count", memory


def load_of(cloud: Cloud, token: str, inputs: dict[str, Any]) -> Counter[tuple[str, str]]:
    """(service limit, availability domain) -> how much of it a resource uses."""
    found: Counter[tuple[str, str]] = Counter()
    for (name, domain), count in hosts_of(cloud, token, inputs).items():
        for limit, weight in _units(find_shape(name), name, inputs):
            found[limit, domain] += int(count * weight)
    return found


def counted_limits() -> frozenset[str]:
    """The names of the limits that are counted here. For those of flexible shapes see `is_counted`."""
    return frozenset(LIMITS) | {shape.gpu_limit_name for shape in SHAPES.values() if shape.gpu_limit_name}


def is_counted(name: str) -> bool:
    """Whether the sandbox counts resources against a limit of this name."""
    return name in counted_limits() or _BY_FAMILY.fullmatch(name) is not None
