"""SecurityGroup: named rules in OCI's form, and invalid rules."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.network.security_group import (
    SecurityGroup,
    SecurityGroupArgs,
    SecurityRuleArgs,
    security_group_problems,
)
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"


def rule(**changes: Any) -> SecurityRuleArgs:
    return SecurityRuleArgs(**{"direction": "ingress", "protocol": "tcp", "peer": "10.0.0.0/16", **changes})


def group(rules: Mapping[str, SecurityRuleArgs], preview: bool = False) -> Recording:
    args = SecurityGroupArgs(compartment_id="c", vcn_id="v", rules=rules, tags={"a": "b"})
    return run(lambda: SecurityGroup("web", args, oci_options()) and None, preview)


def one_rule(**changes: Any) -> dict[str, Any]:
    return group({"Rule": rule(**changes)}).one(RULE).inputs


def test_a_rule_is_named_and_described_by_its_key():
    seen = group({"HTTPS from the internet": rule(min_port=443)}).named("web-https-from-the-internet")
    assert seen.inputs["description"] == "HTTPS from the internet"
    assert seen.inputs["networkSecurityGroupId"] == "ocid1.networksecuritygroup.oc1.iad.web-group"


def test_a_rule_that_is_reworded_stays_the_same_resource():
    seen = group({"HTTPS": rule(min_port=443, description="From our users")}).named("web-https")
    assert seen.inputs["description"] == "From our users"


@pytest.mark.parametrize("other", [{"max_port": 443}, {"peer_type": "cidr"}, {"description": "again"}])
def test_two_rules_that_allow_the_same_traffic_are_refused(other: dict[str, Any]):
    rules = {"HTTPS": rule(min_port=443), "Web": rule(min_port=443, **other)}
    (problem,) = security_group_problems(rules, path="web")
    assert "must not allow the same traffic as 'HTTPS'" in str(problem)


def test_a_description_has_255_characters():
    (problem,) = security_group_problems({"HTTPS": rule(description="a" * 256)}, path="web")
    assert problem.path == "web.rules['HTTPS'].description"


def test_an_ingress_rule_names_its_source_and_no_destination():
    inputs = one_rule(min_port=8000, max_port=9000)
    assert (inputs["direction"], inputs["source"], inputs["sourceType"]) == (
        "INGRESS",
        "10.0.0.0/16",
        "CIDR_BLOCK",
    )
    assert inputs["tcpOptions"] == {"destinationPortRange": {"min": 8000, "max": 9000}}
    assert "destination" not in inputs


def test_an_egress_rule_names_its_destination_and_no_source():
    inputs = one_rule(direction="egress", peer="ocid1.nsg", peer_type="group", protocol="all")
    assert (inputs["destination"], inputs["destinationType"]) == ("ocid1.nsg", "NETWORK_SECURITY_GROUP")
    assert inputs["protocol"] == "all"
    assert not inputs.keys() & {"source", "tcpOptions", "udpOptions", "icmpOptions"}


@pytest.mark.parametrize(("protocol", "number"), [("tcp", "6"), ("udp", "17"), ("icmp", "1"), ("all", "all")])
def test_protocols_are_written_as_their_numbers(protocol: str, number: str):
    assert one_rule(protocol=protocol)["protocol"] == number


def test_one_port_is_a_range_of_itself():
    assert one_rule(protocol="udp", min_port=111)["udpOptions"] == {
        "destinationPortRange": {"min": 111, "max": 111}
    }


def test_a_rule_can_have_source_and_destination_ports():
    options = one_rule(min_port=988, min_source_port=512, max_source_port=1023)["tcpOptions"]
    assert options == {
        "destinationPortRange": {"min": 988, "max": 988},
        "sourcePortRange": {"min": 512, "max": 1023},
    }


def test_an_icmp_rule_gives_type_and_code():
    assert one_rule(protocol="icmp", icmp_type=3, icmp_code=4)["icmpOptions"] == {"type": 3, "code": 4}


def test_oracle_services_are_a_separate_kind_of_peer():
    assert one_rule(peer="all-iad-services", peer_type="services")["sourceType"] == "SERVICE_CIDR_BLOCK"


def test_a_first_preview_shows_every_rule_with_an_unknown_group():
    seen = group({"One": rule(), "Two": rule(direction="egress")}, preview=True)
    assert [each.inputs["networkSecurityGroupId"] for each in seen.of_type(RULE)] == [UNKNOWN, UNKNOWN]


def test_nothing_is_created_for_an_invalid_rule():
    with pytest.raises(InvalidInput, match=r"web\.rules\['One'\]\.protocol: 'tpc'.*Did you mean `tcp`"):
        group({"One": rule(protocol="tpc")})


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"direction": "in"}, "direction"),
        ({"protocol": "gre"}, "protocol"),
        ({"peer_type": "subnet"}, "peerType"),
        ({"peer": "10.0.0.1/16"}, "peer"),
        ({"peer": "10.0.0.1"}, "peer"),
        ({"min_port": 0}, "minPort"),
        ({"min_port": 90, "max_port": 80}, "minPort"),
        ({"min_port": 80, "max_port": 70_000}, "minPort"),
        ({"max_port": 80}, "minPort"),
        ({"min_port": 80, "protocol": "all"}, "minPort"),
        ({"max_source_port": 80}, "minSourcePort"),
        ({"icmp_type": 3}, "icmpType"),
        ({"icmp_type": 300, "protocol": "icmp"}, "icmpType"),
        ({"icmp_type": 3, "icmp_code": 256, "protocol": "icmp"}, "icmpType"),
        ({"icmp_code": 4, "protocol": "icmp"}, "icmpCode"),
    ],
)
def test_an_invalid_rule_is_reported_with_its_path(changes: dict[str, Any], path: str):
    problems = list(security_group_problems({"One": rule(**changes)}, path="web"))
    assert [problem.path for problem in problems] == [f"web.rules['One'].{path}"]


@pytest.mark.parametrize("description", ["", "---", "a" * 256])
def test_a_rule_must_describe_what_it_allows(description: str):
    assert list(security_group_problems({description: rule()}, path="web"))


def test_descriptions_that_would_share_a_name_are_refused():
    problems = list(security_group_problems({"To A": rule(), "to-a": rule()}, path="web"))
    assert "must differ from 'To A' in more than punctuation and case" in str(problems[0])


def test_a_group_has_at_most_120_rules():
    rules = {f"Rule {number}": rule(min_port=number + 1) for number in range(121)}
    assert [problem.path for problem in security_group_problems(rules, path="web")] == ["web.rules"]
