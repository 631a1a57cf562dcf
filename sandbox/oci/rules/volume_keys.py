"""Block Volume supports keys with a single version. The behavior with several versions is not defined.

Source: docs.oracle.com/en-us/iaas/Content/Block/Concepts/managingblockencryptionkeys.htm, "Rotating the Encryption
Key". To rotate a volume's key, give the volume another key.
"""

from typing import Final

from sandbox.oci.errors import conflict
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import INSTANCE, POOL
from sandbox.oci.services.block_volume import GROUP, VOLUME
from sandbox.oci.services.compute.instances import CONFIGURATION
from sandbox.oci.services.vault.keys import KEY, VERSION, keys_in

_WITH_VOLUMES: Final = (
    VOLUME,
    GROUP,
    "oci:Core/bootVolume:BootVolume",
    INSTANCE,
    CONFIGURATION,
    POOL,
)


@rule(VERSION)
def volumes_key_gets_no_version(call: Call) -> None:
    """409 for a second version of a key that encrypts volumes."""
    key = str(call.inputs.get("keyId"))
    _refuse_if_it_encrypts_volumes(call, key, "must not get another version")


@rule(KEY, on="update")
def volumes_key_does_not_rotate(call: Call) -> None:
    """409 for a rotation schedule of a key that encrypts volumes."""
    before = bool(call.old and call.old.inputs.get("isAutoRotationEnabled"))
    if call.old and call.inputs.get("isAutoRotationEnabled") and not before:
        _refuse_if_it_encrypts_volumes(call, call.old.id, "must not rotate on a schedule")


@rule(*_WITH_VOLUMES, on="create update")
def key_of_a_volume_has_one_version(call: Call) -> None:
    """409 for a volume whose key has several versions or rotates on a schedule."""
    before = keys_in(call.old.inputs) if call.old else set[str]()
    for id in keys_in(call.inputs) - before:  # noqa: A001
        key = call.cloud.find(id)
        if key is None or key.token != KEY or key.assumed:
            continue
        several = any(each.inputs.get("keyId") == id for each in call.cloud.all(VERSION))
        if several or key.inputs.get("isAutoRotationEnabled"):
            how = "has several versions" if several else "rotates on a schedule"
            raise conflict(
                f"The key {id} {how}: Block Volume supports keys with a single version.", "IncorrectState"
            )


def _refuse_if_it_encrypts_volumes(call: Call, key_id: str, what: str) -> None:
    for token in _WITH_VOLUMES:
        for each in call.cloud.all(token):
            if key_id in keys_in(each.inputs):
                raise conflict(
                    f"The key {key_id} encrypts volumes of {each.id} and {what}: Block Volume supports keys with a "
                    "single version.",
                    "IncorrectState",
                )
