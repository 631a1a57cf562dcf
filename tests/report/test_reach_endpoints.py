"""The program's networks allow every connection that Oracle's table for OKE requires."""

from dataclasses import replace
from typing import get_args

import pytest

from facts.oke_pairs import Kind
from facts.prices import load_prices
from infra.offline.answers import fake_id
from report.markdown import comment
from report.reach import Network
from report.reach_endpoints import blocked_connections, blocked_pairs, endpoints_of, program_network
from report.reach_reading import GROUP_RULE, read_network
from report.resources import UNKNOWN, Resource, from_recording
from tests.infra.snapshots import EXAMPLES, STACKS, run
from tests.report import states


def standing(stack: str) -> list[Resource]:
    return from_recording(run(stack).resources)


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_every_pair_of_oracles_table_can_talk(stack: str):
    resources = standing(stack)
    closed = [(pair.why, why) for pair, why in blocked_pairs(resources, program_network(resources))]
    assert closed == []


def test_every_kind_of_endpoint_is_found_in_the_stacks():
    kinds = set[str]()
    for stack in ("staging", "prod", "nfs-weights", "lustre-weights"):
        resources = standing(stack)
        kinds |= endpoints_of(resources, read_network(resources)).keys()
    assert kinds == {*get_args(Kind)}


def network_without(resources: list[Resource], description: str) -> Network:
    kept = [each for each in resources if each.inputs.get("description") != description]
    assert len(kept) < len(resources), description
    return read_network(kept)


@pytest.mark.parametrize(
    ("stack", "description", "closes"),
    [
        ("staging", "Kubernetes API from the bastion", "sessions of the bastion to the Kubernetes API"),
        ("staging", "Kubelet and webhooks from api", "the API to kubelets"),
        ("staging", "Control plane to api", "nodes to the control plane"),
        ("staging", "Webhooks to worker", "the API to webhooks on the node's network"),
        ("staging", "HTTPS to the internet", "nodes to the internet"),
        ("staging", "Oracle services", "the control plane to OKE"),
        ("staging", "Path MTU discovery from anywhere", "path discovery"),
        ("prod", "PostgreSQL to database", "workers to PostgreSQL"),
        ("prod", "PostgreSQL from pod", "pods to PostgreSQL"),
        ("prod", "Redis from worker", "workers to the cache"),
        ("prod", "OpenSearch from pod", "pods to OpenSearch and its dashboards"),
        ("prod", "OpenSearch Dashboards from pod", "pods to OpenSearch and its dashboards"),
        ("prod", "Oracle Database to database", "pods to the Autonomous Database"),
        ("prod", "Streaming on 9092 from pod", "pods to Streaming"),
        ("prod", "HTTPS from the internet", "clients to the public load balancer"),
        ("prod", "HTTP from the internet", "clients to the public load balancer"),
        ("prod", "Requests to backend", "the public load balancer to the gateways"),
        ("prod", "Requests from the public subnet", "the public load balancer to the gateways"),
        ("nfs-weights", "NFS over TCP from worker", "nodes to mount targets"),
        ("nfs-weights", "Portmapper over UDP to filestorage", "nodes to mount targets"),
        ("lustre-weights", "Lustre from worker", "nodes to Lustre"),
    ],
)
def test_a_missing_rule_blocks_its_connection(stack: str, description: str, closes: str):
    resources = standing(stack)
    closed = [pair.why for pair, _ in blocked_pairs(resources, network_without(resources, description))]
    assert any(why.startswith(closes) for why in closed), closed


def test_a_bastion_beside_the_endpoint_reaches_nothing():
    beside = {"targetSubnetId": fake_id("oci:x:subnet", "staging-network-api")}
    resources = [
        replace(each, inputs={**each.inputs, **beside}, outputs={})
        if each.type.endswith(":Bastion")
        else each
        for each in standing("staging")
    ]
    (closed,) = blocked_pairs(resources, read_network(resources))
    assert closed[1].startswith("bastion stagingbastion: no rule in the lists of subnet staging-network-api")


def test_no_two_rules_of_a_stack_are_the_same():
    for stack in STACKS:
        rules = [each.inputs for each in standing(stack) if each.type == GROUP_RULE]
        told = [str(sorted({**each, "description": ""}.items())) for each in rules]
        assert 0 < len(set(told)) == len(told), stack


def test_each_reason_is_listed_once():
    resources = [
        each for each in standing("staging") if each.inputs.get("description") != "Webhooks to worker"
    ]
    lines = blocked_connections(resources)
    assert len(set(lines)) == len(lines)
    assert lines[0].startswith(
        "the API to webhooks on the node's network: the API endpoint: no rule in the lists of"
    )


def test_a_preview_that_knows_no_ocids_yet_says_nothing():
    unknown = [
        replace(each, id=None, inputs=dict.fromkeys(each.inputs, UNKNOWN)) for each in standing("staging")
    ]
    assert blocked_connections(unknown) == []


def test_the_comment_names_the_connections_that_a_change_blocks():
    before = standing("staging")
    rule = next(
        each for each in before if each.inputs.get("description") == "Kubernetes API from the bastion"
    )
    state = {"urn": rule.urn, "type": rule.type, "id": rule.id, "custom": True, "inputs": dict(rule.inputs)}
    change = {"steps": [states.step("delete", state)]}
    said = comment(change, load_prices(), stack="staging", before=before)
    assert "> - **CLOSED: sessions of the bastion to the Kubernetes API: the API endpoint: no rule" in said
    assert "CLOSED" not in comment({"steps": []}, load_prices(), stack="staging", before=before)
