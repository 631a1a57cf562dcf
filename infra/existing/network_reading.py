"""Reads an existing network: VCN, subnets, routes, security lists, groups, gateways and the addresses in use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from facts.problem import Problem
from infra.settings.cluster.existing_rules import PATH as CLUSTER_PATH
from infra.settings.network.existing import ExistingNetwork
from infra.settings.network.existing_rules import PATH
from report.reach import Gateway, Network
from report.reach_reading import GATEWAYS, GROUP, GROUP_RULE, LISTS, SUBNET, TABLES, read_network, texts

from .added import gateways_for, neighbours_in
from .found import FoundCluster, FoundNetwork, FoundSubnet
from .reader import Reader, Row, UnreadableError, read

_IN_VCN: Sequence[tuple[str, str, str]] = (
    ("Core/getRouteTables", "routeTables", TABLES[0]),
    ("Core/getSecurityLists", "securityLists", LISTS[0]),
    ("Core/getInternetGateways", "gateways", "oci:Core/internetGateway:InternetGateway"),
    ("Core/getNatGateways", "natGateways", "oci:Core/natGateway:NatGateway"),
    ("Core/getServiceGateways", "serviceGateways", "oci:Core/serviceGateway:ServiceGateway"),
    (
        "Core/getLocalPeeringGateways",
        "localPeeringGateways",
        "oci:Core/localPeeringGateway:LocalPeeringGateway",
    ),
)
"""Functions that list what a VCN has in a compartment: the list in the result, and the type of its rows."""

_CLUSTER = f"{CLUSTER_PATH}.clusterId"
_GROUP = "Core/getNetworkSecurityGroup"
_DRG = "oci:Core/drg:Drg"
assert _DRG in GATEWAYS  # noqa: S101  a name that report.reach_reading knows

FIX = "Check the OCID, and that the caller may read it: `inspect virtual-network-family` in its compartment"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One resource in the form that `report.reach_reading` reads."""

    type: str
    id: str
    outputs: Row

    @property
    def inputs(self) -> Row:
        """The values again: some readers use the inputs."""
        return self.outputs


@dataclass(frozen=True, kw_only=True)
class Ours:
    """The environment, whose own subnets are in its compartment and have its name."""

    environment: str
    compartment_id: str


def read_existing_network(
    reader: Reader,
    wanted: ExistingNetwork,
    problems: list[Problem],
    cluster: FoundCluster | None,
    ours: Ours,
) -> FoundNetwork | None:
    """The network, or None if only its OCIDs are known. Adds a problem for each part that cannot be read.

    `cluster`: an existing cluster. Its endpoint has the role `api`. The subnets and groups of its pools are read too.
    """
    vcn = read(reader, "Core/getVcn", f"{PATH}.vcnId", FIX, problems, vcnId=wanted.vcn_id)
    if vcn is None or not texts(vcn.get("cidrBlocks")):
        return None
    given = _subnet_ids(wanted, cluster)
    found = _given_subnets(reader, given, cluster, problems)
    places = {str(each.get("compartmentId")) for each in (vcn, *found.values())}
    compartments = sorted({*places, ours.compartment_id} if wanted.subnets.added else places)
    seen = [
        *(Seen(type=SUBNET, id=str(row.get("id")), outputs=row) for row in found.values()),
        *_of_vcn(reader, wanted.vcn_id, compartments),
        *_groups(reader, wanted, problems, cluster),
        *_of_pools(reader, cluster, problems),
    ]
    network = FoundNetwork(
        vcn_id=wanted.vcn_id,
        cidrs=texts(vcn.get("cidrBlocks")),
        compartment_id=str(vcn.get("compartmentId") or ""),
        state=str(vcn.get("state")),
        subnets={role: _subnet(reader, given[role], row) for role, row in found.items()},
        network=_with_appliances(read_network(seen)),
        named=bool(vcn.get("dnsLabel")),
    )
    return _for_added(reader, wanted, network, compartments, ours)


def _given_subnets(
    reader: Reader, given: Mapping[str, str], cluster: FoundCluster | None, problems: list[Problem]
) -> dict[str, Row]:
    rows = {
        role: read(reader, "Core/getSubnet", _path(role, cluster), FIX, problems, subnetId=ocid)
        for role, ocid in given.items()
    }
    found = {role: row for role, row in rows.items() if row is not None and row.get("cidrBlock")}
    for role in rows.keys() - found.keys():
        if rows[role] is not None:
            problems.append(Problem(_path(role, cluster), given[role], "cannot be read", FIX))
    return found


def _for_added(
    reader: Reader, wanted: ExistingNetwork, found: FoundNetwork, compartments: Sequence[str], ours: Ours
) -> FoundNetwork:
    """The network with what new subnets need to know. Without a new subnet, nothing more is read."""
    if not wanted.subnets.added or found.network is None:
        return found
    return replace(
        found,
        added=wanted.subnets.added,
        gateways=gateways_for(wanted, found.network),
        neighbours=neighbours_in(
            _subnets(reader, wanted.vcn_id, compartments), ours.environment, ours.compartment_id
        ),
    )


def _subnets(reader: Reader, vcn_id: str, compartments: Sequence[str]) -> Sequence[Row]:
    """All subnets of the VCN in these compartments."""
    return [
        row
        for each in compartments
        for row in _rows(reader, "Core/getSubnets", "subnets", compartmentId=each, vcnId=vcn_id)
    ]


def _subnet_ids(wanted: ExistingNetwork, cluster: FoundCluster | None) -> dict[str, str]:
    """The subnets by role. The API endpoint of an existing cluster is in that cluster's own subnet."""
    own = {"api": cluster.api_subnet_id} if cluster and cluster.known and cluster.api_subnet_id else {}
    return {**wanted.subnets.given, **own}


def _path(role: str, cluster: FoundCluster | None) -> str:
    return _CLUSTER if role == "api" and cluster else f"{PATH}.subnets.{role}"


def _with_appliances(network: Network) -> Network:
    """The network with each private address that routes lead to, such as a firewall's. Its own routes are not known."""
    targets = {route.gateway_id for routes in network.tables.values() for route in routes}
    appliances = {each: Gateway(kind="peering") for each in targets if each.startswith("ocid1.privateip.")}
    return replace(network, gateways={**network.gateways, **appliances})


def _of_vcn(reader: Reader, vcn_id: str, compartments: Sequence[str]) -> Iterator[Seen]:
    for compartment in compartments:
        for token, name, kind in _IN_VCN:
            for row in _rows(reader, token, name, compartmentId=compartment, vcnId=vcn_id):
                yield Seen(type=kind, id=str(row.get("id")), outputs=row)
        for row in _rows(
            reader, "Core/getDrgAttachments", "drgAttachments", compartmentId=compartment, vcnId=vcn_id
        ):
            yield Seen(type=_DRG, id=str(row.get("drgId")), outputs={})


def _rows(reader: Reader, token: str, name: str, **arguments: str) -> Sequence[Row]:
    """The rows of a list. A list that cannot be read is empty: what is missing in it is then reported by its OCID."""
    try:
        return reader.rows(token, name, **arguments)
    except UnreadableError:
        return []


def _groups(
    reader: Reader, wanted: ExistingNetwork, problems: list[Problem], cluster: FoundCluster | None
) -> Iterator[Seen]:
    named = {
        f"{PATH}.groups.{kind}[{index}]": ocid
        for kind, ocids in wanted.groups.items()
        for index, ocid in enumerate(ocids)
    }
    for path, ocid in named.items():
        row = read(reader, _GROUP, path, FIX, problems, networkSecurityGroupId=ocid)
        if row is not None and row.get("vcnId") != wanted.vcn_id:
            allowed = f"must be in the VCN {wanted.vcn_id}, not in {row.get('vcnId')}"
            problems.append(Problem(path, ocid, allowed))
        yield from _group(reader, ocid) if row is not None else ()
    theirs = (
        [*cluster.api_group_ids, *(each for pool in cluster.pools for each in pool.all_group_ids)]
        if cluster
        else []
    )
    for ocid in dict.fromkeys(each for each in theirs if each not in named.values()):
        if read(reader, _GROUP, _CLUSTER, FIX, problems, networkSecurityGroupId=ocid) is not None:
            yield from _group(reader, ocid)


def _group(reader: Reader, ocid: str) -> Iterator[Seen]:
    token, name = "Core/getNetworkSecurityGroupSecurityRules", "securityRules"
    yield Seen(type=GROUP, id=ocid, outputs={})
    for rule in _rows(reader, token, name, networkSecurityGroupId=ocid):
        outputs = {**rule, "networkSecurityGroupId": ocid}
        yield Seen(type=GROUP_RULE, id=str(rule.get("id")), outputs=outputs)


def _of_pools(reader: Reader, cluster: FoundCluster | None, problems: list[Problem]) -> Iterator[Seen]:
    """The subnets of the pools that an existing cluster has."""
    pools = cluster.pools if cluster else ()
    for ocid in dict.fromkeys(each for pool in pools for each in (*pool.subnet_ids, *pool.pod_subnet_ids)):
        row = read(reader, "Core/getSubnet", _CLUSTER, FIX, problems, subnetId=ocid)
        if row is not None and row.get("cidrBlock"):
            yield Seen(type=SUBNET, id=ocid, outputs=row)


def _subnet(reader: Reader, ocid: str, row: Row) -> FoundSubnet:
    return FoundSubnet(
        subnet_id=ocid,
        vcn_id=str(row.get("vcnId")),
        cidr=str(row.get("cidrBlock")),
        forbids_public=row.get("prohibitPublicIpOnVnic") is True,
        domain=str(row.get("availabilityDomain") or ""),
        state=str(row.get("state")),
        used=len(_rows(reader, "Core/getPrivateIps", "privateIps", subnetId=ocid)),
    )
