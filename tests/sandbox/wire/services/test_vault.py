"""Vaults and secrets by the official SDK: versions, content, and a deletion that waits and is cancelled."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from oci.exceptions import RequestException
from oci.key_management import KmsVaultClient, models
from oci.secrets import SecretsClient
from oci.vault import VaultsClient
from oci.vault.models import (
    Base64SecretContentDetails,
    CreateSecretDetails,
    PassphraseGenerationContext,
    ScheduleSecretDeletionDetails,
    ScheduleSecretVersionDeletionDetails,
    SecretReuseRule,
    UpdateSecretDetails,
)

from sandbox.faults import FaultBook
from sandbox.oci.engine_values import Secret
from sandbox.oci.services.vault.secrets import SECRET
from tests.sandbox.oci.driver import Driver
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire

VAULT_ID = "ocid1.vault.oc1.iad.aaaatestvault"
KEY_ID = "ocid1.key.oc1.iad.aaaatestkey"


@pytest.fixture
def vaults(wire: Wire) -> Any:
    return wire.client(KmsVaultClient)


def test_a_vault_waits_for_its_deletion_and_is_had_back(vaults: Any, refused: Callable[[], Refused]) -> None:
    details = models.CreateVaultDetails(compartment_id=COMPARTMENT, display_name="main", vault_type="DEFAULT")
    made = vaults.create_vault(details).data
    nothing = models.ScheduleVaultDeletionDetails()
    waiting = vaults.schedule_vault_deletion(made.id, nothing).data
    assert waiting.lifecycle_state == "PENDING_DELETION"
    assert waiting.time_of_deletion is not None
    assert vaults.get_vault(made.id).data.lifecycle_state == "PENDING_DELETION"
    with refused() as refusal:
        vaults.schedule_vault_deletion(made.id, nothing)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    assert vaults.cancel_vault_deletion(made.id).data.lifecycle_state == "ACTIVE"
    with refused() as refusal:
        vaults.cancel_vault_deletion(made.id)
    assert refusal.status == 409
    far = models.ScheduleVaultDeletionDetails(time_of_deletion="2099-01-01T00:00:00Z")
    with refused() as refusal:
        vaults.schedule_vault_deletion(made.id, far)
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def content(text: str, **more: str) -> Any:
    return Base64SecretContentDetails(content=coded(text), **more)


@pytest.fixture
def secrets(wire: Wire) -> Any:
    return wire.client(VaultsClient)


@pytest.fixture
def bundles(wire: Wire) -> Any:
    return wire.client(SecretsClient)


def made_secret(secrets: Any, **changes: Any) -> Any:
    details = {
        "compartment_id": COMPARTMENT, "vault_id": VAULT_ID, "key_id": KEY_ID, "secret_name": "login",
        "secret_content": content("one"),
    } | changes  # fmt: skip
    return secrets.create_secret(CreateSecretDetails(**details)).data


def changed(secrets: Any, secret: Any, **changes: Any) -> Any:
    return secrets.update_secret(secret.id, UpdateSecretDetails(**changes)).data


def read(bundles: Any, secret: Any, **wanted: Any) -> tuple[int, str, list[str]]:
    """Number, content and rotation states of a version."""
    found = bundles.get_secret_bundle(secret.id, **wanted).data
    text = base64.b64decode(found.secret_bundle_content.content).decode()
    return found.version_number, text, sorted(found.stages)


def test_the_content_of_a_secret_is_read_by_id_and_by_name(wire: Wire, secrets: Any, bundles: Any) -> None:
    made = made_secret(secrets)
    assert secrets.get_secret(made.id).data.current_version_number == 1
    assert [row.id for row in secrets.list_secrets(COMPARTMENT, name="login").data] == [made.id]
    assert read(bundles, made) == (1, "one", ["CURRENT", "LATEST"])
    named = bundles.get_secret_bundle_by_name("login", VAULT_ID).data
    assert named.secret_bundle_content.content == coded("one")


def test_a_secret_has_its_content_even_if_the_answer_to_its_creation_is_lost(
    secrets: Any, bundles: Any, faults: FaultBook
) -> None:
    faults.add("drop", operation="create", late=True)
    with pytest.raises(RequestException):
        made_secret(secrets)
    (made,) = secrets.list_secrets(COMPARTMENT).data
    assert read(bundles, made) == (1, "one", ["CURRENT", "LATEST"])


def test_every_read_of_a_secret_meets_its_faults(
    secrets: Any, bundles: Any, faults: FaultBook, refused: Callable[[], Refused]
) -> None:
    made = made_secret(secrets)
    faults.add("throttle", type="Secret", operation="read")
    for call in (
        lambda: secrets.list_secrets(COMPARTMENT),
        lambda: secrets.get_secret_version(made.id, 1),
        lambda: secrets.list_secret_versions(made.id),
        lambda: bundles.get_secret_bundle(made.id),
        lambda: bundles.get_secret_bundle_by_name("login", VAULT_ID),
        lambda: bundles.list_secret_bundle_versions(made.id),
    ):
        with refused() as refusal:
            call()
        assert refusal.status == 429


def test_the_database_has_no_content_of_a_secret(wire: Wire, secrets: Any) -> None:
    made = made_secret(secrets, secret_content=content("a long password of nobody"))
    changed(secrets, made, secret_content=content("another password of nobody"))
    files = list(wire.cloud.store.path.parent.iterdir())
    written = b"".join(each.read_bytes() for each in files)
    assert coded("a long password of nobody").encode() not in written
    assert b"of nobody" not in written
    (key,) = (each for each in files if each.name == "vault.key")
    assert key.stat().st_mode & 0o777 == 0o600


def test_new_content_is_a_new_version_and_the_old_ones_stay(secrets: Any, bundles: Any) -> None:
    made = made_secret(secrets)
    changed(secrets, made, description="the same content")
    changed(secrets, made, secret_content=content("two", name="second"))
    changed(secrets, made, secret_content=content("three", stage="PENDING"))
    assert secrets.get_secret(made.id).data.current_version_number == 2
    assert read(bundles, made) == (2, "two", ["CURRENT"])
    assert read(bundles, made, stage="PENDING") == (3, "three", ["LATEST", "PENDING"])
    assert read(bundles, made, version_number=1) == (1, "one", ["PREVIOUS"])
    assert read(bundles, made, secret_version_name="second")[0] == 2
    rows = secrets.list_secret_versions(made.id, sort_by="VERSION_NUMBER", sort_order="ASC").data
    assert [(row.version_number, row.name) for row in rows] == [(1, None), (2, "second"), (3, None)]
    assert secrets.get_secret_version(made.id, 2).data.stages == ["CURRENT"]


def test_the_same_content_is_a_new_version_unless_a_rule_forbids_it(
    secrets: Any, bundles: Any, refused: Callable[[], Refused]
) -> None:
    made = made_secret(secrets)
    assert changed(secrets, made, secret_content=content("one")).current_version_number == 2
    changed(secrets, made, secret_rules=[SecretReuseRule()])
    assert read(bundles, made) == (2, "one", ["CURRENT", "LATEST"])
    with refused() as refusal:
        changed(secrets, made, secret_content=content("one"))
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    assert changed(secrets, made, secret_content=content("two")).current_version_number == 3


def test_another_version_is_put_in_use(secrets: Any, bundles: Any, refused: Callable[[], Refused]) -> None:
    made = made_secret(secrets)
    changed(secrets, made, secret_content=content("two"))
    assert changed(secrets, made, current_version_number=1).current_version_number == 1
    assert read(bundles, made) == (1, "one", ["CURRENT"])
    assert read(bundles, made, version_number=2) == (2, "two", ["LATEST", "PREVIOUS"])
    with refused() as refusal:
        changed(secrets, made, current_version_number=7)
    assert refusal.status == 404
    with refused() as refusal:
        changed(secrets, made, current_version_number=2, secret_content=content("three"))
    assert refusal.status == 400


def test_only_a_deprecated_version_waits_for_its_deletion(
    secrets: Any, bundles: Any, refused: Callable[[], Refused]
) -> None:
    made, nothing = made_secret(secrets), ScheduleSecretVersionDeletionDetails()
    for text in ("two", "three"):
        changed(secrets, made, secret_content=content(text))
    for number in (3, 2):
        with refused() as refusal:
            secrets.schedule_secret_version_deletion(made.id, number, nothing)
        assert (refusal.status, refusal.code) == (409, "IncorrectState")
    secrets.schedule_secret_version_deletion(made.id, 1, nothing)
    assert secrets.get_secret_version(made.id, 1).data.time_of_deletion is not None
    with refused() as refusal:
        read(bundles, made, version_number=1)
    assert refusal.status == 404
    secrets.cancel_secret_version_deletion(made.id, 1)
    assert read(bundles, made, version_number=1)[1] == "one"
    with refused() as refusal:
        secrets.cancel_secret_version_deletion(made.id, 1)
    assert refusal.status == 409


def test_a_secret_that_waits_for_its_deletion_is_not_read(
    secrets: Any, bundles: Any, refused: Callable[[], Refused]
) -> None:
    made = made_secret(secrets)
    secrets.schedule_secret_deletion(made.id, ScheduleSecretDeletionDetails())
    assert secrets.get_secret(made.id).data.lifecycle_state == "PENDING_DELETION"
    with refused() as refusal:
        read(bundles, made)
    assert refusal.status == 404
    secrets.cancel_secret_deletion(made.id)
    assert read(bundles, made)[1] == "one"


def test_a_generated_secret_gets_new_content_when_it_is_rotated(
    secrets: Any, bundles: Any, refused: Callable[[], Refused]
) -> None:
    context = PassphraseGenerationContext(
        generation_template="SECRETS_DEFAULT_PASSWORD", passphrase_length=20
    )
    made = made_secret(
        secrets, secret_content=None, enable_auto_generation=True, secret_generation_context=context
    )
    assert secrets.get_secret(made.id).data.is_auto_generation_enabled
    old = read(bundles, made)
    secrets.rotate_secret(made.id)
    new = read(bundles, made)
    assert (old[0], new[0]) == (1, 2)
    assert old[1] != new[1]
    with refused() as refusal:
        secrets.cancel_secret_rotation(made.id)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    given = made_secret(secrets, secret_name="given")
    with refused() as refusal:
        secrets.rotate_secret(given.id)
    assert refusal.status == 400


def test_content_that_is_not_base64_and_a_version_name_twice_are_refused(
    secrets: Any, refused: Callable[[], Refused]
) -> None:
    with refused() as refusal:
        made_secret(secrets, secret_content=Base64SecretContentDetails(content="not base64!"))
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    made = made_secret(secrets, secret_content=content("one", name="first"))
    changed(secrets, made, secret_content=content("two", name="second"))
    with refused() as refusal:
        changed(secrets, made, secret_content=content("three", name="first"))
    assert refusal.status == 409


def test_a_secret_of_the_other_door_has_versions_too(
    wire: Wire, secrets: Any, bundles: Any, refused: Callable[[], Refused]
) -> None:
    driver = Driver(wire.cloud.store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    hidden = {"contentType": "BASE64", "content": Secret(coded("hidden"))}
    made = driver.create(
        SECRET, compartmentId=COMPARTMENT, vaultId=VAULT_ID, keyId=KEY_ID, secretName="theirs",
        secretContent=hidden,
    )  # fmt: skip
    number, text, stages = read(bundles, made)
    assert (number, stages) == (1, ["CURRENT", "LATEST"])
    assert text != "hidden"
    changed(secrets, made, secret_content=content("ours"))
    assert read(bundles, made)[:2] == (2, "ours")
