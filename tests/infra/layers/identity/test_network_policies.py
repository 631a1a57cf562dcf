"""The policies for a network in another compartment."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import cast

import pulumi
import pytest

from components.identity.principal_grants import cluster_network_grants
from facts.policies import DynamicGroup, statement_problems
from infra.existing.found import Existing, FoundCluster, FoundNetwork
from infra.layers.identity.network_policies import network_policies
from infra.layers.identity.workload_policies import workload_policies
from infra.layers.pool_hours import hours_policies
from infra.program.context import Context
from infra.settings import examine
from tests.infra.settings.examples import config

OURS, THEIRS, CLUSTERS = (f"ocid1.compartment.oc1..aaaa{name}" for name in ("ours", "theirs", "clusters"))


def statements() -> Mapping[str, str]:
    return {key: str(each) for key, each in cluster_network_grants(OURS, THEIRS, CLUSTERS).items()}


def test_the_cluster_gets_oracles_grants_in_the_compartments_that_have_a_part() -> None:
    principal = f"request.principal.type = 'cluster', request.principal.compartment.id = '{CLUSTERS}'"
    assert sorted(statements().values()) == sorted(
        f"Allow any-user to {what} in compartment id {place} where all {{{principal}}}"
        for what, place in (
            ("manage instances", OURS),
            ("use private-ips", THEIRS),
            ("use network-security-groups", OURS),
            ("use network-security-groups", THEIRS),
        )
    )


def existing(network: str, cluster: str = "") -> Existing:
    return Existing(
        network=FoundNetwork(vcn_id="v", cidrs=["10.0.0.0/16"], subnets={}, compartment_id=network),
        cluster=FoundCluster(cluster_id="c", private_endpoint="", compartment_id=cluster)
        if cluster
        else None,
    )


@pytest.mark.parametrize(
    ("found", "granted"),
    [
        (Existing(), False),
        (existing(OURS), False),
        (existing(OURS, OURS), False),
        (existing(""), False),
        (existing(THEIRS), True),
        (existing(OURS, CLUSTERS), True),
    ],
)
def test_a_policy_is_added_only_for_another_compartment(found: Existing, granted: bool) -> None:
    context = cast(Context, SimpleNamespace(compartment_id=OURS))
    assert ("network" in network_policies(context, found)) == granted


@pytest.mark.parametrize("text", statements().values())
def test_each_word_is_one_of_oci(text: str) -> None:
    assert [*statement_problems(text, path="x")] == []


@pytest.mark.parametrize("elsewhere", ["", THEIRS])
def test_the_autoscaler_gets_its_grants_for_a_network_in_another_compartment(elsewhere: str) -> None:
    """A policy grants only in its own compartment and below, so this one is in the tenancy."""
    sized = [("gpu.pools.0.sizeOwner", "external"), ("gpu.pools.0.minNodes", 1), ("gpu.pools.0.maxNodes", 2)]
    settings = examine(config(*sized), "test").settings
    assert settings is not None
    context = cast(Context, SimpleNamespace(compartment_id=OURS))
    found = workload_policies(settings, context, cast("pulumi.Output[str]", "cluster"), elsewhere)
    assert OURS in str(found["autoscaler"].statements)
    assert THEIRS not in str(found["autoscaler"].statements)
    further = found.get("autoscaler-network")
    assert (further is not None) == bool(elsewhere)
    if further is not None:
        assert further.in_tenancy
        assert all(f"in compartment id {THEIRS} " in str(text) for text in further.statements.values())


@pytest.mark.parametrize("elsewhere", ["", THEIRS])
def test_the_functions_that_start_pools_may_use_a_network_in_another_compartment(elsewhere: str) -> None:
    context = cast(Context, SimpleNamespace(compartment_id=OURS, tenancy_id="tenancy"))
    group, pools, schedules = DynamicGroup("hours"), {"gpu": "pool"}, {"stop": "s1", "start": "s2"}
    found = hours_policies(group, context, elsewhere, pools, schedules)
    assert {who: each.compartment_id for who, each in found.items()} == {
        "functions": OURS,
        "schedules": OURS,
        **({"network": "tenancy"} if elsewhere else {}),
    }
    if elsewhere:
        words = {
            str(text).removesuffix(f" in compartment id {THEIRS}")
            for text in found["network"].statements.values()
        }
        assert "Allow dynamic-group hours to use subnets" in words
        assert not [text for text in words if "instance" in text or "compartment id" in text]
