"""What load balancers, certificates, firewalls, DNS and flow logs refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.oci.model import Entry

from .conftest import Service

Refused = Callable[..., None]
BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"
SET = "oci:LoadBalancer/backendSet:BackendSet"
BACKEND = "oci:LoadBalancer/backend:Backend"
LISTENER = "oci:LoadBalancer/listener:Listener"
RULES = "oci:LoadBalancer/ruleSet:RuleSet"
ROUTES = "oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy"
ADDRESS = "oci:Core/publicIp:PublicIp"
GROUP = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
POLICY = "oci:Waf/appFirewallPolicy:AppFirewallPolicy"
FIREWALL = "oci:Waf/appFirewall:AppFirewall"
ZONE = "oci:Dns/zone:Zone"
RECORDS = "oci:Dns/rrset:Rrset"
CERTIFICATE = "oci:CertificatesManagement/certificate:Certificate"
FILTER = "oci:Core/captureFilter:CaptureFilter"
LOG = "oci:Logging/log:Log"
CERT_ID = "ocid1.certificate.oc1.iad.aaaaexample"
CHECK = {"protocol": "HTTP", "urlPath": "/health", "intervalMs": 10000, "timeoutInMillis": 3000}


def make_balancer(service: Service, subnet: Entry, **inputs: Any) -> Entry:
    given: dict[str, Any] = {
        "displayName": "entry",
        "shape": "flexible",
        "shapeDetails": {"minimumBandwidthInMbps": 10, "maximumBandwidthInMbps": 100},
        "subnetIds": [subnet.id],
        **inputs,
    }
    return service.create(BALANCER, **given)


@pytest.fixture
def balancer(service: Service, subnet: Entry) -> Entry:
    return make_balancer(service, subnet)


@pytest.fixture
def api(service: Service, balancer: Entry) -> Entry:
    return service.create(
        SET, loadBalancerId=balancer.id, name="api", policy="ROUND_ROBIN", healthChecker=CHECK
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shape": "100Mbps"}, "Shape 100Mbps is not supported"),
        ({"shapeDetails": None}, "shapeDetails is required"),
        ({"shapeDetails": {"minimumBandwidthInMbps": 5, "maximumBandwidthInMbps": 100}}, "10 <= minimum"),
        ({"shapeDetails": {"minimumBandwidthInMbps": 10, "maximumBandwidthInMbps": 9000}}, "maximum <= 8000"),
        ({"subnetIds": []}, "between 1 and 2"),
        ({"networkSecurityGroupIds": ["ocid1.networksecuritygroup.oc1.iad.a"] * 6}, "between 0 and 5"),
    ],
)
def test_a_balancer_of_wrong_options_is_refused(
    service: Service, refused: Refused, subnet: Entry, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, make_balancer, service, subnet, **wrong)


def test_a_public_balancer_in_a_private_subnet_is_refused(
    service: Service, refused: Refused, vcn: Entry
) -> None:
    private = service.create(
        "oci:Core/subnet:Subnet", vcnId=vcn.id, cidrBlock="10.0.9.0/24", prohibitPublicIpOnVnic=True
    )
    refused(400, "InvalidParameter", "requires a public subnet", make_balancer, service, private)
    assert make_balancer(service, private, isPrivate=True)


def test_a_group_of_another_vcn_is_refused(service: Service, refused: Refused, subnet: Entry) -> None:
    other = service.create("oci:Core/vcn:Vcn", cidrBlocks=["10.1.0.0/16"])
    group = service.create(GROUP, vcnId=other.id)
    refused(
        400,
        "InvalidParameter",
        "same VCN",
        make_balancer,
        service,
        subnet,
        networkSecurityGroupIds=[group.id],
    )


def test_a_reserved_address_belongs_to_one_balancer(
    service: Service, refused: Refused, subnet: Entry
) -> None:
    address = service.create(ADDRESS, lifetime="RESERVED")
    make_balancer(service, subnet, reservedIps=[{"id": address.id}])
    refused(
        409, "Conflict", "already assigned", make_balancer, service, subnet, reservedIps=[{"id": address.id}]
    )
    refused(409, "IncorrectState", "assigned to a load balancer", service.delete, address)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "has space"}, "Invalid backend set name"),
        ({"name": "x" * 33}, "Invalid backend set name"),
        ({"policy": "RANDOM"}, "policy must be one of"),
        ({"healthChecker": {"protocol": "PING"}}, "protocol must be one of"),
        ({"healthChecker": {"protocol": "HTTP"}}, "urlPath is required"),
        ({"healthChecker": {**CHECK, "intervalMs": 10}}, "intervalInMillis 10 must be between"),
        ({"healthChecker": {**CHECK, "timeoutInMillis": 20000}}, "must not be greater than intervalInMillis"),
    ],
)
def test_an_ill_formed_backend_set_is_refused(
    service: Service, refused: Refused, balancer: Entry, wrong: dict[str, Any], message: str
) -> None:
    given = {"name": "web", "policy": "ROUND_ROBIN", "healthChecker": CHECK, **wrong}
    refused(400, "InvalidParameter", message, service.create, SET, loadBalancerId=balancer.id, **given)


def test_the_seventeenth_backend_set_is_refused(service: Service, refused: Refused, balancer: Entry) -> None:
    given = {"loadBalancerId": balancer.id, "policy": "ROUND_ROBIN", "healthChecker": CHECK}
    for place in range(16):
        service.create(SET, name=f"set{place}", **given)
    refused(400, "LimitExceeded", "lb-backend-set-count", service.create, SET, name="one-more", **given)


def test_a_backend_of_a_set_that_is_not_there_is_refused(
    service: Service, refused: Refused, balancer: Entry, api: Entry
) -> None:
    given = {"loadBalancerId": balancer.id, "ipAddress": "10.0.3.9", "port": 8000}
    message = "Backend set 'gpu' does not exist"
    refused(400, "InvalidParameter", message, service.create, BACKEND, backendsetName="gpu", **given)
    assert service.create(BACKEND, backendsetName=api.inputs["name"], **given)
    wrong = {**given, "ipAddress": "gateway"}
    refused(400, "InvalidParameter", "valid IP", service.create, BACKEND, backendsetName="api", **wrong)


TLS = {"certificateIds": [CERT_ID], "protocols": ["TLSv1.2", "TLSv1.3"]}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"port": 0}, "port 0 must be between"),
        ({"protocol": "UDP"}, "protocol must be one of"),
        ({"defaultBackendSetName": "gpu"}, "Backend set 'gpu' does not exist"),
        ({"routingPolicyName": "routes"}, "Routing policy 'routes' does not exist"),
        ({"protocol": "TCP", "routingPolicyName": "routes"}, "not supported for a listener of protocol TCP"),
        ({"ruleSetNames": ["to_https"]}, "Rule set 'to_https' does not exist"),
        ({"connectionConfiguration": {"idleTimeoutInSeconds": "9000"}}, "between 1 and 7200"),
        ({"sslConfiguration": {**TLS, "protocols": ["SSLv3"]}}, "Protocol SSLv3 is not supported"),
        ({"sslConfiguration": {**TLS, "cipherSuiteName": "mine"}}, "Cipher suite 'mine' does not exist"),
        (
            {"sslConfiguration": {**TLS, "cipherSuiteName": "oci-tls-13-ssl-cipher-suite-v3"}},
            "has no ciphers for protocol TLSv1.2",
        ),
        ({"sslConfiguration": {"protocols": ["TLSv1.3"]}}, "requires certificateIds"),
        ({"sslConfiguration": {**TLS, "certificateIds": [CERT_ID, CERT_ID]}}, "only one certificate"),
    ],
)
def test_an_ill_formed_listener_is_refused(
    service: Service, refused: Refused, api: Entry, wrong: dict[str, Any], message: str
) -> None:
    given = {"name": "https", "port": 443, "protocol": "HTTP", "defaultBackendSetName": "api", **wrong}
    balancer = api.inputs["loadBalancerId"]
    refused(400, "InvalidParameter", message, service.create, LISTENER, loadBalancerId=balancer, **given)


def test_a_port_has_one_listener_and_a_set_in_use_stays(
    service: Service, refused: Refused, balancer: Entry, api: Entry
) -> None:
    given = {"loadBalancerId": balancer.id, "port": 80, "protocol": "HTTP", "defaultBackendSetName": "api"}
    service.create(LISTENER, name="http", **given)
    message = "A listener on port 80 already exists"
    refused(400, "InvalidParameter", message, service.create, LISTENER, name="other", **given)
    refused(400, "InvalidParameter", "is used by Listener 'http'", service.delete, api)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (
            (RULES, {"items": [{"action": "REDIRECT", "responseCode": 200}]}),
            "responseCode 200 must be one of",
        ),
        ((RULES, {"items": [{"action": "REDIRECT", "responseCode": 308}]}), "conditions is required"),
        ((ROUTES, {"rules": [{"name": "to-api", "condition": "any()"}]}), "Invalid rule name"),
        ((ROUTES, {"rules": [{"name": "api", "condition": "path is /v1"}]}), "Invalid condition"),
    ],
)
def test_ill_formed_rules_are_refused(
    service: Service, refused: Refused, balancer: Entry, part: tuple[str, dict[str, Any]], message: str
) -> None:
    token, inputs = part
    given = {"name": "rules", **inputs}
    refused(400, "InvalidParameter", message, service.create, token, loadBalancerId=balancer.id, **given)


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
