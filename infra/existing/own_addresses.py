"""The addresses that the environment's own nodes and pods already have in existing subnets."""

from collections.abc import Mapping

from facts.kubernetes import GPU_MAX_PODS, MAX_PODS
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
        networks = (
            reader.rows("Core/getClusterNetworks", "clusterNetworks", compartmentId=compartment)
            if any(pool.self_managed for pool in settings.gpu.pools)
            else ()
        )
    except UnreadableError:
        return None
    names = own_pool_names(settings)
    found = [
        *(_addresses(row) for row in rows if row.get("name") in names),
        *(_in_network(row, settings) for row in networks if row.get("displayName") in names),
    ]
    held: dict[str, int] = {}
    for each in found:
        for subnet_id, count in each.items():
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


def _in_network(network: Row, settings: Settings) -> Mapping[str, int]:
    """The addresses of the nodes of a cluster network, and of their pods in the subnet of the settings."""
    named = next(
        (p for p in settings.gpu.pools if f"{settings.environment}-{p.name}" == network.get("displayName")),
        None,
    )
    place = first(network.get("placementConfigurations"))
    subnet = place.get("primarySubnetId") or first(place.get("primaryVnicSubnets")).get("subnetId")
    pools = map(as_mapping, as_sequence(network.get("instancePools")))
    nodes = sum(int(as_number(pool.get("size")) or 0) for pool in pools)
    most = (named.max_pods if named else None) or GPU_MAX_PODS
    existing = settings.network.existing
    held = {str(subnet): nodes}
    pods = existing.subnets.given.get("pods") if existing else None
    if pods is not None:
        held[pods] = held.get(pods, 0) + nodes * most
    return held
