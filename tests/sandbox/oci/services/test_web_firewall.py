"""What certificates, firewalls, DNS and flow logs refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Service

LISTENER = "oci:LoadBalancer/listener:Listener"
Refused = Callable[..., None]
POLICY = "oci:Waf/appFirewallPolicy:AppFirewallPolicy"
FIREWALL = "oci:Waf/appFirewall:AppFirewall"
ZONE = "oci:Dns/zone:Zone"
RECORDS = "oci:Dns/rrset:Rrset"
CERTIFICATE = "oci:CertificatesManagement/certificate:Certificate"
FILTER = "oci:Core/captureFilter:CaptureFilter"
LOG = "oci:Logging/log:Log"


def _policy(service: Service, **module: Any) -> Entry:
    actions = [{"name": "block", "type": "RETURN_HTTP_RESPONSE", "code": 403}]
    return service.create(POLICY, **{"actions": actions, **module})


def _rules(kind: str, **rule: Any) -> dict[str, Any]:
    return {"rules": [{"name": "r", "type": kind, "actionName": "block", **rule}]}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"actions": [{"name": "a", "type": "DROP"}]}, "type must be one of"),
        ({"actions": [{"name": "a", "type": "RETURN_HTTP_RESPONSE"}]}, "code is required"),
        ({"actions": [{"name": "a", "type": "CHECK"}] * 2}, "name 'a' is not unique"),
        (
            {"requestProtection": _rules("PROTECTION", actionName="drop")},
            "action 'drop' of rule 'r' is not defined",
        ),
        ({"requestProtection": _rules("ACCESS_CONTROL")}, "must be of type PROTECTION"),
        (
            {
                "requestProtection": _rules(
                    "PROTECTION", protectionCapabilities=[{"key": "sqli", "version": 1}]
                )
            },
            "Protection capability with key sqli",
        ),
        (
            {"requestRateLimiting": _rules("REQUEST_RATE_LIMITING", configurations=[{"periodInSeconds": 0}])},
            "periodInSeconds 0 must be",
        ),
        ({"requestProtection": {"bodyInspectionSizeLimitInBytes": 65536}}, "must be 0 to 8192"),
    ],
)
def test_an_ill_formed_firewall_policy_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, _policy, service, **wrong)


def test_a_balancer_has_one_firewall_and_its_policy_stays(
    service: Service, refused: Refused, balancer: Entry
) -> None:
    policy = _policy(service)
    given = {
        "backendType": "LOAD_BALANCER",
        "loadBalancerId": balancer.id,
        "webAppFirewallPolicyId": policy.id,
    }
    service.create(FIREWALL, **given)
    refused(409, "Conflict", "already has a WebAppFirewall", service.create, FIREWALL, **given)
    refused(409, "IncorrectState", "is attached to a WebAppFirewall", service.delete, policy)


@pytest.fixture
def zone(service: Service) -> Entry:
    return service.create(ZONE, name="genai.example.com", zoneType="PRIMARY")


def test_a_zone_is_there_once(service: Service, refused: Refused, zone: Entry) -> None:
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
def test_a_record_of_its_form_is_taken(service: Service, zone: Entry, kind: str, data: str) -> None:
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


PEM = {
    "configType": "IMPORTED",
    "certificatePem": "-----BEGIN CERTIFICATE-----",
    "certChainPem": "-----BEGIN CERTIFICATE-----",
    "privateKeyPem": "-----BEGIN PRIVATE KEY-----",
}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"configType": "LETS_ENCRYPT"}, "configType must be one of"),
        ({"certChainPem": None}, "certChainPem is required"),
        ({"privateKeyPem": "secret"}, "privateKeyPem is required, in PEM format"),
        ({"certificatePem": PEM["certificatePem"] * 2}, "exactly one certificate"),
    ],
)
def test_an_ill_formed_certificate_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    config = {**PEM, **wrong}
    refused(
        400, "InvalidParameter", message, service.create, CERTIFICATE, name="tls", certificateConfig=config
    )


def test_a_certificate_in_use_stays(service: Service, refused: Refused, balancer: Entry, api: Entry) -> None:
    certificate = service.create(CERTIFICATE, name="tls", certificateConfig=PEM)
    refused(
        409, "Conflict", "tls already exists", service.create, CERTIFICATE, name="tls", certificateConfig=PEM
    )
    service.create(
        LISTENER,
        loadBalancerId=balancer.id,
        name="https",
        port=443,
        protocol="HTTP",
        defaultBackendSetName=api.inputs["name"],
        sslConfiguration={"certificateIds": [certificate.id], "protocols": ["TLSv1.2"]},
    )
    refused(409, "IncorrectState", "has associations", service.delete, certificate)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([], "is required for a filter of type FLOWLOG"),
        ([{"flowLogType": "SOME"}], "flowLogType must be one of"),
        ([{"samplingRate": 200_000}], "samplingRate 200000 must be"),
        ([{"priority": 10}], "priority 10 must be between 0 and 9"),
        ([{"priority": 1}, {"priority": 1}], "and distinct"),
    ],
)
def test_an_ill_formed_capture_filter_is_refused(
    service: Service, refused: Refused, rules: list[dict[str, Any]], message: str
) -> None:
    given = {"filterType": "FLOWLOG", "flowLogCaptureFilterRules": rules}
    refused(400, "InvalidParameter", message, service.create, FILTER, **given)


def test_a_flow_log_is_of_a_network_through_a_filter_once(
    service: Service, refused: Refused, vcn: Entry, subnet: Entry
) -> None:
    chosen = service.create(FILTER, filterType="FLOWLOG", flowLogCaptureFilterRules=[{"flowLogType": "ALL"}])
    source = {
        "service": "flowlogs",
        "sourceType": "OCISERVICE",
        "category": "vcn",
        "resource": vcn.id,
        "parameters": {"capture_filter": chosen.id},
    }
    group = service.create("oci:Logging/logGroup:LogGroup", displayName="flows")
    given = {"logGroupId": group.id, "logType": "SERVICE", "displayName": "flows"}

    def log(**changes: Any) -> Entry:
        name = changes.pop("displayName", "flows")
        return service.create(
            LOG, **{**given, "displayName": name}, configuration={"source": {**source, **changes}}
        )

    refused(400, "InvalidParameter", "is not valid for category vcn", log, resource=subnet.id)
    refused(400, "InvalidParameter", "category must be one of", log, category="nic")
    log()
    refused(409, "Conflict", "already exists", log, displayName="again")
    refused(409, "IncorrectState", "in use by a flow log", service.delete, chosen)
