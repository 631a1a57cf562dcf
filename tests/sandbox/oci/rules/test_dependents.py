"""The deletion of resources that others use."""

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import AD1, Refused, Service


def _pool(service: Service, subnet: Entry, size: int = 1, **details: object) -> Entry:
    cluster = service.create(
        "oci:ContainerEngine/cluster:Cluster", vcnId=subnet.inputs["vcnId"], kubernetesVersion="v1.36.1",
        type="ENHANCED_CLUSTER",
    )  # fmt: skip
    place = {"availabilityDomain": AD1, "subnetId": subnet.id}
    return service.create(
        "oci:ContainerEngine/nodePool:NodePool", clusterId=cluster.id, nodeShape="BM.GPU.MI300X.8",
        nodeConfigDetails={"placementConfigs": [place], "size": size} | details,
    )  # fmt: skip


def test_a_vcn_with_a_subnet_cannot_be_deleted(
    service: Service, vcn: Entry, subnet: Entry, refused: Refused
) -> None:
    message = f"The Vcn {vcn.id} references the Subnet {subnet.id}. You must remove the reference to proceed"
    refused(409, "Conflict", message, service.delete, vcn)


@pytest.mark.parametrize("name", ["Internet Gateway", "NAT Gateway", "Service Gateway"])
def test_a_vcn_with_a_gateway_cannot_be_deleted(
    service: Service, vcn: Entry, refused: Refused, name: str
) -> None:
    kind = {
        "I": "internetGateway:InternetGateway",
        "N": "natGateway:NatGateway",
        "S": "serviceGateway:ServiceGateway",
    }
    service.create(f"oci:Core/{kind[name[0]]}", vcnId=vcn.id)
    refused(409, "IncorrectState", f"{vcn.id} is associated with {name} that is in use", service.delete, vcn)


def test_a_vcn_with_a_security_group_cannot_be_deleted(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    service.create("oci:Core/networkSecurityGroup:NetworkSecurityGroup", vcnId=vcn.id)
    refused(409, "Conflict", "Network Security Group", service.delete, vcn)


def test_an_empty_vcn_can_be_deleted(service: Service, vcn: Entry, subnet: Entry) -> None:
    service.delete(subnet)
    service.delete(vcn)
    assert service.cloud.find(vcn.id) is None


def test_a_subnet_with_nodes_cannot_be_deleted(service: Service, subnet: Entry, refused: Refused) -> None:
    _pool(service, subnet)
    message = f"The Subnet {subnet.id} references the VNIC ocid1.vnic.oc1.iad."
    refused(409, "Conflict", message, service.delete, subnet)


def test_a_subnet_with_an_empty_pool_can_be_deleted(service: Service, subnet: Entry) -> None:
    _pool(service, subnet, size=0)
    service.delete(subnet)
    assert service.cloud.find(subnet.id) is None, "no node, no network card"


def test_a_subnet_with_a_bastion_cannot_be_deleted(service: Service, subnet: Entry, refused: Refused) -> None:
    service.create("oci:Bastion/bastion:Bastion", bastionType="STANDARD", targetSubnetId=subnet.id)
    refused(409, "Conflict", "references the VNIC", service.delete, subnet)


def test_a_subnet_for_load_balancers_can_be_deleted_while_it_has_none(
    service: Service, subnet: Entry
) -> None:
    service.create(
        "oci:ContainerEngine/cluster:Cluster", vcnId=subnet.inputs["vcnId"], kubernetesVersion="v1.36.1",
        options={"serviceLbSubnetIds": [subnet.id]},
    )  # fmt: skip
    service.delete(subnet)
    assert service.cloud.find(subnet.id) is None


def test_a_security_group_on_nodes_cannot_be_deleted(
    service: Service, subnet: Entry, refused: Refused
) -> None:
    group = service.create("oci:Core/networkSecurityGroup:NetworkSecurityGroup", vcnId=subnet.inputs["vcnId"])
    _pool(service, subnet, nsgIds=[group.id])
    message = f"NetworkSecurityGroup {group.id} cannot be deleted since it still has vnics attached to it"
    refused(412, "PreconditionFailed", message, service.delete, group)


def test_a_security_group_that_only_rules_refer_to_can_be_deleted(service: Service, vcn: Entry) -> None:
    group = service.create("oci:Core/networkSecurityGroup:NetworkSecurityGroup", vcnId=vcn.id)
    service.create(
        "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule",
        networkSecurityGroupId=group.id, direction="EGRESS", protocol="all", destination="0.0.0.0/0",
    )  # fmt: skip
    service.delete(group)
    assert service.cloud.find(group.id) is None


def test_a_route_table_of_a_subnet_cannot_be_deleted(service: Service, vcn: Entry, refused: Refused) -> None:
    table = service.create("oci:Core/routeTable:RouteTable", vcnId=vcn.id)
    service.create("oci:Core/subnet:Subnet", vcnId=vcn.id, cidrBlock="10.0.9.0/24", routeTableId=table.id)
    refused(409, "Conflict", "Route Table", service.delete, table)


def test_a_gateway_that_a_route_uses_cannot_be_deleted(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    gateway = service.create("oci:Core/natGateway:NatGateway", vcnId=vcn.id)
    route = {"destination": "0.0.0.0/0", "networkEntityId": gateway.id}
    service.create("oci:Core/routeTable:RouteTable", vcnId=vcn.id, routeRules=[route])
    refused(409, "Conflict", "The NAT Gateway", service.delete, gateway)


def test_a_compute_cluster_with_nodes_cannot_be_deleted(
    service: Service, subnet: Entry, refused: Refused
) -> None:
    fabric = service.create("oci:Core/computeCluster:ComputeCluster", availabilityDomain=AD1)
    _pool(service, subnet, computeClusterId=fabric.id)
    refused(409, "IncorrectState", fabric.id, service.delete, fabric)


def test_an_instance_configuration_of_a_pool_cannot_be_deleted(service: Service, refused: Refused) -> None:
    configuration = service.create("oci:Core/instanceConfiguration:InstanceConfiguration")
    service.create(
        "oci:Core/instancePool:InstancePool", instanceConfigurationId=configuration.id, size=0,
        placementConfigurations=[],
    )  # fmt: skip
    message = "is associated to one or more Instance Pools."
    refused(409, "Conflict", message, service.delete, configuration)


def test_a_log_group_with_a_log_cannot_be_deleted(service: Service, refused: Refused) -> None:
    group = service.create("oci:Logging/logGroup:LogGroup", displayName="flow")
    service.create("oci:Logging/log:Log", logGroupId=group.id, logType="CUSTOM", displayName="flow")
    refused(409, "Conflict", "is not empty", service.delete, group)


def test_a_group_with_members_cannot_be_deleted(service: Service, refused: Refused) -> None:
    tenancy = "ocid1.tenancy.oc1..aaaatenancy"
    group = service.create("oci:Identity/group:Group", compartmentId=tenancy, name="staging-operators")
    service.create(
        "oci:Identity/userGroupMembership:UserGroupMembership",
        groupId=group.id,
        userId="ocid1.user.oc1..aaaa",
    )
    refused(409, "Conflict", "still has members", service.delete, group)
