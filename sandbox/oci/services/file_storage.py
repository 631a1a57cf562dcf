"""File Storage: mount targets, exports and snapshot policies."""

import ipaddress
import re
from typing import Any, Final

from facts.storage import MOUNT_TARGET_ADDRESSES
from sandbox.oci.addresses import private_addresses, room_in, subnet_cidr
from sandbox.oci.api.bodies import missing
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import changed, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.companions import companion
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.ids import derived_ocid
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, number, one_of, parse_address

SYSTEM: Final = "oci:FileStorage/fileSystem:FileSystem"
TARGET: Final = "oci:FileStorage/mountTarget:MountTarget"
EXPORT: Final = "oci:FileStorage/export:Export"
SNAPSHOTS: Final = "oci:FileStorage/filesystemSnapshotPolicy:FilesystemSnapshotPolicy"

keep_while_used(
    SYSTEM,
    by=(EXPORT,),
    refusal=lambda system, export: conflict(f"File system {system} has the export {export.id}"),
)

_PATH = re.compile(r"/[A-Za-z0-9._/-]{0,1023}")
_LEAST_THROUGHPUT: Final = 1
"""Gbps of a new mount target: the SDK's text of `CreateMountTargetDetails.requested_throughput`."""
_PERIODS: Final = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@rule(TARGET)
def mount_target(call: Call) -> None:
    """400 for a subnet of another availability domain, or one without three addresses."""
    subnet = str(call.inputs.get("subnetId"))
    found = call.cloud.find(subnet)
    domain = found.inputs.get("availabilityDomain") if found else None
    if domain and domain != call.inputs.get("availabilityDomain"):
        raise invalid_parameter(
            f"Subnet {subnet} is in {domain}, not in the mount target's availability domain"
        )
    room = room_in(call.cloud, subnet)
    if room < MOUNT_TARGET_ADDRESSES:
        raise invalid_parameter(
            f"Subnet {subnet} does not have enough available IP addresses: {MOUNT_TARGET_ADDRESSES} required"
        )
    address = call.inputs.get("ipAddress")
    if address and parse_address(str(address), "ipAddress") not in ipaddress.ip_network(
        subnet_cidr(call.cloud, subnet), strict=False
    ):
        raise invalid_parameter(f"ipAddress {address} is not in subnet {subnet}")


@rule(TARGET, on="create update")
def mount_target_throughput(call: Call) -> None:
    """400 for less than the least throughput, 0 included."""
    wanted = number(call.inputs, "requestedThroughput")
    if wanted is not None and wanted < _LEAST_THROUGHPUT:
        raise invalid_parameter(f"requestedThroughput must be {_LEAST_THROUGHPUT} or more, is {wanted:g}")


@rule(EXPORT)
def export(call: Call) -> None:
    """400 for an invalid path or a file system of another availability domain. 409 for a path that overlaps."""
    path, set_id = str(call.inputs.get("path")), call.inputs.get("exportSetId")
    if not _PATH.fullmatch(path) or "//" in path:
        raise invalid_parameter(f"path {path!r} is not a valid export path")
    target = next(
        (each for each in call.cloud.all(TARGET) if each.outputs.get("exportSetId") == set_id), None
    )
    system = call.cloud.find(str(call.inputs.get("fileSystemId")))
    if target and system and not system.assumed:
        domains = [each.inputs.get("availabilityDomain") for each in (target, system)]
        if domains[0] != domains[1]:
            raise invalid_parameter(
                f"File system {system.id} is in {domains[1]}, the export set's mount target in {domains[0]}"
            )
    for other in call.cloud.all(EXPORT, region=call.region):
        if other.inputs.get("exportSetId") == set_id and _overlap(path, str(other.inputs.get("path"))):
            raise conflict(f"The path {path} conflicts with export {other.id} of the same export set")


def _overlap(one: str, other: str) -> bool:
    first, second = one.rstrip("/") + "/", other.rstrip("/") + "/"
    return first.startswith(second) or second.startswith(first)


@rule(EXPORT, on="create update")
def export_options(call: Call) -> None:
    """400 for a client that is not an address or CIDR, or for an unknown access or squash option."""
    for each in blocks(call.inputs, "exportOptions"):
        source = str(each.get("source"))
        try:
            ipaddress.ip_network(source)
        except ValueError:
            raise invalid_parameter(
                f"exportOptions: source {source!r} is no IP address or CIDR block"
            ) from None
        refusal = one_of("access", each.get("access"), ("READ_WRITE", "READ_ONLY"))
        refusal = refusal or one_of("identitySquash", each.get("identitySquash"), ("NONE", "ROOT", "ALL"))
        if refusal:
            raise refusal


@rule(SNAPSHOTS, on="create update")
def snapshot_policy(call: Call) -> None:
    """400 for more than ten schedules or an unknown period."""
    schedules = blocks(call.inputs, "schedules")
    if len(schedules) > 10:
        raise invalid_parameter("schedules size must be between 0 and 10")
    for each in schedules:
        refusal = one_of("period", each.get("period"), _PERIODS)
        hour = number(each, "hourOfDay")
        if refusal is None and hour is not None and not 0 <= hour <= 23:
            refusal = invalid_parameter(f"hourOfDay {hour:g} must be between 0 and 23")
        if refusal:
            raise refusal


@rule(SYSTEM, on="create update")
def snapshot_policy_is_in_the_domain(call: Call) -> None:
    """400 for a snapshot policy of another availability domain."""
    policy = call.cloud.find(str(call.inputs.get("filesystemSnapshotPolicyId") or ""))
    domain = call.inputs.get("availabilityDomain")
    if policy and not policy.assumed and policy.inputs.get("availabilityDomain") != domain:
        raise invalid_parameter(f"Snapshot policy {policy.id} is not in availability domain {domain}")


@computed(TARGET)
def mount_target_outputs(context: CreateContext) -> dict[str, Any]:
    """Its own export set and an address of the subnet. Both stay."""
    old = context.old or {}
    address = old.get("ipAddress") or context.inputs.get("ipAddress")
    subnet_id = str(context.inputs.get("subnetId"))
    return {
        "exportSetId": companion(
            context,
            "oci:FileStorage/exportSet:ExportSet",
            displayName=f"{context.outputs.get('displayName')} - export set",
            availabilityDomain=context.inputs.get("availabilityDomain"),
            mountTargetId=context.id,
        ),
        "ipAddress": address or private_addresses(context.cloud, subnet_id)[0],
        "privateIpIds": [derived_ocid("privateip", context.region, context.id)],
        **_throughput(context),
    }


def _throughput(context: CreateContext) -> dict[str, Any]:
    """The requested throughput in Gbps, and the billed one, which falls only at the end of the billing cycle."""
    requested = int(number(context.inputs, "requestedThroughput") or _LEAST_THROUGHPUT)
    before = int(number(context.old or {}, "observedThroughput") or 0)
    return {"requestedThroughput": str(requested), "observedThroughput": str(max(requested, before))}


_CLIENT = "file_storage.FileStorageClient"
endpoint(SYSTEM, _CLIENT, "file_system")
endpoint(TARGET, _CLIENT, "mount_target")
endpoint(EXPORT, _CLIENT, "export")
endpoint(SNAPSHOTS, _CLIENT, "filesystem_snapshot_policy", plural="filesystem_snapshot_policies")


@answers(_CLIENT, "pause_filesystem_snapshot_policy", "unpause_filesystem_snapshot_policy")
def pause_snapshot_policy(request: Request) -> Response:
    """Let a snapshot policy make no snapshots, or make them again."""
    found = endpoint_of(SNAPSHOTS)
    state = "INACTIVE" if request.operation.name == "PauseFilesystemSnapshotPolicy" else "ACTIVE"
    return changed(found, request, required(found, request), {"state": state})


@answers(_CLIENT, "toggle_quota_rules")
def toggle_quota_rules(request: Request) -> Response:
    """Enforce the quota rules of a file system, or no longer."""
    found, wanted = endpoint_of(SYSTEM), request.body["areQuotaRulesEnabled"]
    return changed(found, request, required(found, request), {"areQuotaRulesEnabled": wanted})


@answers(_CLIENT, "upgrade_shape_mount_target", "schedule_downgrade_shape_mount_target")
def change_throughput(request: Request) -> Response:
    """Raise the throughput of a mount target now, or lower it at the end of its billing cycle.

    The provider names none for less throughput (file_storage_mount_target_resource.go): it is the least one then. 400
    for more where less is wanted, and the reverse (unverified).
    """
    found, raising = endpoint_of(TARGET), request.operation.name.startswith("Upgrade")
    wanted = (request.body or {}).get("requestedThroughput") or (None if raising else _LEAST_THROUGHPUT)
    if wanted is None:
        raise missing("requestedThroughput")

    def throughput(target: Entry) -> dict[str, Any]:
        billed = int(number(target.outputs, "observedThroughput") or _LEAST_THROUGHPUT)
        if wanted == billed or (wanted > billed) != raising:
            raise invalid_parameter(
                f"requestedThroughput {wanted} must be {'more' if raising else 'less'} than {billed}."
            )
        return {"requestedThroughput": str(wanted)}

    return changed(found, request, required(found, request), throughput)


@answers(_CLIENT, "cancel_downgrade_shape_mount_target")
def cancel_downgrade(request: Request) -> Response:
    """Keep the billed throughput of a mount target. 409 if it is not about to fall (unverified)."""
    found = endpoint_of(TARGET)

    def billed(target: Entry) -> dict[str, Any]:
        known = target.outputs
        if known.get("requestedThroughput") == known.get("observedThroughput"):
            raise conflict(f"{target.id} has no scheduled downgrade.", "IncorrectState")
        return {"requestedThroughput": known["observedThroughput"]}

    return changed(found, request, required(found, request), billed)
