"""Gateways behind the public load balancer: each has the Envoys and the load balancer that its backend set needs."""

import pulumi
import pytest

from facts.problem import InvalidInput
from serving.edge.edge_gateways import EdgeGatewayArgs, EdgeGateways, EdgeGatewaysArgs
from tests.support.monitor import kubernetes_options, run

SUBNET = "ocid1.subnet.oc1.iad.aaaabalancers"
GROUPS = ["ocid1.networksecuritygroup.oc1.iad.aaaabackend", "ocid1.networksecuritygroup.oc1.iad.aaaalb"]
API = EdgeGatewayArgs(port=8000, health_path="/health")


def made(preview=False, **changes):
    def program():
        wanted = {
            "namespace": "envoy-gateway-system",
            "gateways": {"api": API},
            "addresses": {"api": "10.0.0.34"},
            "subnet_id": SUBNET,
            "group_ids": GROUPS,
        }
        args = EdgeGatewaysArgs(**{**wanted, **changes})
        pulumi.export("names", EdgeGateways("gateways", args, kubernetes_options()).gateway_names)

    return run(program, preview=preview)


def test_the_load_balancer_uses_the_reserved_private_address():
    notes = made().named("gateways-api-balancer").inputs["metadata"]["annotations"]
    assert notes["oci.oraclecloud.com/reserved-private-ips"] == "10.0.0.34"
    assert notes["service.beta.kubernetes.io/oci-load-balancer-internal"] == "true"
    assert notes["service.beta.kubernetes.io/oci-load-balancer-subnet1"] == SUBNET
    assert notes["oci.oraclecloud.com/oci-network-security-groups"] == ",".join(GROUPS)
    assert notes["oci.oraclecloud.com/security-rule-management-mode"] == "None"


def test_a_service_without_an_address_ends_the_update_after_ten_minutes():
    timeouts = made().named("gateways-api-balancer").custom_timeouts
    assert (timeouts.create, timeouts.update) == ("10m", "10m")


def test_the_load_balancer_selects_the_envoys_of_its_own_gateway():
    spec = made().named("gateways-api-balancer").inputs["spec"]
    assert (spec["type"], spec["externalTrafficPolicy"]) == ("LoadBalancer", "Cluster")
    assert spec["ports"] == [{"name": "http", "port": 8000, "targetPort": 8000}]
    assert spec["selector"]["gateway.envoyproxy.io/owning-gateway-name"] == "edge-api"
    assert spec["selector"]["gateway.envoyproxy.io/owning-gateway-namespace"] == "envoy-gateway-system"


def test_envoy_gateway_creates_no_load_balancer_itself():
    kubernetes = made().named("gateways-api-proxy").inputs["spec"]["provider"]["kubernetes"]
    assert kubernetes["envoyService"] == {"type": "ClusterIP"}
    assert kubernetes["envoyDeployment"] == {"replicas": 2}
    assert kubernetes["envoyPDB"] == {"minAvailable": 1}


def test_a_single_envoy_has_no_disruption_budget_which_would_block_its_node():
    spec = made(envoys=1).named("gateways-api-proxy").inputs["spec"]
    assert "envoyPDB" not in spec["provider"]["kubernetes"]


def test_the_health_check_is_answered_without_a_route_and_on_its_own_port():
    set_ = EdgeGatewayArgs(port=8000, health_path="/ready", health_port=8001)
    found = made(gateways={"api": set_})
    assert found.named("gateways-api-client").inputs["spec"]["healthCheck"] == {"path": "/ready"}
    listeners = found.named("gateways-api-gateway").inputs["spec"]["listeners"]
    assert {each["name"]: each["port"] for each in listeners} == {"http": 8000, "health": 8001}
    ports = found.named("gateways-api-balancer").inputs["spec"]["ports"]
    assert [each["port"] for each in ports] == [8000, 8001]


def test_no_timeout_is_shorter_than_that_of_the_public_load_balancer():
    found = made(idle_timeout_seconds=1800)
    assert found.named("gateways-api-client").inputs["spec"]["timeout"]["http"] == {
        "streamIdleTimeout": "1800s"
    }
    assert found.named("gateways-api-backend").inputs["spec"]["timeout"]["http"] == {
        "requestTimeout": "0s",
        "streamIdleTimeout": "1800s",
    }, "Envoy's own limits are 15 s for an answer and 300 s of silence"
    notes = found.named("gateways-api-balancer").inputs["metadata"]["annotations"]
    assert notes["service.beta.kubernetes.io/oci-load-balancer-connection-idle-timeout"] == "1800"
    assert found.named("gateways-api-proxy").inputs["spec"]["shutdown"] == {"drainTimeout": "1800s"}


def test_the_gateway_names_its_class_and_its_envoys():
    found = made()
    gateway = found.named("gateways-api-gateway").inputs
    assert gateway["metadata"]["name"] == "edge-api"
    assert gateway["spec"]["gatewayClassName"] == found.named("gateways-class").inputs["metadata"]["name"]
    wanted = gateway["spec"]["infrastructure"]["parametersRef"]
    assert (wanted["kind"], wanted["name"]) == (
        "EnvoyProxy",
        found.named("gateways-api-proxy").inputs["metadata"]["name"],
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gateways": {"A_B": API}}, "must be lower-case letters, digits and hyphens"),
        ({"envoys": 0}, "must be 1 to 20 Envoys"),
    ],
)
def test_invalid_gateways_are_refused(changes, message):
    with pytest.raises(InvalidInput, match=message):
        made(**changes)


def test_a_first_preview_shows_every_object():
    found = made(preview=True)
    assert found.named("gateways-api-balancer").inputs["metadata"]["name"] == "edge-api"
    assert len([each for each in found.resources if each.name.startswith("gateways-")]) == 6
