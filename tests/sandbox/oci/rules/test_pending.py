"""A resource with a pending deletion keeps its name, and the refusal says how to recover it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import oci
import pytest

from facts.provider_fields import resource_fields, resource_tokens
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.rules.pending import every_wait, how_to_recover
from sandbox.pending_cli import recovered
from sandbox.store import Store
from tests.sandbox.oci.driver import COMPARTMENT, VAULT, Driver, Made

SECRET = "oci:Vault/secret:Secret"


def pending_models() -> set[str]:
    """Types of Oracle's SDK whose lifecycle has the state PENDING_DELETION, in any service."""
    files = (Path(oci.__file__).parent).glob("*/models/*.py")
    names = {each.stem for each in files if 'LIFECYCLE_STATE_PENDING_DELETION = "' in each.read_text()}
    return {"".join(part.capitalize() for part in name.split("_")) for name in names}


def test_every_type_that_waits_in_oracles_sdk_waits_in_the_sandbox() -> None:
    services = {token.split("/")[0] for token in every_wait()}
    known = {token for token in resource_tokens() if token.split("/")[0] in services}
    assert {each for each in known if each.rsplit(":", 1)[1] in pending_models()} == set(every_wait())
    elsewhere = pending_models() - {each.rsplit(":", 1)[1].removesuffix("Summary") for each in every_wait()}
    unknown = {each for each in elsewhere if not each.endswith("Summary")}
    assert unknown == {"HsmCluster", "HsmPartition", "WrappingKey"}, "the provider has no such resources"
    assert not {each for each in resource_tokens() if each.rsplit(":", 1)[1] in unknown}


@pytest.mark.parametrize("token", every_wait())
def test_a_type_whose_deletion_waits_is_a_resource_and_names_its_page(token: str) -> None:
    assert token in resource_tokens()
    assert every_wait()[token].page.startswith("https://docs.oracle.com/")


@pytest.mark.parametrize("token", [token for token, each in every_wait().items() if each.name])
def test_the_name_that_stays_in_use_is_an_input(token: str) -> None:
    fields: Mapping[str, Any] = resource_fields(token) or {}
    wait = every_wait()[token]
    assert {wait.name, wait.within} <= set(fields)


@pytest.mark.parametrize("token", every_wait())
def test_the_command_that_cancels_a_deletion_names_the_resource(token: str) -> None:
    fields = {name: name.upper() for name in resource_fields(token) or {}}
    entry = Entry(
        id="keys/KEYID/keyVersions/OCID",
        token=token,
        urn="",
        region="us-ashburn-1",
        compartment_id="",
        state="PENDING_DELETION",
        inputs=fields,
        created_at="",
        deleted_at="2030-01-01T00:00:00Z",
    )
    command = how_to_recover(entry).split("To recover it: ")[1].split(" (here:")[0]
    assert command.startswith("oci ")
    assert "-id OCID" in command
    options = dict(re.findall(r"--([a-z-]+) (\S+)", command))
    wanted = {"key-id": "KEYID", "endpoint": "MANAGEMENTENDPOINT"}
    assert all(options.get(name, given) in (given, "OCID") for name, given in wanted.items()), options
    assert len(options) == command.count("--"), "each option has a value"


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


def test_a_vault_and_a_key_with_a_pending_deletion_say_how_to_recover_them(
    driver: Driver, made: tuple[Made, Made, Made]
) -> None:
    vault, key, _ = made
    driver.delete(key)
    with pytest.raises(OciError, match=f"sandbox cloud recover {key.id}"):
        driver.create(SECRET, "other", **{**made[2].inputs, "secretName": "other"})
    driver.delete(vault)
    with pytest.raises(OciError, match=f"oci kms management vault cancel-deletion --vault-id {vault.id}"):
        driver.create("oci:Kms/key:Key", "again", **key.inputs)


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
