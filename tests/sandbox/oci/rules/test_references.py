"""References to missing resources, to other types and to other regions."""

from typing import Any

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.rules.references import expected
from tests.sandbox.oci.conftest import REGION, Refused, Service

SUBNET = "oci:Core/subnet:Subnet"
POOL = "oci:ContainerEngine/nodePool:NodePool"


def test_a_reference_to_a_deleted_resource_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    service.delete(vcn)
    message = "Authorization failed or requested resource not found."
    refused(404, "NotAuthorizedOrNotFound", message, service.create, SUBNET, vcnId=vcn.id)


def test_a_reference_to_a_resource_that_was_never_created_is_refused(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    made_up = vcn.id[:-9] + ("a" if vcn.id[-9] != "a" else "b") + vcn.id[-8:]
    found = service.create(SUBNET, vcnId=made_up)
    assert service.cloud.find(made_up).assumed, "an OCID from elsewhere is adopted"  # type: ignore[union-attr]
    assert found.inputs["vcnId"] == made_up
    refused(400, "InvalidParameter", "vcnId", service.create, SUBNET, vcnId="the-vcn")


def test_a_reference_to_another_type_is_refused(service: Service, subnet: Entry, refused: Refused) -> None:
    refused(400, "InvalidParameter", "is a Subnet, not a Vcn", service.create, SUBNET, vcnId=subnet.id)


def test_an_adopted_reference_to_another_type_is_refused(service: Service, refused: Refused) -> None:
    id = "ocid1.subnet.oc1.iad.aaaasubnet"  # noqa: A001
    refused(400, "InvalidParameter", "is a subnet, not a Vcn", service.create, SUBNET, vcnId=id)


def test_a_reference_to_another_region_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    refused(
        400, "InvalidParameter", f"is in region {REGION}",
        service.create, SUBNET, region="us-phoenix-1", vcnId=vcn.id,
    )  # fmt: skip


def test_an_adopted_reference_to_another_region_is_refused(service: Service, refused: Refused) -> None:
    id = "ocid1.vcn.oc1.phx.aaaavcn"  # noqa: A001
    refused(400, "InvalidParameter", "us-phoenix-1", service.create, SUBNET, vcnId=id)


@pytest.mark.parametrize(
    ("token", "given", "message"),
    [
        (SUBNET, {"vcnId": "ocid1.vcn.oc2.us-langley-1.aaaavcn"}, "is in realm oc2, the call in oc1"),
        (SUBNET, {"compartmentId": "ocid1.compartment.oc2..aaaac"}, "is in realm oc2, the call in oc1"),
        (
            SUBNET,
            {"compartmentId": "ocid1.compartment.oc1.iad.aaaac"},
            "names a region, and a compartment is",
        ),
        (SUBNET, {"vcnId": "ocid1.vcn.oc1..aaaavcn"}, "names no region"),
        (
            "oci:Vault/secret:Secret",
            {"keyId": "ocid1.vault.oc1.iad.aaaavault"},
            "keyId: ocid1.vault.oc1.iad.aaaavault is a vault, not a Key",
        ),
        (
            "oci:Psql/dbSystem:DbSystem",
            {"credentials": {"passwordDetails": {"secretId": "ocid1.key.oc1.iad.aaaakey"}}},
            "is a key, not a Secret",
        ),
        (
            "oci:Streaming/stream:Stream",
            {"streamPoolId": "ocid1.stream.oc1.iad.aaaastream"},
            "is a stream, not a StreamPool",
        ),
    ],
)
def test_an_ocid_whose_parts_do_not_fit_is_refused(
    service: Service, refused: Refused, token: str, given: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, service.create, token, **given)


def test_a_zone_whose_ocid_names_no_region_is_adopted(service: Service) -> None:
    zone = "ocid1.dns-zone.oc1..aaaazone"
    item = {"domain": "api.example.com", "rtype": "A", "rdata": "192.0.2.1", "ttl": 300}
    given = {"zoneNameOrId": zone, "domain": item["domain"], "rtype": "A"}
    made = service.create("oci:Dns/rrset:Rrset", items=[item], **given)
    assert made.inputs["zoneNameOrId"] == zone, "zone OCIDs have this form"


def test_a_peer_in_another_region_is_accepted(service: Service) -> None:
    connection = "oci:Core/remotePeeringConnection:RemotePeeringConnection"
    there = service.create(connection, region="us-phoenix-1", drgId="ocid1.drg.oc1.phx.aaaadrg")
    here = service.create(connection, drgId="ocid1.drg.oc1.iad.aaaadrg", peerId=there.id)
    assert here.inputs["peerId"] == there.id, "remote peering is between regions"


def test_a_reference_deep_in_the_inputs_is_named_by_its_path(
    service: Service, subnet: Entry, refused: Refused
) -> None:
    place = {"subnetId": subnet.inputs["vcnId"], "availabilityDomain": "Uocm:US-ASHBURN-AD-1"}
    refused(
        400, "InvalidParameter", "nodeConfigDetails.placementConfigs[0].subnetId",
        service.create, POOL, nodeConfigDetails={"placementConfigs": [place], "size": 1},
    )  # fmt: skip


def test_a_placeholder_of_the_config_is_adopted(service: Service, cloud: Cloud) -> None:
    service.create("oci:Core/shapeManagement:ShapeManagement", imageId="ocid1.image.oc1.iad.REPLACE-ME",
                   shapeName="BM.GPU.MI300X.8")  # fmt: skip
    found = cloud.find("ocid1.image.oc1.iad.REPLACE-ME")
    assert found is not None, "the example files must run on the sandbox"
    assert found.assumed


def test_an_id_that_is_not_an_ocid_is_not_checked(service: Service) -> None:
    made = service.create("oci:Kms/key:Key", externalKeyReference={"externalKeyId": "key-in-another-vault"})
    assert made.inputs, "not every field that ends in Id contains an OCID"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("podSubnetIds", "oci:Core/subnet:Subnet"),
        ("targetSubnetId", "oci:Core/subnet:Subnet"),
        ("backendNsgIds", "oci:Core/networkSecurityGroup:NetworkSecurityGroup"),
        ("drgRouteTableId", "oci:Core/drgRouteTable:DrgRouteTable"),
        ("routeTableId", "oci:Core/routeTable:RouteTable"),
    ],
)
def test_the_end_of_a_fields_name_tells_what_it_refers_to(field: str, kind: str) -> None:
    assert expected("oci:Any/thing:Thing", field) == (kind,)


@pytest.mark.parametrize(
    ("token", "field", "kinds"),
    [
        (
            "oci:RecoveryMod/protectedDatabase:ProtectedDatabase",
            "recoveryServiceSubnetId",
            ("oci:RecoveryMod/recoveryServiceSubnet:RecoveryServiceSubnet",),
        ),
        (
            "oci:Database/cloudVmCluster:CloudVmCluster",
            "exascaleDbStorageVaultId",
            ("oci:Database/exascaleDbStorageVault:ExascaleDbStorageVault",),
        ),
        ("oci:BigDataService/bdsInstance:BdsInstance", "bdsCapacityReservationId", ()),
        ("oci:oci/dbmulticloudOracleDbAzureVault:DbmulticloudOracleDbAzureVault", "azureVaultId", ()),
        (
            "oci:oci/dbmulticloudOracleDbAzureVaultAssociation:DbmulticloudOracleDbAzureVaultAssociation",
            "oracleDbAzureVaultId",
            (),
        ),
        (
            "oci:NetworkLoadBalancer/listener:Listener",
            "networkLoadBalancerId",
            ("oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer",),
        ),
    ],
)
def test_a_field_that_ends_like_another_one_may_refer_to_another_type(
    token: str, field: str, kinds: tuple[str, ...]
) -> None:
    assert expected(token, field) == kinds


CONFIGURATION = "oci:BigDataService/bdsInstanceBdsCapacityReservationConfiguration:BdsInstanceBdsCapacityReservationConfiguration"  # noqa: E501
ASSOCIATION = "oci:oci/dbmulticloudOracleDbAzureVaultAssociation:DbmulticloudOracleDbAzureVaultAssociation"


@pytest.mark.parametrize(
    ("token", "field", "kind", "message"),
    [
        (CONFIGURATION, "bdsCapacityReservationId", "capacityreservation", "reservation of Big Data Service"),
        (ASSOCIATION, "oracleDbAzureVaultId", "vault", "is a vault, not a vault of Azure"),
    ],
)
def test_a_surely_wrong_type_is_refused_where_no_source_names_the_right_one(
    service: Service, refused: Refused, *, token: str, field: str, kind: str, message: str
) -> None:
    wrong = f"ocid1.{kind}.oc1.iad.aaaaexample"
    refused(400, "InvalidParameter", message, service.create, token, **{field: wrong})
    other = f"ocid1.{kind}ofsomethingelse.oc1.iad.aaaaexample"
    assert service.create(token, **{field: other}).inputs[field] == other


@pytest.mark.parametrize("kind", ["loadbalancer", "networkloadbalancer"])
def test_an_instance_pool_can_register_with_both_kinds_of_balancer(service: Service, kind: str) -> None:
    balancer = f"ocid1.{kind}.oc1.iad.aaaabalancer"
    made = service.create(
        "oci:Core/instancePool:InstancePool",
        instanceConfigurationId="ocid1.instanceconfiguration.oc1.iad.aaaaconfiguration",
        size=0,
        loadBalancers=[{"loadBalancerId": balancer}],
    )
    assert made.inputs["loadBalancers"], "the console offers both at creation"


def test_a_web_firewall_needs_a_load_balancer(service: Service, refused: Refused) -> None:
    balancer = "ocid1.networkloadbalancer.oc1.iad.aaaabalancer"
    refused(
        400, "InvalidParameter", "is a networkloadbalancer, not a LoadBalancer",
        service.create, "oci:Waf/appFirewall:AppFirewall", loadBalancerId=balancer,
    )  # fmt: skip


def test_a_resource_that_any_field_adopts_keeps_its_type(service: Service) -> None:
    image = "ocid1.image.oc1.iad.aaaaimage"
    launch = {"sourceDetails": {"sourceType": "image", "imageId": image}}
    service.create(
        "oci:Core/instanceConfiguration:InstanceConfiguration",
        instanceDetails={"instanceType": "compute", "launchDetails": launch},
    )
    made = service.create(
        "oci:Core/shapeManagement:ShapeManagement", imageId=image, shapeName="BM.GPU.MI300X.8"
    )
    assert made.inputs["imageId"] == image, "an adopted OCID must not count as another type later"
