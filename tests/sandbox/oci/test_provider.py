"""How the provider answers the engine."""

import re
from dataclasses import replace
from typing import cast

import grpc
import pytest
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as messages

from facts.ocids import parse_ocid
from facts.provider_fields import resource_fields, resource_tokens
from sandbox.oci.engine_values import UNKNOWN, decode, encode
from sandbox.oci.errors import OciError, operation_name, service_name
from sandbox.oci.provider import OciProvider
from sandbox.store import Store
from tests.sandbox.oci.driver import BUCKET, COMPARTMENT, NSG, SUBNET, VAULT, VCN, Connection, Driver, Made


def test_a_preview_knows_the_inputs_and_no_value_that_the_cloud_computes(driver: Driver) -> None:
    shown = driver.preview(VCN, compartmentId=COMPARTMENT, cidrBlocks=["10.0.0.0/16"])

    assert shown["cidrBlocks"] == ["10.0.0.0/16"]
    assert shown["defaultRouteTableId"] is UNKNOWN
    assert shown["displayName"] is UNKNOWN
    assert driver.cloud.entries() == [], "a preview must not touch the cloud"


def test_a_preview_passes_unknown_inputs_on(driver: Driver) -> None:
    shown = driver.preview(SUBNET, compartmentId=COMPARTMENT, vcnId=UNKNOWN, cidrBlock="10.0.0.0/24")

    assert shown["vcnId"] is UNKNOWN


def test_ids_look_like_those_of_the_cloud(driver: Driver) -> None:
    ocid = parse_ocid(driver.vcn().id)

    assert ocid is not None
    assert (ocid.resource_type, ocid.realm, ocid.region) == ("vcn", "oc1", "iad")
    assert re.fullmatch(r"[a-z2-7]{60}", ocid.unique)


def test_a_missing_resource_is_read_without_an_id_and_its_deletion_succeeds(driver: Driver) -> None:
    vcn = driver.vcn()
    driver.cloud.remove(vcn.id)

    assert driver.read(vcn) is None
    driver.delete(vcn)


def test_the_update_of_a_missing_resource_is_not_found(driver: Driver) -> None:
    vcn = driver.vcn()
    driver.cloud.remove(vcn.id)

    with pytest.raises(OciError, match="Authorization failed or requested resource not found") as caught:
        driver.update(vcn, **vcn.inputs | {"displayName": "x"})

    assert (caught.value.status, caught.value.code) == (404, "NotAuthorizedOrNotFound")


def test_drift_shows_in_inputs_that_the_program_gave_and_only_there(driver: Driver) -> None:
    vcn = driver.vcn(displayName="mine")
    entry = driver.cloud.find(vcn.id)
    assert entry is not None
    changed = {"displayName": "theirs", "freeformTags": {"by": "hand"}}
    driver.cloud.save(replace(entry, inputs=entry.inputs | changed, outputs=entry.outputs | changed))

    found = driver.read(vcn)

    assert found is not None
    assert found.outputs["freeformTags"] == {"by": "hand"}
    assert found.inputs == vcn.inputs | {"displayName": "theirs"}
    assert driver.diff(found, **vcn.inputs).paths == {"displayName": "UPDATE"}


def test_an_import_takes_over_all_inputs(driver: Driver) -> None:
    vcn = driver.vcn(dnsLabel="net")

    found = driver.read(Made(vcn.urn, vcn.id, {}, {}))

    assert found is not None
    assert found.inputs == vcn.inputs


def test_an_import_of_an_unknown_ocid_is_assumed(driver: Driver) -> None:
    ocid = "ocid1.vcn.oc1.iad.aaaaoftheaccount"

    found = driver.read(Made(driver.urn(VCN, "theirs"), ocid, {}, {}))

    assert found is not None
    entry = driver.cloud.find(ocid)
    assert entry is not None
    assert entry.assumed


@pytest.mark.parametrize("ocid", ["text", "ocid1.subnet.oc1.iad.aaaa", "ocid1.vcn.oc1.phx.aaaa"])
def test_an_import_of_an_id_that_does_not_fit_finds_nothing(driver: Driver, ocid: str) -> None:
    assert driver.read(Made(driver.urn(VCN, "theirs"), ocid, {}, {})) is None


def test_an_update_keeps_the_id_and_the_unchanged_outputs(driver: Driver) -> None:
    vcn = driver.vcn(dnsLabel="net")

    updated = driver.update(vcn, **vcn.inputs | {"displayName": "renamed"})

    assert updated.outputs == vcn.outputs | {"displayName": "renamed"}


def test_a_vault_with_a_pending_deletion_counts_as_deleted(driver: Driver) -> None:
    vault = driver.create(VAULT, compartmentId=COMPARTMENT, displayName="keys", vaultType="DEFAULT")
    driver.delete(vault)

    entry = driver.cloud.find(vault.id)
    assert entry is not None
    assert entry.state == "PENDING_DELETION"
    assert entry.deleted_at > entry.created_at
    assert driver.read(vault) is None
    assert driver.cloud.all(VAULT) == []
    driver.delete(vault)


def test_a_refusal_has_the_form_of_the_real_providers(driver: Driver) -> None:
    vcn = driver.vcn()

    with pytest.raises(OciError) as caught:
        driver.subnet(vcn, "out", "192.168.0.0/24")

    lines = str(caught.value).splitlines()
    assert lines[0].startswith("Error: 400-InvalidParameter, ")
    assert [line.split(":")[0] for line in lines[1:]] == [
        "Suggestion",
        "Service",
        "Operation Name",
        "OPC request ID",
    ]
    assert "Service: Core Subnet" in lines
    assert "Operation Name: CreateSubnet" in lines


@pytest.mark.parametrize(
    ("token", "operation", "service", "call"),
    [
        ("oci:ContainerEngine/nodePool:NodePool", "create", "Containerengine Node Pool", "CreateNodePool"),
        ("oci:Core/instancePool:InstancePool", "update", "Core Instance Pool", "UpdateInstancePool"),
        ("oci:ObjectStorage/bucket:Bucket", "delete", "Objectstorage Bucket", "DeleteBucket"),
        (
            "oci:Identity/getAvailabilityDomains:getAvailabilityDomains",
            "invoke",
            "Identity Availability Domains",
            "GetAvailabilityDomains",
        ),
    ],
)
def test_services_and_calls_are_named_as_the_provider_does(
    token: str, operation: str, service: str, call: str
) -> None:
    assert service_name(token) == service
    assert operation_name(operation, token) == call


def test_a_refusal_writes_only_an_event(driver: Driver) -> None:
    vcn = driver.vcn()
    before = driver.cloud.entries()

    with pytest.raises(OciError, match=r"192\.168\.0\.0/24"):
        driver.subnet(vcn, "out", "192.168.0.0/24")

    assert driver.cloud.entries() == before
    assert driver.cloud.events()[-1].verb == "refuse"


class _AbortedError(Exception):
    pass


class _Context(Connection):
    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise _AbortedError(code, details)


def test_over_grpc_a_refusal_is_the_status_of_the_call(driver: Driver) -> None:
    request = messages.DiffRequest(urn=driver.urn("oci:No/such:Thing", "x"))

    with pytest.raises(_AbortedError, match="unrecognized resource type"):
        driver.provider.Diff(request, _Context("ipv4:1"))  # pyright: ignore[reportArgumentType]


def test_each_connection_works_in_its_own_region(store: Store) -> None:
    provider = OciProvider(store)
    made: list[str] = []
    connections = [cast("grpc.ServicerContext", Connection(name)) for name in ("a", "b")]
    for connection, region in zip(connections, ("us-ashburn-1", "eu-frankfurt-1"), strict=True):
        provider.Configure(messages.ConfigureRequest(args=encode({"region": region})), connection)
    for connection in connections:
        urn = f"urn:pulumi:test::p::{NSG}::nsg-{connection.peer()}"
        inputs = {
            "compartmentId": COMPARTMENT,
            "vcnId": f"ocid1.vcn.oc1.{'iad' if not made else 'eu-frankfurt-1'}.x",
        }
        request = messages.CreateRequest(urn=urn, properties=encode(inputs))
        made.append(provider.Create(request, connection).id)

    assert [each.split(".")[3] for each in made] == ["iad", "eu-frankfurt-1"]


def test_a_bucket_may_have_the_same_name_in_two_regions(driver: Driver) -> None:
    token = "oci:ObjectStorage/getNamespace:getNamespace"
    inputs = {"compartmentId": COMPARTMENT, "namespace": driver.invoke(token)["namespace"], "name": "logs"}
    first = driver.create(BUCKET, "one", **inputs)
    driver.configure(region="us-phoenix-1")
    second = driver.create(BUCKET, "two", **inputs)

    assert first.id == second.id == f"n/{inputs['namespace']}/b/logs"
    assert first.outputs["bucketId"] != second.outputs["bucketId"]
    driver.delete(second)
    assert driver.read(second) is None
    driver.configure(region="us-ashburn-1")
    assert driver.read(first) is not None


def test_an_ocid_that_the_config_names_is_assumed_and_listed(driver: Driver) -> None:
    driver.vcn(compartmentId="ocid1.compartment.oc1..REPLACE-ME")

    assumed = [entry.id for entry in driver.cloud.entries() if entry.assumed]
    assert assumed == ["ocid1.compartment.oc1..REPLACE-ME"]


def test_an_unknown_region_is_refused_with_the_nearest(driver: Driver) -> None:
    request = messages.CheckRequest(news=encode({"region": "us-ashbrun-1"}))

    answer = driver.provider.CheckConfig(request, None)

    assert answer.failures[0].property == "region"
    assert 'Did you mean "us-ashburn-1"?' in answer.failures[0].reason


def test_the_provider_reports_its_capabilities(driver: Driver) -> None:
    answer = driver.provider.Configure(messages.ConfigureRequest(), None)
    hands = driver.provider.Handshake(messages.ProviderHandshakeRequest(), None)

    assert answer.acceptSecrets
    assert answer.supportsPreview
    assert hands.accept_secrets


def test_a_preview_of_an_update_shows_the_new_values(driver: Driver) -> None:
    vcn = driver.vcn()
    request = messages.UpdateRequest(
        id=vcn.id,
        urn=vcn.urn,
        olds=encode(vcn.outputs),
        news=encode(vcn.inputs | {"displayName": UNKNOWN}),
        preview=True,
    )

    shown = decode(driver.provider.Update(request, None).properties)

    assert shown["displayName"] is UNKNOWN
    entry = driver.cloud.find(vcn.id)
    assert entry is not None
    assert entry.outputs["displayName"] == vcn.outputs["displayName"]


class _Engine:
    def __init__(self) -> None:
        self.said: list[str] = []

    def Log(self, request: engine_pb2.LogRequest) -> None:
        self.said.append(request.message)


def test_a_change_of_a_property_that_only_the_sdk_knows_is_an_update_with_a_warning(driver: Driver) -> None:
    engine = _Engine()
    driver.provider._engine = cast("engine_pb2_grpc.EngineStub", engine)
    token, name = _newer_property()
    made = Made(driver.urn(token, "it"), "ocid1.it.oc1.iad.a", {name: "a"}, {})

    answer = driver.diff(made, **{name: "b"})

    assert answer.paths == {name: "UPDATE"}
    assert name in engine.said[0]
    assert "unknown whether" in engine.said[0]


def _newer_property() -> tuple[str, str]:
    for token in sorted(resource_tokens()):
        for name, field in (resource_fields(token) or {}).items():
            if field.replaces is None and field.input and field.type == "str":
                return token, name
    raise AssertionError("the table knows of every property if a change replaces")
