"""Refusals of keys that a service may not use, and of keys for volumes."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from facts.provider_fields import Field, resource_fields, resource_tokens
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, warnings_of
from sandbox.oci.rules.key_grants import ENCRYPTED, key_may_be_used, missing_grant
from sandbox.oci.services.identity.tenancy import COMPARTMENT as COMPARTMENT_TYPE
from tests.sandbox.oci.conftest import AD1, CLUSTER, COMPARTMENT, GPU, REGION, TENANCY, Refused, Service
from tests.sandbox.oci.services.test_vault import ENDPOINT, KEY, VAULT, VERSION, key, vault

POLICY = "oci:Identity/policy:Policy"
BUCKET = "oci:ObjectStorage/bucket:Bucket"
VOLUME = "oci:Core/volume:Volume"
LUSTRE = "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem"


def allow(service: Service, *statements: str) -> Entry:
    return service.create(POLICY, compartmentId=TENANCY, name="keys", statements=list(statements))


def bucket(service: Service, id: str) -> Entry:  # noqa: A002
    return service.create(BUCKET, namespace="ns", name="b", kmsKeyId=id)


def test_a_key_that_object_storage_may_not_use_is_refused(service: Service, refused: Refused) -> None:
    made = key(service)
    message = f"service objectstorage-us-ashburn-1 is not allowed to use the key {made.id}"
    refused(404, "NotAuthorizedOrNotFound", message, bucket, service, made.id)


@pytest.mark.parametrize(
    "statement",
    [
        "Allow service objectstorage-us-ashburn-1 to use keys in compartment id {compartment}"
        " where target.key.id = '{key}'",
        "allow service blockstorage, objectstorage-us-ashburn-1 to manage keys in tenancy",
    ],
)
def test_a_granted_key_encrypts_a_bucket(service: Service, statement: str) -> None:
    made = key(service)
    allow(service, statement.format(compartment=COMPARTMENT, key=made.id))
    assert bucket(service, made.id).inputs["kmsKeyId"] == made.id


@pytest.mark.parametrize(
    "statement",
    [
        "Allow service objectstorage-eu-frankfurt-1 to use keys in tenancy",
        "Allow service objectstorage-us-ashburn-1 to read keys in tenancy",
        "Allow service objectstorage-us-ashburn-1 to use keys in tenancy where target.key.id = 'ocid1.key.oc1.iad.b'",
        "Allow service objectstorage-us-ashburn-1 to use keys in compartment id ocid1.compartment.oc1..elsewhere",
        "Allow service blockstorage to use keys in tenancy",
    ],
)
def test_a_grant_for_another_service_key_or_compartment_does_not_help(
    service: Service, refused: Refused, statement: str
) -> None:
    made = key(service)
    allow(service, statement)
    refused(404, "NotAuthorizedOrNotFound", "is not allowed to use the key", bucket, service, made.id)


def test_a_volume_needs_the_grant_of_block_volume(service: Service, refused: Refused) -> None:
    made = key(service)
    refused(404, "NotAuthorizedOrNotFound", "service blockstorage", service.create, VOLUME, kmsKeyId=made.id)
    allow(service, "Allow service blockstorage to use keys in tenancy")
    assert service.create(VOLUME, kmsKeyId=made.id).inputs["kmsKeyId"] == made.id


POOL = "oci:ContainerEngine/nodePool:NodePool"
FILES = "oci:FileStorage/fileSystem:FileSystem"
DYNAMIC = "oci:Identity/dynamicGroup:DynamicGroup"


def pool(service: Service, id: str) -> Entry:  # noqa: A002
    place = {"availabilityDomain": AD1, "subnetId": "ocid1.subnet.oc1.iad.nodes"}
    return service.create(
        POOL,
        kubernetesVersion="v1.36.1",
        nodeShape=GPU,
        nodeConfigDetails={"kmsKeyId": id, "size": 1, "placementConfigs": [place]},
    )


def test_nodes_need_grants_for_block_volume_and_for_the_node_pool(service: Service, refused: Refused) -> None:
    made = key(service)
    allow(service, "Allow service blockstorage to use keys in tenancy")
    message = "(of type nodepool) is not allowed to pass on the key"
    refused(404, "NotAuthorizedOrNotFound", message, pool, service, made.id)
    lent = "Allow any-user to use {} in tenancy where all {{request.principal.type = 'nodepool', target.key.id = '{}'}}"
    service.create(
        POLICY, compartmentId=TENANCY, name="p", statements=[lent.format("key-delegates", made.id)]
    )
    assert missing_grant(service.cloud, made.id, "boot volumes of nodes", "us-ashburn-1") is None


@pytest.mark.parametrize(("rule", "fits"), [("filesystem", True), ("cluster", False)])
def test_file_systems_need_a_grant_for_a_dynamic_group_of_file_systems(
    service: Service, refused: Refused, rule: str, fits: bool
) -> None:
    made = key(service)
    matching = f"ALL {{resource.type = '{rule}', resource.compartment.id = '{COMPARTMENT}'}}"
    service.create(DYNAMIC, compartmentId=TENANCY, name="files", matchingRule=matching)
    allow(service, "Allow dynamic-group files to use keys in tenancy")

    def files() -> Entry:
        return service.create(FILES, availabilityDomain="Uocm:US-ASHBURN-AD-1", kmsKeyId=made.id)

    if fits:
        assert files().inputs["kmsKeyId"] == made.id
    else:
        refused(404, "NotAuthorizedOrNotFound", "of type filesystem", files)


def version(service: Service, id: str) -> Entry:  # noqa: A002
    return service.create(VERSION, keyId=id, managementEndpoint=ENDPOINT)


def test_a_key_that_encrypts_volumes_gets_no_second_version(service: Service, refused: Refused) -> None:
    vault(service)
    made, other = key(service), key(service)
    allow(service, "Allow service blockstorage to use keys in tenancy")
    volume = service.create(VOLUME, kmsKeyId=made.id)
    refused(409, "IncorrectState", "supports keys with a single version", version, service, made.id)
    moved = service.update(volume, kmsKeyId=other.id)
    assert moved.inputs["kmsKeyId"] == other.id
    assert version(service, made.id).inputs["keyId"] == made.id


def test_a_key_that_rotates_or_has_several_versions_encrypts_no_volume(
    service: Service, refused: Refused
) -> None:
    service.create(
        VAULT, displayName="v", vaultType="VIRTUAL_PRIVATE", outputs={"managementEndpoint": ENDPOINT}
    )
    several, scheduled, plain = key(service), key(service), key(service)
    allow(service, "Allow service blockstorage to use keys in tenancy")
    version(service, several.id)
    rotating = service.update(scheduled, isAutoRotationEnabled=True)
    refused(409, "IncorrectState", "has several versions", service.create, VOLUME, kmsKeyId=several.id)
    refused(409, "IncorrectState", "rotates on a schedule", service.create, VOLUME, kmsKeyId=rotating.id)
    service.create(VOLUME, kmsKeyId=plain.id)
    refused(409, "IncorrectState", "must not rotate", service.update, plain, isAutoRotationEnabled=True)


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        ("oci:Core/volume:Volume", {"xrcKmsKeyId": "KEY"}),
        ("oci:Core/volume:Volume", {"blockVolumeReplicas": {"xrrKmsKeyId": "KEY"}}),
        ("oci:Core/bootVolume:BootVolume", {"kmsKeyId": "KEY"}),
        ("oci:Core/volumeBackup:VolumeBackup", {"kmsKeyId": "KEY"}),
        ("oci:Core/bootVolumeBackup:BootVolumeBackup", {"kmsKeyId": "KEY"}),
        ("oci:Core/volumeGroupBackup:VolumeGroupBackup", {"sourceDetails": {"kmsKeyId": "KEY"}}),
        ("oci:Core/volumeGroup:VolumeGroup", {"xrcKmsKeyId": "KEY"}),
        ("oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment", {"xrcKmsKeyId": "KEY"}),
        ("oci:Core/instance:Instance", {"sourceDetails": {"sourceType": "image", "kmsKeyId": "KEY"}}),
        ("oci:Core/instancePool:InstancePool", {"size": 1, "instanceConfigurationId": "CONFIGURATION"}),
        (
            "oci:Core/clusterNetwork:ClusterNetwork",
            {"instancePools": [{"size": 1, "instanceConfigurationId": "CONFIGURATION"}]},
        ),
    ],
)
def test_everything_that_block_volume_encrypts_needs_its_grant(
    service: Service, token: str, inputs: dict[str, Any]
) -> None:
    made = key(service)
    launch = {"instanceDetails": {"launchDetails": {"sourceDetails": {"kmsKeyId": made.id}}}}
    configuration = service.create("oci:Core/instanceConfiguration:InstanceConfiguration", **launch)
    text = json.dumps(inputs).replace("KEY", made.id).replace("CONFIGURATION", configuration.id)
    call = Call(service.cloud, token, "create", REGION, json.loads(text), None, "urn")
    with pytest.raises(OciError, match="service blockstorage is not allowed to use the key"):
        key_may_be_used(call)
    allow(service, "Allow service blockstorage to use keys in tenancy")
    key_may_be_used(call)


def test_a_pool_without_instances_and_a_key_of_signatures_need_no_grant(service: Service) -> None:
    made = key(service)
    launch = {"instanceDetails": {"launchDetails": {"sourceDetails": {"kmsKeyId": made.id}}}}
    configuration = service.create("oci:Core/instanceConfiguration:InstanceConfiguration", **launch)
    empty = {"size": 0, "instanceConfigurationId": configuration.id}
    signed = {"imagePolicyConfig": {"isPolicyEnabled": True, "keyDetails": [{"kmsKeyId": made.id}]}}
    for token, inputs in (("oci:Core/instancePool:InstancePool", empty), (CLUSTER, signed)):
        key_may_be_used(Call(service.cloud, token, "create", REGION, inputs, None, "urn"))


def test_a_certificate_authority_reaches_its_key_as_a_principal(service: Service) -> None:
    made = key(service)
    wanted = "certificate authorities"
    assert "certificateauthority" in str(missing_grant(service.cloud, made.id, wanted, REGION))
    rule = "resource.type='certificateauthority'"
    service.create(DYNAMIC, compartmentId=TENANCY, name="authorities", matchingRule=rule)
    service.create(
        POLICY,
        compartmentId=TENANCY,
        name="authorities",
        statements=["Allow dynamic-group authorities to use keys in tenancy"],
    )
    assert missing_grant(service.cloud, made.id, wanted, REGION) is None


@pytest.mark.parametrize(
    ("place", "counts"),
    [
        ("compartment id {parent}", True),
        ("compartment id {child}", True),
        ("compartment id {other}", False),
        (f"compartment id {TENANCY}", True),
        ("compartment parent", True),
        ("compartment parent:child", True),
        ("compartment other", False),
    ],
)
def test_a_grant_on_a_compartment_covers_those_below_it(service: Service, place: str, counts: bool) -> None:
    parent = service.create(COMPARTMENT_TYPE, compartmentId=TENANCY, name="parent", description="d")
    child = service.create(COMPARTMENT_TYPE, compartmentId=parent.id, name="child", description="d")
    other = service.create(COMPARTMENT_TYPE, compartmentId=TENANCY, name="other", description="d")
    made = service.create(KEY, **{**key(service).inputs, "compartmentId": child.id})
    named = place.format(parent=parent.id, child=child.id, other=other.id)
    allow(service, f"Allow service blockstorage to use keys in {named}")
    assert (missing_grant(service.cloud, made.id, "volumes", REGION) is None) == counts


@pytest.mark.parametrize("what", ["key-family", "all-resources"])
def test_a_family_that_contains_keys_grants_their_use(service: Service, what: str) -> None:
    made = key(service)
    allow(service, f"Allow service blockstorage to use {what} in tenancy")
    assert missing_grant(service.cloud, made.id, "volumes", REGION) is None


@pytest.mark.parametrize(
    ("token", "inputs", "said"),
    [
        (LUSTRE, {"kmsKeyId": "KEY"}, "service lustrefs is not allowed to use the key"),
        ("oci:Psql/dbSystem:DbSystem", {"storageDetails": {"kmsKeyId": "KEY"}}, "does not say for which"),
    ],
)
def test_a_grant_without_a_source_is_a_warning_and_no_refusal(
    service: Service, token: str, inputs: dict[str, Any], said: str
) -> None:
    made = key(service)
    given = json.loads(json.dumps(inputs).replace("KEY", made.id))
    call = Call(service.cloud, token, "create", REGION, given, None, "urn")
    key_may_be_used(call)
    (warned,) = warnings_of(call)
    assert said in warned
    assert "https://docs.oracle.com/" in warned


def test_every_encrypted_type_of_the_providers_table_that_the_sandbox_models_has_its_grant() -> None:
    """The vault encrypts its own secrets, and instance configurations encrypt nothing."""
    modelled = {token.split("/")[0] for token in ENCRYPTED}
    without = {"oci:Core/instanceConfiguration:InstanceConfiguration"}
    # Databases other than Autonomous Databases are not modelled: no rule and no stack knows them.
    without |= {
        f"oci:Database/{name[0].lower()}{name[1:]}:{name}"
        for name in ("AutonomousContainerDatabase", "Database", "DbHome", "DbSystem")
    }
    found = {
        token
        for token in resource_tokens()
        if token.split("/")[0] in modelled
        and any(re.fullmatch(r"(kms|xrcKms|xrrKms)KeyIds?", name) for name in inputs_of(token))
    }
    assert found - without <= set(ENCRYPTED)


def inputs_of(token: str) -> Iterator[str]:
    def walk(fields: Mapping[str, Field]) -> Iterator[str]:
        for name, each in fields.items():
            if each.input:
                yield name
            if isinstance(each.of, Mapping):
                yield from walk(each.of)

    yield from walk(resource_fields(token) or {})


def test_the_grants_of_a_key_that_the_config_names_are_not_checked(service: Service) -> None:
    assert bucket(service, "ocid1.key.oc1.iad.vault.aaaagiven").inputs["kmsKeyId"]
