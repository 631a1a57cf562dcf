"""The vault: a key for each purpose, the grants to use it, and secrets that the vault makes up."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.identity.access_policy import AccessPolicy, AccessPolicyArgs
from components.vault.encryption_key import EncryptionKey, EncryptionKeyArgs
from components.vault.generated_secret import GeneratedSecret, GeneratedSecretArgs
from components.vault.key_vault import KeyVault, KeyVaultArgs
from facts.policies import DynamicGroup, Group
from infra.context import Context
from infra.grants import key_statements, settle_seconds
from infra.settings import Settings
from infra.settings.database_rules import database_secrets
from infra.settings.vault import KINDS, PURPOSES


@dataclass(frozen=True, kw_only=True)
class VaultLayer:
    """What other layers need of the vault; empty without one."""

    vault_id: pulumi.Output[str] | None
    key_ids: Mapping[str, pulumi.Output[str]]
    """OCIDs of the keys by purpose: storage, databases, secrets."""

    secret_ids: Mapping[str, pulumi.Output[str]]
    """OCIDs of the secrets that the vault made up, by their names in the settings."""

    ready: list[pulumi.Resource]
    """What must stand before a key is used."""


def create_vault(
    settings: Settings,
    context: Context,
    *,
    groups: Mapping[str, Group],
    principals: Mapping[str, DynamicGroup],
    ready: list[pulumi.Resource],
) -> VaultLayer:
    """The vault with its keys. `ready` is what must have been granted before anything is used."""
    wanted = settings.vault
    if wanted.kind == "none":
        return VaultLayer(vault_id=None, key_ids={}, secret_ids={}, ready=ready)
    vault = KeyVault(
        context.name("vault"),
        KeyVaultArgs(
            compartment_id=context.compartment_id,
            vault_name=context.name("vault"),
            kind=KINDS[wanted.kind],
            protect=context.protect,
            tags=context.tags,
        ),
        context.in_region,
    )
    keys = {purpose: _key(settings, context, vault, purpose) for purpose in PURPOSES}
    key_ids = {purpose: key.key_id for purpose, key in keys.items()}
    granted = _grants(settings, context, key_ids, groups, principals)
    secrets = {
        name: GeneratedSecret(
            context.name(name),
            GeneratedSecretArgs(
                compartment_id=context.compartment_id,
                vault_id=vault.vault_id,
                key_id=key_ids["secrets"],
                secret_name=context.name(name),
                form=secret.form,
                length=secret.length,
                description=secret.description,
                protect=context.protect,
                tags=context.tags,
            ),
            context.in_region,
        )
        for name, secret in {**database_secrets(settings.database), **wanted.secrets}.items()
    }
    return VaultLayer(
        vault_id=vault.vault_id,
        key_ids=key_ids,
        secret_ids={name: secret.secret_id for name, secret in secrets.items()},
        ready=[*ready, *granted],
    )


def _key(settings: Settings, context: Context, vault: KeyVault, purpose: str) -> EncryptionKey:
    args = EncryptionKeyArgs(
        compartment_id=context.compartment_id,
        management_endpoint=vault.management_endpoint,
        key_name=context.name(purpose),
        protection=settings.vault.protection,
        rotation_days=settings.vault.rotation_days,
        rotations=settings.vault.rotations.get(purpose, ()),
        protect=context.protect,
        tags=context.tags,
    )
    return EncryptionKey(context.name(f"{purpose}-encryption"), args, context.in_region)


def _grants(
    settings: Settings,
    context: Context,
    key_ids: Mapping[str, pulumi.Output[str]],
    groups: Mapping[str, Group],
    principals: Mapping[str, DynamicGroup],
) -> list[pulumi.Resource]:
    if not settings.identity.manage:
        return []
    args = AccessPolicyArgs(
        compartment_id=context.compartment_id,
        policy_name=context.name("keys"),
        description="Who encrypts with which key",
        statements=key_statements(settings, context, key_ids, groups, principals),
        settle_seconds=settle_seconds(settings, context),
        tags=context.tags,
    )
    return [AccessPolicy(context.name("keys-access"), args, context.in_home_region)]
