"""LoadBalancer: bandwidth, listeners, TLS, backend sets, routes, addresses."""

from typing import Any

import pytest

from components.network.backend_sets import BackendSetArgs
from components.network.listeners import route_condition
from components.network.load_balancer import LoadBalancer, LoadBalancerArgs, load_balancer_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"
LISTENER = "oci:LoadBalancer/listener:Listener"
SETS = {
    "frontend": BackendSetArgs(port=8080, health_path="/healthz"),
    "api": BackendSetArgs(port=8000, health_path="/health", hostnames=["api.genai.example.com"]),
    "gpu": BackendSetArgs(port=8500, health_path="/health", paths=["/v1/"]),
}
OUTPUTS = {
    BALANCER: {"ipAddressDetails": [{"ipAddress": "10.0.1.9", "isPublic": False, "reservedIps": []}]},
    "oci:Core/publicIp:PublicIp": {"ipAddress": "203.0.113.9"},
    "oci:Core/privateIp:PrivateIp": {"ipAddress": "10.0.6.9"},
}


def balancer_args(**changes: Any) -> LoadBalancerArgs:
    given: dict[str, Any] = {
        "compartment_id": "c",
        "subnet_id": "public",
        "backend_subnet_id": "balancers",
        "group_ids": ["frontend", "loadbalancer"],
        "backend_sets": SETS,
        "certificate_id": "ocid1.certificate.oc1.iad.a",
        **changes,
    }
    return LoadBalancerArgs(**given)


def balancer(preview: bool = False, **changes: Any) -> Recording:
    return run(
        lambda: LoadBalancer("prod-entry", balancer_args(**changes), oci_options()) and None,
        preview,
        outputs=lambda token, *_: OUTPUTS.get(token, {}),
    )


def test_it_is_flexible_from_10_to_100_mbps_in_its_groups_with_a_reserved_address():
    inputs = balancer().one(BALANCER).inputs
    assert (inputs["shape"], inputs["isPrivate"]) == ("flexible", False)
    assert inputs["shapeDetails"] == {"minimumBandwidthInMbps": 10, "maximumBandwidthInMbps": 100}
    assert inputs["networkSecurityGroupIds"] == ["frontend", "loadbalancer"]
    assert inputs["reservedIps"] == [{"id": "ocid1.publicip.oc1.iad.prod-entry-address"}]


def test_https_accepts_tls_1_2_and_1_3_and_waits_for_long_responses():
    inputs = balancer().named("prod-entry-https", LISTENER).inputs
    assert (inputs["port"], inputs["protocol"]) == (443, "HTTP")
    assert inputs["sslConfiguration"] == {
        "certificateIds": ["ocid1.certificate.oc1.iad.a"],
        "protocols": ["TLSv1.2", "TLSv1.3"],
        "cipherSuiteName": "oci-tls-12-13-ssl-cipher-suite-v3",
        "serverOrderPreference": "ENABLED",
        "verifyPeerCertificate": False,
    }
    assert inputs["connectionConfiguration"] == {"idleTimeoutInSeconds": "3600"}
    assert inputs["defaultBackendSetName"] == "frontend"


def test_http_only_redirects_and_keeps_the_method():
    made = balancer()
    assert made.named("prod-entry-http", LISTENER).inputs["ruleSetNames"] == ["to_https"]
    item = made.one("oci:LoadBalancer/ruleSet:RuleSet").inputs["items"][0]
    assert (item["action"], item["responseCode"]) == ("REDIRECT", 308)


def test_every_set_has_an_http_health_check():
    sets = balancer().of_type("oci:LoadBalancer/backendSet:BackendSet")
    checks = {each.inputs["name"]: each.inputs["healthChecker"] for each in sets}
    assert checks["gpu"] == {
        "protocol": "HTTP",
        "port": 8500,
        "urlPath": "/health",
        "returnCode": 200,
        "intervalMs": 10000,
        "timeoutInMillis": 3000,
        "retries": 3,
    }
    assert set(checks) == {"frontend", "api", "gpu"}


def test_a_set_without_addresses_gets_a_reserved_one_that_kubernetes_may_take_over():
    made = balancer()
    addresses = made.of_type("oci:Core/privateIp:PrivateIp")
    assert {each.inputs["lifetime"] for each in addresses} == {"RESERVED"}
    assert {each.inputs["subnetId"] for each in addresses} == {"balancers"}
    assert all(each.ignore_changes == ("vnicId",) for each in addresses)
    outputs = made.named("prod-entry").outputs or {}
    assert outputs["backendAddresses"] == dict.fromkeys(("frontend", "api", "gpu"), "10.0.6.9")


def test_given_addresses_are_the_backends():
    made = balancer(
        backend_sets={"web": BackendSetArgs(port=8080, health_path="/", addresses=["10.0.6.1", "10.0.6.2"])}
    )
    backends = made.of_type("oci:LoadBalancer/backend:Backend")
    assert [each.inputs["ipAddress"] for each in backends] == ["10.0.6.1", "10.0.6.2"]
    assert made.of_type("oci:Core/privateIp:PrivateIp") == []


def test_hosts_are_matched_before_paths():
    rules = (
        balancer().one("oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy").inputs["rules"]
    )
    assert [rule["name"] for rule in rules] == ["api", "gpu"]
    assert rules[0]["condition"] == "any(http.request.headers[(i 'host')] eq (i 'api.genai.example.com'))"
    assert rules[1]["condition"] == "any(http.request.url.path sw '/v1/')"


def test_a_host_and_a_path_must_both_match():
    both = BackendSetArgs(port=8000, health_path="/", hostnames=["a.example.com"], paths=["/v1/"])
    assert route_condition(both) == (
        "all(any(http.request.headers[(i 'host')] eq (i 'a.example.com')), any(http.request.url.path sw '/v1/'))"
    )


def test_tls_passes_through_to_the_cluster():
    sets = {
        "gateway": BackendSetArgs(port=8443, health_path="/ready", health_port=8080),
        "challenges": BackendSetArgs(port=8080, health_path="/ready", plain=True),
    }
    made = balancer(backend_sets=sets, certificate_id=None, tls_in_cluster=True)
    https, http = (
        made.named("prod-entry-https", LISTENER).inputs,
        made.named("prod-entry-http", LISTENER).inputs,
    )
    assert (https["protocol"], https["port"], https["defaultBackendSetName"]) == ("TCP", 443, "gateway")
    assert "sslConfiguration" not in https
    assert (http["protocol"], http["port"], http["defaultBackendSetName"]) == ("HTTP", 80, "challenges")


def test_a_private_balancer_needs_no_certificate_and_no_public_address():
    made = balancer(private=True, certificate_id=None)
    assert made.of_type("oci:Core/publicIp:PublicIp") == []
    assert [each.inputs["port"] for each in made.of_type(LISTENER)] == [80]
    assert (made.named("prod-entry").outputs or {})["address"] == "10.0.1.9"


def test_the_public_address_is_protected_and_only_the_balancer_binds_it():
    address = balancer(protect=True).one("oci:Core/publicIp:PublicIp")
    assert (address.protect, address.retain_on_delete, address.ignore_changes) == (
        True,
        True,
        ("privateIpId",),
    )


def test_it_survives_a_first_preview():
    outputs = balancer(preview=True).named("prod-entry").outputs or {}
    assert outputs["loadBalancerId"] == UNKNOWN
    assert outputs["address"] == UNKNOWN


def test_a_public_balancer_without_encryption_is_refused():
    with pytest.raises(InvalidInput, match="prompts and keys unencrypted"):
        balancer(certificate_id=None)


def test_a_certificate_for_tls_that_passes_through_is_refused():
    with pytest.raises(InvalidInput, match="TLS ends only once"):
        balancer(backend_sets={"gateway": SETS["frontend"]}, tls_in_cluster=True)


WEB = BackendSetArgs(port=8080, health_path="/")


def changed(**values: Any) -> dict[str, BackendSetArgs]:
    return {"web": BackendSetArgs(**{"port": 8080, "health_path": "/", **values})}


@pytest.mark.parametrize(
    ("sets", "rest", "path"),
    [
        (changed(), {"max_mbps": 9000}, "b.maxMbps"),
        (changed(), {"min_mbps": 200}, "b.minMbps"),
        (changed(), {"min_mbps": 5}, "b.minMbps"),
        (changed(), {"idle_timeout_seconds": 9000}, "b.idleTimeoutSeconds"),
        (changed(), {"protocols": ["TLSv1.1", "TLSv1.3"]}, "b.protocols[0]"),
        (changed(), {"protocols": ["TLSv1.2"]}, "b.protocols"),
        (changed(), {"cipher_suite": "oci-tls-12-13-ssl-cipher-suite-v2"}, "b.cipherSuite"),
        (changed(), {"cipher_suite": "oci-tls-11-12-13-wider-ssl-cipher-suite-v1"}, "b.cipherSuite"),
        (changed(), {"cipher_suite": "oci-tls-12-ssl-cipher-suite-v3"}, "b.cipherSuite"),
        ({}, {}, "b.backendSets"),
        (changed(port=443), {}, "b.backendSets.web.port"),
        (changed(health_port=22), {}, "b.backendSets.web.healthPort"),
        (changed(health_path="health"), {}, "b.backendSets.web.healthPath"),
        (changed(health_interval_seconds=0), {}, "b.backendSets.web.healthIntervalSeconds"),
        (changed(health_interval_seconds=2000), {}, "b.backendSets.web.healthIntervalSeconds"),
        (changed(health_timeout_seconds=11), {}, "b.backendSets.web.healthTimeoutSeconds"),
        (changed(health_retries=0), {}, "b.backendSets.web.healthRetries"),
        (changed(addresses=[]), {}, "b.backendSets.web.addresses"),
        (changed(addresses=["8.8.8.8"]), {}, "b.backendSets.web.addresses[0]"),
        (changed(addresses=["10.0.6.0/24"]), {}, "b.backendSets.web.addresses[0]"),
        (changed(addresses=["127.0.0.1"]), {}, "b.backendSets.web.addresses[0]"),
        (changed(addresses=["169.254.169.254"]), {}, "b.backendSets.web.addresses[0]"),
        (changed(addresses=["10.0.6.1", "10.0.6.1"]), {}, "b.backendSets.web.addresses[1]"),
        (changed(policy="ROUND_ROBBIN"), {}, "b.backendSets.web.policy"),
        (changed(hostnames=["API.example.com"]) | {"rest": WEB}, {}, "b.backendSets.web.hostnames[0]"),
        (changed(paths=["v1"]) | {"rest": WEB}, {}, "b.backendSets.web.paths[0]"),
        (changed(paths=["/v1"]), {}, "b.backendSets"),
        ({"web": WEB, "other": WEB}, {}, "b.backendSets"),
        ({"a b": WEB}, {}, "b.backendSets.a b"),
        (
            {"web": WEB, **{name: BackendSetArgs(port=8000, health_path="/", paths=["/v1"]) for name in ("aa", "bb")}},
            {},
            "b.backendSets.bb",
        ),
        (changed() | {"acme": BackendSetArgs(port=8080, health_path="/", plain=True)}, {}, "b.backendSets.acme.plain"),
        (changed(paths=["/v1"]) | {"rest": WEB}, {"tls_in_cluster": True}, "b.backendSets.web"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_path(
    sets: dict[str, BackendSetArgs], rest: dict[str, Any], path: str
):
    in_cluster = "tls_in_cluster" in rest
    args = balancer_args(backend_sets=sets, **rest)
    problems = load_balancer_problems(
        args, has_certificate=not in_cluster, tls_in_cluster=in_cluster, path="b"
    )
    found = [problem.path for problem in problems]
    assert found == [path]
