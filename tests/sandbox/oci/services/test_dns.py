"""What DNS refuses in zones and records."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

ZONE = "oci:Dns/zone:Zone"
RECORDS = "oci:Dns/rrset:Rrset"


@pytest.fixture
def zone(service: Service) -> Entry:
    return service.create(ZONE, name="genai.example.com", zoneType="PRIMARY")


def test_a_second_zone_of_one_name_is_refused(service: Service, refused: Refused, zone: Entry) -> None:
    given = {"name": "GenAI.example.com", "zoneType": "PRIMARY"}
    refused(409, "ZoneExists", "already exists", service.create, ZONE, **given)
    private = {**given, "scope": "PRIVATE"}
    refused(400, "InvalidParameter", "viewId is required", service.create, ZONE, **private)
    assert zone.inputs["name"] == "genai.example.com"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"domain": "api.example.org"}, "Domain api.example.org is not within zone genai.example.com"),
        ({"rtype": "A", "rdata": "gateway"}, "Invalid rdata 'gateway' for record type A"),
        ({"rtype": "AAAA", "rdata": "192.0.2.1"}, "for record type AAAA"),
        ({"ttl": 700000}, "ttl 700000 must be between"),
        ({"ttl": -1}, "ttl -1 must be between"),
        ({"rtype": "MX", "rdata": "mail.example.com"}, "Invalid rdata 'mail.example.com' for record type MX"),
        ({"rtype": "MX", "rdata": "70000 mail.example.com"}, "for record type MX"),
        ({"rtype": "SRV", "rdata": "0 5 a.example.com"}, "for record type SRV"),
        ({"rtype": "NS", "rdata": "10 a.example.com"}, "for record type NS"),
        ({"rtype": "CAA", "rdata": "issue ca.example"}, "for record type CAA"),
        ({"rtype": "CNAME", "rdata": "a b.example.com"}, "for record type CNAME"),
        ({"rtype": "TXT", "rdata": "x" * 256}, "for record type TXT"),
    ],
)
def test_an_ill_formed_record_is_refused(
    service: Service, refused: Refused, zone: Entry, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, _record, service, zone, **wrong)


def _record(service: Service, zone: Entry, **changes: Any) -> Entry:
    item = {"domain": "api.genai.example.com", "rtype": "A", "rdata": "192.0.2.1", "ttl": 300, **changes}
    owner = {name: item[name] for name in ("domain", "rtype")}
    return service.create(RECORDS, zoneNameOrId=zone.id, items=[item], **owner)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("A", "192.0.2.1"),
        ("AAAA", "2001:db8::1"),
        ("CAA", '0 issue "ca.example"'),
        ("CNAME", "a.example.com."),
        ("MX", "10 mail.example.com"),
        ("MX", "0 ."),
        ("SRV", "0 5 443 a.example.com."),
        ("TXT", '"v=spf1 -all" "more"'),
        ("TXT", "v=spf1 include:example.com -all"),
        ("HTTPS", "1 . alpn=h2"),
    ],
)
def test_a_valid_record_is_accepted(service: Service, zone: Entry, kind: str, data: str) -> None:
    made = _record(service, zone, rtype=kind, rdata=data)
    assert made.inputs["items"][0]["rdata"] == data, f"the RFC of {kind} allows it"


def test_several_aliases_of_one_name_are_refused(service: Service, refused: Refused, zone: Entry) -> None:
    item = {"domain": "api.genai.example.com", "rtype": "CNAME", "rdata": "a.example.com", "ttl": 300}
    given = {"zoneNameOrId": zone.id, "domain": item["domain"], "rtype": "CNAME", "items": [item, item]}
    refused(400, "InvalidParameter", "holds one record, not 2", service.create, RECORDS, **given)


def test_an_alias_beside_another_record_is_refused(service: Service, refused: Refused, zone: Entry) -> None:
    _record(service, zone)
    alias = {"rtype": "CNAME", "rdata": "a.example.com."}
    refused(409, "Conflict", "CNAME record at api.genai.example.com", _record, service, zone, **alias)
    apex = {**alias, "domain": "genai.example.com"}
    refused(409, "Conflict", "CNAME record at genai.example.com", _record, service, zone, **apex)
