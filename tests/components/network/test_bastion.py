"""BastionHost: which clients may open sessions, and for how long."""

from typing import Any

import pytest

from components.network.bastion import BastionHost, BastionHostArgs, bastion_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run


def bastion(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": "c", "target_subnet_id": "s", "client_cidrs": ["192.0.2.0/24"], **changes}
    return run(
        lambda: BastionHost("staging-way-in", BastionHostArgs(**args), oci_options()) and None,
        preview,
        outputs=lambda *_: {"privateEndpointIpAddress": "10.0.0.5"},
    )


def test_a_bastion_leads_into_the_subnet_for_three_hours_at_most():
    inputs = bastion().one("oci:Bastion/bastion:Bastion").inputs
    assert inputs == {
        "bastionType": "standard",
        "compartmentId": "c",
        "targetSubnetId": "s",
        "name": "stagingwayin",
        "clientCidrBlockAllowLists": ["192.0.2.0/24"],
        "maxSessionTtlInSeconds": 10800,
    }


def test_its_outputs_are_its_id_and_the_source_address_of_sessions():
    expected = {"bastionId": "ocid1.bastion.oc1.iad.staging-way-in-bastion", "privateIp": "10.0.0.5"}
    assert bastion().named("staging-way-in").outputs == expected


def test_it_survives_a_first_preview():
    seen = bastion(preview=True)
    assert seen.named("staging-way-in").outputs == {"bastionId": UNKNOWN, "privateIp": UNKNOWN}


def test_its_creation_may_take_a_long_time():
    assert bastion().one("oci:Bastion/bastion:Bastion").custom_timeouts.create == "30m"


def test_a_replaced_bastion_releases_its_name_first():
    assert bastion().one("oci:Bastion/bastion:Bastion").delete_before_replace


def test_a_bastion_that_allows_nobody_is_refused():
    with pytest.raises(InvalidInput, match="at least one CIDR"):
        bastion(client_cidrs=[])


@pytest.mark.parametrize(
    ("cidrs", "seconds", "path"),
    [
        (["192.0.2.1/24"], None, "b.clientCidrs[0]"),
        (["192.0.2.0/24", "here"], None, "b.clientCidrs[1]"),
        (["192.0.2.0/24", "192.0.2.0/24"], None, "b.clientCidrs[1]"),
        (["0.0.0.0/0"], None, "b.clientCidrs"),
        (["0.0.0.0/1", "128.0.0.0/1"], None, "b.clientCidrs"),
        (["192.0.2.0/24"], 60, "b.maxSessionSeconds"),
        (["192.0.2.0/24"], 86_400, "b.maxSessionSeconds"),
    ],
)
def test_invalid_values_are_reported_with_their_paths(cidrs: list[str], seconds: int | None, path: str):
    assert [problem.path for problem in bastion_problems(cidrs, seconds, path="b")] == [path]
