"""Reads an existing cluster: its endpoint, its add-ons, and the node pools that it has."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings.cluster.existing import ExistingCluster
from infra.settings.cluster.existing_rules import PATH
from report.reach_reading import texts
from report.resources import as_mapping, as_sequence

from .found import FoundCluster, FoundPool
from .reader import Reader, Row, UnreadableError, read

FIX = "Check the OCID, and that the caller may read it: `use clusters` in its compartment"


def read_existing_cluster(
    reader: Reader, wanted: ExistingCluster, problems: list[Problem]
) -> FoundCluster | None:
    """The cluster, or None if only its OCID is known. Adds a problem if it cannot be read."""
    path = f"{PATH}.clusterId"
    row = read(reader, "ContainerEngine/getCluster", path, FIX, problems, clusterId=wanted.cluster_id)
    if row is None or not row.get("vcnId"):
        return None
    endpoint, addresses = first(row.get("endpointConfigs")), first(row.get("endpoints"))
    networks = map(as_mapping, as_sequence(row.get("clusterPodNetworkOptions")))
    return FoundCluster(
        cluster_id=wanted.cluster_id,
        known=True,
        private_endpoint=str(addresses.get("privateEndpoint") or ""),
        public_endpoint=str(addresses.get("publicEndpoint") or ""),
        compartment_id=str(row.get("compartmentId") or ""),
        state=str(row.get("state")),
        vcn_id=str(row.get("vcnId")),
        version=str(row.get("kubernetesVersion")),
        enhanced=row.get("type") == "ENHANCED_CLUSTER",
        network_types=[str(each.get("cniType")) for each in networks],
        api_subnet_id=str(endpoint.get("subnetId") or ""),
        api_group_ids=texts(endpoint.get("nsgIds")),
        public=endpoint.get("isPublicIpEnabled") is True,
        addons=[*_addons(reader, wanted)],
        pools=[*_pools(reader, wanted, str(row.get("compartmentId")))],
    )


def _addons(reader: Reader, wanted: ExistingCluster) -> Iterator[str]:
    try:
        rows = reader.rows("ContainerEngine/getAddons", "addons", clusterId=wanted.cluster_id)
    except UnreadableError:
        return
    for row in rows:
        yield str(row.get("addonName") or row.get("name"))


def _pools(reader: Reader, wanted: ExistingCluster, compartment_id: str) -> Iterator[FoundPool]:
    token, name = "ContainerEngine/getNodePools", "nodePools"
    try:
        rows = reader.rows(token, name, clusterId=wanted.cluster_id, compartmentId=compartment_id)
    except UnreadableError:
        return
    for row in rows:
        details = first(row.get("nodeConfigDetails"))
        pods = first(details.get("nodePoolPodNetworkOptionDetails"))
        places = map(as_mapping, as_sequence(details.get("placementConfigs")))
        yield FoundPool(
            name=str(row.get("name")),
            subnet_ids=_once(str(each.get("subnetId")) for each in places),
            group_ids=texts(details.get("nsgIds")),
            pod_subnet_ids=texts(pods.get("podSubnetIds")),
            pod_group_ids=texts(pods.get("podNsgIds")),
        )


def _once(found: Iterator[str]) -> list[str]:
    return [*dict.fromkeys(found)]


def first(value: object) -> Row:
    """An object, or the first of a list of objects: functions return single objects as lists."""
    return as_mapping(next(iter(as_sequence(value)), value))
