"""The addresses that own nodes and pods already have in existing subnets."""

from collections.abc import Sequence

import pytest

from infra.existing.own_addresses import own_addresses
from infra.existing.reader import Row
from infra.settings import load
from tests.infra.settings.examples import Change, config
from tests.infra.settings.refusals_of_existing import NETWORK, ON_NETWORK
from tests.infra.settings.refusals_of_self_managed import MODE

GPU, PODS = NETWORK["subnets"]["gpu"], NETWORK["subnets"]["pods"]


class Account:
    """An account with one cluster network of this environment, and one of another."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def one(self, token: str, **_: str) -> Row:
        raise AssertionError(token)

    def rows(self, token: str, name: str, **_: str) -> Sequence[Row]:
        self.asked.append(token)
        networks = [
            {
                "displayName": f"{stack}-mi300x",
                "instancePools": [{"size": 2}],
                "placementConfigurations": [{"primaryVnicSubnets": [{"subnetId": GPU}]}],
            }
            for stack in ("test", "other")
        ]
        return networks if name == "clusterNetworks" else []


@pytest.mark.parametrize(("changes", "pods"), [([], 64), ([("gpu.pools.0.maxPods", 10)], 10)])
def test_nodes_of_a_cluster_network_and_their_pods_are_counted(changes: list[Change], pods: int) -> None:
    account = Account()
    settings = load(config(*ON_NETWORK, MODE, *changes), "test")
    assert own_addresses(account, settings) == {GPU: 2, PODS: 2 * pods}


def test_without_such_a_pool_the_account_is_not_asked_for_cluster_networks() -> None:
    account = Account()
    assert own_addresses(account, load(config(*ON_NETWORK), "test")) == {}
    assert account.asked == ["ContainerEngine/getNodePools"]
