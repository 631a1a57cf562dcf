"""A vault of keys and secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import kms

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

KINDS = ("DEFAULT", "VIRTUAL_PRIVATE")


@dataclass(frozen=True, kw_only=True)
class KeyVaultArgs:
    """A vault in the region."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment."""

    vault_name: str
    """Name, 1 to 100 characters."""

    kind: str | None = None
    """`DEFAULT`: on shared hardware, without a charge for the vault. `VIRTUAL_PRIVATE`: its own partition, charged by
    the hour; its keys can rotate on a schedule. A change replaces the vault. Default: DEFAULT."""

    protect: bool | None = None
    """Whether the vault is protected from deletion, and kept when the stack is destroyed. A deleted vault stays in
    pending deletion for 30 days. In this time it can be recovered, and the data that its keys encrypt cannot be read.
    Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class KeyVault(CheckedArgs, pulumi.ComponentResource):
    """A vault, with the endpoint for the management of its keys."""

    vault_id: pulumi.Output[str]
    """OCID of the vault."""

    management_endpoint: pulumi.Output[str]
    """Address of the endpoint that creates and manages keys."""

    def __init__(self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(vault_problems(args.vault_name, kind=args.kind or "DEFAULT", path=name), f"the vault {name}")
        super().__init__("genai:index:KeyVault", name, {}, opts)
        timeouts = pulumi.CustomTimeouts(create="60m", update="30m", delete="30m")
        vault = kms.Vault(
            f"{name}-vault",
            kms.VaultArgs(
                compartment_id=args.compartment_id,
                display_name=args.vault_name,
                vault_type=args.kind or "DEFAULT",
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect, pulumi.ResourceOptions(custom_timeouts=timeouts)),
        )
        self.vault_id = vault.id
        self.management_endpoint = vault.management_endpoint
        self.register_outputs({"vaultId": self.vault_id, "managementEndpoint": self.management_endpoint})


def vault_problems(vault_name: str, *, kind: str = "DEFAULT", path: str) -> Iterator[Problem]:
    """A name or kind that the service does not accept."""
    if not 1 <= len(vault_name) <= 100:
        yield Problem(f"{path}.vaultName", vault_name, "must be 1 to 100 characters")
    if kind not in KINDS:
        yield Problem.not_one_of(f"{path}.kind", kind, KINDS)
