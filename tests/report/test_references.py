"""What new resources refer to in a preview that does not know their OCIDs yet."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from facts.prices import load_prices
from report.document.model import Section
from report.markdown import comment
from report.reach_unknown import unknown_of
from report.references import Dependencies, resolved
from report.resources import Resource, from_recording
from report.sections.reach import reach
from report.view import View
from tests.report.states import UNKNOWN_VALUE
from tests.support.first_previews import recorded

ANYWHERE = "0.0.0.0/0"
HOST, DOOR, JUMP, DOORS = "host", "side-door", "jump", "doors"


def program() -> None:
    """Two ways in from the internet, both placed as in the toolkit's layers: from the ids of all subnets together."""
    from pulumi_oci import core

    vcn = core.Vcn("vcn", compartment_id="c", cidr_blocks=["10.0.0.0/16"])
    gateway = core.InternetGateway("gateway", compartment_id="c", vcn_id=vcn.id)
    nat = core.NatGateway("nat", compartment_id="c", vcn_id=vcn.id)
    tables = {"public": _table("table", vcn, gateway), "private": _table("private-table", vcn, nat)}
    subnet_id = _subnets(vcn, tables)["public"]
    groups = {
        name: core.NetworkSecurityGroup(name, compartment_id="c", vcn_id=vcn.id) for name in (JUMP, DOORS)
    }
    _rule("ssh-from-anywhere", groups[JUMP], ANYWHERE, 22)
    _rule("anyone-to-doors", groups[DOORS], ANYWHERE, 8080)
    _rule("from-our-nat", groups[DOORS], nat.nat_ip.apply(lambda ip: f"{ip}/32"), 9090)
    _ends(subnet_id, groups)
    core.Subnet(
        "bare",
        compartment_id="c",
        vcn_id=vcn.id,
        cidr_block="10.0.9.0/24",
        route_table_id=tables["public"].id,
    )


def _table(name: str, vcn: Any, way: Any) -> Any:
    from pulumi_oci import core

    rule = core.RouteTableRouteRuleArgs(
        destination=ANYWHERE, destination_type="CIDR_BLOCK", network_entity_id=way.id
    )
    return core.RouteTable(name, compartment_id="c", vcn_id=vcn.id, route_rules=[rule])


def _subnets(vcn: Any, tables: Mapping[str, Any]) -> Any:
    import pulumi
    from pulumi_oci import core

    empty = core.SecurityList("empty", compartment_id="c", vcn_id=vcn.id)
    made = {
        name: core.Subnet(
            name,
            compartment_id="c",
            vcn_id=vcn.id,
            cidr_block=f"10.0.{number}.0/24",
            display_name=name,
            route_table_id=table.id,
            security_list_ids=[empty.id],
            prohibit_public_ip_on_vnic=name != "public",
        )
        for number, (name, table) in enumerate(tables.items())
    }
    return pulumi.Output.all(**{name: each.id for name, each in made.items()})


def _rule(name: str, group: Any, source: Any, port: int) -> None:
    from pulumi_oci import core

    core.NetworkSecurityGroupSecurityRule(
        name,
        network_security_group_id=group.id,
        direction="INGRESS",
        protocol="6",
        source=source,
        source_type="CIDR_BLOCK",
        description=name,
        tcp_options={"destination_port_range": {"min": port, "max": port}},
    )


def _ends(subnet_id: Any, groups: Mapping[str, Any]) -> None:
    from pulumi_oci import core, networkloadbalancer

    core.Instance(
        HOST,
        compartment_id="c",
        availability_domain="ad1",
        display_name=HOST,
        shape="VM.Standard.E5.Flex",
        create_vnic_details={"subnet_id": subnet_id, "nsg_ids": [groups[JUMP].id]},
    )
    networkloadbalancer.NetworkLoadBalancer(
        DOOR,
        compartment_id="c",
        display_name=DOOR,
        subnet_id=subnet_id,
        is_private=False,
        network_security_group_ids=[groups[DOORS].id],
    )


@cache
def resources_of(*, preview: bool) -> Sequence[Resource]:
    return from_recording(recorded(program, preview=preview).resources)


def first() -> list[Resource]:
    """As the engine shows new resources: without outputs."""
    return [replace(each, outputs={}) for each in resources_of(preview=True)]


def section_of(resources: Sequence[Resource]) -> Section:
    return reach(View(stack="staging", prices=load_prices(), after=resources, unresolved=""))


def urn(name: str) -> str:
    return next(each.urn for each in first() if each.name == name)


def unknown(resources: Sequence[Resource]) -> set[str]:
    return {each.name for each in unknown_of(resources)}


def changed(name: str, **inputs: object) -> list[Resource]:
    """The run of a program that differs in one resource."""
    return [
        replace(each, inputs={**each.inputs, **inputs}) if each.name == name else each
        for each in resources_of(preview=False)
    ]


def test_a_way_in_from_the_internet_fails_in_the_first_preview_with_its_name():
    assert unknown(first()) >= {HOST, DOOR, JUMP, "public", "table", "ssh-from-anywhere"}
    found = section_of(resolved(first(), resources_of(preview=False), {}))
    after_up = section_of(resources_of(preview=False))
    assert found.data["alarms"] == after_up.data["alarms"]
    assert found.failures["open-to-internet"] == [
        "Instance host: TCP 22 from any address (ssh-from-anywhere)",
        "NetworkLoadBalancer side-door: TCP 8080 from any address (anyone-to-doors)",
        "not known before up, and may be open: from-our-nat, bare",
    ]


def test_what_the_cloud_decides_stays_unknown():
    found = resolved(first(), resources_of(preview=False), {})
    assert unknown(found) == {"from-our-nat", "bare"}, "an address, and the default list of a VCN"


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("public", {"cidrBlock": "10.0.7.0/24"}),
        ("table", {"routeRules": []}),
        ("anyone-to-doors", {"source": "203.0.113.0/24"}),
        (DOOR, {"subnetId": "ocid1.subnet.oc1.iad.elsewhere"}),
        (DOOR, {"subnetId": "ocid1.subnet.oc1.iad.public-and-more"}),
    ],
)
def test_a_resource_that_another_program_has_differently_stays_unknown(
    name: str, inputs: Mapping[str, object]
):
    assert unknown(resolved(first(), changed(name, **inputs), {})) == {name, "from-our-nat", "bare"}


def test_a_resource_that_another_program_does_not_have_stays_unknown():
    others = [each for each in resources_of(preview=False) if each.name != HOST]
    assert unknown(resolved(first(), others, {})) == {HOST, "from-our-nat", "bare"}


@pytest.mark.parametrize(
    ("dependencies", "stays"),
    [
        ({"subnetId": ("public", "private"), "networkSecurityGroupIds": (DOORS,)}, False),
        ({"subnetId": ("private",), "networkSecurityGroupIds": (DOORS,)}, True),
        ({}, True),
    ],
)
def test_the_engine_s_dependencies_must_have_what_a_value_refers_to(
    dependencies: Mapping[str, Sequence[str]], stays: bool
):
    told: Dependencies = {
        urn(DOOR): {field: [urn(each) for each in names] for field, names in dependencies.items()}
    }
    assert (DOOR in unknown(resolved(first(), resources_of(preview=False), told))) == stays


def test_existing_resources_keep_their_ocids_and_new_ones_refer_to_them():
    existing = "ocid1.subnet.oc1.iad.existing"
    after = [replace(each, id=existing) if each.name == "public" else each for each in first()]
    (door,) = [each for each in resolved(after, resources_of(preview=False), {}) if each.name == DOOR]
    assert door.inputs["subnetId"] == existing


def test_an_ocid_of_the_settings_is_known():
    given = "ocid1.subnet.oc1.iad.given"
    run = changed(DOOR, subnetId=given)
    (door,) = [each for each in resolved(first(), run, {}, {given}) if each.name == DOOR]
    assert door.inputs["subnetId"] == given


def test_the_comment_on_a_pull_request_names_a_way_in_that_the_change_opens():
    steps = [
        {"op": "create", "urn": each.urn, "newState": _state(each)} for each in resources_of(preview=True)
    ]
    (standing,) = from_recording(recorded(_bucket, preview=False).resources)

    def referred(view: View) -> View:
        return replace(view, after=resolved(view.after, resources_of(preview=False), {}))

    def said(**more: Any) -> str:
        return comment({"steps": steps}, load_prices(), stack="staging", before=[standing], **more)

    opened = "OPEN TO THE INTERNET: Instance host: TCP 22 from any address"
    assert opened in said(referred=referred)
    assert opened not in said()


def _bucket() -> None:
    from pulumi_oci import objectstorage

    objectstorage.Bucket("bucket", compartment_id="c", namespace="n", name="bucket")


def _state(resource: Resource) -> Mapping[str, object]:
    inputs = json.dumps(dict(resource.inputs), default=lambda _: UNKNOWN_VALUE)
    return {"urn": resource.urn, "type": resource.type, "custom": True, "inputs": json.loads(inputs)}
