"""`sandbox cloud reach`: what it says about nodes, pods, bastions, balancers and addresses, and what it refuses."""

import json

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.store import Store

from .conftest import Run, entry
from .reach_place import (
    ALL,
    DATA,
    DENY,
    NODES,
    PODS,
    doors,
    endpoints,
    gateways,
    ocid,
    policy,
    rule,
    rules,
    saved,
    subnets,
    workload,
)


@pytest.fixture
def place(store: Store) -> Cloud:
    """A cloud with nodes, pods, a database, an instance, a bastion and a public balancer."""
    cloud = Cloud(store)
    for each in (*gateways(), *subnets(), *endpoints(), *doors(), *rules()):
        cloud.save(each)
    return cloud


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "gpu db 5432",
            ["route: nodes of gpu: within the VCN", "PostgreSQL out, in nodes", "PostgreSQL in, in data"],
        ),
        ("pods:gpu db 5432", ["PostgreSQL out of pods, in pods", "note: network policies are not checked"]),
        ("host db 5432", ["Instance host: PostgreSQL out, in nodes"]),
        ("gpu internet 443", ["through the nat gateway", "HTTPS out, in nodes"]),
        ("gpu 198.51.100.9 443", ["through the nat gateway"]),
        ("internet entry 443", ["back through the internet gateway (for the answer)", "HTTPS in, in edge"]),
        ("10.0.1.9 db 5433", ["Test port in, in data", "note: of 10.0.1.9 only the subnet nodes is known"]),
    ],
)
def test_what_reaches_what_and_by_which_rule(run: Run, place: Cloud, words: str, said: list[str]):
    told = run("reach", *words.split()).stdout
    start, end, _ = words.split()
    assert told.startswith(f"{start} reaches {end} with TCP ")
    assert all(each in told for each in said), told


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("gpu db 5433", "egress rule: nodes of gpu: no rule in the lists of subnet nodes"),
        ("entry db 5432", "egress rule: load balancer entry"),
        (
            "door db 5432",
            "egress rule: bastion door: no rule in the lists of subnet nodes (it has no security group)",
        ),
        ("pods:gpu internet 443", "egress rule: pods of gpu"),
        ("10.0.9.9 db 5432", "route"),
        ("192.168.1.5 entry 443", "route: load balancer entry cannot be reached from the internet"),
        ("gpu 192.168.1.5 443", "route: no route of nodes of gpu's subnet leads to 192.168.1.5"),
        ("internet gpu 443", "route: nodes of gpu has no public address"),
        ("internet entry 80", "ingress rule: load balancer entry"),
        ("gpu db 6379", "ingress rule: Stateless out is stateless, so the answer needs a rule too"),
        ("gpu services 80", "egress rule"),
        ("entry services 443", "egress rule: load balancer entry"),
    ],
)
def test_what_does_not_reach_what_and_which_rule_is_missing(run: Run, place: Cloud, words: str, missing: str):
    told = run("reach", *words.split(), code=1).stdout
    assert f"missing {missing}" in told, told


def test_a_stateless_rule_passes_with_a_rule_for_the_answer(run: Run, place: Cloud):
    back = {"tcpOptions": {"sourcePortRange": {"min": 6379, "max": 6379}}}
    place.save(rule("Answers in", NODES, "INGRESS", "10.0.3.0/24", 6379, **back))
    assert "Answers in, in nodes (for the answer)" in run("reach", "gpu", "db", "6379").stdout


def test_the_label_of_oracles_services_needs_a_service_gateway(run: Run, place: Cloud):
    place.save(rule("Oracle out", NODES, "EGRESS", ALL, 443, destinationType="SERVICE_CIDR_BLOCK"))
    assert "through the service gateway" in run("reach", "gpu", "services", "443").stdout
    gateway = place.require(ocid("servicegateway", "sgw"), path="x")
    place.save(entry(gateway.id, gateway.token, **{**gateway.inputs, "blockTraffic": True}))
    # Without it the way is the NAT gateway, which Oracle's services accept too.
    assert "through the nat gateway" in run("reach", "gpu", "services", "443").stdout


def test_a_pod_without_policies_has_the_rules_of_its_network_only(run: Run, place: Cloud, store: Store):
    workload(store, "web")
    told = run("reach", "web", "db", "5432").stdout
    assert "network policy: serving/web (Deployment): no policy restricts egress" in told
    assert "PostgreSQL out of pods, in pods" in told


def test_a_policy_closes_and_another_one_opens_the_way_out(run: Run, place: Cloud, store: Store):
    workload(store, "web")
    policy(store, "deny", **DENY)
    told = run("reach", "serving/web", "db", "5432", code=1).stdout
    assert (
        "missing network policy: serving/web (Deployment): no rule of serving/deny allows TCP 5432 as egress"
        in told
    )
    to = {"to": [{"ipBlock": {"cidr": "10.0.3.0/24"}}], "ports": [{"port": 5432}]}
    policy(
        store, "database", podSelector={"matchLabels": {"app": "web"}}, policyTypes=["Egress"], egress=[to]
    )
    assert (
        "network policy: serving/web (Deployment): serving/database"
        in run("reach", "web", "db", "5432").stdout
    )


def test_a_pod_that_is_called_needs_a_rule_for_its_caller(run: Run, place: Cloud, store: Store):
    for name in ("web", "front", "other"):
        workload(store, name)
    place.save(rule("Pods out", PODS, "EGRESS", PODS, 8000))
    place.save(rule("Pods in", PODS, "INGRESS", PODS, 8000))
    caller = {"from": [{"podSelector": {"matchLabels": {"app": "front"}}}]}
    policy(
        store, "front", podSelector={"matchLabels": {"app": "web"}}, policyTypes=["Ingress"], ingress=[caller]
    )
    assert (
        "network policy: serving/web (Deployment): serving/front"
        in run("reach", "front", "web", "8000").stdout
    )
    assert "missing network policy: serving/web" in run("reach", "other", "web", "8000", code=1).stdout


def test_a_pod_on_the_network_of_its_node_has_the_rules_of_the_node(run: Run, place: Cloud, store: Store):
    workload(store, "agent", hostNetwork=True)
    policy(store, "deny", **DENY)
    assert "nodes of gpu: PostgreSQL out, in nodes" in run("reach", "agent", "db", "5432").stdout


def test_json(run: Run, place: Cloud):
    told = json.loads(run("reach", "gpu", "db", "5432", "--json").stdout)
    assert (told["reaches"], told["missing"], told["port"]) == (True, None, 5432)
    assert [each["holder"] for each in told["steps"]] == ["", NODES, DATA]
    closed = json.loads(run("reach", "gpu", "db", "1", "--json", code=1).stdout)
    assert (closed["reaches"], closed["missing"]) == (False, "egress rule")
    assert "allows TCP 1 out to" in closed["why"]


def test_another_protocol(run: Run, place: Cloud):
    assert "missing egress rule" in run("reach", "gpu", "db", "5432", "--protocol", "udp", code=1).stdout
    ping = {"protocol": "1", "tcpOptions": None, "icmpOptions": {"type": 8, "code": 0}}
    place.save(rule("Ping out", NODES, "EGRESS", "10.0.0.0/16", 1, **ping))
    place.save(rule("Ping in", DATA, "INGRESS", "10.0.0.0/16", 1, **ping))
    assert "with type 8 of ICMP" in run("reach", "gpu", "db", "8", "--protocol", "icmp").stdout
    assert "missing" in run("reach", "gpu", "db", "0", "--protocol", "icmp", code=1).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gpux", "db", "5432"], "the name gpux. Did you mean `gpu`?"),
        (["Internet", "db", "5432"], "the name Internet. Did you mean `internet`?"),
        (["", "db", "5432"], "nothing with an endpoint has the name ''"),
        (["gpu", "10.0.4.999", "5432"], "10.0.4.999 must be one IPv4 address"),
        (["gpu", "10.0.3.0/24", "5432"], "10.0.3.0/24 must be one IPv4 address"),
        (["::1", "db", "5432"], "::1 must be one IPv4 address"),
        (["0.0.0.5", "entry", "443"], "0.0.0.5 must be the address of one host"),
        (["gpu", "127.0.0.1", "443"], "127.0.0.1 must be the address of one host"),
        (["224.0.0.1", "entry", "443"], "224.0.0.1 must be the address of one host"),
        (["gpu", "nodes", "5432"], "nothing with an endpoint has the name nodes"),
        (["gpu", "db", "0"], "0 is not a port of tcp; must be 1 to 65535"),
        (["gpu", "db", "65536"], "must be 1 to 65535"),
        (["gpu", "db", "256", "--protocol", "icmp"], "must be 0 to 255"),
        (["gpu", "db", "postgres"], "is not a valid integer"),
    ],
)
def test_wrong_words_are_refused(run: Run, place: Cloud, words: list[str], said: str):
    assert said in " ".join(run("reach", *words, code=2).stderr.split())


def test_a_name_of_two_endpoints_is_refused_with_names_that_differ(run: Run, place: Cloud, store: Store):
    workload(store, "gpu")
    told = " ".join(run("reach", "gpu", "db", "5432", code=2).stderr.split())
    assert "gpu is the name of 2 endpoints: gpu, serving/gpu (Deployment)" in told
    assert run("reach", "serving/gpu", "db", "5432").exit_code == 0


def test_a_service_without_a_balancer_is_refused_with_what_is_behind_it(run: Run, place: Cloud, store: Store):
    workload(store, "web")
    saved(store, "Service", "serving", "api", spec={"selector": {"app": "web"}})
    saved(store, "Service", "serving", "blind", spec={"type": "NodePort", "selector": {"app": "other"}})
    told = " ".join(run("reach", "gpu", "serving/api", "80", code=2).stderr.split())
    assert "serving/api is a Service of the type ClusterIP, which has no endpoint of its own" in told
    assert "ask for what is behind it: serving/web (Deployment)" in told
    told = " ".join(run("reach", "gpu", "blind", "80", code=2).stderr.split())
    assert (
        "type NodePort, which has no endpoint of its own: the sandbox knows no pods that it selects" in told
    )


@pytest.mark.parametrize(
    ("kind", "version", "said"),
    [
        ("Gateway", "gateway.networking.k8s.io/v1", "has the kind Gateway: a controller creates its pods"),
        ("Service", "v1", "is a balancer without the annotation"),
        ("ConfigMap", "v1", "has the kind AIGatewayRoute, and so no endpoint"),
    ],
)
def test_an_object_without_an_endpoint_is_refused_with_the_reason(
    run: Run, store: Store, kind: str, version: str, said: str
):
    saved(store, "AIGatewayRoute", "serving", "models", "aigateway.envoyproxy.io/v1alpha1")
    saved(store, kind, "serving", "models", version, spec={"type": "LoadBalancer"})
    assert said in " ".join(run("reach", "serving/models", "internet", "80", code=2).stderr.split())


def test_a_workload_that_no_pool_runs_is_refused(run: Run, place: Cloud, store: Store):
    pool = place.require(ocid("nodepool", "gpu"), path="x")
    place.save(
        entry(pool.id, pool.token, **{**pool.inputs, "initialNodeLabels": [{"key": "a", "value": "b"}]})
    )
    workload(store, "web", nodeSelector={"a": "c"})
    told = " ".join(run("reach", "web", "db", "5432", code=2).stderr.split())
    assert "web has the kind Deployment, but no node pool of the sandbox has an endpoint for its pods" in told


def test_a_way_to_a_balancer_says_that_it_ends_there(run: Run, place: Cloud):
    said = "note: what is behind entry was not checked"
    assert said in run("reach", "internet", "entry", "443").stdout
    assert said not in run("reach", "entry", "db", "5432", code=1).stdout
