"""Passwords that a service reads from the vault."""

from typing import Final

from facts.databases import PasswordForm
from sandbox.oci.errors import invalid_parameter
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
