"""Each policy holds for what it allows, and says what is wrong for each way to break it."""

import pytest

from policies.judging import judge
from policies.listed import POLICIES
from tests.policies import (
    cases_of_grants,
    cases_of_keys,
    cases_of_network,
    cases_of_nodes,
    cases_of_workloads,
)
from tests.policies.cases import Case

CASES = [
    *cases_of_nodes.CASES,
    *cases_of_network.CASES,
    *cases_of_keys.CASES,
    *cases_of_grants.CASES,
    *cases_of_workloads.CASES,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.policy}: {case.about}")
def test_a_policy_says_what_it_should(case: Case):
    found = [each for each in judge(POLICIES, case.resources) if each.policy == case.policy]
    if not case.says:
        assert found == []
        return
    assert [(each.urn, case.says in each.message) for each in found] == [(case.resources[0].urn, True)], found


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_policy_has_a_passing_and_a_failing_case(policy):
    says = {bool(case.says) for case in CASES if case.policy == policy.name}
    assert says == {True, False}
