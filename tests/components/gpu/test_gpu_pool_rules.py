"""Checks of a GPU pool."""

from typing import Any

import pytest

from components.gpu.gpu_pool_rules import constraint_problems, gpu_pool_problems, image_problems
from components.gpu.node_image import image_address_problems, node_image_problems
from facts.problem import Problem
from tests.support.node_images import CURRENT_MI300X_IMAGE

MI300X = "BM.GPU.MI300X.8"
VALID: dict[str, Any] = {
    "kubernetes_version": "v1.36.1",
    "shape": MI300X,
    "nodes": 4,
    "availability_domains": 1,
    "path": "gpu.pools[0]",
}

EXTERNAL = {"size_owner": "external"}


def problems(**changes: Any) -> list[Problem]:
    return list(gpu_pool_problems(**{**VALID, **changes}))


def test_the_default_pool_has_no_problems():
    assert not problems()
    assert not problems(
        **EXTERNAL, min_nodes=2, max_nodes=10, reserved=True, max_pods=110, boot_volume_gib=512
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"nodes": 0}, "nodes", "must be 1 or more"),
        ({"nodes": 1_001}, "nodes", "must be 1000 or fewer"),
        ({**EXTERNAL, "min_nodes": 5, "max_nodes": 2}, "minNodes", "must not be above maxNodes"),
        ({**EXTERNAL, "min_nodes": 5, "max_nodes": 8}, "nodes", "between minNodes and maxNodes"),
        ({**EXTERNAL, "min_nodes": -1, "max_nodes": 8}, "minNodes", "0 or more"),
        ({**EXTERNAL, "min_nodes": 2}, "maxNodes", "must be set"),
        ({**EXTERNAL, "max_nodes": 8}, "minNodes", "must be set"),
        ({"min_nodes": 2}, "minNodes", "must not be set if the program owns the size"),
        ({"max_nodes": 8}, "maxNodes", "must not be set if the program owns the size"),
        ({"size_owner": "me"}, "sizeOwner", "must be one of fixed, external, autoscaler"),
        ({**EXTERNAL, "max_nodes": 2_000, "min_nodes": 1}, "maxNodes", "1000 or fewer"),
        ({"preemptible": True}, "preemptible", "no preemptible bare-metal instances"),
        ({"availability_domains": 2}, "availabilityDomains", "compute cluster is in one"),
        (
            {"availability_domains": 2, "rdma": False, "reserved": True},
            "availabilityDomains",
            "reservation is in",
        ),
        ({"max_pods": 111}, "maxPods", "1 to 110"),
        ({"max_pods": 0}, "maxPods", "1 to 110"),
        ({"boot_volume_gib": 49}, "bootVolumeGib", "50 to 32,768"),
        ({"kubernetes_version": "v1.36.0"}, "kubernetesVersion", "must be one that OKE offers"),
        ({"shape": "BM.GPU.MI300X.4"}, "shape", "must be a GPU shape"),
        ({"shape": "VM.Standard.E5.Flex"}, "shape", "must be a GPU shape"),
        ({"shape": "BM.GPU.MI355X-v0.8"}, "", ""),
    ],
)
def test_each_rule_names_its_field(changes: dict[str, Any], field: str, words: str):
    found = problems(**changes)
    if not field:
        assert not found
        return
    assert [problem.path for problem in found] == [f"gpu.pools[0].{field}"]
    assert words in found[0].allowed


def test_a_misspelled_shape_gets_a_suggestion():
    (problem,) = problems(shape="BM.GPU.MI300.8")
    assert MI300X in problem.fix


def test_several_domains_are_fine_without_rdma_and_reservation():
    assert not problems(availability_domains=3, rdma=False)


def test_a_reservation_has_no_preemptible_nodes():
    found = problems(preemptible=True, reserved=True)
    assert {problem.path for problem in found} == {"gpu.pools[0].preemptible"}
    assert any("capacity reservation" in problem.allowed for problem in found)


def test_all_problems_come_at_once():
    assert len(problems(nodes=0, preemptible=True, max_pods=200, availability_domains=2)) == 4


@pytest.mark.parametrize(
    "name",
    ["Oracle-Linux-8.10-2026.02.28-0-OKE", "OracleLinux9-ROCm", "Oracle Linux 9", "OL9-ROCM-7.2", "ol8.oci"],
)
def test_oracle_linux_is_refused_with_rdma(name: str):
    (problem,) = image_problems(None, name, rdma=True, path="gpu.pools[0]")
    assert problem.path == "gpu.pools[0].imageName"
    assert not list(image_problems(None, name, rdma=False, path="gpu.pools[0]"))


@pytest.mark.parametrize("name", [CURRENT_MI300X_IMAGE, "control9-ubuntu", None])
def test_the_ubuntu_images_are_not_mistaken_for_it(name: str | None):
    assert not list(image_problems(None, name, rdma=True, path="gpu.pools[0]"))


def test_an_image_id_must_be_valid():
    (problem,) = image_problems("ocid1.instance.oc1.iad.x", None, rdma=True, path="p")
    assert problem.path == "p.imageId"
    assert not list(image_problems("ocid1.image.oc1.iad.REPLACE-ME", None, rdma=True, path="p"))


@pytest.mark.parametrize(("constraint", "rdma"), [("TWO_TIERS", True), ("SINGLE_TIER", False)])
def test_placement_in_the_rdma_network_must_make_sense(constraint: str, rdma: bool):
    (problem,) = constraint_problems(constraint, rdma=rdma, path="p")
    assert problem.path == "p.placementConstraint"


def test_placement_may_be_left_out_or_be_one_of_three():
    assert not list(constraint_problems(None, rdma=False, path="p"))
    assert not list(constraint_problems("SINGLE_BLOCK", rdma=True, path="p"))


def test_an_image_needs_a_name_and_known_shapes():
    paths = [problem.path for problem in node_image_problems("", ["BM.X", MI300X, MI300X], path="image")]
    assert paths == ["image.imageName", "image.shapes[0]", "image.shapes[2]"]
    assert [problem.path for problem in node_image_problems("x.oci", [], path="image")] == ["image.shapes"]


@pytest.mark.parametrize(
    "url", ["", "image.oci", "http://x.example/i", "https://x.example", "https://[x/i", "a b"]
)
def test_an_image_needs_the_https_address_of_an_object(url: str):
    (problem,) = image_address_problems(url, path="image.url")
    assert (problem.path, problem.allowed) == ("image.url", "must be the https address of an object")


def test_the_secret_of_an_images_address_is_not_shown():
    (problem,) = image_address_problems("http://x.example/p/secret/n/a/b/c/o/i", path="image.url")
    assert "secret" not in str(problem)
    assert not list(image_address_problems("https://x.example/p/secret/n/a/b/c/o/i", path="image.url"))
