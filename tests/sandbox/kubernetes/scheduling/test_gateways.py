"""Gateways of Envoy Gateway: their Envoys run if the class and the parameters exist, and load balancers find them."""

from typing import Any

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from tests.sandbox.kubernetes.bed import Body, Engine, RefusedError
from tests.sandbox.kubernetes.provider.test_helm import TOKEN, release
from tests.sandbox.kubernetes.provider.test_waiting import NO_PODS

NAMESPACE = "envoy-gateway-system"
GATEWAY_API, ENVOY_API = "gateway.networking.k8s.io/v1", "gateway.envoyproxy.io/v1alpha1"
NO_ADDRESS = "Service was not allocated an IP address; does your cloud provider support this?"
SUBNET = "ocid1.subnet.oc1.iad.aaaabalancers"


def custom(api_version: str, kind: str, spec: Body, *, namespaced: bool = True) -> Body:
    name = "envoy" if kind == "GatewayClass" else "edge-api"
    metadata = {"name": name} | ({"namespace": NAMESPACE} if namespaced else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}


def gateway(**spec: Any) -> Body:
    reference = {"group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", "name": "edge-api"}
    body = {
        "gatewayClassName": "envoy",
        "infrastructure": {"parametersRef": reference},
        "listeners": [{"name": "http", "protocol": "HTTP", "port": 8000}],
    }
    return custom(GATEWAY_API, "Gateway", body | spec)


def proxy(replicas: int = 2) -> Body:
    kubernetes = {"envoyDeployment": {"replicas": replicas}, "envoyService": {"type": "ClusterIP"}}
    return custom(ENVOY_API, "EnvoyProxy", {"provider": {"type": "Kubernetes", "kubernetes": kubernetes}})


def gateway_class(controller: str = "gateway.envoyproxy.io/gatewayclass-controller") -> Body:
    return custom(GATEWAY_API, "GatewayClass", {"controllerName": controller}, namespaced=False)


def balancer(**notes: str) -> Body:
    selector = {
        "gateway.envoyproxy.io/owning-gateway-name": "edge-api",
        "gateway.envoyproxy.io/owning-gateway-namespace": NAMESPACE,
    }
    annotations = {
        "service.beta.kubernetes.io/oci-load-balancer-internal": "true",
        "service.beta.kubernetes.io/oci-load-balancer-subnet1": SUBNET,
        "oci.oraclecloud.com/reserved-private-ips": "10.0.0.34",
    }
    spec = {"type": "LoadBalancer", "selector": selector, "ports": [{"port": 8000}]}
    metadata = {"name": "edge-api", "namespace": NAMESPACE, "annotations": annotations | notes}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def installed(engine: Engine, cloud: Cloud, *, address: str = "10.0.0.34") -> None:
    wanted = {"name": "gateway-helm", "namespace": NAMESPACE, "repositoryOpts": None}
    engine.create(release(chart="oci://docker.io/envoyproxy/gateway-helm", **wanted), TOKEN, "envoy")
    made: dict[str, Any] = {"region": "us-ashburn-1", "compartment_id": "", "state": "AVAILABLE"}
    cloud.save(Entry(id=SUBNET, token="oci:Core/subnet:Subnet", urn="subnet", **made))
    outputs = {"ipAddress": address, "subnetId": SUBNET}
    ip = "ocid1.privateip.oc1.iad.aaaareserved"
    cloud.save(Entry(id=ip, token="oci:Core/privateIp:PrivateIp", urn="ip", outputs=outputs, **made))


def reasons(engine: Engine, body: Body) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        engine.create(body, name="balancer")
    return refused.value.reasons


def test_the_kinds_of_gateways_are_installed_with_envoy_gateway(engine: Engine) -> None:
    with pytest.raises(RefusedError, match="Verify that any required CRDs have been created"):
        engine.create(gateway_class(), name="class")


def test_a_balancer_finds_the_envoys_and_uses_the_reserved_address(engine: Engine, cloud: Cloud) -> None:
    installed(engine, cloud)
    for index, body in enumerate((proxy(), gateway_class(), gateway())):
        engine.create(body, name=f"part-{index}")
    made = engine.create(balancer(), name="balancer")
    assert made.outputs["status"]["loadBalancer"]["ingress"] == [{"ip": "10.0.0.34"}]


def test_a_balancer_accepts_the_ocid_of_a_reserved_address_too(engine: Engine, cloud: Cloud) -> None:
    installed(engine, cloud)
    for index, body in enumerate((proxy(), gateway_class(), gateway())):
        engine.create(body, name=f"part-{index}")
    named = {"oci.oraclecloud.com/reserved-private-ips": "ocid1.privateip.oc1.iad.aaaareserved"}
    made = engine.create(balancer(**named), name="balancer")
    assert made.outputs["status"]["loadBalancer"]["ingress"] == [{"ip": "10.0.0.34"}]


@pytest.mark.parametrize(
    "bodies",
    [
        (proxy(), gateway_class("example.com/other"), gateway()),
        (gateway_class(), gateway()),
        (proxy(), gateway_class()),
    ],
    ids=["a class of another controller", "no EnvoyProxy", "no Gateway"],
)
def test_a_gateway_with_a_missing_part_has_no_envoys(
    engine: Engine, cloud: Cloud, bodies: tuple[Body, ...]
) -> None:
    installed(engine, cloud)
    for index, body in enumerate(bodies):
        engine.create(body, name=f"part-{index}")
    assert NO_PODS in reasons(engine, balancer())


@pytest.mark.parametrize(
    "notes",
    [
        {"oci.oraclecloud.com/reserved-private-ips": "10.0.0.35"},
        {"oci.oraclecloud.com/oci-network-security-groups": "ocid1.networksecuritygroup.oc1.iad.aaaagone"},
        {"oci.oraclecloud.com/reserved-private-ips": "ocid1.privateip.oc1.iad.aaaagone"},
        {"service.beta.kubernetes.io/oci-load-balancer-subnet1": "ocid1.subnet.oc1.iad.aaaagone"},
    ],
    ids=["a free address", "a missing group", "a missing address", "a missing subnet"],
)
def test_a_balancer_that_cannot_be_created_gets_no_address(
    engine: Engine, cloud: Cloud, notes: dict[str, str]
) -> None:
    installed(engine, cloud)
    for index, body in enumerate((proxy(), gateway_class(), gateway())):
        engine.create(body, name=f"part-{index}")
    ((name, value),) = notes.items()
    found = reasons(engine, balancer(**notes))
    assert NO_ADDRESS in found
    assert found[-1].startswith(f"{name}: {value} "), "the reason names the annotation that must change"


def test_an_address_belongs_to_one_balancer_only(engine: Engine, cloud: Cloud) -> None:
    installed(engine, cloud)
    for index, body in enumerate((proxy(), gateway_class(), gateway())):
        engine.create(body, name=f"part-{index}")
    first = balancer()
    first["metadata"]["name"] = "first"
    engine.create(first, name="first")
    taken = "oci.oraclecloud.com/reserved-private-ips: another Service uses 10.0.0.34"
    assert reasons(engine, balancer())[-2:] == [NO_ADDRESS, taken]


def test_a_misspelt_field_of_a_policy_is_named(engine: Engine, cloud: Cloud) -> None:
    installed(engine, cloud)
    target = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "edge-api"}
    body = custom(ENVOY_API, "ClientTrafficPolicy", {"targetRefs": [target], "healthcheck": {"path": "/"}})
    assert "Did you mean `healthCheck`?" in engine.problems(body)["spec.healthcheck"]
