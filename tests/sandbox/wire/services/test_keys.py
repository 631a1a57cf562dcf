"""Keys, their versions and encryption with them by the official SDK, at the vault's own address."""

import base64
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from oci.key_management import KmsCryptoClient, KmsManagementClient, KmsVaultClient, models

from sandbox.oci.services.vault.keys import KEY
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Servers, Wire

PLAIN = base64.b64encode(b"the weights").decode()
AES = models.KeyShape(algorithm="AES", length=32)
Refusal = Callable[[], Refused]


def made_vault(wire: Wire, name: str = "main") -> Any:
    details = models.CreateVaultDetails(compartment_id=COMPARTMENT, display_name=name, vault_type="DEFAULT")
    return wire.client(KmsVaultClient).create_vault(details).data


def manager(wire: Wire, vault: Any) -> Any:
    return wire.client(KmsManagementClient, service_endpoint=vault.management_endpoint)


def made_key(keys: Any, **changes: Any) -> Any:
    details = {"compartment_id": COMPARTMENT, "display_name": "data", "key_shape": AES} | changes
    return keys.create_key(models.CreateKeyDetails(**details)).data


@pytest.fixture
def vault(wire: Wire) -> Any:
    return made_vault(wire)


@pytest.fixture
def keys(wire: Wire, vault: Any) -> Any:
    return manager(wire, vault)


@pytest.fixture
def crypto(wire: Wire, vault: Any) -> Any:
    return wire.client(KmsCryptoClient, service_endpoint=vault.crypto_endpoint)


def test_a_key_is_created_read_listed_and_updated_in_its_vault(keys: Any, vault: Any) -> None:
    key = made_key(keys)
    assert key.lifecycle_state == "CREATING"
    assert keys.get_key(key.id).data.lifecycle_state == "CREATING"
    read = keys.get_key(key.id).data
    assert (read.lifecycle_state, read.vault_id, read.key_shape.length) == ("ENABLED", vault.id, 32)
    rows = keys.list_keys(COMPARTMENT, algorithm="AES", length=32).data
    assert [(row.id, row.algorithm, row.protection_mode) for row in rows] == [(key.id, "AES", "HSM")]
    assert keys.list_keys(COMPARTMENT, length=16).data == []
    assert keys.update_key(key.id, models.UpdateKeyDetails(display_name="other")).data.display_name == "other"
    other = "ocid1.compartment.oc1..aaaaother"
    keys.change_key_compartment(key.id, models.ChangeKeyCompartmentDetails(compartment_id=other))
    assert [row.id for row in keys.list_keys(other).data] == [key.id]


def test_two_vaults_have_addresses_of_their_own_and_do_not_see_each_others_keys(
    wire: Wire, vault: Any, keys: Any, refused: Refusal
) -> None:
    other = made_vault(wire, "other")
    assert len({wire.endpoint, vault.management_endpoint, other.management_endpoint}) == 3
    key = made_key(keys)
    assert manager(wire, other).list_keys(COMPARTMENT).data == []
    for client in (manager(wire, other), wire.client(KmsManagementClient)):
        with refused() as refusal:
            client.get_key(key.id)
        assert (refusal.status, refusal.code) == (404, "NotAuthorizedOrNotFound")
    with refused() as refusal:
        wire.client(KmsManagementClient).list_keys(COMPARTMENT)
    assert "managementEndpoint" in refusal.message


def test_a_vault_keeps_its_address_when_the_server_starts_again(servers: Servers) -> None:
    before = made_vault(servers.start())
    servers.stop()
    again = servers.start()
    assert manager(again, before).list_keys(COMPARTMENT).data == []
    after = again.client(KmsVaultClient).get_vault(before.id).data
    assert after.management_endpoint == before.management_endpoint


def test_a_vault_whose_port_is_in_use_gets_another(servers: Servers) -> None:
    wire = servers.start()
    vault = made_vault(wire)
    fresh = servers.start().client(KmsVaultClient).get_vault(vault.id).data
    assert fresh.management_endpoint != vault.management_endpoint
    assert manager(wire, fresh).list_keys(COMPARTMENT).data == []


def test_a_vault_that_waits_for_its_deletion_keeps_its_port_and_a_deleted_one_does_not(wire: Wire) -> None:
    vaults = wire.client(KmsVaultClient)
    vault = made_vault(wire)
    vaults.schedule_vault_deletion(vault.id, models.ScheduleVaultDeletionDetails())
    assert manager(wire, vault).list_keys(COMPARTMENT).data == []
    wire.cloud.remove(vault.id)  # as `sandbox cloud reset` does
    vaults.list_vaults(COMPARTMENT)
    place = urlsplit(vault.management_endpoint)
    until = time.monotonic() + 60
    while is_open(str(place.hostname), int(place.port or 0)):
        assert time.monotonic() < until, "the port is still open"
        time.sleep(0.05)


def is_open(host: str, port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((host, port)) == 0


def test_keys_of_both_doors_are_the_same_keys(wire: Wire, vault: Any, keys: Any) -> None:
    key = made_key(keys)
    (entry,) = wire.cloud.all(KEY)
    assert entry.id == key.id
    (stored,) = (each for each in wire.cloud.entries() if each.id == vault.id)
    assert entry.inputs["managementEndpoint"] == stored.outputs["managementEndpoint"]


def test_a_disabled_key_encrypts_nothing_until_it_is_enabled(
    keys: Any, crypto: Any, refused: Refusal
) -> None:
    key = made_key(keys)
    assert keys.disable_key(key.id).data.lifecycle_state == "DISABLING"
    assert [keys.get_key(key.id).data.lifecycle_state for _ in range(2)] == ["DISABLING", "DISABLED"]
    with refused() as refusal:
        crypto.encrypt(models.EncryptDataDetails(key_id=key.id, plaintext=PLAIN))
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    with refused() as refusal:
        keys.create_key_version(key.id)
    assert refusal.status == 409
    assert keys.enable_key(key.id).data.lifecycle_state == "ENABLING"
    crypto.encrypt(models.EncryptDataDetails(key_id=key.id, plaintext=PLAIN))


def test_a_rotated_key_decrypts_with_the_version_that_encrypted(keys: Any, crypto: Any) -> None:
    key = made_key(keys)
    old = crypto.encrypt(models.EncryptDataDetails(key_id=key.id, plaintext=PLAIN)).data
    version = keys.create_key_version(key.id).data
    assert keys.get_key(key.id).data.current_key_version == version.id
    listed = keys.list_key_versions(key.id).data
    assert {row.id for row in listed} == {key.current_key_version, version.id}
    assert keys.get_key_version(key.id, key.current_key_version).data.lifecycle_state == "ENABLED"
    new = crypto.encrypt(models.EncryptDataDetails(key_id=key.id, plaintext=PLAIN)).data
    assert (old.key_version_id, new.key_version_id) == (key.current_key_version, version.id)
    for each in (old, new):
        found = crypto.decrypt(models.DecryptDataDetails(key_id=key.id, ciphertext=each.ciphertext)).data
        assert (found.plaintext, found.key_version_id) == (PLAIN, each.key_version_id)


def test_the_schedule_of_a_rotated_key_begins_on_the_day_of_its_creation(wire: Wire) -> None:
    details = models.CreateVaultDetails(
        compartment_id=COMPARTMENT, display_name="own", vault_type="VIRTUAL_PRIVATE"
    )
    keys = manager(wire, wire.client(KmsVaultClient).create_vault(details).data)
    rotation = models.AutoKeyRotationDetails(rotation_interval_in_days=90)
    made = made_key(keys, is_auto_rotation_enabled=True, auto_key_rotation_details=rotation)
    start = keys.get_key(made.id).data.auto_key_rotation_details.time_of_schedule_start
    assert (start.date(), start.hour, start.minute) == (made.time_created.date(), 0, 0)
    # Only the provider fails without a start.
    changed = keys.update_key(made.id, models.UpdateKeyDetails(display_name="other")).data
    assert changed.display_name == "other"


def test_only_an_older_version_waits_for_its_deletion(keys: Any, crypto: Any, refused: Refusal) -> None:
    key, nothing = made_key(keys), models.ScheduleKeyVersionDeletionDetails()
    with refused() as refusal:
        keys.schedule_key_version_deletion(key.id, key.current_key_version, nothing)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    old = crypto.encrypt(models.EncryptDataDetails(key_id=key.id, plaintext=PLAIN)).data
    keys.create_key_version(key.id)
    waiting = keys.schedule_key_version_deletion(key.id, key.current_key_version, nothing).data
    assert waiting.lifecycle_state == "PENDING_DELETION"
    with refused() as refusal:
        crypto.decrypt(models.DecryptDataDetails(key_id=key.id, ciphertext=old.ciphertext))
    assert refusal.status == 404
    keys.cancel_key_version_deletion(key.id, key.current_key_version)
    crypto.decrypt(models.DecryptDataDetails(key_id=key.id, ciphertext=old.ciphertext))


def test_a_key_waits_for_its_deletion_and_is_recovered_as_it_was(keys: Any, refused: Refusal) -> None:
    key, nothing = made_key(keys), models.ScheduleKeyDeletionDetails()
    keys.disable_key(key.id)
    assert keys.schedule_key_deletion(key.id, nothing).data.lifecycle_state == "PENDING_DELETION"
    assert [row.lifecycle_state for row in keys.list_keys(COMPARTMENT).data] == ["PENDING_DELETION"]
    with refused() as refusal:
        keys.schedule_key_deletion(key.id, nothing)
    assert refusal.status == 409
    keys.cancel_key_deletion(key.id)
    assert keys.get_key(key.id).data.lifecycle_state == "DISABLED"


def test_ciphertext_needs_its_key_and_its_associated_data(keys: Any, crypto: Any, refused: Refusal) -> None:
    one, other, bound = made_key(keys), made_key(keys), {"path": "/weights"}
    details = models.EncryptDataDetails(key_id=one.id, plaintext=PLAIN, associated_data=bound)
    sealed = crypto.encrypt(details).data.ciphertext
    right = {"key_id": one.id, "ciphertext": sealed, "associated_data": bound}
    assert crypto.decrypt(models.DecryptDataDetails(**right)).data.plaintext == PLAIN
    changed = base64.b64encode(base64.b64decode(sealed)[:-1] + b"x").decode()
    for wrong in (
        {"key_id": other.id},
        {"associated_data": {}},
        {"ciphertext": changed},
        {"ciphertext": "!"},
    ):
        with refused() as refusal:
            crypto.decrypt(models.DecryptDataDetails(**{**right, **wrong}))
        assert refusal.status in (400, 404)


def test_a_data_key_comes_encrypted_and_in_the_clear_if_wanted(keys: Any, crypto: Any) -> None:
    key = made_key(keys)
    details = {"key_id": key.id, "key_shape": AES}
    shown = crypto.generate_data_encryption_key(
        models.GenerateKeyDetails(**details, include_plaintext_key=True)
    ).data
    hidden = crypto.generate_data_encryption_key(
        models.GenerateKeyDetails(**details, include_plaintext_key=False)
    ).data
    assert hidden.plaintext is None
    found = crypto.decrypt(models.DecryptDataDetails(key_id=key.id, ciphertext=shown.ciphertext)).data
    assert (found.plaintext, len(base64.b64decode(found.plaintext))) == (shown.plaintext, 32)


def test_a_key_that_is_not_aes_is_not_modelled_for_encryption(
    keys: Any, crypto: Any, refused: Refusal
) -> None:
    key = made_key(keys, key_shape=models.KeyShape(algorithm="RSA", length=256))
    with refused() as refusal:
        crypto.encrypt(models.EncryptDataDetails(key_id=key.id, plaintext=PLAIN))
    assert (refusal.status, refusal.code) == (501, "NotImplemented")
