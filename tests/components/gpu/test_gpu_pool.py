"""GpuPool and NodeImage: the resources that they register, with known and unknown values."""

import base64
from typing import Any

import pytest
import yaml

from components.cluster.boot_script import metadata_bytes
from components.gpu.gpu_pool import GpuPool
from components.gpu.gpu_pool_args import GpuPoolArgs
from components.gpu.node_image import NodeImage, NodeImageArgs
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run
from tests.support.node_images import CURRENT_MI300X_IMAGE
from tests.support.provider_inputs import input_faults

POOL = "oci:ContainerEngine/nodePool:NodePool"
COMPUTE_CLUSTER = "oci:Core/computeCluster:ComputeCluster"
IMAGE = "oci:Core/image:Image"
SHAPE = "oci:Core/shapeManagement:ShapeManagement"
IMAGE_ID = "ocid1.image.oc1.iad.ubuntu"
AD = "Uocm:US-ASHBURN-AD-1"


def pool(preview: bool = False, **changes: Any) -> Recording:
    args: dict[str, Any] = {
        "compartment_id": "ocid1.compartment.oc1..c",
        "cluster_id": "ocid1.cluster.oc1.iad.k",
        "kubernetes_version": "v1.36.1",
        "nodes": 4,
        "availability_domains": [AD],
        "subnet_id": "ocid1.subnet.oc1.iad.gpu",
        "nsg_ids": ["ocid1.networksecuritygroup.oc1.iad.worker", "ocid1.networksecuritygroup.oc1.iad.gpu"],
        "pod_subnet_ids": ["ocid1.subnet.oc1.iad.pods"],
        "pod_nsg_ids": ["ocid1.networksecuritygroup.oc1.iad.pod"],
        "image_id": IMAGE_ID,
        "tags": {"environment": "test"},
        **changes,
    }
    return run(lambda: GpuPool("test-mi300x", GpuPoolArgs(**args), oci_options()) and None, preview)


def inputs(**changes: Any) -> dict[str, Any]:
    return pool(**changes).one(POOL).inputs


EVERYTHING: dict[str, Any] = {
    "image_id": None,
    "image_url": "https://objectstorage.example.com/p/x/image.oci",
    "image_name": CURRENT_MI300X_IMAGE,
    "placement_constraint": "SINGLE_TIER",
    "capacity_reservation_id": "ocid1.capacityreservation.oc1.iad.r",
    "host_group_id": "ocid1.computehostgroup.oc1.iad.h",
    "fault_domains": ["FAULT-DOMAIN-1"],
    "size_owner": "external",
    "min_nodes": 2,
    "max_nodes": 10,
    "boot_volume_key_id": "ocid1.key.oc1.iad.v.k",
    "labels": {"team": "a"},
    "taints": ["team=a:NoSchedule"],
    "kubelet_arguments": {"cpu-manager-policy": "static"},
    "ssh_public_key": "ssh-ed25519 AAAA",
}


@pytest.mark.parametrize("changes", [{}, EVERYTHING, {"rdma": False, "tags": None, "nsg_ids": None}])
@pytest.mark.parametrize("preview", [False, True])
def test_the_provider_accepts_every_input(changes: dict[str, Any], preview: bool):
    made = [each for each in pool(preview, **changes) if each.custom and each.type.startswith("oci:")]
    assert made
    for each in made:
        assert not list(input_faults(each.type, each.inputs)), each.name


def test_nodes_join_one_compute_cluster_in_their_domain_and_compartment():
    seen = pool()
    cluster = seen.one(COMPUTE_CLUSTER)
    details = seen.one(POOL).inputs["nodeConfigDetails"]
    assert details["computeClusterId"] == "ocid1.computecluster.oc1.iad.test-mi300x-rdma"
    assert cluster.inputs["availabilityDomain"] == details["placementConfigs"][0]["availabilityDomain"] == AD
    assert cluster.inputs["compartmentId"] == seen.one(POOL).inputs["compartmentId"]


def test_without_rdma_there_is_no_compute_cluster_and_there_may_be_several_domains():
    seen = pool(rdma=False, availability_domains=[AD, "Uocm:US-ASHBURN-AD-2"])
    assert not seen.of_type(COMPUTE_CLUSTER)
    details = seen.one(POOL).inputs["nodeConfigDetails"]
    assert "computeClusterId" not in details
    assert len(details["placementConfigs"]) == 2
    assert seen.named("test-mi300x").outputs == {"poolId": "ocid1.nodepool.oc1.iad.test-mi300x-pool"}


def test_its_outputs_are_the_pool_and_the_compute_cluster():
    assert pool().named("test-mi300x").outputs == {
        "poolId": "ocid1.nodepool.oc1.iad.test-mi300x-pool",
        "computeClusterId": "ocid1.computecluster.oc1.iad.test-mi300x-rdma",
    }


def test_it_survives_a_first_preview_with_every_resource_in_it():
    seen = pool(preview=True, **EVERYTHING)
    assert {each.type for each in seen if each.custom} >= {POOL, COMPUTE_CLUSTER, IMAGE, SHAPE}
    assert seen.named("test-mi300x").outputs == {"poolId": UNKNOWN, "computeClusterId": UNKNOWN}


def test_the_defaults_are_those_of_a_serving_node():
    found = inputs()
    assert found["nodeShape"] == "BM.GPU.MI300X.8"
    assert found["nodeSourceDetails"] == {
        "sourceType": "IMAGE",
        "imageId": IMAGE_ID,
        "bootVolumeSizeInGbs": "512",
    }
    pods = found["nodeConfigDetails"]["nodePoolPodNetworkOptionDetails"]
    assert (pods["cniType"], pods["maxPodsPerNode"]) == ("OCI_VCN_IP_NATIVE", 64)
    assert pods["podNsgIds"] == ["ocid1.networksecuritygroup.oc1.iad.pod"], "pods carry groups of their own"


def test_renewal_never_needs_a_spare_node():
    seen = pool()
    assert seen.one(POOL).inputs["nodePoolCyclingDetails"] == {
        "isNodeCyclingEnabled": True,
        "cycleModes": ["BOOT_VOLUME_REPLACE"],
        "maximumSurge": "0",
        "maximumUnavailable": "1",
    }
    assert seen.one(POOL).delete_before_replace
    assert not seen.one(COMPUTE_CLUSTER).delete_before_replace, "the old pool uses it until it is deleted"


def test_renewal_can_be_limited_to_new_nodes():
    assert inputs(node_cycling=False)["nodePoolCyclingDetails"]["isNodeCyclingEnabled"] is False


@pytest.mark.parametrize(("minutes", "duration"), [(None, "PT60M"), (0, "PT0M"), (30, "PT30M")])
def test_nodes_are_drained_before_they_are_deleted(minutes: int | None, duration: str):
    assert inputs(eviction_minutes=minutes)["nodeEvictionNodePoolSettings"] == {
        "evictionGraceDuration": duration,
        "isForceDeleteAfterGraceDuration": True,
        "isForceActionAfterGraceDuration": False,
    }


def test_the_time_for_renewal_grows_with_the_pool():
    small, large = (
        pool(nodes=1).one(POOL),
        pool(nodes=2, size_owner="external", min_nodes=2, max_nodes=10).one(POOL),
    )
    assert (small.custom_timeouts.create, small.custom_timeouts.update) == ("3h", "210m")
    assert large.custom_timeouts.update == "1020m"


def test_the_program_does_not_change_a_size_that_it_does_not_own():
    assert pool().one(POOL).ignore_changes == ()
    assert pool(size_owner="fixed").one(POOL).ignore_changes == ()
    assert pool(scheduled=True).one(POOL).ignore_changes == ("nodeConfigDetails.size",)
    owned = pool(size_owner="external", min_nodes=2, max_nodes=10).one(POOL)
    assert owned.ignore_changes == ("nodeConfigDetails.size",)
    assert owned.inputs["nodeConfigDetails"]["size"] == 4, "the size at the start"


def test_nodes_have_the_pools_label_and_the_given_labels():
    labels = inputs(labels={"team": "a"}, pool_name="mi300x")["initialNodeLabels"]
    assert labels == [{"key": "genai-playground/pool", "value": "mi300x"}, {"key": "team", "value": "a"}]


def test_taints_and_kubelet_arguments_are_in_the_metadata():
    metadata = inputs(
        taints=["team=a:NoSchedule", "b:NoExecute"],
        kubelet_arguments={"system-reserved": "memory=8Gi", "cpu-manager-policy": "static"},
    )["nodeMetadata"]
    assert metadata["kubelet-extra-args"] == (
        "--cpu-manager-policy=static --system-reserved=memory=8Gi"
        " --register-with-taints=team=a:NoSchedule,b:NoExecute"
    )
    assert "kubelet-extra-args" not in inputs()["nodeMetadata"]


def test_the_boot_script_is_in_the_metadata_and_below_the_limit():
    metadata = inputs()["nodeMetadata"]
    assert metadata["areLegacyImdsEndpointsDisabled"] == "true"
    assert metadata_bytes(metadata) < 20_000
    config = yaml.safe_load(base64.b64decode(metadata["user_data"]))
    assert "readonly RAID_LEVEL=10\nreadonly DRIVES=8\n" in config["write_files"][0]["content"]
    striped = yaml.safe_load(base64.b64decode(inputs(nvme_raid=0)["nodeMetadata"]["user_data"]))
    assert "readonly RAID_LEVEL=0\n" in striped["write_files"][0]["content"]


def test_reservation_host_group_and_fault_domains_reach_the_placement():
    (placement,) = inputs(**EVERYTHING)["nodeConfigDetails"]["placementConfigs"]
    assert placement["capacityReservationId"] == "ocid1.capacityreservation.oc1.iad.r"
    assert placement["hostGroupId"] == "ocid1.computehostgroup.oc1.iad.h"
    assert placement["faultDomains"] == ["FAULT-DOMAIN-1"]
    assert "preemptibleNodeConfig" not in placement


def test_a_placement_constraint_reaches_the_compute_cluster():
    assert "placementConstraintDetails" not in pool().one(COMPUTE_CLUSTER).inputs
    constrained = pool(placement_constraint="SINGLE_BLOCK").one(COMPUTE_CLUSTER)
    assert constrained.inputs["placementConstraintDetails"] == {
        "type": "COMPUTE_CLUSTER",
        "logicalPlacementConstraint": "SINGLE_BLOCK",
    }


def test_tags_reach_the_nodes_too():
    found = inputs()
    assert found["freeformTags"] == found["nodeConfigDetails"]["freeformTags"] == {"environment": "test"}


def test_a_pool_waits_for_an_imported_image_and_its_shape():
    seen = pool(**EVERYTHING)
    node_pool, image, shape = seen.one(POOL), seen.one(IMAGE), seen.one(SHAPE)
    assert node_pool.inputs["nodeSourceDetails"]["imageId"] == shape.inputs["imageId"]
    assert shape.inputs["shapeName"] == "BM.GPU.MI300X.8"
    assert shape.urn in node_pool.depends_on, "a launch before the shape is added fails"
    assert image.urn in shape.depends_on
    assert image.custom_timeouts.create == "3h"


def test_nothing_is_registered_if_there_is_a_problem():
    with pytest.raises(InvalidInput) as caught:
        pool(nodes=0, preemptible=True, image_id=None, labels={"node-role.kubernetes.io/gpu": "x"})
    assert [problem.path for problem in caught.value.problems] == [
        "test-mi300x.nodes",
        "test-mi300x.preemptible",
        "test-mi300x.labels['node-role.kubernetes.io/gpu']",
        "test-mi300x.imageId",
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"image_url": "https://x.example/i.oci"}, "test-mi300x.imageId"),
        ({"image_id": None, "image_url": "https://x.example/i.oci"}, "test-mi300x.imageName"),
        ({"image_name": "Oracle-Linux-9-ROCm"}, "test-mi300x.imageName"),
        ({"image_id": None, "image_name": "i", "image_url": "http://x.example/i"}, "test-mi300x.imageUrl"),
        ({"availability_domains": []}, "test-mi300x.availabilityDomains"),
        ({"availability_domains": ["a", "b"]}, "test-mi300x.availabilityDomains"),
        ({"taints": ["amd.com/gpu=present:NoSchedule"]}, "test-mi300x.taints[0]"),
        ({"kubelet_arguments": {"max-pods": "10"}}, "test-mi300x.kubeletArguments['max-pods']"),
        ({"kubelet_arguments": {"v": "x" * 40_000}}, "test-mi300x.metadata"),
        ({"eviction_minutes": 61}, "test-mi300x.evictionMinutes"),
        ({"nvme_raid": 5}, "test-mi300x.nvmeRaid"),
        ({"max_pods": 0}, "test-mi300x.maxPods"),
        ({"boot_volume_gib": 0}, "test-mi300x.bootVolumeGib"),
        ({"placement_constraint": "NEAR"}, "test-mi300x.placementConstraint"),
        ({"fault_domains": ["FD-1"]}, "test-mi300x.faultDomains[0]"),
    ],
)
def test_each_rule_is_applied_by_the_component(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as caught:
        pool(**changes)
    assert [problem.path for problem in caught.value.problems] == [path]


def image(preview: bool = False, **changes: Any) -> Recording:
    args: dict[str, Any] = {
        "compartment_id": "c",
        "image_name": CURRENT_MI300X_IMAGE,
        "url": "https://objectstorage.example.com/p/1/image.oci",
        "shapes": ["BM.GPU.MI300X.8", "BM.GPU.MI355X-v1.8"],
        **changes,
    }
    return run(lambda: NodeImage("rocm", NodeImageArgs(**args), oci_options()) and None, preview)


@pytest.mark.parametrize("preview", [False, True])
def test_an_image_is_made_compatible_with_each_shape(preview: bool):
    seen = image(preview)
    assert [each.inputs["shapeName"] for each in seen.of_type(SHAPE)] == [
        "BM.GPU.MI300X.8",
        "BM.GPU.MI355X-v1.8",
    ]
    expected = UNKNOWN if preview else seen.of_type(SHAPE)[0].inputs["imageId"]
    assert seen.named("rocm").outputs == {"imageId": expected}


def test_a_new_address_imports_nothing_and_a_new_name_imports_another_image():
    first, moved = image().one(IMAGE), image(url="https://objectstorage.example.com/p/2/image.oci").one(IMAGE)
    assert first.urn == moved.urn
    assert first.ignore_changes == ("imageSourceDetails.sourceUri",)
    assert image(image_name="Canonical-Ubuntu-26.04.oci").one(IMAGE).urn != first.urn


@pytest.mark.parametrize("protect", [None, False, True])
def test_the_pool_and_its_rdma_network_can_be_protected(protect: bool | None):
    seen = pool(protect=protect)
    for token in (POOL, "oci:Core/computeCluster:ComputeCluster"):
        assert bool(seen.one(token).protect) is bool(protect)
