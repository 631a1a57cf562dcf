"""The references of one resource fit together: one VCN and one availability domain."""

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import AD1, AD2, POOL, Refused, Service, pool_inputs

GROUP = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
GROUP_RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
SUBNET = "oci:Core/subnet:Subnet"
VCN = "oci:Core/vcn:Vcn"
VOLUME = "oci:Core/volume:Volume"


@pytest.fixture
def other_group(service: Service) -> Entry:
    other = service.create(VCN, cidrBlocks=["10.9.0.0/16"])
    return service.create(GROUP, vcnId=other.id)


def test_a_group_of_another_vcn_than_the_subnet_is_refused(
    service: Service, subnet: Entry, other_group: Entry, refused: Refused
) -> None:
    own = {"subnetId": subnet.id, "nsgIds": [other_group.id]}
    cache = {"nodeCount": 3, "nodeMemoryInGbs": 32, "softwareVersion": "REDIS_7_0"} | own
    target = {"availabilityDomain": AD1} | own
    for token, inputs in (
        ("oci:Redis/redisCluster:RedisCluster", cache),
        ("oci:FileStorage/mountTarget:MountTarget", target),
    ):
        refused(400, "InvalidParameter", "belongs to VCN", service.create, token, **inputs)


def test_pods_and_nodes_with_security_groups_of_another_vcn_are_refused(
    service: Service, cluster: Entry, subnet: Entry, other_group: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet)
    inputs["nodeConfigDetails"]["nsgIds"] = [other_group.id]
    refused(400, "InvalidParameter", "belongs to VCN", service.create, POOL, **inputs)


def test_a_route_to_a_gateway_of_another_vcn_is_refused(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    other = service.create(VCN, cidrBlocks=["10.9.0.0/16"])
    gateway = service.create("oci:Core/natGateway:NatGateway", vcnId=other.id)
    rules = [{"destination": "0.0.0.0/0", "networkEntityId": gateway.id}]
    table = "oci:Core/routeTable:RouteTable"
    refused(400, "InvalidParameter", "belongs to VCN", service.create, table, vcnId=vcn.id, routeRules=rules)


def test_a_rule_between_groups_of_two_vcns_needs_one_routing_gateway(
    service: Service, vcn: Entry, other_group: Entry, refused: Refused
) -> None:
    own = service.create(GROUP, vcnId=vcn.id)
    rule = {
        "networkSecurityGroupId": own.id,
        "direction": "INGRESS",
        "protocol": "6",
        "source": other_group.id,
        "sourceType": "NETWORK_SECURITY_GROUP",
    }
    refused(400, "InvalidParameter", "other group", service.create, GROUP_RULE, **rule)
    drg = service.create("oci:Core/drg:Drg")
    for each in (vcn.id, other_group.inputs["vcnId"]):
        service.create(
            "oci:Core/drgAttachment:DrgAttachment", drgId=drg.id, networkDetails=[{"id": each, "type": "VCN"}]
        )
    service.create(GROUP_RULE, **rule)


def test_a_zoned_subnet_is_for_its_own_availability_domain_only(
    service: Service, vcn: Entry, cluster: Entry, refused: Refused
) -> None:
    zoned = service.create(SUBNET, vcnId=vcn.id, cidrBlock="10.0.9.0/24", availabilityDomain=AD1)
    inputs = pool_inputs(cluster, zoned, domains=(AD2,))
    refused(400, "InvalidParameter", "in availability domain", service.create, POOL, **inputs)
    service.create(POOL, **pool_inputs(cluster, zoned, domains=(AD1,)))


def test_a_volume_can_only_be_attached_in_its_own_domain(service: Service, refused: Refused) -> None:
    source = service.create(VOLUME, availabilityDomain=AD1, sizeInGbs="100")
    refused(
        400, "InvalidParameter", "volume", service.create, "oci:Core/volumeAttachment:VolumeAttachment",
        instanceId=service.create(
            "oci:Core/instance:Instance", availabilityDomain=AD2, shape="VM.Standard.E5.Flex",
            shapeConfig={"ocpus": 1, "memoryInGbs": 16}, sourceDetails={"sourceType": "bootVolume"},
        ).id,
        volumeId=source.id, attachmentType="paravirtualized",
    )  # fmt: skip
