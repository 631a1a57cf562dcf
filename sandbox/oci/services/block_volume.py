"""Block volumes: sizes, performance, groups, backups."""

from typing import Any, Final

from facts.regions import REGIONS
from facts.storage import GROUP_VOLUMES, VOLUME_GIB, VOLUME_VPUS
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import changed, required, update
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict, invalid_parameter, not_found
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, number, one_of, texts
from sandbox.oci.rules.references import refers

VOLUME: Final = "oci:Core/volume:Volume"
GROUP: Final = "oci:Core/volumeGroup:VolumeGroup"
POLICY: Final = "oci:Core/volumeBackupPolicy:VolumeBackupPolicy"
ASSIGNMENT: Final = "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment"

refers(VOLUME, backupPolicyId=(POLICY,))
refers(GROUP, backupPolicyId=(POLICY,), volumeIds=(VOLUME,))

keep_while_used(
    VOLUME,
    by=(GROUP,),
    refusal=lambda volume, _: conflict(f"Volume {volume} is in a volume group", "IncorrectState"),
)
keep_while_used(
    POLICY,
    by=(ASSIGNMENT,),
    refusal=lambda policy, each: conflict(
        f"Backup policy {policy} is assigned to {each.inputs.get('assetId')}"
    ),
)

_ASSETS: Final = (VOLUME, "oci:Core/bootVolume:BootVolume", GROUP)
_PERIODS: Final = ("ONE_HOUR", "ONE_DAY", "ONE_WEEK", "ONE_MONTH", "ONE_YEAR")


@rule(VOLUME, on="create update")
def volume_size(call: Call) -> None:
    """400 unless the size is 50 to 32,768 GB and does not shrink, and performance is in tens up to 120."""
    size, (low, high) = number(call.inputs, "sizeInGbs"), VOLUME_GIB
    if size is not None and not low <= size <= high:
        raise invalid_parameter(f"sizeInGBs {size:g} must be between {low} and {high}")
    before = number(call.old.inputs, "sizeInGbs") if call.old else None
    if size is not None and before is not None and size < before:
        raise invalid_parameter(
            f"Volume size cannot be decreased: sizeInGBs {size:g} is less than {before:g}"
        )
    usual = number(call.inputs, "vpusPerGb")
    _units("vpusPerGB", usual)
    for tuning in blocks(call.inputs, "autotunePolicies"):
        most = number(tuning, "maxVpusPerGb")
        _units("maxVpusPerGB", most)
        if str(tuning.get("autotuneType")) == "PERFORMANCE_BASED" and (most is None or most <= (usual or 10)):
            raise invalid_parameter(
                "maxVpusPerGB must be greater than vpusPerGB for performance based autotune"
            )


def _units(name: str, value: float | None) -> None:
    if value is not None and value not in VOLUME_VPUS:
        raise invalid_parameter(f"{name} {value:g} is not supported: it must be a multiple of 10 up to 120")


@rule(GROUP)
def volume_group(call: Call) -> None:
    """400 unless the group has 1 to 64 volumes of its availability domain. 409 for a volume of another group."""
    ids = [id_ for source in blocks(call.inputs, "sourceDetails") for id_ in texts(source, "volumeIds")]
    kinds = {source.get("type") for source in blocks(call.inputs, "sourceDetails")}
    if "volumeIds" in kinds and not 1 <= len(ids) <= GROUP_VOLUMES:
        raise invalid_parameter(f"volumeIds size must be between 1 and {GROUP_VOLUMES}")
    taken = {
        id_
        for other in call.cloud.all(GROUP, region=call.region)
        for source in blocks(other.inputs, "sourceDetails")
        for id_ in texts(source, "volumeIds")
    }
    for id_ in ids:
        volume = call.cloud.find(id_)
        domain = volume.inputs.get("availabilityDomain") if volume else None
        if domain and domain != call.inputs.get("availabilityDomain"):
            raise invalid_parameter(
                f"Volume {id_} is in {domain}, not in the volume group's availability domain"
            )
        if id_ in taken:
            raise conflict(f"Volume {id_} is already in a volume group", "IncorrectState")


@rule(POLICY, on="create update")
def backup_policy(call: Call) -> None:
    """400 for an unknown period, type or time of day, or for backups that are not kept."""
    region = call.inputs.get("destinationRegion")
    if region and (region not in REGIONS or region == call.region):
        raise invalid_parameter(f"destinationRegion {region} is not a paired region of {call.region}")
    for each in blocks(call.inputs, "schedules"):
        _schedule(each)


def _schedule(each: dict[str, Any]) -> None:
    refusal = one_of("backupType", each.get("backupType"), ("FULL", "INCREMENTAL"))
    refusal = refusal or one_of("period", each.get("period"), _PERIODS)
    if refusal:
        raise refusal
    if (number(each, "retentionSeconds") or 0) <= 0:
        raise invalid_parameter("retentionSeconds must be greater than 0")
    for name, low, high in (("hourOfDay", 0, 23), ("dayOfMonth", 1, 28)):
        value = number(each, name)
        if value is not None and not low <= value <= high:
            raise invalid_parameter(f"{name} {value:g} must be between {low} and {high}")


@rule(ASSIGNMENT)
def backup_assignment(call: Call) -> None:
    """400 for an asset that is not a volume, 409 for one that already has a policy."""
    asset = str(call.inputs.get("assetId"))
    call.cloud.require(asset, *_ASSETS, path="assetId", region=call.region)
    if any(each.inputs.get("assetId") == asset for each in call.cloud.all(ASSIGNMENT, region=call.region)):
        raise conflict(f"Asset {asset} already has a backup policy assigned")


_CLIENT = "core.BlockstorageClient"
endpoint(VOLUME, _CLIENT, "volume")
endpoint(GROUP, _CLIENT, "volume_group")
endpoint(POLICY, _CLIENT, "volume_backup_policy", plural="volume_backup_policies")
endpoint(
    ASSIGNMENT,
    _CLIENT,
    "volume_backup_policy_assignment",
    methods={"list": "get_volume_backup_policy_asset_assignment"},
)


@answers(_CLIENT, "get_volume_kms_key")
def get_volume_key(request: Request) -> Response:
    """The Vault key of a volume. 404 for a volume that Oracle's own key encrypts (unverified)."""
    volume = required(endpoint_of(VOLUME), request)
    key = volume.outputs.get("kmsKeyId")
    if not key:
        raise not_found(f"The Vault key of {volume.id}.")
    return Response(body={"kmsKeyId": key})


@answers(_CLIENT, "update_volume_kms_key")
def change_volume_key(request: Request) -> Response:
    """Encrypt a volume with another Vault key."""
    return update(endpoint_of(VOLUME), request)


@answers(_CLIENT, "delete_volume_kms_key")
def drop_volume_key(request: Request) -> Response:
    """Let Oracle's own key encrypt a volume again."""
    found = endpoint_of(VOLUME)
    return changed(found, request, required(found, request), {"kmsKeyId": ""})
