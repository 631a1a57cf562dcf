"""Room in subnets: a resource with many nodes needs an address for each.

Sources: the SDK's text of `NodePoolPlacementConfigDetails` says that a pool's nodes are in the placement's subnet.
Oracle's page "Getting an OCI Database with PostgreSQL Database System Node's Details" says that each node has a private
address. Addresses of other resources are not counted. Status and words are those of mount targets (unverified).
"""

from typing import Any

from sandbox.oci.addresses import room_in
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, POOL
from sandbox.oci.rules.reading import blocks, number, texts
from sandbox.oci.services.compute.cluster_networks import subnets_of
from sandbox.oci.services.postgresql.systems import SYSTEM


@rule(POOL, on="create update")
def nodes_of_a_pool(call: Call) -> None:
    """400 for more nodes than the subnets of the placements have addresses."""
    for config in blocks(call.inputs, "nodeConfigDetails"):
        _require_room(call, blocks(config, "placementConfigs"), number(config, "size"))


@rule(CLUSTER_NETWORK, on="create update")
def nodes_of_a_cluster_network(call: Call) -> None:
    """400 for more instances than the subnet has addresses."""
    for pool in blocks(call.inputs, "instancePools"):
        places = [{"subnetId": each} for each in subnets_of(call.cloud, call.inputs, pool)]
        _require_room(call, places, number(pool, "size"))


@rule(SYSTEM, on="create update")
def nodes_of_a_database(call: Call) -> None:
    """400 for more nodes than the subnet has addresses."""
    _require_room(call, blocks(call.inputs, "networkDetails"), number(call.inputs, "instanceCount"))


def _require_room(call: Call, places: list[dict[str, Any]], nodes: float | None) -> None:
    given = sorted({subnet for each in places for subnet in texts(each, "subnetId")})
    if given and nodes is not None and nodes > sum(room_in(call.cloud, each) for each in given):
        raise invalid_parameter(
            f"Subnet {', '.join(given)} does not have enough available IP addresses: {nodes:.0f} required"
        )
