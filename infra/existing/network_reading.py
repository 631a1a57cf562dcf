"""Reads an existing network: VCN, subnets, routes, security lists, groups, gateways and the addresses in use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from facts.problem import Problem
from infra.settings.network.existing import ExistingNetwork
from infra.settings.network.existing_rules import PATH
from report.reach import Gateway, Network
from report.reach_reading import GATEWAYS, GROUP, GROUP_RULE, LISTS, SUBNET, TABLES, read_network, texts

from .found import FoundNetwork, FoundSubnet
from .reader import Reader, Row, UnreadableError

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


def read_existing_network(
    reader: Reader, wanted: ExistingNetwork, problems: list[Problem]
) -> FoundNetwork | None:
    """The network, or None if only its OCIDs are known. Adds a problem for each part that cannot be read."""
    vcn = _read(reader, "Core/getVcn", f"{PATH}.vcnId", problems, vcnId=wanted.vcn_id)
    if vcn is None or not texts(vcn.get("cidrBlocks")):
        return None
    rows = {
        role: _read(reader, "Core/getSubnet", f"{PATH}.subnets.{role}", problems, subnetId=ocid)
        for role, ocid in wanted.subnets.given.items()
    }
    found = {role: row for role, row in rows.items() if row is not None and row.get("cidrBlock")}
    for role in rows.keys() - found.keys():
        if rows[role] is not None:
            problems.append(
                Problem(f"{PATH}.subnets.{role}", wanted.subnets.given[role], "cannot be read", FIX)
            )
    compartments = sorted({str(each.get("compartmentId")) for each in (vcn, *found.values())})
    seen = [
        *(Seen(type=SUBNET, id=str(row.get("id")), outputs=row) for row in found.values()),
        *_of_vcn(reader, wanted.vcn_id, compartments),
        *_groups(reader, wanted, problems),
    ]
    return FoundNetwork(
        vcn_id=wanted.vcn_id,
        cidrs=texts(vcn.get("cidrBlocks")),
        state=str(vcn.get("state")),
        subnets={role: _subnet(reader, wanted.subnets.given[role], row) for role, row in found.items()},
        network=_with_appliances(read_network(seen)),
    )


def _with_appliances(network: Network) -> Network:
    """The network with each private address that routes lead to, such as a firewall's. Its own routes are not known."""
    targets = {route.gateway_id for routes in network.tables.values() for route in routes}
    appliances = {each: Gateway(kind="peering") for each in targets if each.startswith("ocid1.privateip.")}
    return replace(network, gateways={**network.gateways, **appliances})


def _read(reader: Reader, token: str, path: str, problems: list[Problem], **arguments: str) -> Row | None:
    """The resource, or None with a problem."""
    try:
        return reader.one(token, **arguments)
    except UnreadableError as error:
        (ocid,) = arguments.values()
        problems.append(Problem(path, ocid, f"cannot be read: {error}", FIX))
        return None


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


def _groups(reader: Reader, wanted: ExistingNetwork, problems: list[Problem]) -> Iterator[Seen]:
    token = "Core/getNetworkSecurityGroup"  # noqa: S105  a function
    for kind, ocids in wanted.groups.items():
        for index, ocid in enumerate(ocids):
            path = f"{PATH}.groups.{kind}[{index}]"
            row = _read(reader, token, path, problems, networkSecurityGroupId=ocid)
            if row is None:
                continue
            if row.get("vcnId") != wanted.vcn_id:
                problems.append(
                    Problem(path, ocid, f"must be in the VCN {wanted.vcn_id}, not in {row.get('vcnId')}")
                )
            yield Seen(type=GROUP, id=ocid, outputs=row)
            rules = _rows(
                reader,
                "Core/getNetworkSecurityGroupSecurityRules",
                "securityRules",
                networkSecurityGroupId=ocid,
            )
            for rule in rules:
                outputs = {**rule, "networkSecurityGroupId": ocid}
                yield Seen(type=GROUP_RULE, id=str(rule.get("id")), outputs=outputs)


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
