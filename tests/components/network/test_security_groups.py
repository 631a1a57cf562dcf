"""SecurityGroups: the whole port table, with groups that refer to each other."""

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from components.network.security_groups import SecurityGroups, SecurityGroupsArgs, port_table
from facts.limits import NSG_RULES
from facts.ports import ALLOWED, CLIENT_PORTS, RULES, Group
from facts.problem import InvalidInput
from infra.offline.recording import Registered
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

GROUPS = get_args(Group)
GROUP = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
CIDRS = {
    "public": "10.0.1.0/24",
    "private": "10.0.2.0/24",
    "api": "10.0.0.0/28",
    "bastion": "10.0.0.16/28",
}


def groups(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": "c", "vcn_id": "v", "subnet_cidrs": CIDRS, "service_cidr": "all-iad", **changes}
    return run(lambda: SecurityGroups("nsg", SecurityGroupsArgs(**args), oci_options()) and None, preview)


def rules_of(seen: Recording, group: str) -> list[Registered]:
    return [each for each in seen.of_type(RULE) if each.name.startswith(f"nsg-{group}-")]


def peers(rules: list[Registered], direction: str) -> set[tuple[str, str]]:
    """Pairs of peer and destination ports."""
    found: set[tuple[str, str]] = set()
    for each in rules:
        inputs = each.inputs
        if inputs["direction"] == direction:
            options = inputs.get("tcpOptions") or inputs.get("udpOptions") or {}
            ports = options.get("destinationPortRange", {})
            peer = inputs.get("source") or inputs["destination"]
            found.add((peer.removeprefix("ocid1.networksecuritygroup.oc1.iad."), f"{ports.get('min', '')}"))
    return found


def test_every_group_of_the_port_table_is_created_and_is_an_output():
    outputs = groups().named("nsg").outputs
    assert outputs is not None
    assert outputs["groupIds"] == {
        group: f"ocid1.networksecuritygroup.oc1.iad.nsg-{group}-group" for group in GROUPS
    }


def test_every_rule_of_the_port_table_is_made_in_its_group():
    seen = groups()
    for group in GROUPS:
        expected = {rule.description for rule in RULES if rule.group == group and rule.peer != ALLOWED}
        assert {each.inputs["description"] for each in rules_of(seen, group)} == expected


def test_rules_refer_to_groups_by_id_in_any_order_of_creation():
    seen = groups()
    assert ("nsg-pod-group", "") in peers(rules_of(seen, "worker"), "EGRESS")
    assert ("nsg-worker-group", "") in peers(rules_of(seen, "pod"), "INGRESS")


def test_a_rule_waits_for_the_group_that_it_names():
    seen = groups()
    rule = next(
        each
        for each in rules_of(seen, "worker")
        if each.inputs.get("destination", "").endswith("nsg-pod-group")
    )
    assert seen.named("nsg-pod-group", GROUP).urn in rule.depends_on


def test_databases_are_reached_from_the_backend_only():
    inward = peers(rules_of(groups(), "database"), "INGRESS")
    assert {peer for peer, _ in inward} == {"nsg-backend-group"}


def test_the_private_subnet_reaches_the_model_ports_of_the_gpu_group():
    assert ("10.0.2.0/24", "8000") in peers(rules_of(groups(), "gpu"), "INGRESS")


def test_load_balancers_reach_the_health_check_of_nodes():
    assert ("nsg-loadbalancer-group", "10256") in peers(rules_of(groups(), "worker"), "INGRESS")


def test_the_api_endpoint_has_one_rule_for_each_allowed_cidr():
    seen = groups(allowed_cidrs=["192.0.2.0/24", "198.51.100.7/32"])
    assert {("192.0.2.0/24", "6443"), ("198.51.100.7/32", "6443")} <= peers(rules_of(seen, "api"), "INGRESS")
    assert len(seen.of_type(RULE)) == len(groups().of_type(RULE)) + 2


def test_nobody_outside_reaches_the_api_endpoint_by_default():
    sources = {peer for peer, _ in peers(rules_of(groups(), "api"), "INGRESS")}
    assert sources == {"nsg-worker-group", "nsg-pod-group"}


def test_a_bastion_reaches_the_api_endpoint_from_its_own_subnet():
    sources = peers(rules_of(groups(bastion=True), "api"), "INGRESS")
    assert ("10.0.0.16/28", "6443") in sources
    assert ("10.0.0.0/28", "6443") not in sources, "nobody stands beside the endpoint"


def test_the_api_endpoint_calls_webhooks_on_any_port_of_a_node():
    assert ("nsg-worker-group", "") in peers(rules_of(groups(), "api"), "EGRESS")


@pytest.mark.parametrize("group", ["worker", "pod", "loadbalancer", "frontend"])
def test_groups_with_internet_access_receive_the_message_that_a_packet_was_too_large(group: str):
    inward = [each.inputs for each in rules_of(groups(), group) if each.inputs["direction"] == "INGRESS"]
    found = [each for each in inward if each.get("icmpOptions") == {"type": 3, "code": 4}]
    assert [each["source"] for each in found] == ["0.0.0.0/0"]


def test_no_two_rules_of_the_whole_table_are_the_same():
    table = port_table(file_storage=True, lustre=True, databases=list(CLIENT_PORTS), bastion=True)
    told = [replace(each, description="") for each in table]
    assert len(set(told)) == len(told)


def test_oracle_services_are_named_by_the_label_of_the_region():
    assert ("all-iad", "") in peers(rules_of(groups(), "worker"), "EGRESS")


def test_storage_groups_are_created_only_on_request():
    assert "filestorage" not in {rule.group for rule in port_table()}
    seen = groups(file_storage=True, lustre=True)
    assert ("nsg-worker-group", "2048") in peers(rules_of(seen, "filestorage"), "INGRESS")
    assert ("nsg-lustre-group", "988") in peers(rules_of(seen, "lustre"), "INGRESS")


def test_a_first_preview_shows_the_same_rules_with_unknown_peers():
    known, first = groups(), groups(preview=True)
    assert [each["urn"] for each in first.snapshot()] == [each["urn"] for each in known.snapshot()]
    assert {each.inputs.get("destination") for each in rules_of(first, "pod")} >= {UNKNOWN, "all-iad"}


@pytest.mark.parametrize(
    ("cidrs", "says"),
    [
        (["192.0.2.1/24"], r"nsg\.allowedCidrs\[0\].*Use 192\.0\.2\.0/24"),
        (["192.0.2.0/24", "192.0.2.0/24"], r"nsg\.allowedCidrs\[1\].*not be repeated"),
        ([f"198.51.{i}.0/24" for i in range(120)], r"nsg\.allowedCidrs: 120; must be \d+ CIDRs or fewer"),
    ],
)
def test_wrong_allowed_cidrs_are_refused(cidrs: list[str], says: str):
    with pytest.raises(InvalidInput, match=says):
        groups(allowed_cidrs=cidrs)


def test_the_number_of_allowed_cidrs_fills_the_group():
    cidrs = [f"198.51.{i}.0/24" for i in range(120)]
    with pytest.raises(InvalidInput) as refused:
        groups(allowed_cidrs=cidrs)
    most = int(re.findall(r"must be (\d+) CIDRs", str(refused.value))[0])
    assert len(rules_of(groups(allowed_cidrs=cidrs[:most]), "api")) == NSG_RULES
    with pytest.raises(InvalidInput, match=rf"must be {most} CIDRs"):
        groups(allowed_cidrs=cidrs[: most + 1])


def test_nodes_and_pods_reach_only_the_existing_databases():
    seen = groups(databases=["Redis"])
    let_in = peers(rules_of(seen, "database"), "INGRESS")
    assert {("nsg-worker-group", "6379"), ("nsg-pod-group", "6379")} <= let_in
    assert ("nsg-pod-group", "5432") not in let_in
    assert ("nsg-database-group", "6379") in peers(rules_of(seen, "pod"), "EGRESS")
    assert ("nsg-database-group", "6379") in peers(rules_of(seen, "worker"), "EGRESS")


def test_without_databases_pods_reach_no_database():
    reached = peers(rules_of(groups(), "pod"), "EGRESS")
    assert reached
    assert all(peer != "nsg-database-group" for peer, _ in reached)


def test_an_unknown_database_is_refused():
    with pytest.raises(InvalidInput, match=r"nsg\.databases\[0\]: 'Mongo'; must be one of Oracle Database"):
        groups(databases=["Mongo"])
