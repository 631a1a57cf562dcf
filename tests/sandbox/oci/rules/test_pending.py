"""A resource with a pending deletion keeps its name, and the refusal says how to recover it."""

from collections.abc import Mapping
from typing import Any

import click
import pytest

from facts.provider_fields import resource_fields, resource_tokens
from sandbox.oci.errors import OciError
from sandbox.oci.rules.pending import every_wait
from sandbox.pending_cli import recovered
from sandbox.store import Store
from tests.sandbox.oci.driver import COMPARTMENT, VAULT, Driver, Made

SECRET = "oci:Vault/secret:Secret"


def test_the_types_whose_deletion_waits_are_known() -> None:
    assert {token.rsplit(":", 1)[1] for token in every_wait()} == {
        "Vault",
        "Key",
        "KeyVersion",
        "Secret",
        "Certificate",
        "CertificateAuthority",
    }


@pytest.mark.parametrize("token", every_wait())
def test_a_type_whose_deletion_waits_is_a_resource_and_names_its_page(token: str) -> None:
    assert token in resource_tokens()
    assert every_wait()[token].page.startswith("https://docs.oracle.com/")


@pytest.mark.parametrize("token", [token for token, each in every_wait().items() if each.name])
def test_the_name_that_stays_in_use_is_an_input(token: str) -> None:
    fields: Mapping[str, Any] = resource_fields(token) or {}
    wait = every_wait()[token]
    assert {wait.name, wait.within} <= set(fields)
    assert "{id}" in wait.cancel


def secret(driver: Driver, vault: Made, key: Made) -> Made:
    return driver.create(
        SECRET,
        compartmentId=COMPARTMENT,
        vaultId=vault.id,
        keyId=key.id,
        secretName="admin",
        secretContent={"contentType": "BASE64", "content": "eA=="},
    )


@pytest.fixture
def made(driver: Driver) -> tuple[Made, Made, Made]:
    vault = driver.create(VAULT, "vault", compartmentId=COMPARTMENT, displayName="v", vaultType="DEFAULT")
    key = driver.create(
        "oci:Kms/key:Key",
        "key",
        compartmentId=COMPARTMENT,
        displayName="k",
        managementEndpoint=vault.outputs["managementEndpoint"],
        keyShape={"algorithm": "AES", "length": 32},
    )
    return vault, key, secret(driver, vault, key)


def test_a_name_with_a_pending_deletion_is_refused_with_the_way_to_recover_it(
    driver: Driver, made: tuple[Made, Made, Made]
) -> None:
    vault, key, first = made
    driver.delete(first)
    with pytest.raises(OciError) as refused:
        secret(driver, vault, key)
    assert (refused.value.status, refused.value.code) == (400, "InvalidParameter")
    assert f"oci vault secret cancel-secret-deletion --secret-id {first.id}" in refused.value.message
    assert f"sandbox cloud recover {first.id}" in refused.value.message


def test_the_name_of_a_live_resource_is_a_conflict(driver: Driver, made: tuple[Made, Made, Made]) -> None:
    vault, key, _ = made
    with pytest.raises(OciError, match="409-Conflict"):
        driver.create(SECRET, "again", **{**made[2].inputs, "vaultId": vault.id, "keyId": key.id})


def test_a_recovered_resource_is_as_before(
    driver: Driver, store: Store, made: tuple[Made, Made, Made]
) -> None:
    *_, first = made
    driver.delete(first)
    assert driver.read(first) is None
    assert recovered(store, first.id).live
    later = Driver(store)
    found = later.read(first)
    assert found is not None
    assert found.outputs["state"] == "ACTIVE"
    assert not later.diff(first, **first.inputs)


def test_a_resource_without_a_pending_deletion_cannot_be_recovered(
    store: Store, made: tuple[Made, Made, Made]
) -> None:
    with pytest.raises(click.ClickException, match="has no pending deletion"):
        recovered(store, made[2].id)
