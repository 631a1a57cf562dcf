"""File Storage with Lustre: names, capacities, tiers, addresses, links."""

from typing import Any, Final

from facts.storage import LUSTRE_NAME, LUSTRE_TIERS, is_lustre_capacity, lustre_addresses
from sandbox.oci.addresses import private_addresses, room_in
from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import number, one_of
from sandbox.oci.rules.references import refers
from sandbox.oci.services.object_storage.buckets import BUCKET

SYSTEM: Final = "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem"
LINK: Final = "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink"

refers(LINK, lustreFileSystemId=(SYSTEM,))

describe(SYSTEM, ocid="lustrefilesystem")
keep_while_used(
    SYSTEM,
    by=(LINK,),
    refusal=lambda system, link: conflict(
        f"Lustre file system {system} has the Object Storage link {link.id}"
    ),
)


@rule(SYSTEM, on="create update")
def lustre_system(call: Call) -> None:
    """400 for an invalid name, capacity or tier, or a smaller capacity than before."""
    name, size = str(call.inputs.get("fileSystemName")), int(number(call.inputs, "capacityInGbs") or 0)
    if not LUSTRE_NAME.fullmatch(name):
        raise invalid_parameter(
            f"fileSystemName {name!r} is invalid: at most 8 characters, letters, numbers and '_'"
        )
    tiers = tuple(f"MBPS_PER_TB_{each}" for each in LUSTRE_TIERS)
    refusal = one_of("performanceTier", call.inputs.get("performanceTier"), tiers)
    if refusal:
        raise refusal
    before = int(number(call.old.inputs, "capacityInGbs") or 0) if call.old else 0
    if size < before:
        raise invalid_parameter(f"capacityInGBs cannot be decreased from {before} to {size}")
    if not is_lustre_capacity(size):
        raise invalid_parameter(
            f"capacityInGBs {size} is invalid: the minimum is 31200, and it grows by 10400 up to 124800, then by "
            "41600"
        )


@rule(SYSTEM)
def lustre_addresses_are_free(call: Call) -> None:
    """400 for a subnet without enough addresses for the servers."""
    subnet = str(call.inputs.get("subnetId"))
    need = lustre_addresses(int(number(call.inputs, "capacityInGbs") or 0))
    room = room_in(call.cloud, subnet)
    if need > room:
        raise invalid_parameter(
            f"Subnet {subnet} does not have enough available IP addresses: {need} required"
        )


@rule(LINK)
def object_storage_link(call: Call) -> None:
    """400 for a bucket that does not exist. 409 for a directory that already has a link."""
    prefix = str(call.inputs.get("objectStoragePrefix"))
    namespace, separator, rest = prefix.partition(":/")
    bucket = rest.partition("/")[0]
    if not separator or not bucket:
        raise invalid_parameter(f"objectStoragePrefix {prefix!r} must be namespace:/bucket/prefix")
    known = call.cloud.all(BUCKET, region=call.region)
    if not any((each.inputs["namespace"], each.inputs["name"]) == (namespace, bucket) for each in known):
        raise invalid_parameter(f"The bucket '{bucket}' does not exist in the namespace '{namespace}'")
    system, path = call.inputs.get("lustreFileSystemId"), call.inputs.get("fileSystemPath")
    for other in call.cloud.all(LINK, region=call.region):
        if (other.inputs.get("lustreFileSystemId"), other.inputs.get("fileSystemPath")) == (system, path):
            raise conflict(f"The path {path} already has an Object Storage link")


@computed(SYSTEM)
def lustre_outputs(context: CreateContext) -> dict[str, Any]:
    """The address of its management service, which stays the same, and the name of its network."""
    old, subnet_id = context.old or {}, str(context.inputs.get("subnetId"))
    address = old.get("managementServiceAddress") or private_addresses(context.cloud, subnet_id)[0]
    return {"managementServiceAddress": address, "lnet": "tcp"}


_CLIENT = "lustre_file_storage.LustreFileStorageClient"
endpoint(SYSTEM, _CLIENT, "lustre_file_system")
endpoint(LINK, _CLIENT, "object_storage_link")


@answers(_CLIENT, "start_import_from_object", "start_export_to_object")
def start_job(request: Request) -> Response:
    """Take an import or an export as begun and done: the sandbox has no files. 409 unless the link is active."""
    return act(endpoint_of(LINK), request, {}, needs="ACTIVE")


@answers(_CLIENT, "stop_import_from_object", "stop_export_to_object")
def stop_job(request: Request) -> Response:
    """409: an import or an export has ended as soon as it begins (unverified)."""
    link = required(endpoint_of(LINK), request)
    raise conflict(f"{link.id} has no running job.", "IncorrectState")
