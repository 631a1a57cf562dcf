"""The pack's lists of types and fields are those of the provider's table."""

import re
from collections.abc import Iterator, Mapping

import pytest

from facts.provider_fields import Field, resource_fields, resource_tokens
from policies.key_fields import FURTHER, KEY_FIELDS, NOT_AT_REST
from policies.rules import databases, images, nodes, ports, protection, subnets, volume_keys
from policies.taggable import TAGGABLE

KEY_NAME = re.compile(r"(kms|encryption|vault)\w*key(id|ids)?$|^keyid$", re.IGNORECASE | re.ASCII)

OTHER_KEYS = {
    "bootVolumeReplicas.xrrKmsKeyId": "only a copy in another region",
    "blockVolumeReplicas.xrrKmsKeyId": "only a copy in another region",
    "xrcKmsKeyId": "only a copy in another region",
    "instanceDetails.blockVolumes.createDetails.xrcKmsKeyId": "only a copy in another region",
    "instanceDetails.options.blockVolumes.createDetails.xrcKmsKeyId": "only a copy in another region",
    "managementPolicy.backupPolicy.copyPolicy.kmsKeyIds": "only a copy in another region",
    "imagePolicyConfig.keyDetails.kmsKeyId": "checks signatures of images",
    "encryptionKey.okvKmsKey": "the key is in a vault outside of OCI",
    **{
        f"{block}.{cloud}EncryptionKeyId": "the key is in another cloud, for a database there"
        for block in (
            "encryptionKeyLocationDetails",
            "database.encryptionKeyLocationDetails",
            "database.sourceEncryptionKeyLocationDetails",
        )
        for cloud in ("aws", "azure", "googleCloudProvider")
        if block.startswith("database.") or cloud != "googleCloudProvider"
    },
}
"""Fields for a key in types of `KEY_FIELDS` that are not judged, and why."""


def inputs(token: str) -> Iterator[tuple[str, Field]]:
    """The paths of all inputs of a type."""
    yield from _inputs(resource_fields(token) or {}, "")


def _inputs(fields: Mapping[str, Field], before: str) -> Iterator[tuple[str, Field]]:
    for name, field in fields.items():
        if field.input:
            yield f"{before}{name}", field
            if isinstance(field.of, Mapping):
                yield from _inputs(field.of, f"{before}{name}.")


def paths(token: str) -> set[str]:
    return {path for path, _ in inputs(token)}


def test_every_type_with_a_field_for_a_key_is_judged_or_has_a_reason():
    with_key = {
        token
        for token in resource_tokens()
        if any(KEY_NAME.search(path.rpartition(".")[2]) for path in paths(token))
    }
    assert with_key == {*KEY_FIELDS, *NOT_AT_REST}
    assert not KEY_FIELDS.keys() & NOT_AT_REST.keys()


@pytest.mark.parametrize("token", KEY_FIELDS)
def test_every_field_of_a_key_is_an_input(token: str):
    field = KEY_FIELDS[token]
    assert {*field.paths, *field.inherited} <= paths(token)


def test_every_field_for_a_key_of_a_judged_type_is_judged_or_has_a_reason():
    found = {
        (token, path)
        for token in KEY_FIELDS
        for path, field in inputs(token)
        if KEY_NAME.search(path.rpartition(".")[2]) and not isinstance(field.of, Mapping)
    }
    judged = {
        (token, path)
        for token, field in KEY_FIELDS.items()
        for one in (field, *FURTHER.get(token, ()))
        for path in one.paths
    }
    assert {path for _, path in found - judged} == {*OTHER_KEYS}
    assert judged - found == {("oci:Nosql/configuration:Configuration", "kmsKey.id")}


def test_every_type_with_a_field_for_a_key_is_protected_or_holds_no_data_of_its_own():
    assert KEY_FIELDS.keys() - protection.STATEFUL.keys() == {
        "oci:ContainerEngine/nodePool:NodePool",  # nodes are made again, and those with GPUs are protected
        "oci:Core/instance:Instance",  # as nodes
        "oci:Core/instanceConfiguration:InstanceConfiguration",  # only describes instances
        "oci:MediaServices/streamPackagingConfig:StreamPackagingConfig",  # only says how to pack a stream
        "oci:Nosql/configuration:Configuration",  # a setting of the tenancy
    }


def test_every_type_that_runs_an_image_of_a_container_is_judged():
    found = {
        token
        for token in resource_tokens()
        for path in paths(token)
        if path.rpartition(".")[2] in {"imageDigest", "imageUrl", "imageUri"}
    }
    assert found == images.OCI_IMAGES.keys()


def test_types_that_take_tags():
    assert {token for token in resource_tokens() if "freeformTags" in paths(token)} == TAGGABLE


def test_every_switch_for_a_public_address_is_judged():
    found = {path.rpartition(".")[2] for token in resource_tokens() for path in paths(token)}
    gives = {name for name in found if re.fullmatch(r"(assign|is)PublicIp(Assigned)?", name)}
    assert gives == nodes.SWITCHES


def test_every_field_with_the_security_groups_of_a_card_is_judged():
    found = {
        path.rpartition(".")[2]
        for token in resource_tokens()
        for path in paths(token)
        if re.search(r"(nsgids?|securitygroupids)$", path, re.IGNORECASE)
    }
    assert found == ports.GROUP_FIELDS


@pytest.mark.parametrize(
    ("token", "path"),
    [
        *((token, path) for token, some in databases.PRIVATE_ENDPOINTS.items() for path in some),
        *databases.NEVER_PUBLIC.items(),
        (databases.BUCKET, "accessType"),
        *((token, path) for token, some in nodes.POOL_SUBNETS.items() for path in some),
        *nodes.CONFIGURED.items(),
        (nodes.CONFIGURATION, nodes.CARD),
        (nodes.PUBLIC_ADDRESS, "privateIpId"),
        *databases.IN_SUBNETS.items(),
        (databases.REQUEST, "accessType"),
        (protection.INSTANCES, protection.CONFIGURED),
        (protection.CONFIGURATION, protection.CONFIGURED_SHAPE),
        (nodes.CLUSTER, "endpointConfig.isPublicIpEnabled"),
        *((subnets.SUBNET, each) for each in subnets.FORBIDS),
        (ports.LISTS[1], "manageDefaultResourceId"),
        (ports.GROUP_RULE, "tcpOptions.destinationPortRange.min"),
        (ports.GROUP_RULE, "udpOptions.destinationPortRange.max"),
        *((token, "ingressSecurityRules.tcpOptions.min") for token in ports.LISTS),
        (ports.BASTION, "clientCidrBlockAllowLists"),
        *((token, "networkSecurityGroupIds") for token in sorted(ports.EDGES)),
        *protection.SHAPES.items(),
        *(
            (token, path)
            for token, some in volume_keys.USERS.items()
            for path in some
            if token.startswith("oci:")
        ),
        (volume_keys.KEY, "isAutoRotationEnabled"),
        (volume_keys.VERSION, "keyId"),
    ],
)
def test_every_field_that_a_policy_reads_is_an_input(token: str, path: str):
    assert path in paths(token)


def test_what_is_protected_exists():
    assert {*protection.STATEFUL, *protection.GPU_NETWORKS} <= resource_tokens()
