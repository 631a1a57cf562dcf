"""`playground import`: matches by type, compartment, name and parent, and the file for the engine."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from click.testing import CliRunner

from infra.commands.cli import main
from infra.importing.file import import_file
from infra.importing.listings import LISTINGS, Listing
from infra.importing.match import Matcher, Matches, Row
from infra.offline.recording import Registered
from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file

COMPARTMENT = "ocid1.compartment.oc1..REPLACE-ME"
VCN = {"id": "ocid1.vcn.oc1.iad.real", "display_name": "staging-network", "lifecycle_state": "AVAILABLE"}
SUBNET = {"id": "ocid1.subnet.oc1.iad.real", "display_name": "staging-network-gpu", "vcn_id": VCN["id"]}
VAULT = {
    "id": "ocid1.vault.oc1.iad.real",
    "display_name": "staging-vault",
    "management_endpoint": "https://real.example",
}
KEY = {"id": "ocid1.key.oc1.iad.real", "display_name": "staging-storage"}


@pytest.fixture(scope="module")
def resources() -> Sequence[Registered]:
    return run_offline(read_stack_file("staging"), "staging").resources


class Account:
    """Returns given rows by the SDK's method, and records the calls."""

    def __init__(self, **rows: Sequence[Row]) -> None:
        self.given = rows
        self.calls: list[tuple[str, str, Mapping[str, str], str]] = []

    def rows(
        self, listing: Listing, region: str, arguments: Mapping[str, str], endpoint: str
    ) -> Iterable[Row]:
        self.calls.append((listing.method, region, arguments, endpoint))
        return self.given.get(listing.method, ())


def match(resources: Sequence[Registered], account: Account, **chosen: str) -> Matches:
    names = {name.replace("_", "-"): value for name, value in chosen.items()}
    return Matcher(resources, account.rows, "namespace", names).run()


def found(matches: Matches) -> dict[str, str]:
    return {each.resource.name: each.import_id for each in matches.found}


def test_a_resource_matches_by_its_name_and_its_parent(resources: Sequence[Registered]) -> None:
    other = {**SUBNET, "id": "ocid1.subnet.oc1.iad.other", "vcn_id": "ocid1.vcn.oc1.iad.other"}
    account = Account(list_vcns=[VCN], list_subnets=[other, SUBNET])
    matches = match(resources, account)
    assert found(matches) == {"staging-network-vcn": VCN["id"], "staging-network-gpu": SUBNET["id"]}
    assert ("list_vcns", "us-ashburn-1", {"compartment_id": COMPARTMENT}, "") in account.calls
    assert "staging-network-private" in {each.name for each in matches.missing}


def test_children_of_a_missing_parent_are_not_looked_up_in_the_account(
    resources: Sequence[Registered],
) -> None:
    account = Account(list_subnets=[SUBNET])
    assert found(match(resources, account)) == {}
    assert "list_subnets" not in {each[0] for each in account.calls}


def test_a_key_is_listed_at_the_address_of_its_vault(resources: Sequence[Registered]) -> None:
    account = Account(list_vaults=[VAULT], list_keys=[KEY])
    ids = found(match(resources, account))
    assert (
        ids["staging-storage-encryption-key"] == f"managementEndpoint/https://real.example/keys/{KEY['id']}"
    )
    assert {each[3] for each in account.calls if each[0] == "list_keys"} == {"https://real.example"}


ALARM = {"id": "ocid1.alarm.oc1.iad.real", "display_name": "p-alarm"}


@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ({"targetType": "ALARM", "alarmId": "id-alarm"}, {"target_type": "ALARM", "alarm_id": ALARM["id"]}),
        (
            {"targetType": "COMPARTMENT", "compartmentId": COMPARTMENT},
            {"target_type": "COMPARTMENT", "compartment_id": COMPARTMENT},
        ),
    ],
)
def test_a_suppression_is_listed_by_what_it_mutes(target: dict[str, str], arguments: dict[str, str]) -> None:
    alarm = registered("alarm:Alarm", "alarm", {"displayName": "p-alarm", "compartmentId": COMPARTMENT})
    window = {"displayName": "nights", "level": "ALARM", "alarmSuppressionTarget": target}
    row = {
        "id": "ocid1.alarmsuppression.real",
        "display_name": "nights",
        "level": "ALARM",
        "lifecycle_state": "ACTIVE",
    }
    account = Account(
        list_alarms=[ALARM],
        list_alarm_suppressions=[row, {**row, "display_name": "days"}, {**row, "lifecycle_state": "DELETED"}],
    )
    matches = match([alarm, registered("alarmSuppression:AlarmSuppression", "window", window)], account)
    assert found(matches) == {"alarm": ALARM["id"], "window": row["id"]}
    assert account.calls[-1][2] == arguments


def registered(type_: str, name: str, inputs: dict[str, Any]) -> Registered:
    token = f"oci:Monitoring/{type_}"
    urn = f"urn:pulumi:s::p::{token}::{name}"
    return Registered(urn=urn, type=token, name=name, parent="", custom=True, inputs=inputs, id=f"id-{name}")


@pytest.mark.parametrize("state", ["TERMINATED", "PENDING_DELETION", "DELETING"])
def test_a_resource_that_is_gone_does_not_match(resources: Sequence[Registered], state: str) -> None:
    assert found(match(resources, Account(list_vcns=[{**VCN, "lifecycle_state": state}]))) == {}


def test_two_matches_are_refused_with_their_ids(resources: Sequence[Registered]) -> None:
    account = Account(list_vcns=[VCN, {**VCN, "id": "ocid1.vcn.oc1.iad.second"}])
    matches = match(resources, account)
    assert [str(each) for each in matches.problems] == [
        "staging-network-vcn: 'ocid1.vcn.oc1.iad.real, ocid1.vcn.oc1.iad.second'; 2 existing resources have its name "
        "and type. Choose one: --use staging-network-vcn=ID"
    ]
    assert found(matches) == {}


def test_a_choice_decides_between_two_matches(resources: Sequence[Registered]) -> None:
    account = Account(list_vcns=[VCN, {**VCN, "id": "ocid1.vcn.oc1.iad.second"}], list_subnets=[SUBNET])
    ids = found(match(resources, account, staging_network_vcn="ocid1.vcn.oc1.iad.second"))
    assert ids == {"staging-network-vcn": "ocid1.vcn.oc1.iad.second"}, "the subnet is in the other network"


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (
            {"staging_network_vcn": "ocid1.vcn.oc1.iad.third"},
            "--use: 'staging-network-vcn=ocid1.vcn.oc1.iad.third'; must be one of the existing resources that the "
            "stack would create under this name. They are: ocid1.vcn.oc1.iad.real",
        ),
        (
            {"staging_network_subnet": "ocid1.subnet.oc1.iad.x"},
            "--use: 'staging-network-subnet=ocid1.subnet.oc1.iad.x'; is not a resource that the stack would create",
        ),
        (
            {"staging_network_gpu": "ocid1.subnet.oc1.iad.other"},
            "--use: 'staging-network-gpu=ocid1.subnet.oc1.iad.other'; must be one of the existing resources that the "
            "stack would create under this name. There is none",
        ),
        (
            {"my_database": "ocid1.autonomousdatabase.oc1.iad.x"},
            "--use: 'my-database=ocid1.autonomousdatabase.oc1.iad.x'; is not a resource that the stack would create",
        ),
    ],
)
def test_an_import_of_what_the_stack_would_not_create_is_refused(
    resources: Sequence[Registered], chosen: Mapping[str, str], says: str
) -> None:
    matches = match(resources, Account(list_vcns=[VCN]), **chosen)
    assert [each for each in matches.problems if says in str(each)], matches.problems


def test_the_file_has_the_components_and_providers_around_each_resource(
    resources: Sequence[Registered],
) -> None:
    account = Account(list_vcns=[VCN], list_subnets=[SUBNET])
    rows: Any = import_file(resources, match(resources, account).found)["resources"]
    by_name = {row["name"]: row for row in rows}
    assert len(by_name) == len(rows) == 4
    subnet = next(row for row in rows if row["logicalName"] == "staging-network-gpu")
    assert subnet["id"] == SUBNET["id"]
    parent, provider = by_name[subnet["parent"]], by_name[subnet["provider"]]
    assert (parent["type"], parent["component"]) == ("genai:index:VirtualNetwork", True)
    assert provider["inputs"]["region"] == "us-ashburn-1"
    assert provider["version"].startswith("5.")
    json.dumps(rows)


def test_every_type_of_the_table_has_a_call_of_the_sdk() -> None:
    import oci  # pyright: ignore[reportMissingTypeStubs]

    for listing in LISTINGS.values():
        module, name = listing.client.split(".")
        assert callable(getattr(getattr(getattr(oci, module), name), listing.method)), listing


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (
            ("import", "staging"),
            1,
            "tenancy.compartmentId: 'ocid1.compartment.oc1..REPLACE-ME'; is a placeholder",
        ),
        (("import", "stagin"), 2, "Stacks here: dev, prod, staging"),
        (("import", "staging", "--use", "a"), 2, "--use: 'a'; must be NAME=ID"),
        (("import", "staging", "--use", "=b"), 2, "--use: '=b'; must be NAME=ID"),
        (("import", "staging", "--use", "a=b", "--use", "a=c"), 2, "--use: 'a=c'; names a a second time"),
    ],
)
def test_a_wrong_use_is_refused(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], status: int, says: str
) -> None:
    monkeypatch.delenv("SANDBOX_ENDPOINT", raising=False)
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == status, done.output
    assert says in done.output


def test_an_import_with_a_part_of_the_sandboxs_variables_names_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SANDBOX_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OCI_CONFIG_PROFILE", "none")
    monkeypatch.delenv("OCI_CONFIG_FILE", raising=False)
    done = CliRunner().invoke(main, ["import", "staging"])
    assert done.exit_code == 1
    assert "SANDBOX_ENDPOINT needs OCI_CONFIG_FILE: set all variables of `sandbox env`" in done.output


def test_an_import_without_credentials_ends_with_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OCI_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("OCI_CONFIG_PROFILE", "none")
    done = CliRunner().invoke(main, ["import", "staging"])
    assert done.exit_code == 1
    assert "the account could not be read: no OCI credentials" in done.output
