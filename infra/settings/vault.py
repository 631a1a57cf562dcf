"""The vault: one key for each purpose, and generated secrets."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from components.vault.encryption_key import key_problems
from components.vault.generated_secret import secret_problems
from facts.problem import Problem

from .base import Section
from .tenancy import Tenancy, region_of
from .values.ocid import ocid_problems

VOLUMES = "volumes"
PURPOSES = ("storage", VOLUMES, "databases", "secrets")
"""There is one key for each purpose: `storage` for buckets and file systems; `volumes` for boot volumes, block volumes
and volume claims; `databases` for databases and streams; `secrets` for Kubernetes secrets and the vault's secrets."""

KINDS: Mapping[str, str] = MappingProxyType({"shared": "DEFAULT", "private": "VIRTUAL_PRIVATE"})
"""The API's value for each kind of vault."""


class VaultSecret(Section):
    """A secret that the vault generates."""

    form: str = "password"
    """`password`, `database-password`, `bytes-512`, `bytes-1024`, `ssh-key-2048`, `ssh-key-3072`, `ssh-key-4096`."""

    length: int | None = None
    """Length of a password in characters: 12 to 128; for a database 12 to 30. Default: 32; for a database 30."""

    description: str | None = None
    """What the secret gives access to."""


class ExistingVault(Section):
    """An existing vault. The program creates its keys and secrets in it, and never changes or deletes the vault."""

    vault_id: str
    """OCID of the vault."""


class Vault(Section):
    """The vault of one environment."""

    existing: ExistingVault | None = None
    """A vault that exists already, instead of a new one. Default: the program creates what `kind` says."""

    kind: Literal["none", "shared", "private"] = "shared"
    """`shared`: on hardware that other customers use too. `private`: a partition for this vault alone, charged by the
    hour; its keys can rotate on a schedule. `none`: no vault. Oracle's keys are used, and `cluster.secretsKeyId` is
    required. A change replaces the vault and everything that its keys encrypt."""

    protection: Literal["HSM", "SOFTWARE"] = "HSM"
    """Where keys are used: `HSM` in a hardware module, `SOFTWARE` on servers. A change concerns new
    keys: an existing key keeps its protection, because another key could not decrypt what it encrypted."""

    rotation_days: int | None = None
    """Days between rotations of every key except those of volumes, 60 to 365. Only for a private vault. Default: none.
    Removing the setting stops the schedules."""

    rotation_start: str | None = None
    """Day on which the schedules start, such as `2026-12-01`. Without it, the provider cannot change the keys later,
    not even their tags (docs/encryption.md). Needs `rotationDays`. Default: the day on which a key is created."""

    rotations: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Manual rotations by purpose (`storage`, `volumes`, `databases`, `secrets`). To rotate, add a name such as
    `2026-11`. Each name creates a new version of the key. A key for `volumes` may have only one version, so there each
    name creates a new key. Block volumes switch to the newest key at once. Nodes and claims use it when they are
    created. Older keys are kept for the data that they encrypt."""

    storage_encrypts_volumes: bool = False
    """Whether nodes or claims still have volumes from a release that encrypted them with the key `storage`. That key is
    then not rotated. Set this with the upgrade. Remove it when the nodes are renewed and the claims are copied
    (docs/encryption.md)."""

    secrets: dict[str, VaultSecret] = Field(default_factory=dict[str, VaultSecret])
    """Generated secrets, by name."""


def volume_keys(vault: Vault) -> tuple[str, ...]:
    """Names of the keys of volumes, the newest last. New volumes use the newest."""
    return (VOLUMES, *(f"{VOLUMES}-{rotation}" for rotation in vault.rotations.get(VOLUMES, ())))


def existing_vault_problems(tenancy: Tenancy | None, vault: Vault) -> Iterator[Problem]:
    """An invalid OCID of an existing vault, and a key that only a created vault has."""
    existing, path = vault.existing, "vault.existing"
    if existing is None:
        return
    region = region_of(tenancy)
    yield from ocid_problems(existing.vault_id, "vault", path=f"{path}.vaultId", region=region)
    if "kind" in vault.model_fields_set:
        allowed = f"must not be set with {path}: only a vault that the program creates has it"
        yield Problem("vault.kind", vault.kind, allowed, "The existing vault has its own kind")


def vault_problems(vault: Vault) -> Iterator[Problem]:
    """Keys that the vault cannot rotate, unknown purposes, and secrets that it cannot generate.

    The kind of an existing vault is known when it has been read.
    """
    kind = "VIRTUAL_PRIVATE" if vault.existing else KINDS.get(vault.kind)
    yield from key_problems(
        "key",
        protection=vault.protection,
        rotation_days=vault.rotation_days,
        rotation_start=vault.rotation_start,
        vault_kind=kind,
        path="vault",
    )
    for purpose, rotations in vault.rotations.items():
        if purpose not in PURPOSES:
            yield Problem.not_one_of("vault.rotations", purpose, PURPOSES)
            continue
        for problem in key_problems("key", rotations=rotations, path="vault"):
            yield Problem(f"vault.rotations.{purpose}", list(rotations), problem.allowed, problem.fix)
    if vault.storage_encrypts_volumes and vault.rotations.get("storage"):
        names = list(vault.rotations["storage"])
        allowed = (
            "must not be set with storageEncryptsVolumes: Block Volume accepts only keys with one version"
        )
        fix = "Remove the names, which keeps the key's versions. Or renew the nodes and copy the claims first"
        yield Problem("vault.rotations.storage", names, allowed, fix)
    for name, secret in vault.secrets.items():
        yield from secret_problems(secret, secret_name=name, path=f"vault.secrets[{name!r}]")
    if kind is None:
        unused = {
            "rotationDays": vault.rotation_days,
            "rotations": vault.rotations,
            "storageEncryptsVolumes": vault.storage_encrypts_volumes,
            "secrets": vault.secrets,
        }
        for key, value in unused.items():
            if value:
                shown = sorted(value) if isinstance(value, dict) else value
                yield Problem(f"vault.{key}", shown, "must not be set: there is no vault")
