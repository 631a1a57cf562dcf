"""The addresses that the environment's own nodes and pods already have in existing subnets."""

from collections.abc import Mapping

from facts.kubernetes import MAX_PODS
from infra.settings import Settings
from report.reach_reading import texts
from report.resources import as_mapping, as_number, as_sequence

from .cluster_reading import first
from .reader import Reader, Row, UnreadableError


def own_addresses(reader: Reader, settings: Settings) -> Mapping[str, int] | None:
    """The most addresses that own nodes and pods have, by the OCID of the subnet. Empty before the first `up`.

    None if they cannot be known, as in a compartment that the program creates itself.
    """
    if settings.identity.compartment == "created":
        return None
    compartment = settings.tenancy.compartment_id
    try:
        rows = reader.rows("ContainerEngine/getNodePools", "nodePools", compartmentId=compartment)
    except UnreadableError:
        return None
    names = own_pool_names(settings)
    held: dict[str, int] = {}
    for row in rows:
        if row.get("name") in names:
            for subnet_id, count in _addresses(row).items():
                held[subnet_id] = held.get(subnet_id, 0) + count
    return held


def own_pool_names(settings: Settings) -> frozenset[str]:
    """The names that the environment's node pools have in the account."""
    every = (*settings.cluster.pools, *settings.gpu.pools)
    return frozenset(f"{settings.environment}-{pool.name}" for pool in every)


def _addresses(pool: Row) -> Mapping[str, int]:
    details = first(pool.get("nodeConfigDetails"))
    nodes = max(int(as_number(details.get("size")) or 0), len(as_sequence(pool.get("nodes"))))
    pods = first(details.get("nodePoolPodNetworkOptionDetails"))
    most = int(as_number(pods.get("maxPodsPerNode")) or MAX_PODS)
    places = {str(as_mapping(each).get("subnetId")) for each in as_sequence(details.get("placementConfigs"))}
    held = dict.fromkeys(places, nodes)
    for subnet_id in texts(pods.get("podSubnetIds")):
        held[subnet_id] = held.get(subnet_id, 0) + nodes * most
    return held
