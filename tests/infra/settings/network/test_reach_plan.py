"""`check` searches the network that the program creates, and reports endpoints that cannot connect."""

from typing import Any

import pytest

import infra.settings.network.reach_plan as plan
from components.network.security_groups import port_table
from facts.ports import CLIENT_PORTS, PortRule
from infra.project.stackfile import read_stack_file
from infra.settings import Settings, examine
from report.reach import Network
from report.reach_endpoints import blocked_among, blocked_pairs
from report.reach_reading import read_network
from report.resources import from_recording
from tests.infra.settings.examples import Change, config
from tests.infra.snapshots import file_of, run

TABLE = port_table(bastion=True, databases=[*CLIENT_PORTS], file_storage=True, lustre=True)

MADE = {"balancer", "edge", "backend"}
"""Load balancers: the plan has one of each cluster, and the program creates those of its Services and of the edge."""


def settings_of(stack: str) -> Settings:
    file = read_stack_file(stack, file_of(stack))
    settings = examine(file.sections, stack, encrypted=file.encrypted).settings
    assert settings is not None
    return settings


def planned(of: Settings, without: str = "") -> Network:
    return plan.planned_network(
        tenancy=of.tenancy,
        network=of.network,
        cluster=of.cluster,
        gpu=of.gpu,
        storage=of.storage,
        database=of.database,
        without=without,
    )


@pytest.mark.parametrize("stack", ["staging", "prod", "nfs-weights", "lustre-weights"])
def test_a_missing_rule_has_the_same_effect_in_the_plan_and_in_the_registered_network(stack: str):
    resources, settings = from_recording(run(stack).resources), settings_of(stack)
    for description in sorted({each.description for each in TABLE}):
        kept = [each for each in resources if each.inputs.get("description") != description]
        registered = {
            pair.why
            for pair, _ in blocked_pairs(kept, read_network(kept))
            if not MADE & {pair.source, pair.target}
        }
        network = planned(settings, without=description)
        endpoints = plan.planned_endpoints(
            network, cluster=settings.cluster, storage=settings.storage, database=settings.database
        )
        planned_pairs = {
            pair.why for pair, _ in blocked_among(endpoints, network) if not MADE & {pair.source, pair.target}
        }
        assert planned_pairs == registered, description


def problems_without(description: str, monkeypatch: pytest.MonkeyPatch, *changes: Change) -> list[str]:
    def table(**options: Any) -> tuple[PortRule, ...]:
        return tuple(each for each in port_table(**options) if each.description != description)

    monkeypatch.setattr(plan, "port_table", table)
    return [str(each) for each in examine(config(*changes), "test").problems]


def test_a_required_pair_that_cannot_connect_is_reported(monkeypatch: pytest.MonkeyPatch):
    (said,) = problems_without("Control plane to api", monkeypatch)[:1]
    assert said.startswith(
        "network: 'nodes to the control plane'; must be able to connect: the worker: no rule"
    )


def test_a_deployer_that_no_rule_lets_in_is_reported(monkeypatch: pytest.MonkeyPatch):
    inside: Change = ("tenancy.deployer", {"access": "inside", "cidr": "10.0.2.250/32"})
    (said,) = problems_without("Kubernetes API from the allowed CIDRs", monkeypatch, inside)
    assert said.startswith(
        "tenancy.deployer.access: 'inside'; must reach the Kubernetes API: the api: no rule"
    )


@pytest.mark.parametrize("access", ["inside", "internet"])
def test_a_deployer_that_a_rule_lets_in_has_no_problem(access: str):
    cidr, endpoint = ("10.0.2.250/32", "private") if access == "inside" else ("198.51.100.7/32", "public")
    changes: list[Change] = [
        ("tenancy.deployer", {"access": access, "cidr": cidr}),
        ("cluster.endpoint", {"access": endpoint, "allowedCidrs": ["198.51.100.0/24"]}),
    ]
    assert not examine(config(*changes), "test").problems


@pytest.mark.parametrize("named", [True, False], ids=["allowed", "deployer"])
def test_a_caller_that_the_bastions_rule_lets_in_gets_no_second_rule(named: bool):
    changes: list[Change] = [
        ("network.subnets", {"bastion": "10.0.200.0/28"}),
        ("network.bastionClientCidrs", ["203.0.113.0/24"]),
        ("tenancy.deployer", {"access": "inside", "cidr": "10.0.200.3/32" if named else "10.0.200.0/28"}),
        ("cluster.endpoint", {"access": "private", "allowedCidrs": ["10.0.200.0/28"] if named else []}),
    ]
    settings = examine(config(*changes), "test").settings
    assert settings is not None
    rules = planned(settings).groups["api"]
    assert [each.name for each in rules if each.peer == "10.0.200.0/28"] == [
        "Kubernetes API from the bastion"
    ]
