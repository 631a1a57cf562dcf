"""Records by the official SDK, as the provider's own resource calls it."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.dns import DnsClient, models

from sandbox.oci.services.dns.zones import RECORDS
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire

WWW, KIND = "www.example.com", "A"
Refusal = Callable[[], Refused]


@pytest.fixture
def dns(wire: Wire) -> Any:
    return wire.client(DnsClient)


@pytest.fixture
def zone(dns: Any) -> Any:
    details = models.CreateZoneDetails(compartment_id=COMPARTMENT, name="example.com", zone_type="PRIMARY")
    return dns.create_zone(details).data


def record(address: str, ttl: int = 60) -> Any:
    return models.RecordDetails(domain=WWW, rtype=KIND, rdata=address, ttl=ttl)


def step(operation: str, **values: Any) -> Any:
    return models.RecordOperation(operation=operation, domain=WWW, rtype=KIND, **values)


def patched(dns: Any, zone: str, *steps: Any) -> list[str]:
    found = dns.patch_rr_set(zone, WWW, KIND, models.PatchRRSetDetails(items=list(steps))).data
    return [each.rdata for each in found.items]


def addresses(dns: Any, zone: str) -> list[str]:
    return sorted(each.rdata for each in dns.get_rr_set(zone, WWW, KIND).data.items)


def test_a_set_of_records_is_replaced_read_and_deleted(dns: Any, zone: Any, refused: Refusal) -> None:
    with refused() as refusal:
        dns.get_rr_set(zone.id, WWW, KIND)
    assert refusal.status == 404
    for items in ([record("10.0.0.1")], [record("10.0.0.2"), record("10.0.0.3", 300)]):
        written = dns.update_rr_set(zone.id, WWW, KIND, models.UpdateRRSetDetails(items=items)).data
        assert [each.rdata for each in written.items] == [each.rdata for each in items]
    assert addresses(dns, "example.com") == ["10.0.0.2", "10.0.0.3"]
    assert {each.ttl for each in dns.get_domain_records(zone.id, WWW).data.items} == {60, 300}
    assert len(dns.get_zone_records(zone.id, domain=WWW).data.items) == 2
    assert dns.get_zone_records(zone.id, domain="other.example.com").data.items == []
    dns.delete_rr_set("example.com", WWW, KIND)
    with refused() as refusal:
        dns.delete_rr_set(zone.id, WWW, KIND)
    assert refusal.status == 404


def test_the_provider_creates_a_set_only_where_there_is_none(
    wire: Wire, dns: Any, zone: Any, refused: Refusal
) -> None:
    steps = step("PROHIBIT"), step("ADD", rdata="10.0.0.1", ttl=60)
    assert patched(dns, zone.id, *steps) == ["10.0.0.1"]
    with refused() as refusal:
        patched(dns, zone.id, *steps)
    assert refusal.status == 412
    assert len(wire.cloud.all(RECORDS)) == 1


def test_a_patch_adds_and_removes_records(dns: Any, zone: Any, refused: Refusal) -> None:
    one, two = {"rdata": "10.0.0.1", "ttl": 60}, {"rdata": "10.0.0.2", "ttl": 60}
    assert patched(dns, zone.id, step("ADD", **one), step("ADD", **two)) == ["10.0.0.1", "10.0.0.2"]
    assert patched(dns, zone.id, step("ADD", **one)) == ["10.0.0.1", "10.0.0.2"]
    assert patched(dns, zone.id, step("REQUIRE", rdata="10.0.0.1"), step("REMOVE", rdata="10.0.0.1")) == [
        "10.0.0.2"
    ]
    with refused() as refusal:
        patched(dns, zone.id, step("ADD", **one), step("REQUIRE", rdata="10.9.9.9"))
    assert refusal.status == 412
    assert addresses(dns, zone.id) == ["10.0.0.2"]
    assert patched(dns, zone.id, step("REMOVE")) == []


def test_records_that_dns_refuses_are_refused(dns: Any, zone: Any, refused: Refusal) -> None:
    for wrong in (record("not-an-address"), record("10.0.0.1", ttl=-1)):
        with refused() as refusal:
            dns.update_rr_set(zone.id, WWW, KIND, models.UpdateRRSetDetails(items=[wrong]))
        assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    with refused() as refusal:
        dns.update_rr_set("other.org", WWW, KIND, models.UpdateRRSetDetails(items=[record("10.0.0.1")]))
    assert refusal.status == 404
