"""Data at rest is encrypted with a customer's key wherever OCI can."""

from collections.abc import Iterator, Mapping, Sequence

from policies.key_fields import FURTHER, KEY_FIELDS, KeyField
from policies.model import Config, Policy, Resource, at, known, listed, objects, texts

BUCKET = "oci:ObjectStorage/bucket:Bucket"
REPLICATION = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
STORAGE_CLASS = "storage.k8s.io/StorageClass"
BLOCK_VOLUMES = "blockvolume.csi.oraclecloud.com"
CLASS_KEYS: Mapping[object, str] = {
    BLOCK_VOLUMES: "parameters.kms-key-id",
    "fss.csi.oraclecloud.com": "parameters.kmsKeyOcid",
    "lustre.csi.oraclecloud.com": "parameters.kmsKeyId",
}
"""For each driver of OKE the parameter with the key (pkg/csi/driver of oci-cloud-controller-manager)."""
UNPROVEN = ("oci:Psql/dbSystem:DbSystem",)
"""Types with a field for a key, for which no page of Oracle's names the principal that must be granted its use. Without
the grant the resource would not start."""


def judge(resource: Resource, config: Config) -> Iterator[str]:
    """A missing key of one resource. Buckets are judged with the whole stack."""
    for before, each in objects(resource, STORAGE_CLASS):
        path = CLASS_KEYS.get(each.get("provisioner"))
        if path and not at(each, path):
            yield f"{before}{path} is missing. Give it the key of the volumes"
    if resource.type != BUCKET and resource.type not in listed(config, "unproven"):
        yield from _missing(resource)


def judge_buckets(resources: Sequence[Resource], _config: Config) -> Iterator[tuple[Resource, str]]:
    """Buckets without a key. A copy in another region is only advised: a key stays in its region."""
    copies = _copies(resources)
    for each in resources:
        if each.type == BUCKET and each.urn not in copies:
            yield from ((each, said) for said in _missing(each))


def judge_advised(resources: Sequence[Resource], config: Config) -> Iterator[tuple[Resource, str]]:
    """Resources that could have a key, with more work."""
    copies = _copies(resources)
    for each in resources:
        if each.urn in copies or each.type in listed(config, "unproven"):
            yield from ((each, said) for said in _missing(each))


def _copies(resources: Sequence[Resource]) -> frozenset[str]:
    """URNs of the buckets that are copies. A copy often has the name of its source: then only the engine's
    dependencies tell them apart, and without them neither counts as a copy."""
    policies = [each for each in resources if each.type == REPLICATION]
    buckets = [each for each in resources if each.type == BUCKET]
    sources = {each.inputs.get("bucket") for each in policies}
    found: set[str] = set()
    for policy in policies:
        name = policy.inputs.get("destinationBucketName")
        used = policy.dependencies.get("destinationBucketName", ())
        same = [each.urn for each in buckets if each.inputs.get("name") == name]
        if not name or not known(name):
            continue
        found.update([urn for urn in same if urn in used] or (same if name not in sources else ()))
    return frozenset(found)


def _missing(resource: Resource) -> Iterator[str]:
    fields = KEY_FIELDS.get(resource.type)
    for each in (*([fields] if fields else []), *FURTHER.get(resource.type, ())):
        yield from _missing_in(resource, each)


def _missing_in(resource: Resource, fields: KeyField) -> Iterator[str]:
    if any(at(resource.inputs, each) for each in fields.inherited):
        return
    blocks = at(resource.inputs, fields.block) if fields.block else [resource.inputs]
    if not all(any(at(block, each) for each in fields.keys) for block in blocks):
        yield f"{fields.paths[0]} is missing, so Oracle's key encrypts it. Give it a key of your vault"


_UNPROVEN = texts(UNPROVEN, "Types that are only advised to have a key, because the grant is not documented.")
POLICY = Policy(
    name="own-keys",
    description="Every resource that can use a customer's key has one.",
    source="the provider's schema: every type with a field for a key; CIS OCI Foundations 3.0, controls 5.2 and 5.3",
    judge=judge,
    schema={"unproven": _UNPROVEN},
)
BUCKETS = Policy(
    name="own-keys-of-buckets",
    description="Every bucket has a customer's key, except copies of buckets in another region.",
    source="CIS OCI Foundations 3.0, control 5.1.2",
    judge_stack=judge_buckets,
)
ADVISED = Policy(
    name="own-keys-advised",
    description="Copies in another region, and types whose grant Oracle does not document, have a customer's key.",
    source="the provider's schema; docs/encryption.md says what is not documented",
    level="advisory",
    judge_stack=judge_advised,
    schema={"unproven": _UNPROVEN},
)
