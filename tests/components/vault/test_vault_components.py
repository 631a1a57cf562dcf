"""Vault, keys and secrets: protection, and the rotations that the vault supports."""

from typing import Any

import pytest

from components.vault.encryption_key import EncryptionKey, EncryptionKeyArgs, key_problems
from components.vault.generated_secret import FORMS, GeneratedSecret, GeneratedSecretArgs, secret_problems
from components.vault.key_vault import KeyVault, KeyVaultArgs, vault_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

VAULT = "oci:Kms/vault:Vault"
KEY = "oci:Kms/key:Key"
VERSION = "oci:Kms/keyVersion:KeyVersion"
SECRET = "oci:Vault/secret:Secret"
ENDPOINT = "https://v-management.kms.us-ashburn-1.oraclecloud.com"


def vault(preview: bool = False, **changes: Any) -> Recording:
    args = KeyVaultArgs(**{"compartment_id": "c", "vault_name": "prod-vault", **changes})
    return run(
        lambda: KeyVault("v", args, oci_options()) and None,
        preview,
        outputs=lambda token, *_: {"managementEndpoint": ENDPOINT} if token == VAULT else {},
    )


def key(**changes: Any) -> Recording:
    given = {"compartment_id": "c", "management_endpoint": ENDPOINT, "key_name": "prod-storage"}
    args = EncryptionKeyArgs(**{**given, **changes})
    return run(lambda: EncryptionKey("k", args, oci_options()) and None)


def secret(**changes: Any) -> Recording:
    given = {"compartment_id": "c", "vault_id": "v", "key_id": "k", "secret_name": "prod-admin"}
    args = GeneratedSecretArgs(**{**given, **changes})
    return run(lambda: GeneratedSecret("s", args, oci_options()) and None)


def test_a_vault_is_shared_by_default_and_its_creation_may_take_a_long_time():
    made = vault().one(VAULT)
    assert made.inputs["vaultType"] == "DEFAULT"
    assert made.custom_timeouts.create == "60m"
    assert vault(kind="VIRTUAL_PRIVATE").one(VAULT).inputs["vaultType"] == "VIRTUAL_PRIVATE"


def test_a_first_preview_shows_the_vault():
    assert vault(preview=True).named("v").outputs == {"vaultId": UNKNOWN, "managementEndpoint": UNKNOWN}


def test_an_existing_key_keeps_its_protection():
    assert key(protection="SOFTWARE").one(KEY).ignore_changes == ("protectionMode",)


def test_a_key_is_of_256_bits_in_hardware():
    made = key().one(KEY).inputs
    assert made["keyShape"] == {"algorithm": "AES", "length": 32}
    assert made["protectionMode"] == "HSM"
    assert "isAutoRotationEnabled" not in made, (
        "a shared vault refuses even to be told that it does not rotate"
    )


def test_a_key_of_a_private_vault_rotates_on_a_schedule():
    made = key(rotation_days=90).one(KEY).inputs
    assert made["isAutoRotationEnabled"] is True
    assert made["autoKeyRotationDetails"] == {"rotationIntervalInDays": 90}


def test_a_schedule_starts_at_midnight_of_its_day():
    made = key(rotation_days=90, rotation_start="2026-12-01").one(KEY).inputs
    assert made["autoKeyRotationDetails"]["timeOfScheduleStart"] == "2026-12-01T00:00:00Z"


def test_a_schedule_is_stopped_explicitly_because_oci_keeps_an_omitted_one():
    made = key(rotation_days=0).one(KEY).inputs
    assert made["isAutoRotationEnabled"] is False
    assert "autoKeyRotationDetails" not in made


def test_a_manual_rotation_is_a_version_that_stays():
    seen = key(rotations=["2026-08", "2026-11"])
    versions = {each.name: each for each in seen.of_type(VERSION)}
    assert sorted(versions) == ["k-version-2026-08", "k-version-2026-11"]
    assert all(each.retain_on_delete for each in versions.values()), (
        "older data is encrypted with older versions"
    )
    assert any("2026-08" in urn for urn in versions["k-version-2026-11"].depends_on), (
        "the newest must come last"
    )


@pytest.mark.parametrize(
    ("seen", "token"),
    [
        (vault(protect=True), VAULT),
        (key(protect=True), KEY),
        (secret(protect=True), SECRET),
    ],
)
def test_protected_keys_and_vaults_are_kept(seen: Recording, token: str):
    assert (seen.one(token).protect, seen.one(token).retain_on_delete) == (True, True)


@pytest.mark.parametrize("form", FORMS)
def test_the_vault_generates_a_secret(form: str):
    made = secret(form=form).one(SECRET).inputs
    context = made["secretGenerationContext"]
    assert made["enableAutoGeneration"] is True
    assert "secretContent" not in made, "the program never sees the content"
    assert (context["generationType"], context["generationTemplate"]) == (
        FORMS[form].generation_type,
        FORMS[form].template,
    )
    assert ("passphraseLength" in context) == (context["generationType"] == "PASSPHRASE")


def secret_args(**changes: Any) -> GeneratedSecretArgs:
    return GeneratedSecretArgs(compartment_id="c", vault_id="v", key_id="k", secret_name="s", **changes)


@pytest.mark.parametrize(
    ("found", "path"),
    [
        (vault_problems("", path="v"), "v.vaultName"),
        (vault_problems("v", kind="PRIVATE", path="v"), "v.kind"),
        (key_problems("", path="k"), "k.keyName"),
        (key_problems("k", protection="DISK", path="k"), "k.protection"),
        (key_problems("k", rotation_days=59, path="k"), "k.rotationDays"),
        (key_problems("k", rotation_days=366, path="k"), "k.rotationDays"),
        (key_problems("k", rotation_days=90, vault_kind="DEFAULT", path="k"), "k.rotationDays"),
        (key_problems("k", rotation_days=0, vault_kind="DEFAULT", path="k"), "k.rotationDays"),
        (key_problems("k", rotation_days=-90, vault_kind="VIRTUAL_PRIVATE", path="k"), "k.rotationDays"),
        (key_problems("k", rotations=["a", "a"], path="k"), "k.rotations[1]"),
        (key_problems("k", rotations=[""], path="k"), "k.rotations[0]"),
        (key_problems("k", rotations=["a"], for_volumes=True, path="k"), "k.rotations"),
        (key_problems("k", rotation_start="2026-12-01", path="k"), "k.rotationStart"),
        (key_problems("k", rotation_days=90, rotation_start="2026-02-30", path="k"), "k.rotationStart"),
        (key_problems("k", rotation_days=90, rotation_start="20261201", path="k"), "k.rotationStart"),
        (key_problems("k", rotation_days=90, for_volumes=True, path="k"), "k.rotationDays"),
        (secret_problems(secret_args(), secret_name="a b", path="s"), "s.secretName"),
        (secret_problems(secret_args(form="pasword"), secret_name="s", path="s"), "s.form"),
        (secret_problems(secret_args(form="password", length=8), secret_name="s", path="s"), "s.length"),
        (
            secret_problems(secret_args(form="database-password", length=31), secret_name="s", path="s"),
            "s.length",
        ),
        (secret_problems(secret_args(form="ssh-key-2048", length=20), secret_name="s", path="s"), "s.length"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(found: Any, path: str):
    assert [problem.path for problem in found] == [path]


def test_nothing_is_created_for_an_invalid_key():
    with pytest.raises(InvalidInput, match=r"k\.rotationDays: 30; must be 60 to 365 days"):
        key(rotation_days=30)
