"""What vaults, keys and secrets refuse, and their computed outputs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.oci.engine_values import Secret
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service
from tests.sandbox.oci.driver import COMPARTMENT, VAULT, Driver
from tests.sandbox.oci.services.test_object_storage import bucket

VERSION = "oci:Kms/keyVersion:KeyVersion"
SECRET = "oci:Vault/secret:Secret"
ENDPOINT = "https://one-management.kms.us-ashburn-1.oraclecloud.com"
KEY = "oci:Kms/key:Key"


@pytest.mark.parametrize("state", ["PENDING_DELETION", "DISABLED"])
def test_a_key_that_is_not_enabled_encrypts_nothing(service: Service, refused: Refused, state: str) -> None:
    key = service.create(KEY, keyShape={"algorithm": "AES", "length": 32})
    service.cloud.save(replace(key, state=state))
    refused(409, "IncorrectState", f"is in state {state}", bucket, service, kmsKeyId=key.id)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"algorithm": "AES", "length": 256}, "length 256 is invalid for AES"),
        ({"algorithm": "DES", "length": 8}, "algorithm must be one of AES, RSA, ECDSA"),
    ],
)
def test_an_ill_formed_key_is_refused(
    service: Service, refused: Refused, shape: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, service.create, KEY, keyShape=shape)


def test_rotation_in_a_shared_vault_is_refused(service: Service, refused: Refused) -> None:
    endpoint = "https://x-management.kms.us-ashburn-1.oraclecloud.com"
    service.create("oci:Kms/vault:Vault", outputs={"managementEndpoint": endpoint}, vaultType="DEFAULT")
    refused(
        400, "InvalidParameter", "virtual private vault only",
        service.create, KEY, managementEndpoint=endpoint, isAutoRotationEnabled=True,
    )  # fmt: skip
    details = {"rotationIntervalInDays": 30}
    refused(
        400, "InvalidParameter", "between 60 and 365", service.create, KEY, autoKeyRotationDetails=details
    )


SCHEDULE = {"rotationIntervalInDays": 90}
STARTED = {**SCHEDULE, "timeOfScheduleStart": "2026-12-01T00:00:00Z"}


def test_a_key_whose_schedule_has_no_start_cannot_be_changed(service: Service, refused: Refused) -> None:
    key = service.create(KEY, autoKeyRotationDetails=SCHEDULE)
    words = 'parsing time ""'
    refused(400, "InvalidParameter", words, service.update, key, freeformTags={"Owner": "b"})
    refused(400, "InvalidParameter", words, service.update, key, autoKeyRotationDetails=None)
    mended = service.update(key, autoKeyRotationDetails=STARTED)
    service.update(mended, freeformTags={"Owner": "b"}, autoKeyRotationDetails=None)


def test_a_key_without_a_schedule_can_get_one(service: Service) -> None:
    key = service.create(KEY)
    service.update(key, autoKeyRotationDetails=SCHEDULE)


def test_a_secret_name_twice_in_a_vault_is_refused(service: Service, refused: Refused) -> None:
    inputs = {"vaultId": "ocid1.vault.oc1.iad.aaaa", "secretName": "database"}
    gone = service.create("oci:Vault/secret:Secret", **inputs)
    service.cloud.save(replace(gone, state="PENDING_DELETION", deleted_at="2030-01-01T00:00:00Z"))
    words = "database already exists"
    refused(400, "InvalidParameter", words, service.create, "oci:Vault/secret:Secret", **inputs)


def vault(service: Service, endpoint: str = ENDPOINT) -> Entry:
    outputs = {"managementEndpoint": endpoint}
    return service.create(VAULT, displayName="v", vaultType="DEFAULT", outputs=outputs)


def key(service: Service, algorithm: str = "AES", length: int = 32) -> Entry:
    shape = {"algorithm": algorithm, "length": length}
    return service.create(KEY, displayName="k", keyShape=shape, managementEndpoint=ENDPOINT)


def test_a_key_in_a_vault_with_a_pending_deletion_is_refused(service: Service, refused: Refused) -> None:
    gone = vault(service)
    service.cloud.save(replace(gone, state="PENDING_DELETION", deleted_at="2026-12-01T00:00:00Z"))
    refused(409, "IncorrectState", "PENDING_DELETION", key, service)


def test_a_version_of_a_key_with_a_pending_deletion_is_refused(service: Service) -> None:
    gone = key(service)
    service.cloud.save(replace(gone, state="PENDING_DELETION", deleted_at="2026-12-01T00:00:00Z"))
    inputs = {"keyId": gone.id, "managementEndpoint": ENDPOINT}
    with pytest.raises(OciError, match=r"must be ENABLED|is being deleted"):
        service.create(VERSION, **inputs)


@pytest.mark.parametrize(("days", "fits"), [(3, False), (8, True), (29, True), (40, False)])
def test_a_key_waits_seven_to_thirty_days(service: Service, refused: Refused, days: int, fits: bool) -> None:
    due = datetime.now(UTC) + timedelta(days=days)
    made = service.update(key(service), timeOfDeletion=due.isoformat())
    if fits:
        service.delete(made)
    else:
        refused(400, "InvalidParameter", "must be 7 to 30 days", service.delete, made)


def test_only_older_versions_of_a_key_can_be_deleted_and_they_wait(driver: Driver, refused: Refused) -> None:
    made = driver.create(VAULT, "vault", compartmentId=COMPARTMENT, displayName="v", vaultType="DEFAULT")
    endpoint = {"managementEndpoint": made.outputs["managementEndpoint"]}
    shape = {"algorithm": "AES", "length": 32}
    key = driver.create(KEY, "key", compartmentId=COMPARTMENT, displayName="k", keyShape=shape, **endpoint)
    first = driver.create(VERSION, "first", keyId=key.id, **endpoint)
    assert first.id == f"keys/{key.id}/keyVersions/{first.outputs['keyVersionId']}"
    refused(409, "IncorrectState", "is the current version of the key", driver.delete, first)

    second = driver.create(VERSION, "second", keyId=key.id, **endpoint)
    found = driver.read(key)
    assert found is not None
    assert found.outputs["currentKeyVersion"] == second.outputs["keyVersionId"]
    assert (
        driver.update(key, **key.inputs | {"displayName": "other"}).outputs["currentKeyVersion"]
        == (second.outputs["keyVersionId"])
    )
    driver.delete(first)
    left = driver.cloud.find(first.id)
    assert left is not None
    assert left.state == "PENDING_DELETION"


def generate(service: Service, **context: Any) -> Entry:
    ids = {"vaultId": "ocid1.vault.oc1.iad.aaaa", "keyId": "ocid1.key.oc1.iad.aaaa"}
    given = {"secretGenerationContext": context} if context else {}
    return service.create(SECRET, secretName="s", enableAutoGeneration=True, **ids, **given)


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({}, "secretGenerationContext is required"),
        ({"generationType": "WORDS", "generationTemplate": "x"}, "generationType must be one of"),
        (
            {"generationType": "PASSPHRASE", "generationTemplate": "RSA_2048"},
            "must be one of SECRETS_DEFAULT",
        ),
        (
            {"generationType": "SSH_KEY", "generationTemplate": "RSA_2048", "passphraseLength": 20},
            "passphraseLength is not supported",
        ),
    ],
)
def test_a_secret_that_the_vault_cannot_generate_is_refused(
    service: Service, refused: Refused, context: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, lambda: generate(service, **context))


def test_a_secret_needs_a_symmetric_key_of_its_own_vault(service: Service, refused: Refused) -> None:
    mine, other = vault(service), vault(service, "https://two-management.kms.us-ashburn-1.oraclecloud.com")
    asymmetric, symmetric = key(service, "RSA", 256), key(service)

    def secret(holder: Entry, wanted: Entry) -> Entry:
        return service.create(SECRET, secretName="s", vaultId=holder.id, keyId=wanted.id)

    refused(400, "InvalidParameter", "is asymmetric", secret, mine, asymmetric)
    refused(400, "InvalidParameter", "is not a key of the vault", secret, other, symmetric)
    assert secret(mine, symmetric).inputs["secretName"] == "s"


def test_a_key_finds_its_vault_by_the_management_endpoint(driver: Driver) -> None:
    vault = driver.create(VAULT, compartmentId=COMPARTMENT, displayName="keys", vaultType="DEFAULT")
    key = driver.create(
        KEY,
        compartmentId=COMPARTMENT,
        displayName="key",
        keyShape={"algorithm": "AES", "length": 32},
        managementEndpoint=vault.outputs["managementEndpoint"],
    )

    assert key.outputs["vaultId"] == vault.id
    assert key.outputs["state"] == "ENABLED"


def test_a_secret_gets_a_new_version_with_new_content_only(driver: Driver) -> None:
    def inputs(content: str, description: str) -> dict[str, Any]:
        return {
            "compartmentId": COMPARTMENT,
            "vaultId": "ocid1.vault.oc1.iad.aaaa",
            "keyId": "ocid1.key.oc1.iad.aaaa",
            "secretName": "s",
            "description": description,
            "secretContent": {"contentType": "BASE64", "content": Secret(content)},
        }

    made = driver.create("oci:Vault/secret:Secret", **inputs("YQ==", "one"))
    described = driver.update(made, **inputs("YQ==", "two"))
    rotated = driver.update(described, **inputs("Yg==", "two"))

    versions = [each.outputs["currentVersionNumber"] for each in (made, described, rotated)]
    assert versions == ["1", "1", "2"]


def secret(**inputs: Any) -> dict[str, Any]:
    content = {"contentType": "BASE64", "content": "c2VjcmV0"}
    return {"secretName": "own", "secretContent": content, "compartmentId": COMPARTMENT} | inputs


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (secret(rotationConfig={"isScheduledRotationEnabled": True}), "rotationInterval must be set"),
        (
            secret(
                secretRules=[{"timeOfAbsoluteExpiry": f"{datetime.now(UTC) + timedelta(days=400):%Y-%m-%d}"}]
            ),
            "from 1 to 365 days",
        ),
    ],
)
def test_a_secret_without_a_rotation_interval_or_with_a_late_expiry_is_refused(
    service: Service, refused: Refused, inputs: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, service.create, SECRET, **inputs)
