"""Vault: secrets, and their use as passwords of other services.

A secret with a pending deletion keeps its name: external-secrets/external-secrets#6771 (400 InvalidParameter, "name
already exists") and oracle/terraform-provider-oci#1765.
"""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from facts.databases import PasswordForm
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.pending import DOCS, Wait, waits
from sandbox.oci.rules.reading import blocks, number, one_of, time_of
from sandbox.oci.rules.references import refers
from sandbox.oci.services.vault.keys import KEY
from sandbox.oci.services.vault.versions import Version, bundle, save, versions_of
from sandbox.store import now

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


@rule(SECRET, on="create update")
def secret_content(call: Call) -> None:
    """400 for content that is not Base64, 409 for the name of another version of the secret.

    Source: the texts of `content` and `name` in the SDK's models of secret content. The statuses are unverified.
    """
    for each in blocks(call.inputs, "secretContent"):
        text, name = each.get("content"), each.get("name")
        if isinstance(text, str) and not _is_base64(text):
            raise invalid_parameter("secretContent.content must be Base64.")
        if call.old is not None and name and name not in _names(blocks(call.old.inputs, "secretContent")):
            versions = versions_of(call.cloud.store, call.old.id)
            if name in {known.name for known in versions.known.values()}:
                raise conflict(f"The secret {call.old.id} already has a version with name {name}.")


def _names(contents: list[dict[str, Any]]) -> set[str]:
    return {str(each.get("name")) for each in contents}


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True


@computed(SECRET)
def secret_outputs(context: CreateContext) -> dict[str, Any]:
    store, old = context.cloud.store, context.old or {}
    versions = versions_of(store, context.id, old.get("currentVersionNumber"))
    if context.old is None or old.get("secretContent") != context.outputs.get("secretContent"):
        content = next(iter(blocks(context.outputs, "secretContent")), {})
        version = Version(str(content.get("content") or ""), str(content.get("name") or ""), now())
        versions = versions.added(version, str(content.get("stage") or "").upper())
        save(store, context.id, versions)
    generated = bool(context.inputs.get("enableAutoGeneration"))
    return {"currentVersionNumber": str(versions.current), "isAutoGenerationEnabled": generated}


@function("oci:Secrets/getSecretbundle:getSecretbundle")
def secret_bundle(query: Query) -> dict[str, Any]:
    """The content of a version, by default of the current one. 404 if the secret or the version does not exist.

    The model stores no content that the engine marks as a secret: then the text is derived from secret and version.
    """
    secret = query.cloud.require(query.args["secretId"], SECRET, path="secretId", region=query.region)
    versions = versions_of(query.cloud.store, secret.id, secret.outputs.get("currentVersionNumber") or 1)
    wanted = query.args.get("versionNumber")
    number = versions.find(
        int(str(wanted)) if wanted else None, query.args.get("stage"), query.args.get("secretVersionName")
    )
    found = bundle(query.cloud, secret, number)
    return {
        "secretBundleContents": [found["secretBundleContent"]],
        "stages": found["stages"],
        "versionNumber": str(number),
    }
