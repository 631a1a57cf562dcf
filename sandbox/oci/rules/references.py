"""References by OCID: the resource must exist, have the right type and be in the call's region."""

from functools import cache
from typing import Final

from facts.ocids import Ocid, parse_ocid
from facts.provider_fields import resource_tokens
from facts.regions import REGIONS
from sandbox.oci.discovery import import_all
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.ids import is_global, needs_region, ocid_type
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import fields

_ENDINGS: Final = ("Id", "Ids", "Ocid", "Ocids")

_OTHER_FIELDS: Final = frozenset({"destinations", "targets"})
"""Fields of alarms and budgets that contain OCIDs although their names do not say so."""


_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "alarmid": ("oci:Monitoring/alarm:Alarm",),
    "azurevaultid": (),
    "bastionid": ("oci:Bastion/bastion:Bastion",),
    "bdscapacityreservationid": (),
    "capacityreservationid": ("oci:Core/computeCapacityReservation:ComputeCapacityReservation",),
    "compartmentid": ("oci:Identity/compartment:Compartment", "oci:Identity/tenancy:Tenancy"),
    "computeclusterid": ("oci:Core/computeCluster:ComputeCluster",),
    "dhcpoptionsid": ("oci:Core/dhcpOptions:DhcpOptions",),
    "drgid": ("oci:Core/drg:Drg",),
    "drgroutetableid": ("oci:Core/drgRouteTable:DrgRouteTable",),
    "exascaledbstoragevaultid": ("oci:Database/exascaleDbStorageVault:ExascaleDbStorageVault",),
    "instanceconfigurationid": ("oci:Core/instanceConfiguration:InstanceConfiguration",),
    "kmskeyid": ("oci:Kms/key:Key",),
    "loadbalancerid": ("oci:LoadBalancer/loadBalancer:LoadBalancer",),
    "loggroupid": ("oci:Logging/logGroup:LogGroup",),
    "mounttargetid": ("oci:FileStorage/mountTarget:MountTarget",),
    "networkloadbalancerid": ("oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer",),
    "networksecuritygroupid": ("oci:Core/networkSecurityGroup:NetworkSecurityGroup",),
    "nsgid": ("oci:Core/networkSecurityGroup:NetworkSecurityGroup",),
    "oracledbazurevaultid": (),
    "recoveryservicesubnetid": ("oci:RecoveryMod/recoveryServiceSubnet:RecoveryServiceSubnet",),
    "routetableid": ("oci:Core/routeTable:RouteTable",),
    "securitylistid": ("oci:Core/securityList:SecurityList",),
    "subnetid": ("oci:Core/subnet:Subnet",),
    "topicid": ("oci:Ons/notificationTopic:NotificationTopic",),
    "vaultid": ("oci:Kms/vault:Vault",),
    "vcnid": ("oci:Core/vcn:Vcn",),
}
"""End of a field's name (lower case, singular) -> the types it may refer to, where all services agree.

Empty for a field that ends like another one but refers to another type, whose OCID type is in no source. For such a
field only OCIDs of a type that is surely wrong are refused; see `_WITHOUT_SOURCE`.
"""

_WITHOUT_SOURCE: Final = {
    "azurevaultid": "vault of Azure",
    "bdscapacityreservationid": "capacity reservation of Big Data Service",
    "oracledbazurevaultid": "vault of Azure",
}
"""The resources that these fields refer to, in words."""

_KINDS_OF: Final[dict[tuple[str, str], tuple[str, ...]]] = {}


def refers(token: str, **names: tuple[str, ...]) -> None:
    """Register the types that fields may refer to, if their names do not tell: refers(TYPE, imageId=(IMAGE,))."""
    _KINDS_OF.update({(token, field): kinds for field, kinds in names.items()})


_ELSEWHERE: Final = ("peer", "remote", "source", "destination", "standby", "replica", "dest", "xrc", "xrr")
"""Prefixes of fields that may refer to another region."""


@cache
def _by_ocid_type() -> dict[str, str]:
    """OCID type -> a resource type that has it. Adopted resources get their type from here."""
    known = {ocid_type(token): token for token in sorted(resource_tokens(), reverse=True)}
    return known | {ocid_type(token): token for kinds in _KINDS.values() for token in kinds}


def expected(token: str, field: str) -> tuple[str, ...]:
    """The types that a field of a resource may refer to. Empty if there is no restriction."""
    import_all()
    special = _KINDS_OF.get((token, field))
    if special is not None:
        return special
    name = field.lower().removesuffix("s")
    ends = (end for end in sorted(_KINDS, key=len, reverse=True) if name.endswith(end))
    return _KINDS.get(next(ends, ""), ())


@cache
def _types_of_others() -> frozenset[str]:
    """OCID types that surely do not belong to the resources in `_WITHOUT_SOURCE`."""
    return frozenset(ocid_type(token) for kinds in _KINDS.values() for token in kinds)


def without_source(field: str) -> str | None:
    """The resource that a field of `_WITHOUT_SOURCE` refers to, in words. None for every other field."""
    return _WITHOUT_SOURCE.get(field.lower().removesuffix("s"))


def is_reference(field: str) -> bool:
    """Whether a value of this field that looks like an OCID is a reference."""
    return field.endswith(_ENDINGS) or field in _OTHER_FIELDS


@rule("*", on="create update")
def refers_to_existing_resources(call: Call) -> None:
    """404 for a resource that was deleted or never created here. 400 for another type or region, or an invalid OCID."""
    references = [each for each in fields(call.inputs) if is_reference(each[1]) and each[2]]
    # What is no OCID is refused without the cloud, so that a preview sees it whatever the order of the inputs.
    for path, field, text in references:
        if not text.startswith("ocid1.") and expected(call.token, field):
            raise invalid_parameter(f"{path}: {text!r} is not an OCID.")
    for path, field, text in references:
        if not text.startswith("ocid1."):
            continue
        kinds, ocid = expected(call.token, field), parse_ocid(text)
        if (
            ocid is not None
            and (wanted := without_source(field))
            and ocid.resource_type in _types_of_others()
        ):
            raise invalid_parameter(f"{path}: {text} is a {ocid.resource_type}, not a {wanted}.")
        if ocid is not None and call.cloud.find(text) is None:
            _parts_fit(call, path, text, ocid, kinds)
        anywhere = field.startswith(_ELSEWHERE) or (ocid is not None and is_global(ocid.resource_type))
        if ocid is not None and not kinds:
            kinds = tuple(filter(None, [_by_ocid_type().get(ocid.resource_type)]))
        call.cloud.require(text, *kinds, path=path, region=None if anywhere else call.region)


def _parts_fit(call: Call, path: str, text: str, ocid: Ocid, kinds: tuple[str, ...]) -> None:
    """400 for an OCID of another realm, without the region that its type needs, or with one that it cannot have.

    Source of the parts: Oracle's page "Resource Identifiers". The message follows the pattern of the others here.
    """
    realm = REGIONS[call.region].realm if call.region in REGIONS else ocid.realm
    if ocid.realm != realm:
        raise invalid_parameter(f"{path}: {text} is in realm {ocid.realm}, the call in {realm}.")
    if is_global(ocid.resource_type) and ocid.region:
        raise invalid_parameter(
            f"{path}: {text} names a region, and a {ocid.resource_type} is in all of them."
        )
    known = ocid.resource_type in map(ocid_type, kinds)
    if known and needs_region(ocid.resource_type) and not ocid.region:
        raise invalid_parameter(f"{path}: {text} names no region.")
