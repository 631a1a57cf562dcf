"""What load balancers refuse, also in backend sets, listeners, rules and routes."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import CHECK, SET, Refused, Service, make_balancer

BACKEND = "oci:LoadBalancer/backend:Backend"
LISTENER = "oci:LoadBalancer/listener:Listener"
RULES = "oci:LoadBalancer/ruleSet:RuleSet"
ROUTES = "oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy"
ADDRESS = "oci:Core/publicIp:PublicIp"
GROUP = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
CERT_ID = "ocid1.certificate.oc1.iad.aaaaexample"


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
        "belongs to VCN",
        make_balancer,
        service,
        subnet,
        networkSecurityGroupIds=[group.id],
    )


def test_a_reserved_address_can_have_one_balancer(service: Service, refused: Refused, subnet: Entry) -> None:
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


def test_a_backend_of_a_missing_set_is_refused(
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


def test_a_port_has_one_listener_and_a_set_in_use_cannot_be_deleted(
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
