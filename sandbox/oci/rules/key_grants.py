"""Services and principals use keys, and each of them needs its own policy.

`facts/key_principals.py` lists them, with the page that says so. Only keys that were created here are checked, because
the policies for a key that the config names are unknown too.
"""

import re
from collections.abc import Iterator
from typing import Final

from facts.key_principals import KEY_NEEDS, Holder
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import texts
from sandbox.oci.services.identity.policies import POLICY
from sandbox.oci.services.identity.principals import DOMAIN_DYNAMIC, DYNAMIC
from sandbox.oci.services.vault.keys import KEY, keys_in

_ENCRYPTED: Final = {
    "oci:ObjectStorage/bucket:Bucket": "buckets",
    "oci:Core/volume:Volume": "volumes",
    "oci:Core/bootVolume:BootVolume": "volumes",
    "oci:ContainerEngine/nodePool:NodePool": "boot volumes of nodes",
    "oci:ContainerEngine/cluster:Cluster": "Kubernetes secrets",
    "oci:FileStorage/fileSystem:FileSystem": "file systems",
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": "Lustre",
    "oci:Streaming/streamPool:StreamPool": "streams",
    "oci:Database/autonomousDatabase:AutonomousDatabase": "Autonomous Databases",
}

_GRANT = re.compile(
    r"\s*allow\s+(?P<subject>.+?)\s+to\s+(?:use|manage)\s+(?P<what>keys|key-delegates?)\s+in\s+"
    r"(?:tenancy|compartment\s+(?:id\s+(?P<id>\S+)|\S+))(?:\s+where\s+(?P<where>.+))?\s*",
    re.IGNORECASE | re.DOTALL,
)


@rule(*_ENCRYPTED, on="create update")
def key_may_be_used(call: Call) -> None:
    """404 for a key that the service or the resource's principal may not use."""
    before = keys_in(call.old.inputs) if call.old else set[str]()
    for id in keys_in(call.inputs) - before:  # noqa: A001
        why = missing_grant(call.cloud, id, _ENCRYPTED[call.token], call.region)
        if why:
            raise not_found(why)


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
    if found is None or found["what"].lower().startswith("key-delegate") != holder.lends:
        return False
    condition = found["where"] or ""
    here = found["id"] in (None, key.compartment_id)
    names = "target.key.id" not in condition.lower() or key.id in condition
    return here and names and _is(cloud, found["subject"], condition, holder, region)


def _is(cloud: Cloud, subject: str, condition: str, holder: Holder, region: str) -> bool:
    """Whether the subject of a statement is the holder."""
    kind, _, names = " ".join(subject.split()).partition(" ")
    if holder.service:
        pattern = holder.service.format(region=region)
        given = [each.strip() for each in names.split(",")]
        return kind.lower() == "service" and any(re.fullmatch(pattern, each, re.IGNORECASE) for each in given)
    if kind.lower() == "any-user":
        return holder.principal in _types("request.principal.type", condition) or (
            "request.principal.id" in condition.lower()
        )
    return kind.lower() == "dynamic-group" and holder.principal in _members(cloud, names)


def _members(cloud: Cloud, names: str) -> "set[str] | _Anything":
    """Resource types in a dynamic group. Any type, if it was not created here or matches resources by OCID."""
    plain = names.rsplit("/", 1)[-1].strip().strip("'").lower()
    rules = [
        str(each.inputs.get("matchingRule") or "")
        for token in (DYNAMIC, DOMAIN_DYNAMIC)
        for each in cloud.all(token)
        if str(each.inputs.get("name") or each.inputs.get("displayName") or "").lower() == plain
    ]
    if not rules or any("resource.id" in text for text in rules):
        return _Anything()
    return {found for text in rules for found in _types("resource.type", text)}


class _Anything:
    def __contains__(self, _: object) -> bool:
        return True


def _types(variable: str, text: str) -> Iterator[str]:
    return (
        each.lower() for each in re.findall(rf"{re.escape(variable)}\s*=\s*'([^']+)'", text, re.IGNORECASE)
    )
