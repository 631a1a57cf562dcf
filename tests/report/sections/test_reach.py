"""The section on who can reach whom: what it finds open, closed, and not known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from facts.prices import load_prices
from report.document.model import Section, Sentence
from report.reach_reading import GROUP_RULE, LISTS
from report.reach_report import EVERYONE, few_words
from report.resources import UNKNOWN, Resource, from_recording
from report.sections.reach import reach
from report.view import View
from tests.infra.snapshots import run

ANYWHERE = "0.0.0.0/0"


def standing(stack: str) -> list[Resource]:
    return from_recording(run(stack).resources)


def section_of(resources: Sequence[Resource]) -> Section:
    return reach(View(stack="staging", prices=load_prices(), after=resources))


def rows(found: Section, key: str) -> list[Mapping[str, Any]]:
    return cast("list[Mapping[str, Any]]", found.data[key])


def changed(resources: Sequence[Resource], type_: str, inputs: Mapping[str, object]) -> list[Resource]:
    """The resources with other inputs for those of a type."""
    assert any(each.type.endswith(type_) for each in resources)
    return [
        replace(each, inputs={**each.inputs, **inputs}, outputs={**each.outputs, **inputs})
        if each.type.endswith(type_)
        else each
        for each in resources
    ]


def made(type_: str, **inputs: object) -> Resource:
    urn = f"urn:pulumi:staging::genai-playground::{type_}::made"
    return Resource(urn=urn, type=type_, name="made", id="made", inputs=inputs, outputs={})


def public_api(*sources: str) -> list[Resource]:
    """Staging with a public API endpoint that some ranges may call."""
    resources = standing("staging")
    cluster = next(each for each in resources if each.type.endswith(":Cluster"))
    config = cast("Mapping[str, Any]", cluster.inputs["endpointConfig"])
    group = config["nsgIds"][0]
    public = next(
        each.inputs["routeTableId"]
        for each in resources
        if each.type.endswith(":Subnet") and each.inputs.get("prohibitPublicIpOnVnic") is False
    )
    rule = {
        "networkSecurityGroupId": group,
        "direction": "INGRESS",
        "protocol": "6",
        "sourceType": "CIDR_BLOCK",
    }
    ports = {"tcpOptions": {"destinationPortRange": {"min": 6443, "max": 6443}}}
    rules = [
        made(GROUP_RULE, **rule, **ports, source=each, description=f"made for {each}") for each in sources
    ]
    shown = [
        replace(each, inputs={**each.inputs, "routeTableId": public}, outputs={})
        if each.id == config["subnetId"]
        else each
        for each in resources
    ]
    return [*changed(shown, ":Cluster", {"endpointConfig": {**config, "isPublicIpEnabled": True}}), *rules]


def test_the_listeners_of_the_declared_edge_are_paths_and_no_alarm():
    found = section_of(standing("prod"))
    ways = {(each["to"], each["what"], *each["from"], *each["by"]) for each in rows(found, "internet")}
    assert ("public load balancer", "TCP 443", "any address", "HTTPS from the internet") in ways
    assert found.data["alarms"] == found.data["closed"] == found.failures["open-to-internet"] == []


def test_the_matrix_has_the_ranges_of_the_rules():
    found = rows(section_of(standing("prod")), "open")
    (gateways,) = [each for each in found if each["from"] == ["public load balancer"]]
    assert (gateways["to"], gateways["ports"]) == (["load balancers of Kubernetes"], "TCP 8000-9000")
    assert gateways["tcp"] == [{"first": 8000, "last": 9000}]
    pods = {to: each["ports"] for each in found if "pods" in each["from"] for to in each["to"]}
    assert pods["pods"] == "everything"
    assert pods["Streaming"].startswith("TCP 443, 1521-1522, 5432")


def test_a_public_api_endpoint_is_open_to_the_addresses_of_its_rules():
    office = section_of(public_api("203.0.113.0/24"))
    assert office.failures["open-to-internet"] == []
    assert ["203.0.113.0/24"] in [each["from"] for each in rows(office, "internet")]
    (said,) = section_of(public_api(ANYWHERE)).failures["open-to-internet"]
    assert said == "Kubernetes API: TCP 6443 from any address (made for 0.0.0.0/0)"


def test_ranges_that_together_are_more_than_one_holder_s_are_an_alarm():
    halves = section_of(public_api("0.0.0.0/1", "128.0.0.0/1")).failures["open-to-internet"]
    assert halves == ["Kubernetes API: TCP 6443 from any address (made for 0.0.0.0/1, made for 128.0.0.0/1)"]
    (wide,) = section_of(public_api("8.0.0.0/7")).failures["open-to-internet"]
    assert "TCP 6443 from 8.0.0.0/7" in wide
    assert section_of(public_api("9.0.0.0/8")).failures["open-to-internet"] == []


@pytest.mark.parametrize(
    ("type_", "inputs", "said"),
    [
        (":Bucket", {"accessType": "ObjectReadWithoutList"}, "any address can read its objects (accessType"),
        (":Bastion", {"clientCidrBlockAllowLists": [ANYWHERE]}, "0.0.0.0/0 can open sessions"),
    ],
)
def test_what_no_network_guards_counts_too(type_: str, inputs: Mapping[str, object], said: str):
    (alarm,) = section_of(changed(standing("staging"), type_, inputs)).failures["open-to-internet"]
    assert said in alarm


DATABASE = "oci:Database/autonomousDatabase:AutonomousDatabase"
BALANCER: Mapping[str, object] = {"spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}


@pytest.mark.parametrize(
    ("resource", "alarms"),
    [
        (made(DATABASE), 1),
        (made(DATABASE, whitelistedIps=["203.0.113.9"]), 0),
        (made(DATABASE, whitelistedIps=["0.0.0.0/0"]), 1),
        (made(DATABASE, sourceId="another"), 0),
        (made("kubernetes:core/v1:Service", metadata={"name": "open"}, **BALANCER), 1),
        (made("oci:Artifacts/containerRepository:ContainerRepository", isPublic=True), 1),
        (made("oci:ObjectStorage/preauthrequest:Preauthrequest", accessType="AnyObjectRead"), 0),
    ],
)
def test_a_resource_with_a_public_address_of_its_own(resource: Resource, alarms: int):
    found = section_of([resource])
    assert len(found.failures["open-to-internet"]) == alarms
    assert ("made" in [each["to"] for each in rows(found, "internet")]) == (
        resource.inputs != {"sourceId": "another"}
    )


def test_nodes_in_a_public_subnet_have_public_addresses():
    resources = changed(standing("staging"), ":Subnet", {"prohibitPublicIpOnVnic": False})
    assert {each["name"] for each in rows(section_of(resources), "places") if each["public"]} >= {
        "nodes of staging-system"
    }


def test_a_pair_that_must_connect_and_cannot_is_an_alarm():
    resources = [
        each for each in standing("staging") if each.inputs.get("description") != "Control plane to api"
    ]
    found = section_of(resources)
    assert any("nodes to the control plane" in said for said in cast("list[str]", found.data["closed"]))
    assert [each for each in found.blocks if getattr(each, "level", "") == "alarm"]


@pytest.mark.parametrize(
    ("of", "counted"),
    [
        (lambda each: each.type == GROUP_RULE, "security rule"),
        (lambda each: each.type.endswith(":Bastion"), "bastion"),
    ],
)
def test_what_is_not_known_yet_is_listed_and_nothing_is_claimed_about_it(
    of: Callable[[Resource], bool], counted: str
):
    unknown = [
        replace(each, id=None, inputs=dict.fromkeys(each.inputs, UNKNOWN), outputs={}) if of(each) else each
        for each in standing("staging")
    ]
    found = section_of(unknown)
    listed = {each["name"] for each in rows(found, "unknown")}
    assert listed == {each.name for each in unknown if of(each)} != set(), counted
    assert found.data["closed"] == []
    assert found.data["unknownCount"] == len(listed)
    (failure,) = found.failures["open-to-internet"]
    assert failure.startswith("not known before up, and may be open: ")
    assert found.data["alarms"] == []


def test_types_with_a_subnet_that_are_not_known_are_counted():
    found = section_of(
        [
            made("oci:Mysql/mysqlDbSystem:MysqlDbSystem", subnetId="s"),
            made("oci:Core/vcn:Vcn"),
            made("oci:Core/publicIp:PublicIp", lifetime="RESERVED"),
            made("oci:Core/publicIp:PublicIp", lifetime="RESERVED", privateIpId="of a card"),
        ]
    )
    assert found.data["notRead"] == [
        {"type": "oci:Core/publicIp:PublicIp", "count": 1},
        {"type": "oci:Mysql/mysqlDbSystem:MysqlDbSystem", "count": 1},
    ]


@pytest.mark.parametrize("peer", ["::/0", ANYWHERE])
def test_ipv6_is_not_checked_and_so_is_said(peer: str):
    rule = {"protocol": "all", "source": peer}
    rules = [made(GROUP_RULE, direction="INGRESS", **rule), made(LISTS[0], ingressSecurityRules=[rule])]
    found = section_of([replace(each, name=each.type) for each in rules])
    assert found.data["ipv6Rules"] == ([GROUP_RULE, LISTS[0]] if peer == "::/0" else [])
    said = [each.parts[0] for each in found.blocks if isinstance(each, Sentence) and each.level == "warning"]
    assert ("Not checked: rules about IPv6: " in said) == (peer == "::/0")


def test_pods_are_reached_as_security_rules_and_policies_allow_together():
    found = rows(section_of(standing("prod")), "pods")
    told = {(start, end): each["ports"] for each in found for start in each["from"] for end in each["to"]}
    assert told["monitoring/alertmanager", "monitoring/alert-relay"] == "TCP 8080"
    assert ("pods of keda", "monitoring/alert-relay") not in told
    model = "serving/qwen3-32b"
    assert told["other pods of envoy-gateway-system", model] == told[model, "serving/qwen3-32b-router"] != ""
    assert told["serving/qwen3-32b-router", "the internet"] == "TCP 443"
    assert (model, "the internet") not in told, "an engine calls nobody outside"
    assert {each["toWords"] for each in found} >= {"all of serving", "all of weights"}


def test_every_word_of_the_tables_is_a_name_or_a_group():
    groups = {"all of a": frozenset({"a/1", "a/2"}), EVERYONE: frozenset({"a/1", "a/2", "b/1", "nodes"})}
    assert few_words(["a/1", "a/2", "nodes"], {**groups, EVERYONE: frozenset()}) == "nodes, all of a"
    assert few_words(["a/1", "a/2", "b/1", "nodes"], groups) == EVERYONE
    assert few_words(["a/1", "a/2", "b/1"], groups) == "everyone but nodes"
    assert few_words(["a/2", "b/1", *"cdefgh"], {}) == "a/2, b/1, c, d, e, f and 2 more"


def test_pods_of_a_policy_have_one_name_in_the_program_and_in_a_preview():
    def names(resources: Sequence[Resource]) -> set[str]:
        return {str(name) for each in rows(section_of(resources), "pods") for name in each["from"]}

    labels = {"app": "proxy", "name": "models"}
    policies = [
        made(
            "kubernetes:networking.k8s.io/v1:NetworkPolicy",
            metadata={"name": "some", "namespace": "gateways"},
            spec={"podSelector": {"matchLabels": dict(found)}, "policyTypes": ["Ingress"]},
        )
        for found in (labels.items(), reversed(labels.items()))
    ]
    assert all("gateways/proxy models" in names([*standing("staging"), each]) for each in policies)
