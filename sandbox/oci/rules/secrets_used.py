"""Passwords that a service reads from the vault."""

from typing import Final

from facts.databases import PasswordForm
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.rules import Call
from sandbox.oci.rules.reading import blocks, number

SECRET: Final = "oci:Vault/secret:Secret"  # noqa: S105 - a resource type


def refuse_unfit_secret(call: Call, secret: str, form: PasswordForm, noun: str) -> None:
    """400 for a generated secret that cannot be such a password: no passphrase, or one too short or too long.

    Of a secret with content of its own nothing is known here: its content is kept as a digest.
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
    """404 for a version that a secret of this cloud does not have. Of a secret that the config merely names nothing is
    known, and without a version the service takes the current one.
    """
    found = call.cloud.find(secret)
    if found is None or found.assumed or version in (None, ""):
        return
    current = int(found.outputs.get("currentVersionNumber") or 1)
    if not str(version).isdigit() or not 1 <= int(str(version)) <= current:
        raise OciError(
            404,
            "NotAuthorizedOrNotFound",
            f"Version {version} of the secret {secret} was not found; its current version is {current}.",
        )
