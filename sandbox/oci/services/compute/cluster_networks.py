"""Compute: cluster networks, their instance pool and its instances.

Sources: the SDK's texts of `ClusterNetwork` and its details; Oracle's pages "Cluster Networks with Instance Pools" and
"Updating the Size of an Instance Pool". Oracle does not quote the messages: they follow the pattern of the service.
"""

from typing import Any, Final

from facts.regions import FAULT_DOMAINS
from facts.shapes import find_shape
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext, computed, provider_time
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.ids import derived_ocid
from sandbox.oci.lookups import Query, finds, function, lists
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, RESERVATION, launch_details
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.services.compute.instances import CONFIGURATION

CONSTRAINTS: Final = ("SINGLE_TIER", "SINGLE_BLOCK", "PACKED_DISTRIBUTION_MULTI_BLOCK")

describe(CLUSTER_NETWORK, ready="RUNNING")
finds("oci:Core/getClusterNetwork:getClusterNetwork", CLUSTER_NETWORK, by="clusterNetworkId")
lists("oci:Core/getClusterNetworks:getClusterNetworks", CLUSTER_NETWORK, rows="clusterNetworks")
finds(
    "oci:Core/getInstanceConfiguration:getInstanceConfiguration", CONFIGURATION, by="instanceConfigurationId"
)
lists(
    "oci:Core/getInstanceConfigurations:getInstanceConfigurations",
    CONFIGURATION,
    rows="instanceConfigurations",
)


@rule(CLUSTER_NETWORK, on="create update")
def cluster_network_pool(call: Call) -> None:
    """400 unless a cluster network has exactly one instance pool, of a shape with RDMA, with no negative size.

    "Each cluster network can have one instance pool": the SDK's text of `instance_pools`.
    """
    pools = blocks(call.inputs, "instancePools")
    if len(pools) != 1:
        raise invalid_parameter("A cluster network must have exactly one instance pool.")
    if (number(pools[0], "size") or 0) < 0:
        raise invalid_parameter("size must be greater than or equal to 0")
    details = launch_details(call.cloud, pools[0].get("instanceConfigurationId"))
    shape = find_shape(str(details.get("shape")))
    if shape is not None and not shape.rdma:
        raise invalid_parameter(f"Shape {shape.name} does not support cluster networks.")


@rule(CLUSTER_NETWORK, on="create update")
def cluster_network_configuration(call: Call) -> None:
    """400 for a configuration that launches no instances, or whose reservation is in another availability domain.

    A configuration for GPU memory clusters (source GMC) has no launch details.
    """
    places = blocks(call.inputs, "placementConfiguration")
    domain = places[0].get("availabilityDomain") if places else None
    for pool in blocks(call.inputs, "instancePools"):
        found = call.cloud.find(str(pool.get("instanceConfigurationId")))
        if found is None or found.assumed:
            continue
        if str(found.inputs.get("source")).upper() == "GMC":
            raise invalid_parameter(f"Instance configuration {found.id} is for GPU memory clusters.")
        details = launch_details(call.cloud, found.id)
        reservation = call.cloud.find(str(details.get("capacityReservationId")))
        if reservation is None or reservation.assumed or reservation.token != RESERVATION:
            continue
        if domain and reservation.inputs.get("availabilityDomain") != domain:
            raise invalid_parameter(
                f"Capacity reservation {reservation.id} is not in availability domain {domain}."
            )


@rule(CLUSTER_NETWORK, on="create update")
def cluster_network_placement(call: Call) -> None:
    """400 for an unknown placement constraint."""
    for place in blocks(call.inputs, "placementConfiguration"):
        constraint = place.get("placementConstraint")
        refusal = one_of("placementConstraint", constraint, CONSTRAINTS) if constraint else None
        if refusal:
            raise refusal


@computed(CLUSTER_NETWORK)
def cluster_network_outputs(context: CreateContext) -> dict[str, Any]:
    """The instance pool keeps its OCID. Its size is reached at once: the sandbox does not model the launch."""
    known: list[dict[str, Any]] = list((context.old or {}).get("instancePools") or [])
    place = next(iter(blocks(context.inputs, "placementConfiguration")), {})
    pools = [
        _pool(context, pool, known[index] if index < len(known) else {}, place)
        for index, pool in enumerate(blocks(context.inputs, "instancePools"))
    ]
    chosen = next(iter(blocks(context.inputs, "clusterConfiguration")), {})
    return {
        "instancePools": pools,
        "hpcIslandId": chosen.get("hpcIslandId") or derived_ocid("hpcisland", context.region, context.id),
        "networkBlockIds": chosen.get("networkBlockIds")
        or [derived_ocid("computenetworkblock", context.region, context.id)],
    }


def _pool(
    context: CreateContext, pool: dict[str, Any], known: dict[str, Any], place: dict[str, Any]
) -> dict[str, Any]:
    size = int(number(pool, "size") or 0)
    return {
        "compartmentId": context.inputs.get("compartmentId") or context.tenancy,
        "definedTags": {},
        "freeformTags": {},
        "displayName": known.get("displayName") or f"instancepool-{context.unique}",
        **pool,
        "id": known.get("id") or derived_ocid("instancepool", context.region, context.id),
        "currentSize": size,
        "size": size,
        "poolType": "INSTANCE",
        "state": "RUNNING",
        "timeCreated": known.get("timeCreated") or provider_time(),
        "placementConfigurations": [
            {
                "availabilityDomain": place.get("availabilityDomain"),
                "faultDomains": [*FAULT_DOMAINS],
                "primarySubnetId": place.get("primarySubnetId") or "",
                "primaryVnicSubnets": blocks(place, "primaryVnicSubnets"),
                "secondaryVnicSubnets": blocks(place, "secondaryVnicSubnets"),
            }
        ],
    }


def size_of(cloud: Cloud, network: Entry, pool: dict[str, Any]) -> int:
    """The number of instances of a pool. An instance needs a subnet, so without one there is none."""
    return int(number(pool, "size") or 0) if subnets_of(cloud, network.inputs, pool) else 0


def subnets_of(cloud: Cloud, inputs: dict[str, Any], pool: dict[str, Any]) -> list[str]:
    """The subnet of the instances of a pool: that of the placement, or of the configuration."""
    places = blocks(inputs, "placementConfiguration")
    launch = launch_details(cloud, pool.get("instanceConfigurationId"))
    named = [place.get("primarySubnetId") for place in places]
    named += [each.get("subnetId") for place in places for each in blocks(place, "primaryVnicSubnets")]
    named += [each.get("subnetId") for each in blocks(launch, "createVnicDetails")]
    return [str(each) for each in named if each][:1]


def instances_of(cloud: Cloud, network: Entry) -> list[dict[str, Any]]:
    """The instances of a cluster network. The instance with the highest number is the first to be removed."""
    place = next(iter(blocks(network.inputs, "placementConfiguration")), {})
    found: list[dict[str, Any]] = []
    for pool in blocks(network.outputs, "instancePools"):
        details = launch_details(cloud, pool.get("instanceConfigurationId"))
        for index in range(size_of(cloud, network, pool)):
            key = derived_ocid("instance", network.region, f"{network.id}/{index}")
            found.append(
                {
                    "id": key,
                    "availabilityDomain": place.get("availabilityDomain"),
                    "compartmentId": network.compartment_id,
                    "displayName": f"inst-{key[-5:]}-{pool.get('displayName')}",
                    "faultDomain": FAULT_DOMAINS[index % len(FAULT_DOMAINS)],
                    "instanceConfigurationId": pool.get("instanceConfigurationId"),
                    "loadBalancerBackends": [],
                    "region": network.region,
                    "shape": str(details.get("shape", "")),
                    "state": "Running",
                    "timeCreated": pool.get("timeCreated"),
                }
            )
    return found


@function("oci:Core/getClusterNetworkInstances:getClusterNetworkInstances")
def cluster_network_instances(query: Query) -> dict[str, Any]:
    network = query.cloud.require(
        query.args["clusterNetworkId"], CLUSTER_NETWORK, path="clusterNetworkId", region=query.region
    )
    return {"instances": instances_of(query.cloud, network)}
