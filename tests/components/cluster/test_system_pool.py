"""SystemPool: CPU nodes, which complement the GPU pools."""

from typing import Any

import pytest

from components.cluster.system_pool import SystemPool, SystemPoolArgs
from components.cluster.system_pool_rules import system_pool_problems
from facts.problem import InvalidInput, Problem
from facts.shapes import SHAPES
from tests.support.monitor import UNKNOWN, Recording, oci_options, run
from tests.support.provider_inputs import input_faults

POOL = "oci:ContainerEngine/nodePool:NodePool"
E5 = SHAPES["VM.Standard.E5.Flex"]


def pool_args(**changes: Any) -> SystemPoolArgs:
    given: dict[str, Any] = {
        "compartment_id": "ocid1.compartment.oc1..c",
        "cluster_id": "ocid1.cluster.oc1.iad.k",
        "kubernetes_version": "v1.36.1",
        "image_id": "ocid1.image.oc1.iad.oke",
        "nodes": 3,
        "availability_domains": ["Uocm:IAD-AD-1", "Uocm:IAD-AD-2", "Uocm:IAD-AD-3"],
        "subnet_id": "ocid1.subnet.oc1.iad.private",
        "pod_subnet_ids": ["ocid1.subnet.oc1.iad.pods"],
        **changes,
    }
    return SystemPoolArgs(**given)


def problems_of(**changes: Any) -> list[Problem]:
    args = pool_args(**changes)
    return [*system_pool_problems(args, kubernetes_version=args.kubernetes_version, path="cluster.pools[0]")]


def pool(preview: bool = False, **changes: Any) -> Recording:
    return run(lambda: SystemPool("test-system", pool_args(**changes), oci_options()) and None, preview)


def inputs(**changes: Any) -> dict[str, Any]:
    return pool(**changes).one(POOL).inputs


EVERYTHING: dict[str, Any] = {
    "nsg_ids": ["ocid1.networksecuritygroup.oc1.iad.worker"],
    "pod_nsg_ids": ["ocid1.networksecuritygroup.oc1.iad.pod"],
    "fault_domains": ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2"],
    "boot_volume_key_id": "ocid1.key.oc1.iad.v.k",
    "preemptible": True,
    "size_owner": "external",
    "min_nodes": 1,
    "max_nodes": 6,
    "labels": {"role": "system"},
    "taints": ["role=system:NoSchedule"],
    "ssh_public_key": "ssh-ed25519 AAAA",
    "tags": {"environment": "test"},
}


@pytest.mark.parametrize("changes", [{}, EVERYTHING])
@pytest.mark.parametrize("preview", [False, True])
def test_the_provider_accepts_every_input(changes: dict[str, Any], preview: bool):
    seen = pool(preview, **changes).one(POOL)
    assert not list(input_faults(seen.type, seen.inputs))


def test_the_default_node_has_four_cores_and_sixteen_gib():
    found = inputs()
    assert found["nodeShape"] == "VM.Standard.E5.Flex"
    assert found["nodeShapeConfig"] == {"ocpus": 4, "memoryInGbs": 16}
    assert found["nodeConfigDetails"]["nodePoolPodNetworkOptionDetails"]["maxPodsPerNode"] == 93


def test_nodes_are_distributed_over_the_given_availability_domains():
    placements = inputs()["nodeConfigDetails"]["placementConfigs"]
    assert [placement["availabilityDomain"] for placement in placements] == [
        "Uocm:IAD-AD-1",
        "Uocm:IAD-AD-2",
        "Uocm:IAD-AD-3",
    ]


def test_renewal_adds_a_new_node_before_it_removes_one():
    details = inputs()["nodePoolCyclingDetails"]
    assert (details["maximumSurge"], details["maximumUnavailable"]) == ("1", "0")


def test_preemptible_nodes_leave_no_boot_volume_behind():
    placement = inputs(**EVERYTHING)["nodeConfigDetails"]["placementConfigs"][0]
    assert placement["preemptibleNodeConfig"] == {
        "preemptionAction": {"type": "TERMINATE", "isPreserveBootVolume": False}
    }


@pytest.mark.parametrize(("given", "sent"), [(None, True), (True, True), (False, False)])
def test_data_between_nodes_and_boot_volumes_is_encrypted_unless_you_say_no(given: bool | None, sent: bool):
    details = inputs(encrypt_in_transit=given)["nodeConfigDetails"]
    assert details["isPvEncryptionInTransitEnabled"] is sent


def test_the_program_does_not_change_a_size_that_it_does_not_own():
    assert pool().one(POOL).ignore_changes == ()
    assert pool(scheduled=True).one(POOL).ignore_changes == ("nodeConfigDetails.size",)
    assert pool(size_owner="external", min_nodes=1, max_nodes=6).one(POOL).ignore_changes == (
        "nodeConfigDetails.size",
    )


def test_its_name_and_label_are_the_pools():
    found = inputs(pool_name="system")
    assert found["name"] == "system"
    assert found["initialNodeLabels"] == [{"key": "genai-playground/pool", "value": "system"}]


@pytest.mark.parametrize("preview", [False, True])
def test_its_output_is_the_pool(preview: bool):
    expected = UNKNOWN if preview else "ocid1.nodepool.oc1.iad.test-system-pool"
    assert pool(preview).named("test-system").outputs == {"poolId": expected}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nodes": 0}, "nodes"),
        ({"shape": "VM.Standard.E5.Flexx"}, "shape"),
        ({"shape": "BM.GPU.MI300X.8"}, "shape"),
        ({"ocpus": 0}, "ocpus"),
        ({"ocpus": 1 + (E5.max_ocpus or 0)}, "ocpus"),
        ({"memory_gib": 3}, "memoryGib"),
        ({"memory_gib": 257}, "memoryGib"),
        ({"ocpus": E5.max_ocpus, "memory_gib": 1 + (E5.max_memory_gib or 0)}, "memoryGib"),
        ({"max_pods": 94}, "maxPods"),
        ({"ocpus": 1, "max_pods": 32}, "maxPods"),
        ({"boot_volume_gib": 40}, "bootVolumeGib"),
        ({"kubernetes_version": "v1.20.0"}, "kubernetesVersion"),
        ({"size_owner": "external", "min_nodes": 4, "max_nodes": 5}, "nodes"),
        ({"max_nodes": 5}, "maxNodes"),
        ({"size_owner": "me"}, "sizeOwner"),
    ],
)
def test_each_rule_names_its_field(changes: dict[str, Any], field: str):
    found = [problem.path for problem in problems_of(**changes)]
    assert found == [f"cluster.pools[0].{field}"]


def test_the_default_pool_has_no_problems():
    assert not problems_of()
    assert not problems_of(preemptible=True, max_pods=93)


def test_bare_metal_is_never_preemptible():
    paths = [problem.path for problem in problems_of(shape="BM.GPU.MI300X.8", preemptible=True)]
    assert "cluster.pools[0].preemptible" in paths


def test_a_misspelled_shape_gets_a_suggestion():
    (problem,) = problems_of(shape="VM.Standard.E5.Flexx")
    assert problem.fix == "Did you mean `VM.Standard.E5.Flex`?"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"availability_domains": []}, "test-system.availabilityDomains"),
        ({"fault_domains": ["FAULT-DOMAIN-4"]}, "test-system.faultDomains[0]"),
        ({"labels": {"bad key": "x"}}, "test-system.labels['bad key']"),
        ({"taints": ["nonsense"]}, "test-system.taints[0]"),
        ({"max_pods": 94}, "test-system.maxPods"),
        ({"shape": "VM.GPU.A10.1"}, "test-system.shape"),
        (
            {
                "size_owner": "autoscaler",
                "min_nodes": 1,
                "max_nodes": 5,
                "availability_domains": ["ad1", "ad2"],
            },
            "test-system.availabilityDomains",
        ),
    ],
)
def test_the_component_applies_the_rules(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as caught:
        pool(**changes)
    assert [problem.path for problem in caught.value.problems] == [path]
