"""Networks in CIDR notation, in every place where a user or a program writes one."""

import pytest

from components.network.cidr_plan import cidr_problems, vcn_problems
from facts.cidrs import parse_network
from infra.settings import examine
from tests.infra.settings.examples import config

OTHER_FORMS = [
    "10.0.0.0/255.255.0.0",
    "10.0.0.0/0.0.255.255",
    "10.0.0.0/016",
    "10.0.0.0/\u0661\u0666",
    "10.0.0.0",
]
"""The same network in forms that Python or a person understands, but no cloud."""


@pytest.mark.parametrize("text", OTHER_FORMS)
def test_a_network_in_another_form_is_refused(text: str):
    assert parse_network(text) is None
    assert [*cidr_problems(text, path="p")]
    assert [*vcn_problems(text, path="p")]


@pytest.mark.parametrize("text", OTHER_FORMS)
@pytest.mark.parametrize(
    "path",
    [
        *("network.cidr", "network.subnets.api", "network.bastionClientCidrs.0", "tenancy.deployer.cidr"),
        *("cluster.servicesCidr", "cluster.endpoint.allowedCidrs.0"),
    ],
)
def test_check_refuses_a_network_in_another_form(path: str, text: str):
    changes = [("cluster.endpoint.allowedCidrs", ["203.0.113.0/24"]), (path, text)]
    named = {each.path for each in examine(config(*changes), "test").problems}
    assert path.replace(".0", "[0]") in named


@pytest.mark.parametrize("text", ["10.0.0.0/16", "0.0.0.0/0", "10.0.0.7/32", "fd00::/8", "::/0"])
def test_a_network_in_cidr_notation_is_read(text: str):
    assert str(parse_network(text)) == text
