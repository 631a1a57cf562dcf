"""The ranges of VCNs and subnets by the official SDK, which have operations of their own, and reserved addresses."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.core import VirtualNetworkClient, models

from sandbox.oci.model import Entry
from tests.sandbox.oci.minimal import ocid
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire

Refusal = Callable[[], Refused]
PRIVATE = "fd00:1000:0::/48"


@pytest.fixture
def network(wire: Wire) -> Any:
    return wire.client(VirtualNetworkClient)


def made_vcn(network: Any, **more: Any) -> Any:
    details = models.CreateVcnDetails(compartment_id=COMPARTMENT, cidr_blocks=["10.0.0.0/16"], **more)
    return network.create_vcn(details).data


def made_subnet(network: Any, vcn: Any, **more: Any) -> Any:
    given = {"compartment_id": COMPARTMENT, "vcn_id": vcn.id, "ipv4_cidr_blocks": ["10.0.1.0/24"]} | more
    return network.create_subnet(models.CreateSubnetDetails(**given)).data


def test_the_ipv4_ranges_of_a_subnet_are_added_changed_and_removed(network: Any, refused: Refusal) -> None:
    vcn = made_vcn(network)
    subnet = made_subnet(network, vcn)

    def add(block: str) -> None:
        network.add_ipv4_subnet_cidr(subnet.id, models.AddIpv4SubnetCidrDetails(ipv4_cidr_block=block))

    def modify(old: str, new: str) -> None:
        network.modify_ipv4_subnet_cidr(
            subnet.id,
            models.ModifyIpv4SubnetCidrDetails(ipv4_cidr_block=old, updated_ipv4_cidr_block=new),
        )

    def remove(block: str) -> None:
        network.remove_ipv4_subnet_cidr(subnet.id, models.RemoveIpv4SubnetCidrDetails(ipv4_cidr_block=block))

    add("10.0.2.0/24")
    modify("10.0.2.0/24", "10.0.4.0/23")
    assert network.get_subnet(subnet.id).data.ipv4_cidr_blocks == ["10.0.1.0/24", "10.0.4.0/23"]
    network.create_private_ip(models.CreatePrivateIpDetails(subnet_id=subnet.id, ip_address="10.0.1.9"))
    other = made_subnet(network, vcn, ipv4_cidr_blocks=["10.0.9.0/24"])
    for call, words in (
        (lambda: add("10.0.4.0/24"), "overlaps with another of the subnet"),
        (lambda: add("10.0.9.0/25"), f"subnet {other.id} with CIDR 10.0.9.0/24 overlaps"),
        (lambda: add("192.168.0.0/24"), "not within VCN CIDR"),
        (lambda: remove("10.0.7.0/24"), "has no CIDR block 10.0.7.0/24"),
        (lambda: modify("10.0.1.0/24", "10.0.1.128/25"), "with address 10.0.1.9 uses it"),
    ):
        with refused() as refusal:
            call()
        assert refusal.status == 400
        assert words in refusal.message
    remove("10.0.4.0/23")
    read = network.get_subnet(subnet.id).data
    assert (read.cidr_block, read.ipv4_cidr_blocks) == ("10.0.1.0/24", ["10.0.1.0/24"])
    with refused() as refusal:
        remove("10.0.1.0/24")
    assert refusal.status == 400


def test_a_vcn_gets_its_prefixes_and_keeps_those_that_a_subnet_uses(network: Any, refused: Refusal) -> None:
    vcn = made_vcn(network)
    assert not vcn.ipv6_cidr_blocks

    def add(**values: Any) -> None:
        details = models.AddVcnIpv6CidrDetails(**values)
        network.add_ipv6_vcn_cidr(vcn.id, add_vcn_ipv6_cidr_details=details)

    def remove(prefix: str) -> None:
        details = models.RemoveVcnIpv6CidrDetails(ipv6_cidr_block=prefix)
        network.remove_ipv6_vcn_cidr(vcn.id, remove_vcn_ipv6_cidr_details=details)

    add(ipv6_private_cidr_block=PRIVATE)
    read = network.get_vcn(vcn.id).data
    assert (read.ipv6_private_cidr_blocks, read.ipv6_cidr_blocks) == ([PRIVATE], [])
    add(is_oracle_gua_allocation_enabled=True)
    (oracles,) = network.get_vcn(vcn.id).data.ipv6_cidr_blocks
    assert oracles.endswith("/56")
    made_subnet(network, vcn, ipv6_cidr_blocks=["fd00:1000:0:1::/64"])
    for call, status in (
        (lambda: add(is_oracle_gua_allocation_enabled=True), 400),
        (add, 400),
        (lambda: add(ipv6_private_cidr_block="10.9.0.0/16"), 400),
        (lambda: remove("fd00:2::/48"), 400),
        (lambda: remove(PRIVATE), 400),
    ):
        with refused() as refusal:
            call()
        assert refusal.status == status
    remove(oracles)
    read = network.get_vcn(vcn.id).data
    assert (read.ipv6_private_cidr_blocks, read.ipv6_cidr_blocks) == ([PRIVATE], [])


def test_a_vcn_that_is_enabled_for_ipv6_has_a_prefix_that_stays(network: Any) -> None:
    vcn = made_vcn(network, is_ipv6_enabled=True)
    (prefix,) = vcn.ipv6_cidr_blocks
    changed = network.update_vcn(vcn.id, models.UpdateVcnDetails(display_name="renamed")).data
    assert changed.ipv6_cidr_blocks == [prefix]


def test_the_prefixes_of_a_subnet_are_added_and_removed_until_one_is_left(
    network: Any, refused: Refusal
) -> None:
    vcn = made_vcn(network, is_ipv6_enabled=True, ipv6_private_cidr_blocks=[PRIVATE])
    subnet = made_subnet(network, vcn)
    prefixes = ["fd00:1000:0:1::/64", "fd00:1000:0:2::/64"]
    for each in prefixes:
        network.add_ipv6_subnet_cidr(subnet.id, models.AddSubnetIpv6CidrDetails(ipv6_cidr_block=each))
    assert network.get_subnet(subnet.id).data.ipv6_cidr_blocks == prefixes
    with refused() as refusal:
        network.add_ipv6_subnet_cidr(subnet.id, models.AddSubnetIpv6CidrDetails(ipv6_cidr_block="fd00::/60"))
    assert refusal.status == 400
    network.remove_ipv6_subnet_cidr(
        subnet.id, models.RemoveSubnetIpv6CidrDetails(ipv6_cidr_block=prefixes[0])
    )
    assert network.get_subnet(subnet.id).data.ipv6_cidr_block == prefixes[1]
    with refused() as refusal:
        last = models.RemoveSubnetIpv6CidrDetails(ipv6_cidr_block=prefixes[1])
        network.remove_ipv6_subnet_cidr(subnet.id, last)
    assert "At least one" in refusal.message


def test_a_patch_replaces_the_prefixes_and_needs_the_etag(network: Any, refused: Refusal) -> None:
    vcn = made_vcn(network, is_ipv6_enabled=True, ipv6_private_cidr_blocks=[PRIVATE])
    subnet = made_subnet(network, vcn, ipv6_cidr_blocks=["fd00:1000:0:1::/64"])

    def of_vcn(selection: str, value: Any) -> Any:
        step = models.PatchVcnReplaceInstruction(selection=selection, value=value)
        return models.PatchVcnDetails(patch_vcn_instructions=[step])

    def of_subnet(selection: str, value: Any) -> Any:
        step = models.PatchSubnetReplaceInstruction(selection=selection, value=value)
        return models.PatchSubnetDetails(patch_subnet_instructions=[step])

    more = {"cidrs": [PRIVATE, "fd00:2000::/48"]}
    with refused() as refusal:
        network.patch_vcn(vcn.id, of_vcn("ipv6PrivateCidrBlocks", more))
    assert (refusal.status, refusal.code) == (400, "MissingParameter")
    etag = network.get_vcn(vcn.id).headers["etag"]
    network.patch_vcn(vcn.id, of_vcn("ipv6PrivateCidrBlocks", more), if_match=etag)
    read = network.get_vcn(vcn.id).data
    assert (read.ipv6_private_cidr_blocks, read.ipv6_cidr_blocks) == (more["cidrs"], vcn.ipv6_cidr_blocks)
    with refused() as refusal:
        network.patch_vcn(vcn.id, of_vcn("ipv6PrivateCidrBlocks", more), if_match=etag)
    assert refusal.status == 412
    now = network.get_vcn(vcn.id).headers["etag"]
    for selection, value, status in (
        ("ipv6PrivateCidrBlocks", {"cidrs": []}, 400),
        ("ipv6PublicCidrBlock", {"cidr": ""}, 501),
        ("displayName", "x", 501),
    ):
        with refused() as refusal:
            network.patch_vcn(vcn.id, of_vcn(selection, value), if_match=now)
        assert refusal.status == status
    for selection, value, wanted in (
        ("ipv6CidrBlock", {"cidr": "fd00:1000:0:2::/64"}, ["fd00:1000:0:2::/64"]),
        ("ipv6CidrBlocks", {"cidrs": ["fd00:2000:0:3::/64"]}, ["fd00:2000:0:3::/64"]),
    ):
        etag = network.get_subnet(subnet.id).headers["etag"]
        network.patch_subnet(subnet.id, of_subnet(selection, value), if_match=etag)
        assert network.get_subnet(subnet.id).data.ipv6_cidr_blocks == wanted


def test_a_reserved_address_leaves_its_vnic(network: Any, wire: Wire, refused: Refusal) -> None:
    vnic, subnet = ocid("vnic"), made_subnet(network, made_vcn(network))
    inputs = {"subnetId": subnet.id}
    wire.cloud.save(
        Entry(
            id=vnic,
            token="oci:Core/vnic:Vnic",
            urn="",
            region="us-ashburn-1",
            compartment_id=COMPARTMENT,
            state="AVAILABLE",
            inputs=inputs,
            outputs=inputs,
        )
    )
    details = models.CreatePrivateIpDetails(vnic_id=vnic, subnet_id=subnet.id, lifetime="RESERVED")
    made = network.create_private_ip(details).data
    assert (made.ip_state, made.lifetime) == ("ASSIGNED", "RESERVED")
    freed = network.private_ip_vnic_detach(made.id).data
    assert (freed.ip_state, freed.ip_address, freed.vnic_id) == ("AVAILABLE", made.ip_address, None)
    for other in (made.id, network.create_private_ip(models.CreatePrivateIpDetails(vnic_id=vnic)).data.id):
        with refused() as refusal:
            network.private_ip_vnic_detach(other)
        assert refusal.status == 409
    network.delete_private_ip(made.id)
