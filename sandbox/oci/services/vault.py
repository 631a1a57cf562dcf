"""Vaults, keys and secrets: shapes of keys, their state where they are used."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from facts.pending import PENDING
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, fields, number, one_of

KEY: Final = "oci:Kms/key:Key"
VAULT: Final = "oci:Kms/vault:Vault"
SECRET: Final = "oci:Vault/secret:Secret"  # noqa: S105 - a resource type

_LENGTHS: Final[dict[str, tuple[int, ...]]] = {
    "AES": (16, 24, 32),
    "RSA": (256, 384, 512),
    "ECDSA": (32, 48, 66),
}
"""In bytes."""


@rule(KEY)
def key_shape(call: Call) -> None:
    """400: AES, RSA or ECDSA, of a length in bytes that the algorithm has."""
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


@rule(KEY, on="create update")
def key_rotation(call: Call) -> None:
    """400: rotation on a schedule of 60 to 365 days, and in a virtual private vault only."""
    for each in blocks(call.inputs, "autoKeyRotationDetails"):
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


@rule(VAULT)
def vault_type(call: Call) -> None:
    """400: a shared or a private vault."""
    refusal = one_of("vaultType", call.inputs.get("vaultType"), ("DEFAULT", "VIRTUAL_PRIVATE", "EXTERNAL"))
    if refusal:
        raise refusal


def _used_keys(call: Call) -> Iterator[str]:
    before = {text for _, _, text in fields(call.old.inputs)} if call.old else set[str]()
    for _, _, text in fields(call.inputs):
        if text.startswith("ocid1.key.") and text not in before:
            yield text


@rule("*", on="create update")
def key_is_enabled(call: Call) -> None:
    """409: a key that is disabled or about to be deleted encrypts nothing new."""
    for id in _used_keys(call):  # noqa: A001
        key = call.cloud.find(id)
        state = str(key.state).upper() if key else "ENABLED"
        if state not in ("ENABLED", "ACTIVE", ""):
            raise conflict(f"The key {id} is in state {state}; it must be ENABLED.", "IncorrectState")


@rule(KEY, "oci:Kms/keyVersion:KeyVersion")
def vault_is_there(call: Call) -> None:
    """409: nothing is made in a vault that waits for its deletion; 404 for an endpoint that no vault had."""
    endpoint = call.inputs.get("managementEndpoint")
    for vault in call.cloud.entries():
        if vault.token == VAULT and vault.outputs.get("managementEndpoint") == endpoint and not vault.live:
            raise conflict(f"The vault {vault.id} is in state {vault.state}.", "IncorrectState")


@rule(*PENDING, on="delete")
def time_of_deletion(call: Call) -> None:
    """400: vaults, keys and authorities wait 7 to 30 days for their deletion, secrets and certificates 1 to 30."""
    text = call.inputs.get("timeOfDeletion")
    if not isinstance(text, str) or not text:
        return
    least, most = PENDING[call.token].days
    try:
        due = datetime.fromisoformat(text)
    except ValueError:
        raise invalid_parameter(f"timeOfDeletion {text} is not a time of RFC 3339.") from None
    wait = due.replace(tzinfo=due.tzinfo or UTC) - datetime.now(UTC)
    # An hour of grace: the time was written before the call came.
    if not timedelta(days=least) - timedelta(hours=1) <= wait <= timedelta(days=most):
        raise invalid_parameter(f"timeOfDeletion must be {least} to {most} days from now.")


_TEMPLATES: Final = {
    "BYTES": ("BYTES_512", "BYTES_1024"),
    "PASSPHRASE": ("SECRETS_DEFAULT_PASSWORD", "DBAAS_DEFAULT_PASSWORD"),
    "SSH_KEY": ("RSA_2048", "RSA_3072", "RSA_4096"),
}


@rule(SECRET, on="create update")
def generated_secret(call: Call) -> None:
    """400: content or a way to make it up, of a type, with a template of that type; lengths for passwords only."""
    contexts = blocks(call.inputs, "secretGenerationContext")
    if call.inputs.get("enableAutoGeneration"):
        if not contexts:
            raise invalid_parameter("secretGenerationContext is required when enableAutoGeneration is true.")
        if blocks(call.inputs, "secretContent"):
            raise invalid_parameter("secretContent must not be given when enableAutoGeneration is true.")
    for context in contexts:
        kind = str(context.get("generationType")).upper()
        refusal = one_of("generationType", kind, tuple(_TEMPLATES)) or one_of(
            f"generationTemplate of {kind}", context.get("generationTemplate"), _TEMPLATES.get(kind, ())
        )
        if refusal:
            raise refusal
        if kind != "PASSPHRASE" and number(context, "passphraseLength") is not None:
            raise invalid_parameter(f"passphraseLength is not supported for {kind}.")


@rule(SECRET)
def key_of_the_secret(call: Call) -> None:
    """400: a symmetric key of the secret's own vault."""
    key = call.cloud.find(str(call.inputs.get("keyId")))
    if key is None or key.assumed or key.token != KEY:
        return
    if any(str(shape.get("algorithm")).upper() != "AES" for shape in blocks(key.inputs, "keyShape")):
        raise invalid_parameter(f"keyId: {key.id} is asymmetric; secrets are encrypted with AES keys.")
    vault = call.cloud.find(str(call.inputs.get("vaultId")))
    endpoint = key.inputs.get("managementEndpoint")
    if vault is not None and not vault.assumed and vault.outputs.get("managementEndpoint") != endpoint:
        raise invalid_parameter(f"keyId: {key.id} is not a key of the vault {vault.id}.")
