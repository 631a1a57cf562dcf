"""Relations between inputs that the SDK's own text states (pulumi_oci 5.5.0, the docstrings of the Args classes)."""

import ipaddress
import json
from datetime import UTC, datetime, timedelta
from typing import Final

from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, texts
from sandbox.oci.services.file_storage import TARGET
from sandbox.oci.services.network.vcns import SUBNET, VCN, vcn_blocks

ADDRESS: Final = "oci:Core/privateIp:PrivateIp"
_FILTER: Final = "oci:Core/captureFilter:CaptureFilter"
_METADATA_BYTES: Final = 4096
_LAST_PORT: Final = 65_535


@rule(VCN, on="update")
def one_change_of_ranges(call: Call) -> None:
    """400: an update adds a range at the end, removes one or changes one."""
    before = texts(call.old.inputs, "cidrBlocks") if call.old else []
    after = texts(call.inputs, "cidrBlocks")
    if not before or not after or before == after:
        return
    changed = sum(one != other for one, other in zip(before, after, strict=False))
    added = len(after) == len(before) + 1 and not changed
    removed = any(before[:index] + before[index + 1 :] == after for index in range(len(before)))
    if not (added or removed or (len(before) == len(after) and changed == 1)):
        raise invalid_parameter(
            "cidr_blocks: an update adds one CIDR at the end, removes one or modifies one; "
            f"this one changes {', '.join(before)} to {', '.join(after)}."
        )


@rule(SUBNET, on="create update")
def ipv6_of_the_vcn(call: Call) -> None:
    """400: a subnet has IPv6 prefixes only where its VCN is enabled for IPv6."""
    given = [*texts(call.inputs, "ipv6cidrBlocks"), *texts(call.inputs, "ipv6cidrBlock")]
    vcn = call.cloud.find(str(call.inputs.get("vcnId")))
    if given and vcn and not vcn.assumed and not vcn.inputs.get("isIpv6enabled"):
        raise invalid_parameter(f"ipv6CidrBlock {given[0]}: VCN {vcn.id} is not enabled for IPv6.")


@rule("oci:ContainerEngine/nodePool:NodePool")
def one_way_to_place_nodes(call: Call) -> None:
    """400: exactly one of subnetIds and nodeConfigDetails."""
    given = [name for name in ("subnetIds", "nodeConfigDetails") if call.inputs.get(name)]
    if len(given) != 1:
        raise invalid_parameter("Exactly one of subnetIds and nodeConfigDetails must be specified.")


@rule(ADDRESS, on="create update")
def private_address(call: Call) -> None:
    """400: an address of its subnet that nothing has; on a VNIC, of the VNIC's subnet."""
    vnic = call.cloud.find(str(call.inputs.get("vnicId")))
    other = (vnic.inputs.get("subnetId") or vnic.outputs.get("subnetId")) if vnic else None
    subnet = str(call.inputs.get("subnetId") or other or "")
    if other and call.inputs.get("subnetId") and other != subnet:
        raise invalid_parameter(f"vnicId: the VNIC is in subnet {other}, the address in {subnet}.")
    text = call.inputs.get("ipAddress")
    if not text or not subnet:
        return
    mine = call.old.id if call.old else ""
    found = call.cloud.find(subnet)
    ranges = vcn_blocks(found) if found else []
    if ranges and not any(ipaddress.ip_address(str(text)) in each for each in ranges):
        raise invalid_parameter(f"ipAddress {text} is not within the CIDR of subnet {subnet}.")
    for each in call.cloud.all(ADDRESS, region=call.region):
        if each.id != mine and each.inputs.get("ipAddress") == text and each.inputs.get("subnetId") == subnet:
            raise invalid_parameter(f"ipAddress {text} is already in use in subnet {subnet}.")


@rule(ADDRESS, TARGET, on="create update")
def host_name_is_free(call: Call) -> None:
    """400: a host name label is there once in a subnet."""
    label, subnet = call.inputs.get("hostnameLabel"), call.inputs.get("subnetId")
    mine = call.old.id if call.old else ""
    for token in (ADDRESS, TARGET):
        for each in call.cloud.all(token, region=call.region):
            same = str(each.inputs.get("hostnameLabel") or "").lower() == str(label).lower()
            if label and same and each.id != mine and each.inputs.get("subnetId") == subnet:
                raise invalid_parameter(f"hostnameLabel {label} is already in use in subnet {subnet}.")


@rule("oci:Core/computeCluster:ComputeCluster", on="create update")
def targets_are_of_an_island(call: Call) -> None:
    """400: memory fabrics and network blocks are named together with their HPC island."""
    for each in blocks(call.inputs, "placementConstraintDetails"):
        named = [name for name in ("targetMemoryFabricIds", "targetNetworkBlockIds") if each.get(name)]
        if named and not (call.inputs.get("hpcIslandId") or each.get("hpcIslandId")):
            raise invalid_parameter(f"{named[0]}: hpcIslandId must be set on the compute cluster.")


@rule(_FILTER, on="create update")
def filter_ports(call: Call) -> None:
    """400: the first port of a range is not above its last."""
    for kind in ("flowLogCaptureFilterRules", "vtapCaptureFilterRules"):
        for options in ("tcpOptions", "udpOptions"):
            for side in ("sourcePortRange", "destinationPortRange"):
                _ports_in_order(call, kind, options, side)


@rule(
    "oci:Core/securityList:SecurityList",
    "oci:Core/defaultSecurityList:DefaultSecurityList",
    on="create update",
)
def list_ports(call: Call) -> None:
    """400: the same of a security list's rules, and no port beyond 65535."""
    for kind in ("ingressSecurityRules", "egressSecurityRules"):
        for options in ("tcpOptions", "udpOptions"):
            _ports_in_order(call, kind, options)
            _ports_in_order(call, kind, options, "sourcePortRange")


def _ports_in_order(call: Call, *path: str) -> None:
    for each in blocks(call.inputs, *path):
        low, high = number(each, "min"), number(each, "max")
        if low is None or high is None:
            continue
        if not 0 <= low <= high <= _LAST_PORT:
            raise invalid_parameter(
                f"{'.'.join(path)}: {low:g}-{high:g} is invalid: min <= max, up to {_LAST_PORT}."
            )


@rule("oci:Vault/secret:Secret", on="create update")
def secret_rotation_and_expiry(call: Call) -> None:
    """400: a scheduled rotation has an interval; an absolute expiry is 1 to 365 days ahead."""
    for each in blocks(call.inputs, "rotationConfig"):
        if str(each.get("isScheduledRotationEnabled")).lower() == "true" and not each.get("rotationInterval"):
            raise invalid_parameter("rotationInterval must be set when isScheduledRotationEnabled is true.")
    today = datetime.now(UTC)
    for each in blocks(call.inputs, "secretRules"):
        text = str(each.get("timeOfAbsoluteExpiry") or "")
        if not text:
            continue
        due = _time(text)
        if due is None or not timedelta(days=1) <= due - today <= timedelta(days=365):
            raise invalid_parameter(f"timeOfAbsoluteExpiry {text} must be from 1 to 365 days from now.")


@rule("oci:Database/autonomousDatabase:AutonomousDatabase")
def clone_of_the_past(call: Call) -> None:
    """400: the time that a clone is made of is in the past."""
    text = str(call.inputs.get("timestamp") or "")
    due = _time(text)
    if text and (due is None or due > datetime.now(UTC)):
        raise invalid_parameter(f"timestamp {text} must be in the past.")


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@rule("oci:ObjectStorage/bucket:Bucket", on="create update")
def bucket_metadata(call: Call) -> None:
    """400: at most 4 KB of metadata."""
    size = len(json.dumps(call.inputs.get("metadata") or {}).encode())
    if size > _METADATA_BYTES:
        raise invalid_parameter(f"metadata: {size} bytes exceed the limit of {_METADATA_BYTES}.")
