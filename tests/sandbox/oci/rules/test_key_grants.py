"""Refusals of keys that a service may not use, and of keys for volumes."""

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.rules.key_grants import missing_grant
from tests.sandbox.oci.conftest import AD1, COMPARTMENT, GPU, TENANCY, Refused, Service
from tests.sandbox.oci.services.test_vault import ENDPOINT, VAULT, VERSION, key, vault

POLICY = "oci:Identity/policy:Policy"
BUCKET = "oci:ObjectStorage/bucket:Bucket"
VOLUME = "oci:Core/volume:Volume"


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


def test_the_grants_of_a_key_that_the_config_names_are_not_checked(service: Service) -> None:
    assert bucket(service, "ocid1.key.oc1.iad.vault.aaaagiven").inputs["kmsKeyId"]
