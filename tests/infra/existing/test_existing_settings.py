"""What `check` says about existing resources, without an account."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import DELETE, Change, config
from tests.infra.settings.refusals_of_added_subnets import ADDED_SUBNETS, NEW_GPU
from tests.infra.settings.refusals_of_existing import (
    EXISTING_CLUSTERS,
    EXISTING_NETWORKS,
    EXISTING_VAULTS,
    HUB,
    HUBS,
    ON_CLUSTER,
    ON_NETWORK,
)
from tests.infra.settings.wrong.case import Wrong

EVERY = [*EXISTING_NETWORKS, *ADDED_SUBNETS, *EXISTING_CLUSTERS, *EXISTING_VAULTS, *HUBS]


def test_a_stack_on_an_existing_network_has_no_problem() -> None:
    assert not examine(config(*ON_NETWORK), "test").problems


def test_a_new_subnet_in_an_existing_network_has_no_problem() -> None:
    assert not examine(config(*ON_NETWORK, NEW_GPU), "test").problems


def test_a_stack_on_an_existing_cluster_has_no_problem_and_needs_no_subnet_for_its_endpoint() -> None:
    less: list[Change] = [(f"network.existing.subnets.{role}", DELETE) for role in ("api", "loadbalancers")]
    assert not examine(config(*ON_CLUSTER, *less), "test").problems


def test_a_deployer_in_the_hub_reaches_the_endpoint() -> None:
    inside: Change = ("tenancy.deployer", {"access": "inside", "cidr": "10.100.1.10/32"})
    assert not examine(config(("network.hub", HUB), inside), "test").problems


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_refused_with_its_path(wrong: Wrong) -> None:
    wrong.assert_named()


def test_every_missing_subnet_is_named_at_once() -> None:
    problems = examine(config(*ON_NETWORK, ("network.existing.subnets", {})), "test").problems
    roles = ("api", "loadbalancers", "private", "gpu", "pods", "bastion")
    assert {each.path for each in problems} == {f"network.existing.subnets.{role}" for role in roles}
