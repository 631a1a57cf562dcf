"""Wrong configurations of the gateway and its tenants are named with their path and message."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import Change, config
from tests.infra.settings.refusals_of_traffic_edges import OF_EDGES
from tests.infra.settings.refusals_of_traffic_gateway import EVERY, behind_edge, counted, served
from tests.infra.settings.wrong.case import Wrong


@pytest.mark.parametrize("wrong", [*EVERY, *OF_EDGES], ids=lambda wrong: wrong.name)
def test_a_wrong_gateway_is_named(wrong: Wrong):
    wrong.assert_named()


@pytest.mark.parametrize(
    "right",
    [
        served(),
        served(keys=["tenant-research", "tenant-research-2"], promptTokens=40_959),
        served(("traffic.certificate", {"issuer": "ca"}), ("serving.platform.certManager", {})),
        served(("serving.models.0.engineOptions", {"scheduling-policy": "priority"}), priority=-5),
        counted(requestsPerMinute=600, tokensPerMinute=4_000_000, promptTokens=32_000),
        behind_edge(("network.edge.firewall", {"requestsLimit": 600}), requestsPerMinute=600),
    ],
    ids=["smallest", "two keys", "issuer", "priority", "limits", "edge"],
)
def test_a_right_gateway_passes(right: list[Change]):
    assert not examine(config(*right), "test").problems


@pytest.mark.parametrize(
    "key",
    [
        "Zk3mQ9xTb7LwPj2Rv8NcYd5HsG4f",
        "3q2+7wAbQdEf9hIj/KlMnOp1rStU",  # openssl rand -base64
        "Drmhze6-PEcv0fN_81Bj-nAqwe7Xc1b",  # secrets.token_urlsafe
        "s3cret!",
    ],
)
def test_the_key_itself_is_in_no_message(key: str):
    problems = examine(config(*served(keys=[key])), "test").problems
    assert [problem.path for problem in problems] == ["traffic.tenants[0].keys[0]"]
    assert key not in str(problems[0])


@pytest.mark.parametrize(
    "name", ["a", "Tenant-Research-Production-Key-2026", "research.eu-frankfurt-1.key-2"]
)
def test_the_name_of_a_vault_secret_passes(name: str):
    assert not examine(config(*served(keys=[name])), "test").problems


def test_a_problem_that_two_rules_find_is_named_once():
    problems = examine(config(*served(("traffic.hostName", None))), "test").problems
    assert [problem.path for problem in problems].count("traffic.hostName") == 1
