"""A secret that the vault generates. The program never sees its content."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import vault

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse


@dataclass(frozen=True)
class Form:
    """How the vault generates a secret."""

    generation_type: str
    template: str
    lengths: tuple[int, int] | None = None
    """Shortest and longest length that can be requested; None if the length is fixed."""

    default_length: int | None = None


FORMS: Mapping[str, Form] = {
    "password": Form("PASSPHRASE", "SECRETS_DEFAULT_PASSWORD", (12, 128), 32),
    # Oracle's databases accept 12 to 30 characters for ADMIN.
    "database-password": Form("PASSPHRASE", "DBAAS_DEFAULT_PASSWORD", (12, 30), 30),
    "bytes-512": Form("BYTES", "BYTES_512"),
    "bytes-1024": Form("BYTES", "BYTES_1024"),
    "ssh-key-2048": Form("SSH_KEY", "RSA_2048"),
    "ssh-key-3072": Form("SSH_KEY", "RSA_3072"),
    "ssh-key-4096": Form("SSH_KEY", "RSA_4096"),
}
"""Forms of secrets by name. Types and templates: OCI's SDK; the lengths of a database password are
the databases' own limits, the lengths of other passwords are unverified."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,255}")


@dataclass(frozen=True, kw_only=True)
class GeneratedSecretArgs:
    """A secret of a vault."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment."""

    vault_id: pulumi.Input[str]
    """OCID of the vault. A change replaces the secret."""

    key_id: pulumi.Input[str]
    """OCID of the vault's key (AES) that encrypts the secret. A change replaces the secret."""

    secret_name: str
    """Name, unique in the vault, including secrets in pending deletion: 1 to 255 letters, digits, hyphens,
    underscores and periods. A change replaces the secret."""

    form: str | None = None
    """`password`, `database-password` (for Oracle's databases), `bytes-512`, `bytes-1024`, `ssh-key-2048`,
    `ssh-key-3072` or `ssh-key-4096`. A change creates a new version. Default: password."""

    length: int | None = None
    """Characters of a password: 12 to 128, for a database password 12 to 30. A change creates a new version. Default:
    32, for a database password 30."""

    description: str | None = None
    """Purpose of the secret. Default: none."""

    protect: bool | None = None
    """Whether the secret is protected from deletion, and kept when the stack is destroyed. Otherwise it stays in
    pending deletion for 30 days, and its name cannot be used again in this time. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class GeneratedSecret(CheckedArgs, pulumi.ComponentResource):
    """A secret with content that the vault generates. Other resources refer to it by its OCID."""

    secret_id: pulumi.Output[str]
    """OCID of the secret."""

    secret_name: pulumi.Output[str]
    """Name of the secret."""

    def __init__(
        self, name: str, args: GeneratedSecretArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        form = args.form or "password"
        refuse(secret_problems(args, secret_name=args.secret_name, path=name), f"the secret {name}")
        super().__init__("genai:index:GeneratedSecret", name, {}, opts)
        made = FORMS[form]
        secret = vault.Secret(
            f"{name}-secret",
            vault.SecretArgs(
                compartment_id=args.compartment_id,
                vault_id=args.vault_id,
                key_id=args.key_id,
                secret_name=args.secret_name,
                description=args.description,
                enable_auto_generation=True,
                secret_generation_context=vault.SecretSecretGenerationContextArgs(
                    generation_type=made.generation_type,
                    generation_template=made.template,
                    passphrase_length=args.length or made.default_length,
                ),
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )
        self.secret_id = secret.id
        self.secret_name = secret.secret_name
        self.register_outputs({"secretId": self.secret_id, "secretName": self.secret_name})


class SecretChoices(Protocol):
    """The plain values of a secret, which the component's args and the settings both have."""

    @property
    def form(self) -> str | None: ...
    @property
    def length(self) -> int | None: ...


def secret_problems(secret: SecretChoices, *, secret_name: str, path: str) -> Iterator[Problem]:
    """A name, form or length that the vault does not accept."""
    form, length = secret.form or "password", secret.length
    yield from secret_name_problems(secret_name, f"{path}.secretName")
    if form not in FORMS:
        yield Problem.not_one_of(f"{path}.form", form, FORMS)
        return
    lengths = FORMS[form].lengths
    if length is not None and lengths is None:
        yield Problem(f"{path}.length", length, f"must be left out: {form} has a fixed length")
    elif length is not None and lengths and not lengths[0] <= length <= lengths[1]:
        yield Problem(f"{path}.length", length, f"must be {lengths[0]} to {lengths[1]} characters")


def secret_name_problems(secret_name: str, path: str) -> Iterator[Problem]:
    """An invalid name of a secret."""
    if not _NAME.fullmatch(secret_name):
        allowed = "must be 1 to 255 letters, digits, hyphens, underscores and periods"
        yield Problem(path, secret_name, allowed)
