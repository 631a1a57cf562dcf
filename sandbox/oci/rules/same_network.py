"""The references of one resource must fit together: one VCN, and one availability domain for zoned resources.

Sources: the networking pages on security groups and route tables (a group and the VNICs in it are of one VCN, a route
target is of the table's VCN), and the SDK's text for each resource that is created in an availability domain.
"""

from collections.abc import Iterator
from typing import Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import fields
from sandbox.oci.services.network.ranges import SUBNET, VCN
from sandbox.oci.services.network.security import GROUP, GROUP_RULE

_ATTACHMENT: Final = "oci:Core/drgAttachment:DrgAttachment"
_OF_ONE_VCN: Final = frozenset(
    {
        VCN,
        SUBNET,
        GROUP,
        "oci:Core/routeTable:RouteTable",
        "oci:Core/securityList:SecurityList",
        "oci:Core/dhcpOptions:DhcpOptions",
        "oci:Core/internetGateway:InternetGateway",
        "oci:Core/natGateway:NatGateway",
        "oci:Core/serviceGateway:ServiceGateway",
        "oci:Core/localPeeringGateway:LocalPeeringGateway",
        "oci:ContainerEngine/cluster:Cluster",
    }
)
_SEVERAL_VCNS: Final = frozenset(
    {
        GROUP_RULE,
        "oci:Core/localPeeringGateway:LocalPeeringGateway",
        _ATTACHMENT,
        "oci:Core/drgRouteDistributionStatement:DrgRouteDistributionStatement",
        "oci:Dns/resolver:Resolver",
        "oci:Dns/view:View",
        "oci:Logging/log:Log",
        "oci:DisasterRecovery/drProtectionGroup:DrProtectionGroup",
    }
)
"""Types that connect VCNs, or that refer to several VCNs one by one."""

_ZONED: Final = frozenset(
    {
        SUBNET,
        "oci:Core/volume:Volume",
        "oci:Core/bootVolume:BootVolume",
        "oci:Core/instance:Instance",
        "oci:Core/computeCluster:ComputeCluster",
        "oci:Core/computeCapacityReservation:ComputeCapacityReservation",
        "oci:FileStorage/fileSystem:FileSystem",
        "oci:FileStorage/mountTarget:MountTarget",
    }
)
"""Types whose resources are in one availability domain if they name one. A regional subnet names none."""


def vcn_of(entry: Entry) -> str | None:
    """The VCN of a resource. None if it is unknown."""
    if entry.token == VCN:
        return entry.id
    found = entry.inputs.get("vcnId") or entry.outputs.get("vcnId")
    return str(found) if found else None


def domain_of(entry: Entry) -> str | None:
    """The availability domain of a resource. None if it is regional or unknown."""
    found = entry.inputs.get("availabilityDomain") or entry.outputs.get("availabilityDomain")
    return str(found) if found and not entry.assumed else None


def _named(call: Call, kinds: frozenset[str]) -> Iterator[tuple[str, Entry]]:
    for path, _, text in fields(call.inputs):
        entry = call.cloud.find(text) if text.startswith("ocid1.") else None
        if entry is not None and entry.live and entry.token in kinds:
            yield path, entry


@rule("*", on="create update")
def one_vcn(call: Call) -> None:
    """400 for references to subnets, groups, route tables, lists or gateways of different VCNs."""
    if call.token in _SEVERAL_VCNS:
        return
    first: tuple[str, Entry, str] | None = None
    for path, entry in _named(call, _OF_ONE_VCN):
        vcn = vcn_of(entry)
        if vcn is None:
            continue
        if first is not None and vcn != first[2]:
            raise invalid_parameter(
                f"{path}: {entry.id} belongs to VCN {vcn}, but {first[0]} ({first[1].id}) to VCN {first[2]}."
            )
        first = first or (path, entry, vcn)


@rule(GROUP_RULE, on="create update")
def peer_group_can_be_reached(call: Call) -> None:
    """400 unless a rule's peer group is in the same VCN, or in one on the same dynamic routing gateway."""
    groups = [(path, vcn) for path, entry in _named(call, frozenset({GROUP})) if (vcn := vcn_of(entry))]
    for path, vcn in groups:
        for _, other in groups:
            if vcn != other and not _joined(call.cloud, vcn, other):
                raise invalid_parameter(
                    f"{path}: the group belongs to VCN {vcn}, the rule's other group to VCN {other}."
                )


def _joined(cloud: Cloud, one: str, other: str) -> bool:
    gateways: dict[str, set[str]] = {one: set(), other: set()}
    for each in cloud.all(_ATTACHMENT):
        texts = {text for _, _, text in fields(each.inputs)}
        for vcn, drgs in gateways.items():
            if vcn in texts:
                drgs.add(str(each.inputs.get("drgId")))
    return bool(gateways[one] & gateways[other])


@rule("*", on="create update")
def one_availability_domain(call: Call) -> None:
    """400 for a volume, host or zoned subnet of another availability domain than the one beside it."""
    for path, domain, inner in _places(call):
        for field, entry in inner:
            other = domain_of(entry)
            if other is not None and other != domain:
                raise invalid_parameter(
                    f"{path}{field}: {entry.id} is in availability domain {other}, not in {domain}."
                )


def _places(call: Call) -> Iterator[tuple[str, str, list[tuple[str, Entry]]]]:
    """Each object of the inputs with an availability domain: its path, the domain and its zoned references."""
    waiting: list[tuple[str, object]] = [("", call.inputs)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, list):
            waiting += [(f"{path.removesuffix('.')}[{index}].", each) for index, each in enumerate(value)]
        if not isinstance(value, dict):
            continue
        waiting += [(f"{path}{key}.", each) for key, each in value.items()]
        domain = value.get("availabilityDomain")
        if isinstance(domain, str) and domain:
            yield path, domain, _own(call.cloud, value)


def _own(cloud: Cloud, value: dict[str, object]) -> list[tuple[str, Entry]]:
    named: list[tuple[str, Entry]] = []
    for field, each in value.items():
        for text in each if isinstance(each, list) else [each]:
            entry = cloud.find(text) if isinstance(text, str) and text.startswith("ocid1.") else None
            if entry is not None and entry.live and entry.token in _ZONED:
                named.append((field, entry))
    return named


@rule("oci:Core/volumeAttachment:VolumeAttachment")
def volume_beside_its_instance(call: Call) -> None:
    """400 for a volume and an instance of different availability domains."""
    domains = {domain_of(entry): entry for _, entry in _named(call, _ZONED) if domain_of(entry)}
    if len(domains) > 1:
        (one, first), (other, second) = list(domains.items())[:2]
        raise invalid_parameter(f"{first.id} is in {one}, {second.id} in {other}: attach within one.")
