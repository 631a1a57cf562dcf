"""Vault: secrets, and their use as passwords of other services.

A secret with a pending deletion keeps its name: external-secrets/external-secrets#6771 (400 InvalidParameter, "name
already exists") and oracle/terraform-provider-oci#1765.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from facts.databases import PasswordForm
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.pending import DOCS, Wait, waits
from sandbox.oci.rules.reading import blocks, number, one_of, time_of
from sandbox.oci.rules.references import refers
from sandbox.oci.services.vault.keys import KEY

SECRET: Final = "oci:Vault/secret:Secret"  # noqa: S105 - a resource type

waits(
    SECRET,
    Wait(
        days=(1, 30),
        cancel="oci vault secret cancel-secret-deletion --secret-id {id}",
        page=f"{DOCS}/secret-management/Tasks/delete-secret.htm",
        name="secretName",
        within="vaultId",
        blocks="it cannot be read, rotated or updated",
    ),
    ocid="vaultsecret",
)
refers(SECRET, keyId=(KEY,))

_TEMPLATES: Final = {
    "BYTES": ("BYTES_512", "BYTES_1024"),
    "PASSPHRASE": ("SECRETS_DEFAULT_PASSWORD", "DBAAS_DEFAULT_PASSWORD"),
    "SSH_KEY": ("RSA_2048", "RSA_3072", "RSA_4096"),
}


@rule(SECRET, on="create update")
def generated_secret(call: Call) -> None:
    """400 for generation without a context or beside content, a wrong template, or a length for a key."""
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
    """400 unless the key is symmetric and in the secret's own vault."""
    key = call.cloud.find(str(call.inputs.get("keyId")))
    if key is None or key.assumed or key.token != KEY:
        return
    if any(str(shape.get("algorithm")).upper() != "AES" for shape in blocks(key.inputs, "keyShape")):
        raise invalid_parameter(f"keyId: {key.id} is asymmetric; secrets are encrypted with AES keys.")
    vault = call.cloud.find(str(call.inputs.get("vaultId")))
    endpoint = key.inputs.get("managementEndpoint")
    if vault is not None and not vault.assumed and vault.outputs.get("managementEndpoint") != endpoint:
        raise invalid_parameter(f"keyId: {key.id} is not a key of the vault {vault.id}.")


@rule(SECRET, on="create update")
def secret_rotation_and_expiry(call: Call) -> None:
    """400 for a scheduled rotation without an interval, or an absolute expiry outside 1 to 365 days ahead."""
    for each in blocks(call.inputs, "rotationConfig"):
        if str(each.get("isScheduledRotationEnabled")).lower() == "true" and not each.get("rotationInterval"):
            raise invalid_parameter("rotationInterval must be set when isScheduledRotationEnabled is true.")
    today = datetime.now(UTC)
    for each in blocks(call.inputs, "secretRules"):
        text = str(each.get("timeOfAbsoluteExpiry") or "")
        if not text:
            continue
        due = time_of(text)
        if due is None or not timedelta(days=1) <= due - today <= timedelta(days=365):
            raise invalid_parameter(f"timeOfAbsoluteExpiry {text} must be from 1 to 365 days from now.")


def refuse_unfit_secret(call: Call, secret: str, form: PasswordForm, noun: str) -> None:
    """400 for a generated secret that is not a valid password: not a passphrase, too short or too long.

    A secret with given content passes, because only a digest of the content is stored.
    """
    found = call.cloud.find(secret)
    for made in blocks(found.inputs, "secretGenerationContext") if found else ():
        kind = str(made.get("generationType") or "PASSPHRASE").upper()
        if kind != "PASSPHRASE":
            raise invalid_parameter(f"The {noun} secret {secret} holds {kind}, not a password.")
        length = number(made, "passphraseLength")
        if length is not None and not form.shortest <= length <= form.longest:
            raise invalid_parameter(
                f"The {noun} must be between {form.shortest} and {form.longest} characters long; the secret {secret} "
                f"holds {length:g}."
            )


def refuse_missing_version(call: Call, secret: str, version: object) -> None:
    """404 for a version that a secret created here does not have.

    A secret that the config only names is not checked. Without a version the service uses the current one.
    """
    found = call.cloud.find(secret)
    if found is None or found.assumed or version in (None, ""):
        return
    current = int(found.outputs.get("currentVersionNumber") or 1)
    if not str(version).isdecimal() or not 1 <= int(str(version)) <= current:
        raise OciError(
            404,
            "NotAuthorizedOrNotFound",
            f"Version {version} of the secret {secret} was not found; its current version is {current}.",
        )


@computed(SECRET)
def secret_outputs(context: CreateContext) -> dict[str, Any]:
    before = (context.old or {}).get("currentVersionNumber") or "0"
    changed = context.old is None or context.old.get("secretContent") != context.outputs.get("secretContent")
    return {"currentVersionNumber": str(int(before) + 1) if changed else before}


@function("oci:Secrets/getSecretbundle:getSecretbundle")
def secret_bundle(query: Query) -> dict[str, Any]:
    """The current version's content. 404 if the secret does not exist.

    The model does not store content. It returns the same text for the same secret and version.
    """
    secret = query.cloud.require(query.args["secretId"], SECRET, path="secretId", region=query.region)
    number = str(secret.outputs.get("currentVersionNumber") or "1")
    text = "Aa1#" + hashlib.blake2b(f"{secret.id}/{number}".encode(), digest_size=13).hexdigest()
    content = base64.b64encode(text.encode()).decode()
    return {
        "secretBundleContents": [{"content": content, "contentType": "BASE64"}],
        "stages": ["CURRENT", "LATEST"],
        "versionNumber": number,
    }
