"""ClusterNetworkPool: the resources that it registers, with known and unknown values."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from components.cluster.boot_script import metadata_bytes
from components.gpu.cluster_network_pool import ClusterNetworkPool
from components.gpu.cluster_network_pool_args import ClusterNetworkPoolArgs
from components.options import LateRefusal
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run
from tests.support.node_images import CURRENT_MI300X_IMAGE
from tests.support.provider_inputs import input_faults

NETWORK = "oci:Core/clusterNetwork:ClusterNetwork"
CONFIGURATION = "oci:Core/instanceConfiguration:InstanceConfiguration"
KUBECONFIG = "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig"
AD = "Uocm:US-ASHBURN-AD-1"
CLUSTER_ID = "ocid1.cluster.oc1.iad.k"
ENTRY = {"server": "https://10.0.1.5:6443", "certificate-authority-data": "Y2E="}


def pool(preview: bool = False, entry: dict[str, str] | None = None, **changes: Any) -> Recording:
    args: dict[str, Any] = {
        "compartment_id": "ocid1.compartment.oc1..c",
        "cluster_id": CLUSTER_ID,
        "kubernetes_version": "v1.36.1",
        "nodes": 4,
        "availability_domain": AD,
        "subnet_id": "ocid1.subnet.oc1.iad.gpu",
        "nsg_ids": ["ocid1.networksecuritygroup.oc1.iad.worker"],
        "pod_subnet_ids": ["ocid1.subnet.oc1.iad.pods"],
        "pod_nsg_ids": ["ocid1.networksecuritygroup.oc1.iad.a", "ocid1.networksecuritygroup.oc1.iad.b"],
        "image_id": "ocid1.image.oc1.iad.ubuntu",
        "tags": {"environment": "test"},
        **changes,
    }
    asked: list[dict[str, Any]] = []

    def kubeconfig(given: Mapping[str, Any]) -> dict[str, Any]:
        asked.append({**given})
        return {"content": yaml.safe_dump({"clusters": [{"name": "k", "cluster": entry or ENTRY}]})}

    found = run(
        lambda: ClusterNetworkPool("test-mi300x", ClusterNetworkPoolArgs(**args), oci_options()) and None,
        preview,
        outputs=lambda token, _name, inputs: (
            {"instancePools": [{**inputs["instancePools"][0], "id": "ocid1.instancepool.oc1.iad.p"}]}
            if token == NETWORK
            else {}
        ),
        calls={KUBECONFIG: kubeconfig},
    )
    assert [each["endpoint"] for each in asked] == ["PRIVATE_ENDPOINT"]
    return found


def launch(**changes: Any) -> dict[str, Any]:
    return pool(**changes).one(CONFIGURATION).inputs["instanceDetails"]["launchDetails"]


EVERYTHING: dict[str, Any] = {
    "image_id": None,
    "image_url": "https://objectstorage.example.com/p/x/image.oci",
    "image_name": CURRENT_MI300X_IMAGE,
    "placement_constraint": "SINGLE_TIER",
    "capacity_reservation_id": "ocid1.capacityreservation.oc1.iad.r",
    "boot_volume_key_id": "ocid1.key.oc1.iad.v.k",
    "labels": {"team": "a"},
    "taints": ["team=a:NoSchedule"],
    "kubelet_arguments": {"cpu-manager-policy": "static"},
    "ssh_public_key": "ssh-ed25519 AAAA",
    "protect": True,
}


@pytest.mark.parametrize("changes", [{}, EVERYTHING, {"tags": None, "nsg_ids": None, "pod_nsg_ids": None}])
@pytest.mark.parametrize("preview", [False, True])
def test_the_provider_accepts_every_input(changes: dict[str, Any], preview: bool):
    made = [each for each in pool(preview, **changes) if each.custom and each.type.startswith("oci:")]
    assert made
    for each in made:
        assert not list(input_faults(each.type, each.inputs)), each.name


def test_one_cluster_network_has_one_pool_in_its_domain():
    seen = pool(placement_constraint="SINGLE_BLOCK")
    network = seen.one(NETWORK).inputs
    assert network["placementConfiguration"] == {
        "availabilityDomain": AD,
        "placementConstraint": "SINGLE_BLOCK",
        "primaryVnicSubnets": {"subnetId": "ocid1.subnet.oc1.iad.gpu"},
    }
    (only,) = network["instancePools"]
    assert only["size"] == 4
    assert only["instanceConfigurationId"] == "ocid1.instanceconfiguration.oc1.iad.test-mi300x-nodes"


def test_its_outputs_are_the_pool_the_network_and_the_configuration():
    assert pool().named("test-mi300x").outputs == {
        "poolId": "ocid1.instancepool.oc1.iad.p",
        "clusterNetworkId": "ocid1.clusternetwork.oc1.iad.test-mi300x-network",
        "instanceConfigurationId": "ocid1.instanceconfiguration.oc1.iad.test-mi300x-nodes",
    }
    unknown = pool(preview=True).named("test-mi300x").outputs or {}
    assert unknown["poolId"] == UNKNOWN


def test_a_node_gets_the_private_address_without_its_port_and_the_ca():
    metadata = launch()["metadata"]
    assert metadata["apiserver_host"] == "10.0.1.5"
    assert metadata["cluster_ca_cert"] == "Y2E="


def test_a_node_gets_its_labels_and_the_network_of_its_pods():
    metadata = launch(labels={"team": "a"}, pool_name="mi300x", ssh_public_key="ssh-ed25519 AAAA")["metadata"]
    assert metadata["oke-initial-node-labels"] == "genai-playground/pool=mi300x,team=a"
    assert (metadata["oke-native-pod-networking"], metadata["oke-max-pods"]) == ("true", "64")
    assert metadata["pod-subnets"] == "ocid1.subnet.oc1.iad.pods"
    assert metadata["pod-nsgids"] == (
        "ocid1.networksecuritygroup.oc1.iad.a,ocid1.networksecuritygroup.oc1.iad.b"
    )
    assert metadata["ssh_authorized_keys"] == "ssh-ed25519 AAAA"
    assert "pod-nsgids" not in launch(pod_nsg_ids=None)["metadata"]


def test_taints_and_kubelet_arguments_are_in_the_metadata_for_the_boot_script():
    metadata = launch(taints=["b:NoExecute"], kubelet_arguments={"v": "2"})["metadata"]
    assert metadata["kubelet-extra-args"] == "--v=2 --register-with-taints=b:NoExecute"
    assert "kubelet-extra-args" not in launch()["metadata"]
    assert metadata_bytes(metadata) < 22_000, "with its own room for the CA"


def test_the_agent_starts_the_plugins_of_rdma_and_the_old_metadata_service_is_off():
    found = launch()
    assert {(each["name"], each["desiredState"]) for each in found["agentConfig"]["pluginsConfigs"]} == {
        ("Compute HPC RDMA Authentication", "ENABLED"),
        ("Compute HPC RDMA Auto-Configuration", "ENABLED"),
        ("Compute RDMA GPU Monitoring", "ENABLED"),
    }
    assert found["instanceOptions"] == {"areLegacyImdsEndpointsDisabled": True}
    assert found["createVnicDetails"]["assignPublicIp"] is False


def test_a_new_configuration_is_created_before_the_old_one_is_deleted():
    seen = pool(protect=True)
    assert not seen.one(CONFIGURATION).delete_before_replace
    assert seen.one(NETWORK).delete_before_replace, "there is no spare MI300X"
    assert seen.one(NETWORK).protect
    assert seen.one(CONFIGURATION).urn in seen.one(NETWORK).depends_on


def test_an_imported_image_is_marked_for_the_shape_before_the_configuration():
    seen = pool(**EVERYTHING)
    shape = seen.one("oci:Core/shapeManagement:ShapeManagement")
    assert shape.urn in seen.one(CONFIGURATION).depends_on


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"server": "https://10.0.1.5:6443"}, "a readable CA"),
        ({"certificate-authority-data": "Y2E="}, "a private API endpoint"),
    ],
)
def test_a_cluster_that_cannot_be_joined_is_refused(entry: dict[str, str], what: str):
    with pytest.raises(LateRefusal, match=f"must be a cluster with {what}") as caught:
        pool(entry=entry)
    assert caught.value.problems[0].path == "test-mi300x.clusterId"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"nodes": 0}, "test-mi300x.nodes"),
        ({"shape": "VM.Standard.E5.Flex"}, "test-mi300x.shape"),
        ({"kubernetes_version": "v1.27.9"}, "test-mi300x.kubernetesVersion"),
        ({"image_id": None}, "test-mi300x.imageId"),
        ({"image_name": "Oracle-Linux-9-ROCm"}, "test-mi300x.imageName"),
        ({"image_name": "Rocky-9-ROCm"}, "test-mi300x.imageName"),
        ({"placement_constraint": "NEAR"}, "test-mi300x.placementConstraint"),
        ({"taints": ["amd.com/gpu=present:NoSchedule"]}, "test-mi300x.taints[0]"),
        ({"kubelet_arguments": {"max-pods": "10"}}, "test-mi300x.kubeletArguments['max-pods']"),
        ({"kubelet_arguments": {"v": "x" * 40_000}}, "test-mi300x.metadata"),
        ({"nvme_raid": 5}, "test-mi300x.nvmeRaid"),
    ],
)
def test_each_wrong_value_is_named(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as caught:
        pool(**changes)
    assert [problem.path for problem in caught.value.problems] == [path]
