"""The vault: a key for each purpose, the grants for the keys, and generated secrets."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.vault.encryption_key import EncryptionKey, EncryptionKeyArgs
from components.vault.generated_secret import GeneratedSecret, GeneratedSecretArgs
from components.vault.key_vault import KeyVault, KeyVaultArgs
from infra.existing.found import FoundVault
from infra.program.context import Context
from infra.program.granting import Grant, write_policy
from infra.program.outputs import IdentityLayer, VaultLayer
from infra.settings import Settings
from infra.settings.database.rules import database_secrets
from infra.settings.vault import KINDS, PURPOSES, VOLUMES, Vault, VaultSecret, volume_keys

from .key_grants import key_statements


@dataclass(frozen=True, kw_only=True)
class _Home:
    """The vault of the keys, created or existing."""

    vault_id: pulumi.Output[str]
    management_endpoint: pulumi.Output[str]
    private: bool
    """Whether its keys can rotate on a schedule."""


def create_vault(
    settings: Settings, context: Context, identity: IdentityLayer, existing: FoundVault | None = None
) -> VaultLayer:
    """Creates the vault and its keys, or the keys in an existing vault. They are used only after their grants."""
    wanted = settings.vault
    if wanted.kind == "none":
        return VaultLayer(vault_id=None, key_ids={}, secret_ids={}, ready=identity.ready)
    vault = _existing(existing) if existing else _created(settings, context)
    keys = {name: _key(settings, context, vault, name) for name in (*PURPOSES, *volume_keys(wanted)[1:])}
    every = {name: key.key_id for name, key in keys.items()}
    key_ids = {**every, VOLUMES: every[volume_keys(wanted)[-1]]}
    granted = _grants(settings, context, every, identity)
    secrets = {
        name: _secret(context, vault, key_ids["secrets"], name, secret)
        for name, secret in {**database_secrets(settings.database), **wanted.secrets}.items()
    }
    return VaultLayer(
        vault_id=vault.vault_id,
        key_ids=key_ids,
        secret_ids={name: secret.secret_id for name, secret in secrets.items()},
        ready=[*identity.ready, *granted],
    )


def _created(settings: Settings, context: Context) -> _Home:
    wanted = settings.vault
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
    return _Home(
        vault_id=vault.vault_id,
        management_endpoint=vault.management_endpoint,
        private=wanted.kind == "private",
    )


def _existing(found: FoundVault) -> _Home:
    return _Home(
        vault_id=pulumi.Output.from_input(found.vault_id),
        management_endpoint=pulumi.Output.from_input(found.management_endpoint),
        private=found.private,
    )


def _secret(
    context: Context, vault: _Home, key_id: pulumi.Output[str], name: str, wanted: VaultSecret
) -> GeneratedSecret:
    args = GeneratedSecretArgs(
        compartment_id=context.compartment_id,
        vault_id=vault.vault_id,
        key_id=key_id,
        secret_name=context.name(name),
        form=wanted.form,
        length=wanted.length,
        description=wanted.description,
        protect=context.protect,
        tags=context.tags,
    )
    return GeneratedSecret(context.name(name), args, context.in_region)


def _key(settings: Settings, context: Context, vault: _Home, name: str) -> EncryptionKey:
    for_volumes = name in volume_keys(settings.vault)
    days = _rotation_days(settings.vault, name, private=vault.private)
    args = EncryptionKeyArgs(
        compartment_id=context.compartment_id,
        management_endpoint=vault.management_endpoint,
        key_name=context.name(name),
        protection=settings.vault.protection,
        rotation_days=days,
        rotation_start=settings.vault.rotation_start if days else None,
        rotations=() if for_volumes else settings.vault.rotations.get(name, ()),
        for_volumes=for_volumes,
        protect=context.protect,
        tags=context.tags,
    )
    return EncryptionKey(context.name(f"{name}-encryption"), args, context.in_region)


def _rotation_days(wanted: Vault, name: str, *, private: bool) -> int | None:
    """Days between rotations; 0 for a private vault without rotation; None for a shared vault, which cannot rotate."""
    if not private:
        return None
    fixed = name in volume_keys(wanted) or (name == "storage" and wanted.storage_encrypts_volumes)
    return 0 if fixed else wanted.rotation_days or 0


def _grants(
    settings: Settings,
    context: Context,
    key_ids: Mapping[str, pulumi.Output[str]],
    identity: IdentityLayer,
) -> list[pulumi.Resource]:
    if not settings.identity.manage:
        return []
    grant = Grant(
        description="Who encrypts with which key",
        statements=key_statements(settings, context, key_ids, identity.groups, identity.principals),
        awaited=True,
    )
    return [write_policy(settings, context, "keys", grant, identity.named)]
