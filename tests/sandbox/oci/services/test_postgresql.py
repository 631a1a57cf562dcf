"""What PostgreSQL refuses, its endpoints, and what databases refuse in passwords from the vault."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.oci.services.test_cache import cache
from tests.sandbox.oci.services.test_search import master_user, search
from tests.sandbox.oci.services.test_streaming import stream

from .test_autonomous_database import KEY, OTHER_SECRET, VAULT, clone, oracle

DETAIL = "oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail"
POSTGRESQL = "oci:Psql/dbSystem:DbSystem"
SECRET = "oci:Vault/secret:Secret"


def generated(service: Service, length: int, kind: str = "PASSPHRASE") -> Entry:
    template = {"PASSPHRASE": "SECRETS_DEFAULT_PASSWORD", "SSH_KEY": "RSA_2048"}[kind]
    context: dict[str, Any] = {"generationType": kind, "generationTemplate": template}
    if kind == "PASSPHRASE":
        context["passphraseLength"] = length
    inputs = {
        "vaultId": VAULT,
        "keyId": KEY,
        "secretName": f"{kind}-{length}",
        "secretGenerationContext": context,
    }
    return service.create(SECRET, enableAutoGeneration=True, **inputs)


def postgresql(service: Service, **changes: Any) -> Entry:
    inputs: dict[str, Any] = {
        "dbVersion": "17",
        "shape": "PostgreSQL.VM.Standard.E5.Flex",
        "instanceCount": 3,
        "instanceOcpuCount": 4,
        "instanceMemorySizeInGbs": 64,
        "storageDetails": storage(),
        "credentials": credentials(passwordType="VAULT_SECRET", secretId=OTHER_SECRET, secretVersion="1"),
    }
    return service.create(POSTGRESQL, **(inputs | changes))


def storage(**changes: Any) -> dict[str, Any]:
    return {"systemType": "OCI_OPTIMIZED_STORAGE", "isRegionallyDurable": True, "iops": "75000"} | changes


def credentials(**password: Any) -> dict[str, Any]:
    return {"username": "playground", "passwordDetails": password}


def backups(**policy: Any) -> dict[str, Any]:
    return {"managementPolicy": {"backupPolicy": {"backupStart": "02:00", **policy}}}


def test_the_inputs_of_the_components_are_accepted(service: Service) -> None:
    source = oracle(service, adminPassword=None, secretId=generated(service, 30).id)
    for number in (1, 2):
        clone(service, source, dbName=f"genaiR{number}")
    postgresql(service, **backups(kind="DAILY"))
    cache(service)
    search(service)
    stream(service)


@pytest.mark.parametrize("version", ["2", "0", "latest"])
def test_a_version_that_a_secret_does_not_have_is_refused(
    service: Service, refused: Refused, version: str
) -> None:
    secret = generated(service, 20).id
    details = credentials(passwordType="VAULT_SECRET", secretId=secret, secretVersion=version)
    message = f"Version {version} of the secret {secret} was not found; its current version is 1."
    refused(404, "NotAuthorizedOrNotFound", message, postgresql, service, credentials=details)


def test_a_password_is_rotated_by_naming_an_existing_version(service: Service, refused: Refused) -> None:
    secret = generated(service, 20)
    changes = {"adminPassword": None, "secretId": secret.id}
    made = oracle(service, **changes)
    refused(404, "NotAuthorizedOrNotFound", "Version 2", service.update, made, secretVersionNumber=2)
    service.cloud.save(replace(secret, outputs={**secret.outputs, "currentVersionNumber": "2"}))
    assert service.update(made, secretVersionNumber=2).inputs["secretVersionNumber"] == 2


def test_a_generated_secret_that_is_not_a_valid_password_is_refused(
    service: Service, refused: Refused
) -> None:
    long, key = generated(service, 32), generated(service, 32, "SSH_KEY")
    for secret, message in ((long, "must be between 12 and 30 characters long"), (key, "holds SSH_KEY")):
        changes = {"adminPassword": None, "secretId": secret.id}
        refused(400, "InvalidParameter", message, oracle, service, **changes)
    details = credentials(passwordType="VAULT_SECRET", secretId=key.id, secretVersion="1")
    refused(400, "InvalidParameter", "holds SSH_KEY", postgresql, service, credentials=details)
    user = master_user(sourceType="OCI_VAULT_SECRET", vaultSecretId=key.id)
    refused(400, "InvalidParameter", "holds SSH_KEY", search, service, securityMasterUserAuthDetails=user)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shape": "VM.Standard.E4.Flex"}, "Shape VM.Standard.E4.Flex is not supported"),
        ({"instanceMemorySizeInGbs": 8}, "instanceMemorySizeInGbs 8 is invalid for shape"),
        ({"shape": "PostgreSQL.VM.Standard3.Flex", "instanceOcpuCount": 1}, "the minimum is 2"),
        ({"shape": "PostgreSQL.VM.Standard3.Flex", "instanceOcpuCount": 33}, "the maximum is 32"),
        ({"dbVersion": "12"}, "dbVersion must be one of 14, 15, 16, 17"),
        ({"instanceCount": 0}, "instanceCount must be greater than or equal to 1"),
        ({"instancesDetails": [{"displayName": "a"}]}, "must match instanceCount"),
        ({"storageDetails": storage(iops="100000")}, "iops 100000 is not a supported performance tier"),
        (
            {"storageDetails": storage(availabilityDomain="AD-1")},
            "availabilityDomain should not be specified",
        ),
        ({"storageDetails": storage(isRegionallyDurable=False)}, "availabilityDomain must be specified"),
        ({"storageDetails": storage(systemType="FAST")}, "systemType must be one of"),
        ({"credentials": None}, "credentials are required"),
        ({"credentials": credentials(passwordType="HASH")}, "passwordType must be one of"),
        (
            {"credentials": credentials(passwordType="VAULT_SECRET", secretId=OTHER_SECRET)},
            "secretVersion is required when passwordType is VAULT_SECRET",
        ),
        ({"credentials": credentials(passwordType="PLAIN_TEXT")}, "password is required"),
        (
            {"credentials": credentials(passwordType="PLAIN_TEXT", password="weak")},
            "The administrator password must be between",
        ),
        (backups(kind="HOURLY"), "kind must be one of"),
        (backups(kind="DAILY", backupStart=None), "backupStart is required"),
        (backups(kind="WEEKLY"), "daysOfTheWeek is required"),
        (backups(kind="WEEKLY", daysOfTheWeeks=["SUN"]), "daysOfTheWeek must be one of"),
        (backups(kind="MONTHLY"), "daysOfTheMonth is required"),
        (backups(kind="MONTHLY", daysOfTheMonths=[29]), "daysOfTheMonth 29 must be between 1 and 28"),
    ],
)
def test_a_wrong_postgresql_system_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, postgresql, service, **changes)


def test_a_fixed_shape_of_a_known_family_is_accepted(service: Service) -> None:
    assert postgresql(service, shape="PostgreSQL.VM.Standard.E5.Flex.4.64GB").state == "ACTIVE"


@pytest.mark.parametrize(("readers", "count"), [(True, 1), (False, 0)])
def test_a_postgresql_system_has_a_reader_endpoint_if_enabled(
    driver: Driver, readers: bool, count: int
) -> None:
    network = {"subnetId": driver.subnet(driver.vcn()).id, "isReaderEndpointEnabled": readers}
    system = create_minimal(driver, POSTGRESQL, instanceCount=3, networkDetails=network)
    answer = driver.invoke(DETAIL, dbSystemId=system.id)
    assert answer["primaryDbEndpoints"][0]["port"] == 5432
    assert len(answer["readerEndpoints"]) == count
    assert len(answer["instanceEndpoints"]) == 3
    assert answer["caCertificate"].startswith("-----BEGIN CERTIFICATE-----")


def test_endpoints_of_a_missing_system_are_not_found(driver: Driver) -> None:
    gone = create_minimal(driver, POSTGRESQL)
    driver.delete(gone)
    with pytest.raises(OciError, match="NotAuthorizedOrNotFound"):
        driver.invoke(DETAIL, dbSystemId=gone.id)


def test_a_shape_is_returned_with_the_services_prefix(driver: Driver) -> None:
    assert (
        create_minimal(driver, POSTGRESQL, shape="VM.Standard.E5.Flex")
        .outputs["shape"]
        .startswith("PostgreSQL.")
    )
