"""The networks that must contain the addresses of the deployer."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import Change, config

HALVES = ["198.51.100.128/25", "198.51.100.0/25"]


@pytest.mark.parametrize(
    "changes",
    [
        [
            ("cluster.endpoint", {"access": "public", "allowedCidrs": HALVES}),
            ("tenancy.deployer.access", "internet"),
        ],
        [("network.bastionClientCidrs", HALVES)],
    ],
    ids=["a public endpoint", "a tunnel"],
)
def test_several_allowed_networks_may_contain_a_deployer_together(changes: list[Change]):
    both = [*changes, ("tenancy.deployer.cidr", "198.51.100.0/24")]
    assert not examine(config(*both), "test").problems
    wider = [*changes, ("tenancy.deployer.cidr", "198.51.100.0/23")]
    assert "tenancy.deployer.cidr" in {each.path for each in examine(config(*wider), "test").problems}
