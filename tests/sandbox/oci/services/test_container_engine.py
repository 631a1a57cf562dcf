"""What OKE refuses: versions, endpoints, pod networks, node options, add-ons."""

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import CLUSTER, CPU, POOL, Refused, Service, pool_inputs
from tests.sandbox.oci.driver import IMPORTED

ADDON = "oci:ContainerEngine/addon:Addon"


@pytest.mark.parametrize("version", ["v1.20.0", "1.36.1", "latest"])
def test_a_kubernetes_version_that_is_not_offered_is_refused(
    service: Service, vcn: Entry, refused: Refused, version: str
) -> None:
    message = f"Kubernetes version {version} is not supported"
    refused(
        400, "InvalidParameter", message, service.create, CLUSTER, vcnId=vcn.id, kubernetesVersion=version
    )


def test_a_cluster_goes_up_one_minor_version_at_a_time(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    old = service.create(CLUSTER, vcnId=vcn.id, kubernetesVersion="v1.34.2")
    refused(400, "InvalidParameter", "more than one minor", service.update, old, kubernetesVersion="v1.36.1")
    newer = service.update(old, kubernetesVersion="v1.35.2")
    refused(
        400, "InvalidParameter", "cannot be downgraded", service.update, newer, kubernetesVersion="v1.34.2"
    )


def test_an_enhanced_cluster_stays_enhanced(service: Service, cluster: Entry, refused: Refused) -> None:
    refused(400, "InvalidParameter", "cannot be changed", service.update, cluster, type="BASIC_CLUSTER")


def test_a_public_endpoint_in_a_private_subnet_is_refused(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    private = service.create(
        "oci:Core/subnet:Subnet", vcnId=vcn.id, cidrBlock="10.0.2.0/24", prohibitPublicIpOnVnic=True
    )
    endpoint = {"subnetId": private.id, "isPublicIpEnabled": True}
    refused(
        400, "InvalidParameter", "a public IP cannot be assigned",
        service.create, CLUSTER, vcnId=vcn.id, kubernetesVersion="v1.36.1", endpointConfig=endpoint,
    )  # fmt: skip


def test_an_endpoint_in_another_vcn_is_refused(service: Service, subnet: Entry, refused: Refused) -> None:
    other = service.create("oci:Core/vcn:Vcn", cidrBlocks=["10.9.0.0/16"])
    refused(
        400, "InvalidParameter", "belongs to VCN",
        service.create, CLUSTER, vcnId=other.id, kubernetesVersion="v1.36.1",
        endpointConfig={"subnetId": subnet.id},
    )  # fmt: skip


def test_service_addresses_that_overlap_the_vcn_are_refused(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    options = {"kubernetesNetworkConfig": {"servicesCidr": "10.0.128.0/17"}}
    refused(
        400, "InvalidParameter", "servicesCidr: 10.0.128.0/17 overlaps with VCN CIDR 10.0.0.0/16",
        service.create, CLUSTER, vcnId=vcn.id, kubernetesVersion="v1.36.1", options=options,
    )  # fmt: skip


def test_nodes_newer_than_the_control_plane_are_refused(
    service: Service, subnet: Entry, refused: Refused
) -> None:
    old = service.create(CLUSTER, vcnId=subnet.inputs["vcnId"], kubernetesVersion="v1.34.2")
    inputs = pool_inputs(old, subnet) | {"kubernetesVersion": "v1.36.1"}
    refused(400, "InvalidParameter", "is not compatible with cluster version", service.create, POOL, **inputs)


def test_nodes_may_be_three_minors_older_than_the_control_plane(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    made = service.create(POOL, **(pool_inputs(cluster, subnet) | {"kubernetesVersion": "v1.34.2"}))
    assert made.inputs["kubernetesVersion"] == "v1.34.2", "two minors behind are fine"
    inputs = pool_inputs(cluster, subnet) | {"kubernetesVersion": "v1.32.1"}
    refused(400, "InvalidParameter", "not supported", service.create, POOL, **inputs)


@pytest.mark.parametrize("pods", [0, 111])
def test_pods_out_of_range_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, pods: int
) -> None:
    inputs = pool_inputs(cluster, subnet)
    options = {"cniType": "OCI_VCN_IP_NATIVE", "maxPodsPerNode": pods, "podSubnetIds": [subnet.id]}
    inputs["nodeConfigDetails"]["nodePoolPodNetworkOptionDetails"] = options
    refused(400, "InvalidParameter", "must be between 1 and 110", service.create, POOL, **inputs)


def test_a_small_flexible_node_has_31_pods_at_most(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": CPU, "nodeShapeConfig": {"ocpus": 2}}
    options = {"cniType": "OCI_VCN_IP_NATIVE", "maxPodsPerNode": 32, "podSubnetIds": [subnet.id]}
    inputs["nodeConfigDetails"]["nodePoolPodNetworkOptionDetails"] = options
    refused(400, "InvalidParameter", "between 1 and 31", service.create, POOL, **inputs)


def test_a_pool_with_another_network_than_its_cluster_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet)
    inputs["nodeConfigDetails"]["nodePoolPodNetworkOptionDetails"] = {"cniType": "FLANNEL_OVERLAY"}
    refused(400, "InvalidParameter", "does not match the cluster's", service.create, POOL, **inputs)


def test_native_pods_without_a_subnet_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet)
    inputs["nodeConfigDetails"]["nodePoolPodNetworkOptionDetails"] = {"cniType": "OCI_VCN_IP_NATIVE"}
    refused(400, "InvalidParameter", "podSubnetIds", service.create, POOL, **inputs)


def test_nodes_outside_the_vcn_of_the_cluster_are_refused(
    service: Service, cluster: Entry, refused: Refused
) -> None:
    other = service.create("oci:Core/vcn:Vcn", cidrBlocks=["10.9.0.0/16"])
    away = service.create("oci:Core/subnet:Subnet", vcnId=other.id, cidrBlock="10.9.0.0/24")
    refused(400, "InvalidParameter", "belongs to VCN", service.create, POOL, **pool_inputs(cluster, away))


def test_six_security_groups_on_a_card_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet)
    inputs["nodeConfigDetails"]["nsgIds"] = [
        f"ocid1.networksecuritygroup.oc1.iad.g{index}" for index in range(6)
    ]
    refused(400, "InvalidParameter", "nsgIds size must be between 0 and 5", service.create, POOL, **inputs)


def test_metadata_of_more_than_32000_bytes_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet) | {"nodeMetadata": {"user_data": "x" * 32_000}}
    refused(400, "InvalidParameter", "exceeds the limit of 32000 bytes", service.create, POOL, **inputs)


def test_node_cycling_without_surge_or_unavailable_nodes_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    cycling = {"isNodeCyclingEnabled": True, "maximumSurge": "0", "maximumUnavailable": "0"}
    inputs = pool_inputs(cluster, subnet) | {"nodePoolCyclingDetails": cycling}
    refused(400, "InvalidParameter", "maximumSurge", service.create, POOL, **inputs)


def test_an_eviction_of_more_than_an_hour_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet) | {
        "nodeEvictionNodePoolSettings": {"evictionGraceDuration": "PT2H"}
    }
    refused(400, "InvalidParameter", "between PT0M and PT60M", service.create, POOL, **inputs)


def test_an_add_on_in_a_basic_cluster_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    basic = service.create(CLUSTER, vcnId=vcn.id, kubernetesVersion="v1.36.1")
    refused(
        400, "InvalidParameter", "enhanced clusters only",
        service.create, ADDON, clusterId=basic.id, addonName="AmdGpuPlugin",
    )  # fmt: skip


def test_an_unknown_add_on_is_refused(service: Service, cluster: Entry, refused: Refused) -> None:
    refused(
        400, "InvalidParameter", "Invalid addonName: AmdGpuPlugins",
        service.create, ADDON, clusterId=cluster.id, addonName="AmdGpuPlugins",
    )  # fmt: skip


def test_an_add_on_that_is_installed_is_refused(service: Service, cluster: Entry, refused: Refused) -> None:
    service.create(ADDON, clusterId=cluster.id, addonName="AmdGpuPlugin")
    refused(
        409, "Conflict", "already installed",
        service.create, ADDON, clusterId=cluster.id, addonName="AmdGpuPlugin",
    )  # fmt: skip


def test_virtual_nodes_in_a_basic_cluster_are_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    basic = service.create(CLUSTER, vcnId=vcn.id, kubernetesVersion="v1.36.1")
    refused(
        400, "InvalidParameter", "enhanced cluster is required",
        service.create, "oci:ContainerEngine/virtualNodePool:VirtualNodePool", clusterId=basic.id,
    )  # fmt: skip


def test_an_oke_image_of_another_version_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    image = service.create(
        "oci:Core/image:Image", displayName="Oracle-Linux-9.6-2026.09.30-0-OKE-1.34.2-1042", **IMPORTED
    )
    inputs = pool_inputs(cluster, subnet) | {
        "nodeShape": CPU,
        "nodeShapeConfig": {"ocpus": 4},
        "nodeSourceDetails": {"sourceType": "IMAGE", "imageId": image.id},
    }
    message = "Kubernetes version does not match Kubernetes version of OKE worker node image (v1.34.2)"
    refused(409, "Conflict", message, service.create, POOL, **inputs)


def test_a_pool_without_a_placement_is_refused(service: Service, cluster: Entry, refused: Refused) -> None:
    inputs = {"clusterId": cluster.id, "kubernetesVersion": "v1.36.1", "nodeShape": "BM.GPU.MI300X.8"}
    refused(400, "InvalidParameter", "Exactly one of", service.create, POOL, **inputs)
