"""Secrets stay secret for the engine and in the sandbox's own database."""

import pytest

from sandbox.oci.engine_values import Secret
from sandbox.oci.masking import Masking, revealed
from sandbox.oci.operations import fields_of
from sandbox.store import Store
from tests.sandbox.oci.driver import Driver

PASSWORD = "correct horse battery staple"
CREDENTIAL = "oci:Identity/dbCredential:DbCredential"


def test_a_secret_input_stays_secret_and_never_reaches_the_database(driver: Driver, store: Store) -> None:
    metadata = Secret({"user_data": PASSWORD})
    made = driver.create("oci:Core/instanceConsoleConnection:InstanceConsoleConnection", **_console(metadata))

    assert made.outputs["freeformTags"] == metadata
    found = driver.read(made)
    assert found is not None
    assert found.inputs["freeformTags"] == metadata
    assert found.outputs["freeformTags"] == metadata
    assert PASSWORD.encode() not in b"".join(path.read_bytes() for path in store.path.parent.iterdir())


def _console(tags: Secret) -> dict[str, object]:
    return {
        "instanceId": "ocid1.instance.oc1.iad.aaaa",
        "publicKey": "ssh-ed25519 AAAA",
        "freeformTags": tags,
    }


def test_a_sensitive_field_is_secret_even_if_its_input_is_plain(driver: Driver, store: Store) -> None:
    inputs = {"userId": "ocid1.user.oc1..aaaa", "description": "d", "password": PASSWORD}
    made = driver.create(CREDENTIAL, **inputs)

    assert made.outputs["password"] == Secret(PASSWORD)
    assert PASSWORD.encode() not in b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert not driver.diff(made, **inputs)


def test_a_secret_changed_in_the_cloud_is_seen_as_drift_without_being_shown(driver: Driver) -> None:
    inputs = {"userId": "ocid1.user.oc1..aaaa", "description": "d", "password": Secret(PASSWORD)}
    made = driver.create(CREDENTIAL, **inputs)
    driver.update(made, **inputs | {"password": Secret("changed elsewhere")})

    found = driver.read(made)

    assert found is not None
    assert isinstance(found.inputs["password"], Secret)
    assert driver.diff(found, **inputs).paths == {"password": "UPDATE_REPLACE"}


@pytest.mark.parametrize("secret_id", ["ocid1.vaultsecret.oc1.iad.a", "ocid1.vaultsecret.oc1.iad.b"])
def test_an_object_that_a_refresh_has_sealed_is_known_again(store: Store, secret_id: str) -> None:
    """It was stored with one sealed property. The next refresh sends all of it as one secret."""
    masking, fields = Masking(store), fields_of("oci:Psql/dbSystem:DbSystem")
    details = {"passwordType": "VAULT_SECRET", "secretId": "ocid1.vaultsecret.oc1.iad.a"}
    kept = masking.masked(fields, {"credentials": {"username": "a", "passwordDetails": details}})
    sealed = Secret({"username": "a", "passwordDetails": {**details, "secretId": secret_id}})
    shown = revealed(masking, fields, kept, {"credentials": sealed})["credentials"]
    assert isinstance(shown, Secret)
    assert (shown == sealed) is (secret_id.endswith("a"))
