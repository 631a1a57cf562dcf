"""Vault: vaults, their keys and the keys' versions."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.ids import derived_ocid
from sandbox.oci.lookups import finds, lists
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.pending import DOCS, Wait, how_to_recover, waits
from sandbox.oci.rules.reading import blocks, fields, number, one_of
from sandbox.oci.rules.references import refers

VAULT: Final = "oci:Kms/vault:Vault"
KEY: Final = "oci:Kms/key:Key"
VERSION: Final = "oci:Kms/keyVersion:KeyVersion"
_ROTATION: Final = "autoKeyRotationDetails"


def key_state(inputs: dict[str, Any]) -> str:
    """The state of a key that does not wait for its deletion."""
    return "DISABLED" if str(inputs.get("desiredState")).upper() == "DISABLED" else "ENABLED"


waits(
    VAULT,
    Wait(
        days=(7, 30),
        cancel="oci kms management vault cancel-deletion --vault-id {id}",
        page=f"{DOCS}/KeyManagement/Tasks/managingvaults_topic-To_delete_a_vault.htm",
        blocks="its keys wait with it; its compartment cannot be deleted (oracle/terraform-provider-oci#1562)",
    ),
)
waits(
    KEY,
    Wait(
        days=(7, 30),
        cancel="oci kms management key cancel-deletion --key-id {id} --endpoint {managementEndpoint}",
        page=f"{DOCS}/KeyManagement/Tasks/managingkeys_topic-To_delete_a_key.htm",
        blocks="what it encrypts cannot be read, and nothing new can use it",
        # Source: the text of `cancel_key_deletion` in the SDK: the state is what it was before.
        recovered=lambda entry: key_state(entry.inputs),
    ),
    ready="ENABLED",
)
waits(
    VERSION,
    Wait(
        days=(7, 30),
        cancel="oci kms management key-version cancel-deletion --key-id {keyId} --key-version-id {id} "
        "--endpoint {managementEndpoint}",
        page="https://docs.oracle.com/en-us/iaas/tools/python/latest/api/key_management/models/"
        "oci.key_management.models.ScheduleKeyVersionDeletionDetails.html",
    ),
    ready="ENABLED",
    # Source: getKeyVersionCompositeId in the provider's kms_key_version_resource.go.
    id="keys/{keyId}/keyVersions/{new}",
)
refers(VERSION, keyId=(KEY,))
finds("oci:Kms/getVault:getVault", VAULT, by="vaultId")
lists("oci:Kms/getVaults:getVaults", VAULT, rows="vaults")

_LENGTHS: Final[dict[str, tuple[int, ...]]] = {
    "AES": (16, 24, 32),
    "RSA": (256, 384, 512),
    "ECDSA": (32, 48, 66),
}
"""Key lengths in bytes."""


@rule(KEY)
def key_shape(call: Call) -> None:
    """400 for an algorithm other than AES, RSA and ECDSA, or a length that it does not have."""
    for shape in blocks(call.inputs, "keyShape"):
        algorithm = str(shape.get("algorithm")).upper()
        refusal = one_of("algorithm", algorithm, tuple(_LENGTHS))
        if refusal:
            raise refusal
        if number(shape, "length") not in _LENGTHS[algorithm]:
            allowed = ", ".join(map(str, _LENGTHS[algorithm]))
            raise invalid_parameter(
                f"length {shape.get('length')} is invalid for {algorithm}: {allowed} bytes."
            )


@rule(KEY)
def new_key_is_enabled(call: Call) -> None:
    """400 for a new key that is to be disabled. Source: Create in the provider's kms_key_resource.go."""
    if key_state(call.inputs) == "DISABLED":
        raise invalid_parameter("oci_kms_keys can only be created in ENABLED state")


@rule(KEY, on="create update")
def key_rotation(call: Call) -> None:
    """400 for a rotation interval outside 60 to 365 days, or a schedule outside a virtual private vault."""
    for each in blocks(call.inputs, _ROTATION):
        days = number(each, "rotationIntervalInDays")
        if days is not None and not 60 <= days <= 365:
            raise invalid_parameter(f"rotationIntervalInDays {days:g} must be between 60 and 365.")
    if not call.inputs.get("isAutoRotationEnabled"):
        return
    endpoint = call.inputs.get("managementEndpoint")
    for vault in call.cloud.all(VAULT):
        shared = str(vault.inputs.get("vaultType")).upper() != "VIRTUAL_PRIVATE"
        if shared and vault.outputs.get("managementEndpoint") == endpoint:
            raise invalid_parameter("Auto rotation is supported for keys in a virtual private vault only.")


@rule(KEY, on="update")
def schedule_has_a_start(call: Call) -> None:
    """400 for any change of a key whose schedule was created without a start: the provider cannot send the schedule.

    Source: terraform-provider-oci 8.28.0, kms_key_resource.go. `Update` sends the schedule with each change, and
    `mapToAutoKeyRotationDetails` parses its start. `SetData` never reads it, so it is empty unless it was configured.
    """
    if not call.by_provider or call.old is None:
        return
    before, after = blocks(call.old.inputs, _ROTATION), blocks(call.inputs, _ROTATION)
    if before and not any(each.get("timeOfScheduleStart") for each in (after or before)):
        refusal = invalid_parameter(
            'parsing time "" as "2006-01-02T15:04:05.999999999Z07:00": cannot parse "" as "2006"'
        )
        refusal.note = (
            "The provider sends the schedule of a key with every change, and fails if the schedule has no start. "
            "Set autoKeyRotationDetails.timeOfScheduleStart (vault.rotationStart)"
        )
        raise refusal


@rule(VAULT)
def vault_type(call: Call) -> None:
    """400 for an unknown type of vault."""
    refusal = one_of("vaultType", call.inputs.get("vaultType"), ("DEFAULT", "VIRTUAL_PRIVATE", "EXTERNAL"))
    if refusal:
        raise refusal


_KEY_FIELD = re.compile(r"(kms|xrcKms|xrrKms)KeyIds?")
"""Fields of the provider's table that name a key which encrypts: here, in a copy or in a replica in another region."""

_SIGNING = "imagePolicyConfig"
"""Contains keys that check signatures of images. They encrypt nothing."""


def keys_in(inputs: dict[str, Any]) -> set[str]:
    """The OCIDs of the vault keys that encrypt what the inputs describe, at any depth."""
    return {
        text
        for path, name, text in fields(inputs)
        if _KEY_FIELD.fullmatch(name) and text.startswith("ocid1.key.") and not path.startswith(_SIGNING)
    }


def _used_keys(call: Call) -> Iterator[str]:
    before = {text for _, _, text in fields(call.old.inputs)} if call.old else set[str]()
    for _, _, text in fields(call.inputs):
        if text.startswith("ocid1.key.") and text not in before:
            yield text


@rule("*", on="create update")
def key_is_enabled(call: Call) -> None:
    """409 for a new use of a key that is disabled or has a pending deletion."""
    for id in _used_keys(call):  # noqa: A001
        key = call.cloud.find(id)
        state = str(key.state).upper() if key else "ENABLED"
        if key and state not in ("ENABLED", "ACTIVE", ""):
            way = f"; {how_to_recover(key)}" if key.token == KEY and not key.live else ""
            raise conflict(
                f"The key {id} is in state {state}; it must be ENABLED{way or '.'}", "IncorrectState"
            )


@rule(KEY, VERSION)
def vault_is_not_pending(call: Call) -> None:
    """409 for a key or version in a vault with a pending deletion."""
    endpoint = call.inputs.get("managementEndpoint")
    for vault in call.cloud.entries():
        if vault.token == VAULT and vault.outputs.get("managementEndpoint") == endpoint and not vault.live:
            raise conflict(
                f"The vault {vault.id} is in state {vault.state}: {how_to_recover(vault)}", "IncorrectState"
            )


@rule(VERSION, on="delete")
def current_version_stays(call: Call) -> None:
    """409 for the current version of a key. An older one can be deleted, even if data is encrypted with it.

    Source: deleteKmsKeyVersion in the provider's kms_key_version_resource.go ("version deletion is only applicable when
    the version is not the current version of the key"). The status and the words are unverified.
    """
    key = call.cloud.find(str(call.inputs.get("keyId")))
    version = call.old.id.rsplit("/", 1)[-1] if call.old else ""
    if key and key.live and key.outputs.get("currentKeyVersion") == version:
        raise conflict(
            f"The key version {version} is the current version of the key {key.id}.", "IncorrectState"
        )


_KMS = "https://{unique}-{side}.kms.{region}.oraclecloud.com"


@computed(VAULT)
def vault_outputs(context: CreateContext) -> dict[str, Any]:
    facts = {"unique": context.unique, "region": context.region}
    return {
        "cryptoEndpoint": _KMS.format(side="crypto", **facts),
        "managementEndpoint": _KMS.format(side="management", **facts),
        "isPrimary": True,
    }


@computed(KEY)
def key_outputs(context: CreateContext) -> dict[str, Any]:
    endpoint = context.inputs.get("managementEndpoint")
    vaults = context.cloud.all(VAULT)
    mine = (each.id for each in vaults if each.outputs.get("managementEndpoint") == endpoint)
    current = (context.old or {}).get("currentKeyVersion")
    return {
        "currentKeyVersion": current or derived_ocid("keyversion", context.region, context.id),
        "vaultId": next(mine, ""),
        "protectionMode": context.inputs.get("protectionMode") or "HSM",
        "isPrimary": True,
        "state": key_state(context.inputs),
        **_schedule(context),
    }


def _schedule(context: CreateContext) -> dict[str, Any]:
    """A rotation with the day on which its schedule starts: today, if none is given.

    Source: the text of `AutoKeyRotationDetails.time_of_schedule_start` in the SDK.
    """
    rotation = next(iter(blocks(context.inputs, _ROTATION)), None)
    if rotation is None:
        return {}
    before = next(iter(blocks(context.old or {}, _ROTATION)), {})
    today = f"{datetime.now(UTC):%Y-%m-%d}T00:00:00Z"
    start = rotation.get("timeOfScheduleStart") or before.get("timeOfScheduleStart") or today
    return {_ROTATION: {**rotation, "timeOfScheduleStart": start}}


@computed(VERSION)
def key_version_outputs(context: CreateContext) -> dict[str, Any]:
    version = context.id.rsplit("/", 1)[-1]
    key = context.cloud.find(str(context.inputs.get("keyId")))
    if context.old is None and key is not None and not key.assumed:
        context.cloud.save(replace(key, outputs=key.outputs | {"currentKeyVersion": version}))
    shared = {name: key.outputs.get(name) for name in ("compartmentId", "vaultId")} if key else {}
    return {**shared, "keyVersionId": version, "isPrimary": True}
