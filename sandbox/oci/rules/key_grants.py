"""Services and principals use keys, and each of them needs its own policy.

`facts/key_principals.py` lists them, with the page that says so. Only keys that were created here are checked, because
the policies for a key that the config names are unknown too. An instance configuration encrypts nothing: the pools of
instances that it describes do. The vault encrypts its secrets itself, so they need no grant.
"""

import re
from collections.abc import Iterator
from typing import Final

from facts.key_principals import KEY_NEEDS, Holder
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule, warning
from sandbox.oci.rules.grantees import covers, is_principal
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, INSTANCE, INSTANCE_POOL, POOL
from sandbox.oci.rules.reading import blocks, number, texts
from sandbox.oci.services.autonomous_database.databases import DATABASE
from sandbox.oci.services.block_volume import ASSIGNMENT, GROUP, VOLUME
from sandbox.oci.services.certificates import AUTHORITY
from sandbox.oci.services.container_engine.clusters import CLUSTER
from sandbox.oci.services.file_storage import SYSTEM as FILE_SYSTEM
from sandbox.oci.services.identity.policies import POLICY
from sandbox.oci.services.lustre import SYSTEM as LUSTRE
from sandbox.oci.services.object_storage.buckets import BUCKET
from sandbox.oci.services.postgresql.systems import SYSTEM as POSTGRESQL
from sandbox.oci.services.streaming import POOL as STREAM_POOL
from sandbox.oci.services.vault.keys import KEY, keys_in

# Block Volume encrypts boot volumes, backups and copies in another region too: the SDK's texts on `kms_key_id` and
# `xrc_kms_key_id` of these types name the same key service and refer to the same page.
ENCRYPTED: Final = {
    BUCKET: "buckets",
    VOLUME: "volumes",
    GROUP: "volumes",
    ASSIGNMENT: "volumes",
    "oci:Core/bootVolume:BootVolume": "volumes",
    "oci:Core/bootVolumeBackup:BootVolumeBackup": "volumes",
    "oci:Core/volumeBackup:VolumeBackup": "volumes",
    "oci:Core/volumeGroupBackup:VolumeGroupBackup": "volumes",
    INSTANCE: "volumes",
    INSTANCE_POOL: "volumes",
    CLUSTER_NETWORK: "volumes",
    POOL: "boot volumes of nodes",
    CLUSTER: "Kubernetes secrets",
    FILE_SYSTEM: "file systems",
    LUSTRE: "Lustre",
    STREAM_POOL: "streams",
    DATABASE: "Autonomous Databases",
    AUTHORITY: "certificate authorities",
    POSTGRESQL: "PostgreSQL",
}

_GRANT = re.compile(
    r"\s*allow\s+(?P<subject>.+?)\s+to\s+(?:use|manage)\s+(?P<what>keys|key-delegates?|key-family|all-resources)"
    r"\s+in\s+(?:tenancy|compartment\s+(?P<place>(?:id\s+)?\S+))(?:\s+where\s+(?P<where>.+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
"""`key-family` contains keys and key-delegate: Oracle's policy reference of the vault (keypolicyreference.htm)."""


@rule(*ENCRYPTED, on="create update")
def key_may_be_used(call: Call) -> None:
    """404 for a key that the service or the resource's principal may not use."""
    if KEY_NEEDS[ENCRYPTED[call.token]].verified:
        for why in _missing(call):
            raise not_found(why)


@warning(*(token for token, kind in ENCRYPTED.items() if not KEY_NEEDS[kind].verified), on="create update")
def key_may_be_unusable(call: Call) -> str | None:
    """No page of Oracle's says which principal needs the grant."""
    kind = ENCRYPTED[call.token]
    page = f"https://docs.oracle.com/en-us/iaas/{KEY_NEEDS[kind].page}"
    if not KEY_NEEDS[kind].every and _new_keys(call):
        return f"{kind} needs a grant to use its key, but Oracle's page does not say for which principal: see {page}"
    return next((f"{why} Whether it must be is unverified: see {page}" for why in _missing(call)), None)


def _missing(call: Call) -> Iterator[str]:
    for id in _new_keys(call):  # noqa: A001
        why = missing_grant(call.cloud, id, ENCRYPTED[call.token], call.region)
        if why:
            yield why


def _new_keys(call: Call) -> list[str]:
    before = _keys_of(call, call.old.inputs) if call.old else set[str]()
    return sorted(_keys_of(call, call.inputs) - before)


def _keys_of(call: Call, inputs: dict[str, object]) -> set[str]:
    """The keys that a resource uses, also by the instance configurations of its pools."""
    found = keys_in(inputs)
    pools = [inputs] if call.token == INSTANCE_POOL else blocks(inputs, "instancePools")
    for pool in pools:
        entry = call.cloud.find(str(pool.get("instanceConfigurationId"))) if number(pool, "size") else None
        found |= keys_in(entry.inputs) if entry else set()
    return found


def missing_grant(cloud: Cloud, key_id: str, encrypted: str, region: str) -> str | None:
    """The missing grant for a kind of `KEY_NEEDS`, such as "buckets". None if no grant is missing."""
    key = cloud.find(key_id)
    if key is None or key.assumed or key.token != KEY:
        return None
    statements = [text for policy in cloud.all(POLICY) for text in texts(policy.inputs, "statements")]
    for holders in KEY_NEEDS[encrypted].every:
        if not any(_grants(cloud, text, who, key, region) for text in statements for who in holders):
            return f"{_called(holders[0], region)} the key {key_id}."
    return None


def _called(holder: Holder, region: str) -> str:
    who = f"service {holder.service.format(region=region)}" if holder.service else "the resource's principal"
    if holder.principal:
        who = f"{who} (of type {holder.principal})"
    return f"{who} is not allowed to {'pass on' if holder.lends else 'use'}"


def _grants(cloud: Cloud, statement: str, holder: Holder, key: Entry, region: str) -> bool:
    """A condition on keys must name this key. Other conditions count as true."""
    found = _GRANT.fullmatch(statement)
    if found is None:
        return False
    what = found["what"].lower()
    if what.startswith("key-delegate") != holder.lends and what not in ("key-family", "all-resources"):
        return False
    condition = found["where"] or ""
    here = found["place"] is None or covers(cloud, found["place"], key.compartment_id)
    names = "target.key.id" not in condition.lower() or key.id in condition
    return here and names and _is(cloud, found["subject"], condition, holder, region)


def _is(cloud: Cloud, subject: str, condition: str, holder: Holder, region: str) -> bool:
    """Whether the subject of a statement is the holder."""
    if not holder.service:
        return is_principal(cloud, subject, condition, holder.principal)
    kind, _, names = " ".join(subject.split()).partition(" ")
    pattern = holder.service.format(region=region)
    given = [each.strip() for each in names.split(",")]
    return kind.lower() == "service" and any(re.fullmatch(pattern, each, re.IGNORECASE) for each in given)
