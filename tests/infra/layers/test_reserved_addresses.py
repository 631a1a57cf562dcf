"""The setting `network.edge.loadBalancer.reservedAs` decides how each Service names its reserved address."""

from dataclasses import replace
from typing import Any

import pytest

from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file
from tests.infra.snapshots import file_of

NOTE = "oci.oraclecloud.com/reserved-private-ips"


@pytest.mark.parametrize(("setting", "output"), [(None, "id"), ("ocid", "id"), ("address", "ipAddress")])
def test_each_service_names_its_address_in_the_chosen_form(setting: str | None, output: str) -> None:
    file = read_stack_file("prod", file_of("prod"))
    sections: dict[str, Any] = {**file.sections}
    network = sections["network"]
    balancer = {**network["edge"]["loadBalancer"], **({"reservedAs": setting} if setting else {})}
    sections["network"] = {**network, "edge": {**network["edge"], "loadBalancer": balancer}}
    found = run_offline(replace(file, sections=sections), "prod").resources
    addresses = {each.name: each for each in found if each.type == "oci:Core/privateIp:PrivateIp"}
    notes = {
        each.name: each.inputs["metadata"].get("annotations") or {}
        for each in found
        if "/v1:Service" in each.type
    }
    named = {name: given[NOTE] for name, given in notes.items() if NOTE in given}
    expected = {
        name.replace("entry", "gateways").replace("address", "balancer"): (
            each.id if output == "id" else (each.outputs or {})[output]
        )
        for name, each in addresses.items()
    }
    assert len(named) == len(expected) == 3
    assert named == expected
