"""The vault: keys by purpose, and secrets that it generates."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from components.vault.encryption_key import key_problems
from components.vault.generated_secret import secret_problems
from facts.problem import Problem

from .base import Section

VOLUMES = "volumes"
PURPOSES = ("storage", VOLUMES, "databases", "secrets")
"""One key each: buckets and file systems; boot volumes, volumes and those that pods claim; databases and streams;
Kubernetes secrets and the vault's own."""

KINDS: Mapping[str, str] = MappingProxyType({"shared": "DEFAULT", "private": "VIRTUAL_PRIVATE"})
"""The service's words for the kinds of vaults."""


class VaultSecret(Section):
    """A secret that the vault generates."""

    form: str = "password"
    """`password`, `database-password`, `bytes-512`, `bytes-1024`, `ssh-key-2048`, `ssh-key-3072`, `ssh-key-4096`."""

    length: int | None = None
    """Characters of a password: 12 to 128, of a database's 12 to 30. Default: 32, of a database's 30."""

    description: str | None = None
    """What the secret opens."""


class Vault(Section):
    """The vault of one environment."""

    kind: Literal["none", "shared", "private"] = "shared"
    """`shared`: on hardware shared with others. `private`: a partition of its own, charged by the hour, whose keys can
    rotate on a schedule. `none`: Oracle's keys, and `cluster.secretsKeyId` must be given. A change replaces the vault
    and all that its keys encrypt."""

    protection: Literal["HSM", "SOFTWARE"] = "HSM"
    """Where keys are used: `HSM` in hardware, `SOFTWARE` on servers. A change replaces the keys."""

    rotation_days: int | None = None
    """Days between rotations of every key but the volumes', 60 to 365, in a private vault only. Default: none; taking
    it out stops the schedules."""

    rotations: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Rotations by hand, by purpose (`storage`, `volumes`, `databases`, `secrets`): add a name such as `2026-11` to
    rotate. Each makes a version of the key; for `volumes`, whose keys may have one version only, another key. Volumes
    take the newest at once, nodes and claims when they are made; an older key stays for what it encrypts."""

    storage_encrypts_volumes: bool = False
    """Whether nodes or claims still have volumes of a release in which these had the key `storage`: it is not rotated
    then. Set it with the upgrade; take it out once the nodes are new and the claims copied (docs/encryption.md)."""

    secrets: dict[str, VaultSecret] = Field(default_factory=dict[str, VaultSecret])
    """Secrets that the vault generates, by name."""


def volume_keys(vault: Vault) -> tuple[str, ...]:
    """Names of the keys of volumes, the newest last: it is the one that is given to volumes."""
    return (VOLUMES, *(f"{VOLUMES}-{rotation}" for rotation in vault.rotations.get(VOLUMES, ())))


def vault_problems(vault: Vault) -> Iterator[Problem]:
    """Keys that the vault cannot rotate, unknown purposes, secrets that it cannot generate."""
    kind = KINDS.get(vault.kind)
    yield from key_problems(
        "key", protection=vault.protection, rotation_days=vault.rotation_days, vault_kind=kind, path="vault"
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
            "must not be set while storageEncryptsVolumes is: Block Volume takes keys of one version only"
        )
        fix = "Take the names out, their versions stay; or renew the nodes and copy the claims first"
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
