"""What security zones deny, for resources of several services.

Source: docs.oracle.com/iaas/security-zone/using/security-zone-policies.htm. A zone covers its compartment and those
below it. UNVERIFIED: no source shows the status, code and text of the refusal; they are the sandbox's own."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.compartments import those_above
from sandbox.oci.errors import OciError
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import INSTANCE, POOL
from sandbox.oci.rules.reading import blocks, texts
from sandbox.oci.services.autonomous_database.databases import DATABASE
from sandbox.oci.services.block_volume import VOLUME
from sandbox.oci.services.cloud_guard import SECURITY_RECIPE, ZONE, policy_names
from sandbox.oci.services.compute.instances import CONFIGURATION
from sandbox.oci.services.file_storage import SYSTEM as FILE_SYSTEM
from sandbox.oci.services.object_storage.buckets import BUCKET
from sandbox.oci.services.vault.keys import keys_in

_BOOT_VOLUME: Final = "oci:Core/bootVolume:BootVolume"


def _keyless(inputs: dict[str, Any]) -> bool:
    return not keys_in(inputs)


def _boot_keyless(inputs: dict[str, Any]) -> bool:
    """A boot volume that is created from an image. One that exists has its own key."""
    launch = blocks(inputs, "instanceDetails", "launchDetails")
    sources = blocks(inputs, "sourceDetails") + [
        each for one in launch for each in blocks(one, "sourceDetails")
    ]
    fresh = [each for each in sources if str(each.get("sourceType")).lower() == "image"]
    return any(not keys_in(each) for each in fresh)


def _nodes_keyless(inputs: dict[str, Any]) -> bool:
    return not any(keys_in(each) for each in blocks(inputs, "nodeConfigDetails"))


def _public_bucket(inputs: dict[str, Any]) -> bool:
    return inputs.get("accessType") not in (None, "NoPublicAccess")


def _public_database(inputs: dict[str, Any]) -> bool:
    return not inputs.get("subnetId")


_DENIED: Final[Mapping[str, Mapping[str, Callable[[dict[str, Any]], bool]]]] = {
    "deny public_buckets": {BUCKET: _public_bucket},
    "deny db_instance_public_access": {DATABASE: _public_database},
    "deny block_volume_without_vault_key": {VOLUME: _keyless},
    "deny boot_volume_without_vault_key": {
        _BOOT_VOLUME: _keyless,
        INSTANCE: _boot_keyless,
        CONFIGURATION: _boot_keyless,
        POOL: _nodes_keyless,
    },
    "deny buckets_without_vault_key": {BUCKET: _keyless},
    "deny file_system_without_vault_key": {FILE_SYSTEM: _keyless},
}
"""What each policy denies, by type of resource."""

_TOKENS: Final = sorted({token for each in _DENIED.values() for token in each})


@rule(*_TOKENS, on="create update")
def zone_policies(call: Call) -> None:
    """409 for a resource in a security zone that a policy of the zone denies."""
    for policy in _policies_over(call.cloud, str(call.inputs.get("compartmentId"))):
        denies = _DENIED.get(policy, {}).get(call.token)
        if denies and denies(call.inputs):
            raise OciError(409, "SecurityZoneViolation", f"Security zone violation: policy '{policy}'.")


def _policies_over(cloud: Cloud, compartment: str) -> Iterator[str]:
    """The names of the policies of every zone over a compartment."""
    covered = those_above(cloud, compartment)
    for zone in cloud.all(ZONE):
        recipe = cloud.find(str(zone.inputs.get("securityZoneRecipeId")))
        if zone.compartment_id not in covered or recipe is None or recipe.token != SECURITY_RECIPE:
            continue
        for each in texts(recipe.inputs, "securityPolicies"):
            yield policy_names(zone.region).get(each, "")
