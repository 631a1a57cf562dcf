"""Faults over the wire: the retries of the official SDK are real."""

from collections.abc import Callable
from typing import Any

import oci
import pytest
from oci.core import VirtualNetworkClient
from oci.core.models import CreateVcnDetails, UpdateVcnDetails
from oci.dns import DnsClient
from oci.dns.models import CreateZoneDetails
from oci.exceptions import RequestException, ServiceError
from oci.identity import IdentityClient
from oci.identity_domains import IdentityDomainsClient
from oci.identity_domains.models import Group

from sandbox.faults import FaultBook
from sandbox.store import Store
from sandbox.tampering import change, delete
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Servers, Wire

VCN = CreateVcnDetails(compartment_id=COMPARTMENT, cidr_blocks=["10.0.0.0/16"])
RETRIES = oci.retry.RetryStrategyBuilder(
    max_attempts=4, retry_base_sleep_time_seconds=0, retry_max_wait_between_calls_seconds=0
).get_retry_strategy()
"""The checks of the SDK's default strategy without its waits."""


def network(wire: Wire, **options: Any) -> Any:
    return wire.client(VirtualNetworkClient, **options)


def answers(store: Store) -> list[Any]:
    """The statuses of the calls so far."""
    return [each.detail["status"] for each in store.events("wire")]


@pytest.mark.parametrize(("kind", "status"), [("throttle", 429), ("error", 500)])
def test_the_sdk_retries_what_passes(
    wire: Wire, store: Store, faults: FaultBook, kind: Any, status: int
) -> None:
    faults.add(kind, operation="create", times=2)
    network(wire, retry_strategy=RETRIES).create_vcn(VCN)
    assert answers(store) == [status, status, 200]
    assert len(network(wire).list_vcns(COMPARTMENT).data) == 1


def test_a_throttled_client_is_told_when_to_come_again(wire: Wire, faults: FaultBook) -> None:
    faults.add("throttle", type="Vcn", operation="create")
    with pytest.raises(ServiceError) as refusal:
        network(wire).create_vcn(VCN)
    assert (refusal.value.status, refusal.value.code) == (429, "TooManyRequests")
    assert refusal.value.headers["retry-after"] == "1"


def test_a_slow_answer_runs_into_the_timeout_of_the_client(wire: Wire, faults: FaultBook) -> None:
    faults.add("latency", type="Vcn", operation="read", times=1, seconds=2)
    with pytest.raises(RequestException):
        network(wire, timeout=(2, 0.3)).list_vcns(COMPARTMENT)
    assert network(wire).list_vcns(COMPARTMENT).data == []


def test_a_dropped_connection_leaves_nothing_behind_and_is_tried_again(
    wire: Wire, store: Store, faults: FaultBook
) -> None:
    faults.add("drop", operation="create", times=1)
    with pytest.raises(RequestException):
        network(wire).create_vcn(VCN)
    assert network(wire).list_vcns(COMPARTMENT).data == []
    faults.add("drop", operation="create", times=1)
    network(wire, retry_strategy=RETRIES).create_vcn(VCN)
    assert len(network(wire).list_vcns(COMPARTMENT).data) == 1
    assert answers(store).count("connection dropped") == 2


def test_an_answer_that_is_lost_creates_once_because_the_sdk_sends_its_token_again(
    wire: Wire, store: Store, faults: FaultBook
) -> None:
    faults.add("drop", operation="create", times=2, late=True)
    made = network(wire, retry_strategy=RETRIES).create_vcn(VCN).data
    assert [each.id for each in network(wire).list_vcns(COMPARTMENT).data] == [made.id]
    assert answers(store)[:2] == ["connection dropped", 200]


def test_a_delete_whose_answer_is_lost_was_done(wire: Wire, faults: FaultBook) -> None:
    made = network(wire).create_vcn(VCN).data
    faults.add("drop", operation="delete", times=1, late=True)
    with pytest.raises(RequestException):
        network(wire).delete_vcn(made.id)
    assert network(wire).list_vcns(COMPARTMENT).data == []


@pytest.mark.parametrize("operation", ["read", "*"])
def test_a_read_is_dropped_whether_late_or_not(wire: Wire, faults: FaultBook, operation: str) -> None:
    faults.add("drop", operation=operation, late=True)
    with pytest.raises(RequestException):
        network(wire).list_vcns(COMPARTMENT)


def test_reads_of_records_and_of_groups_are_dropped_too(wire: Wire, faults: FaultBook) -> None:
    details = CreateZoneDetails(compartment_id=COMPARTMENT, name="example.com", zone_type="PRIMARY")
    dns = wire.client(DnsClient)
    zone = dns.create_zone(details).data.id
    default = wire.client(IdentityClient).list_domains(wire.profile.tenancy).data[0]
    groups = wire.client(IdentityDomainsClient, service_endpoint=default.url)
    faults.add("drop", operation="read")
    for read in (
        lambda: dns.get_rr_set(zone, "www.example.com", "A"),
        lambda: dns.get_zone_records(zone),
        groups.list_groups,
        lambda: groups.get_group("a-group"),
    ):
        with pytest.raises(RequestException):
            read()


def test_a_fault_of_reads_does_not_hit_the_answer_of_a_change(wire: Wire, faults: FaultBook) -> None:
    default = wire.client(IdentityClient).list_domains(wire.profile.tenancy).data[0]
    groups = wire.client(IdentityDomainsClient, service_endpoint=default.url)
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
    made = groups.create_group(group=Group(schemas=schemas, display_name="one")).data
    faults.add("throttle", operation="read")
    assert groups.put_group(made.id, group=Group(schemas=schemas, display_name="two")).data.id == made.id


def test_a_region_that_is_down_answers_nothing_and_the_others_do(servers: Servers, faults: FaultBook) -> None:
    here, there = servers.start("us-ashburn-1"), servers.start("eu-frankfurt-1")
    down = faults.add("down", region="eu-frankfurt-1")
    assert network(here).list_vcns(COMPARTMENT).data == []
    with pytest.raises(RequestException):
        network(there).list_vcns(COMPARTMENT)
    with pytest.raises(RequestException):
        network(there, retry_strategy=RETRIES).create_vcn(VCN)
    faults.clear(down.id)
    assert network(there).list_vcns(COMPARTMENT).data == []


def test_a_client_sees_what_was_changed_or_deleted_behind_its_back(
    wire: Wire, refused: Callable[[], Refused]
) -> None:
    made = network(wire).create_vcn(VCN)
    change(wire.cloud, made.data.id, {"displayName": "other"})
    assert network(wire).get_vcn(made.data.id).data.display_name == "other"
    with refused() as refusal:
        network(wire).update_vcn(made.data.id, UpdateVcnDetails(), if_match=made.headers["etag"])
    assert (refusal.status, refusal.code) == (412, "NoEtagMatch")
    delete(wire.cloud, made.data.id)
    with refused() as refusal:
        network(wire).get_vcn(made.data.id)
    assert (refusal.status, refusal.code) == (404, "NotAuthorizedOrNotFound")
    assert network(wire).list_vcns(COMPARTMENT).data == []


def test_a_limit_of_the_region_refuses_a_create(wire: Wire, refused: Callable[[], Refused]) -> None:
    wire.cloud.set_limit("vcn-count", 1, region=wire.region)
    network(wire).create_vcn(VCN)
    with refused() as refusal:
        network(wire).create_vcn(VCN)
    assert (refusal.status, refusal.code) == (400, "LimitExceeded")
