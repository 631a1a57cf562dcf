"""Keys are used by services and principals, and each needs a policy that lets it: nobody else's grant will do.

Only keys that were made here are judged: of a key that the config names, the policies are not known either.
"""

import re
from typing import Any, Final

from sandbox.oci.errors import not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.identity import POLICY
from sandbox.oci.rules.keys import KEY
from sandbox.oci.rules.reading import fields, texts

_BLOCK: Final = r"service blockstorage"
_USERS: Final = {
    "oci:ObjectStorage/bucket:Bucket": r"service objectstorage-{region}",
    "oci:Core/volume:Volume": _BLOCK,
    "oci:Core/bootVolume:BootVolume": _BLOCK,
    "oci:ContainerEngine/nodePool:NodePool": _BLOCK,
    "oci:ContainerEngine/cluster:Cluster": r"dynamic-group .+|any-user",
    "oci:FileStorage/fileSystem:FileSystem": r"service fss\w+prod",
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": r"service lustrefs",
    "oci:Streaming/streamPool:StreamPool": r"service streaming",
    "oci:Database/autonomousDatabase:AutonomousDatabase": r"dynamic-group .+|any-user",
}
"""Who uses the key of a resource, as a statement names it."""

_GRANT = re.compile(
    r"\s*allow\s+(?P<subject>.+?)\s+to\s+(?:use|manage)\s+keys\s+in\s+"
    r"(?:tenancy|compartment\s+(?:id\s+(?P<id>\S+)|\S+))(?:\s+where\s+(?P<where>.+))?\s*",
    re.IGNORECASE | re.DOTALL,
)


@rule(*_USERS, on="create update")
def key_may_be_used(call: Call) -> None:
    """404: a key that the service or the resource's principal may not use looks as if it were not there."""
    before = _keys(call.old.inputs) if call.old else set[str]()
    for id in _keys(call.inputs) - before:  # noqa: A001
        key = call.cloud.find(id)
        if key is None or key.assumed or key.token != KEY:
            continue
        user = _USERS[call.token].format(region=call.region)
        if not any(_grants(text, user, key) for text in _statements(call)):
            who = (
                "the resource's principal"
                if "any-user" in user
                else user.replace(r"fss\w+prod", "FssOc1Prod")
            )
            raise not_found(f"{who} is not allowed to use the key {id}.")


def _keys(inputs: dict[str, Any]) -> set[str]:
    return {text for _, name, text in fields(inputs) if name == "kmsKeyId" and text.startswith("ocid1.key.")}


def _statements(call: Call) -> list[str]:
    return [text for policy in call.cloud.all(POLICY) for text in texts(policy.inputs, "statements")]


def _grants(statement: str, user: str, key: Entry) -> bool:
    """A condition on keys must name this one; other conditions are taken to hold."""
    found = _GRANT.fullmatch(statement)
    if found is None:
        return False
    named = any(re.fullmatch(user, each.strip(), re.IGNORECASE) for each in _subjects(found["subject"]))
    place = found["id"] in (None, key.compartment_id)
    condition = found["where"] or ""
    return named and place and ("target.key.id" not in condition.lower() or key.id in condition)


def _subjects(text: str) -> list[str]:
    """`service A, B` names two services."""
    kind, _, names = text.partition(" ")
    if kind.lower() != "service":
        return [" ".join(text.split())]
    return [f"service {name.strip()}" for name in names.split(",")]
